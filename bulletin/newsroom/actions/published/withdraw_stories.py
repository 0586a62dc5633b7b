"""Withdrawal of a story or a bulletin: its consequences, for a confirmation, and the withdrawal itself."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.newsroom_requests import RequestKind
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.errors import UnknownRecordError, UnknownStoryError
from bulletin.newsroom.actions.ask_service import RequestAnswer
from bulletin.newsroom.actions.published.ask_urgently import ask_urgently
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.aired.say_consequences import (
    KEEP_DOWNLOADS,
    Consequences,
    count_bulletins,
    delivery_lines,
    name_bulletins,
    outlet_lines,
)
from bulletin.newsroom.views.aired.withdrawal_plan import WithdrawalPlan, plan_withdrawal


def consequences_of_story(desk: Desk, *, story: str) -> Consequences:
    """What `withdraw_story` will do. Raises UnknownStoryError, ArchiveError."""
    plan = plan_withdrawal(desk.loaded, desk.archive, story, output=desk.output)
    if plan is None:
        raise UnknownStoryError(f'no story "{story}" in the archive of {desk.station}; look it up in the log')
    return Consequences(title=plan.title, lines=tuple(_story_lines(desk, plan)))


def consequences_of_bulletin(desk: Desk, *, bulletin: int) -> Consequences:
    """What `withdraw_bulletin` will do. Raises UnknownRecordError, ArchiveError."""
    record = _find_bulletin(desk, bulletin)
    return Consequences(title=record.title, lines=tuple(_bulletin_lines(desk, record)))


def withdraw_story(desk: Desk, *, story: str, key: str = "") -> RequestAnswer:
    """
    Take a story off the air, and out of every bulletin that carried it; they are remade without it.

    A running service does it at once, before all else; without one it is done here, before the answer. Idempotent:
    asked again, an interrupted one is completed. Raises UnknownStoryError, OutletError, ArchiveError.
    """
    consequences_of_story(desk, story=story)
    return ask_urgently(desk, RequestKind.WITHDRAW_STORY, {"story": story}, key=key)


def withdraw_bulletin(desk: Desk, *, bulletin: int, key: str = "") -> RequestAnswer:
    """
    Take a bulletin off every outlet; its stories may air again.

    As `withdraw_story`. Raises UnknownRecordError for an unknown one, OutletError, ArchiveError.
    """
    _find_bulletin(desk, bulletin)
    return ask_urgently(desk, RequestKind.WITHDRAW_BULLETIN, {"bulletin": bulletin}, key=key)


def _find_bulletin(desk: Desk, number: int) -> BulletinRecord:
    record = RunJournal(desk.archive).bulletin(desk.station, number)
    if record is None:
        raise UnknownRecordError(f"{desk.station} has no bulletin {number}; look it up in the log")
    return record


def _story_lines(desk: Desk, plan: WithdrawalPlan) -> Iterator[str]:
    yield f'"{plan.title}" airs no more on {desk.station}: not in the next bulletin, and not in later ones.'
    remade = [item for item in plan.bulletins if item.effect == "remade"]
    withdrawn = [item for item in plan.bulletins if item.effect == "withdrawn"]
    if not (remade or withdrawn):
        yield "No bulletin that can still be heard contains it."
        return
    if remade:
        yield f"{count_bulletins(remade)} remade without it: {name_bulletins(remade)}."
    if withdrawn:
        yield f"{count_bulletins(withdrawn)} withdrawn, because nothing else is in it: {name_bulletins(withdrawn)}."
    outlets = {outlet for item in (*remade, *withdrawn) for outlet in item.outlets}
    yield from outlet_lines(desk, outlets, is_gone=bool(withdrawn))
    yield from delivery_lines(plan.destinations)
    yield KEEP_DOWNLOADS


def _bulletin_lines(desk: Desk, record: BulletinRecord) -> Iterator[str]:
    outlets = {to["outlet"] for to in record.went_to}
    yield f'"{record.title}" is withdrawn from: {", ".join(sorted(outlets)) or "no outlet"}.'
    yield "Its stories are not blocked: they may air again. To block a story, withdraw the story."
    newest = RunJournal(desk.archive).newest_id(desk.station) == record.id
    yield from outlet_lines(desk, outlets if newest else outlets & {"podcast", "page"}, is_gone=True)
    yield from delivery_lines([options.title for options in desk.loaded.profile.deliveries])
    yield "Listeners keep what they have downloaded."

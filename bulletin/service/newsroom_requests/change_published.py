"""Requests that change published bulletins: withdraw a story, a bulletin or all with a blocked word; correct words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bulletin.archive.ledgers.find_story_by_id import find_story_by_id
from bulletin.archive.ledgers.newsroom_requests import RequestKind
from bulletin.archive.ledgers.search_aired_stories import KnownStory
from bulletin.edits.correct_aired_words import ChangedWords
from bulletin.errors import OutletError, UnknownStoryError
from bulletin.pipeline.changes.correct_words import correct_words
from bulletin.pipeline.changes.withdraw_story import (
    Corrected,
    recall_story,
    why_not_all,
    withdraw_bulletin,
    withdraw_story,
)
from bulletin.service.change_published_bulletins import changing_published
from bulletin.service.newsroom_requests.request_work import RequestWork
from bulletin.station.build_station_object import Station

Result = TypeVar("Result")


def _withdraw_story(work: RequestWork) -> Mapping[str, Any]:
    def withdraw(station: Station) -> tuple[Corrected, ...]:
        return withdraw_story(station, _find_story(work, station), now=work.now())

    return _report(*_change(work, "withdraw", withdraw), failed="not withdrawn everywhere")


def _withdraw_bulletin(work: RequestWork) -> Mapping[str, Any]:
    number = int(work.request.details["bulletin"])
    changes, standby = _change(
        work, "withdraw", lambda station: (withdraw_bulletin(station, number, now=work.now()),)
    )
    return _report(changes, standby, failed="not withdrawn everywhere")


def _withdraw_blocked(work: RequestWork) -> Mapping[str, Any]:
    entry = str(work.request.details["entry"])
    recalled, standby = _change(
        work, "withdraw", lambda station: recall_story(station, entry, now=work.now())
    )
    if error := why_not_all(recalled):
        kept = "; ".join(
            f"{delivery.outlet}: {delivery.title}, {reason}" for delivery, reason in recalled.kept
        )
        raise OutletError(f"not withdrawn everywhere ({kept}); block the entry again") from error
    return {
        "withdrawn": [{"outlet": item.outlet, "title": item.title} for item in recalled.withdrawn],
        "latest": recalled.latest.title if recalled.latest else None,
        "standby": standby,
    }


def _correct_story(work: RequestWork) -> Mapping[str, Any]:
    request = work.request
    changes = [ChangedWords(**change) for change in request.details["changes"]]

    def correct(station: Station) -> tuple[Corrected, ...]:
        return correct_words(
            station,
            _find_story(work, station),
            changes,
            editor=request.asked_by,
            key=request.key,
            now=request.asked_at,  # not now: each try is the same correction
            listener=work.listener,
        )

    return _report(*_change(work, "speak", correct), failed="not corrected everywhere")


def _find_story(work: RequestWork, station: Station) -> KnownStory:
    story_id = str(work.request.details["story"])
    known = find_story_by_id(station.archive, work.worker.id, story_id)
    if known is None:
        raise UnknownStoryError(
            f'no story "{story_id}" in the archive of {work.worker.id}; look it up in the log'
        )
    return known


def _change(work: RequestWork, stage: str, change: Callable[[Station], Result]) -> tuple[Result, str]:
    """Change published bulletins; deliveries of the change wait in the outbox, which the service empties."""
    worker = work.worker
    work.listener.begin(stage)

    def prepare_and_change(station: Station) -> Result:
        return change(station)

    with changing_published(worker.loaded, prepare_and_change, output=worker.output, now=work.now) as (
        _,
        result,
        standby,
    ):
        return result, standby


def _report(changes: tuple[Corrected, ...], standby: str, *, failed: str) -> Mapping[str, Any]:
    if left := [change for change in changes if change.is_out]:
        names = "; ".join(f"{change.title}: {change.problem}" for change in left)
        raise OutletError(f"{failed} ({names}); ask again")
    return {
        "bulletins": [
            {
                "title": change.title,
                "outlets": list(change.outlets),
                "remade": change.is_made_again,
                "note": change.problem,
            }
            for change in changes
        ],
        "standby": standby,
    }


CHANGES: Mapping[RequestKind, Callable[[RequestWork], Mapping[str, Any]]] = {
    RequestKind.WITHDRAW_STORY: _withdraw_story,
    RequestKind.WITHDRAW_BULLETIN: _withdraw_bulletin,
    RequestKind.WITHDRAW_BLOCKED: _withdraw_blocked,
    RequestKind.CORRECT_STORY: _correct_story,
}

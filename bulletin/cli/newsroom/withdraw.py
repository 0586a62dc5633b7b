"""`bulletin withdraw`: a story off the air and out of the bulletins that carried it, or a whole bulletin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from bulletin.archive.ledgers.search_aired_stories import KnownStory
from bulletin.cli.newsroom.why import find_story
from bulletin.cli.output.print_delivery_results import change_published, end_change
from bulletin.cli.output.text_or_json_answer import StationCall, pick
from bulletin.cli.shared_options import station_command
from bulletin.delivery.delivery_result import DeliveryResult
from bulletin.errors import OutletError
from bulletin.newsroom.actions.published.withdraw_stories import (
    consequences_of_bulletin,
    consequences_of_story,
)
from bulletin.newsroom.desk import Desk
from bulletin.pipeline.changes.withdraw_story import Corrected, withdraw_bulletin, withdraw_story
from bulletin.station.build_station_object import Station
from bulletin.station.open_archive import open_archive_of


@click.command("withdraw")
@click.argument("story", metavar="[WORDS|LINK|ID]", required=False)
@station_command()
@click.option(
    "--bulletin",
    "number",
    type=int,
    metavar="NUMBER",
    help="Withdraw this bulletin instead of a story, by its id in the JSON of `bulletin log`; its stories may air again.",
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what will happen.")
def command(call: StationCall, story: str | None, number: int | None, is_dry: bool) -> None:
    """
    Withdraw a story: from the next bulletin, and from every bulletin that carried it.

    Bulletins that can still be heard are remade without it, from the cached speech: the podcast gets a
    "Correction" with a new guid and date, the old address serves the new sound and transcript, and the files
    for playout, speakers and stories are replaced. A bulletin that carried only this story is withdrawn. The
    same command completes an interrupted withdrawal. `bulletin kill remove ID` lets the story air again.
    """
    if (story is None) == (number is None):
        raise click.UsageError("name a story, or a bulletin with --bulletin NUMBER")
    if is_dry:
        _say_what_happens(call, story, number)
    elif number is not None:
        _withdraw_bulletin(call, number)
    else:
        _withdraw_story(call, str(story))


def _say_what_happens(call: StationCall, story: str | None, number: int | None) -> None:
    with open_archive_of(call.loaded, output=call.output) as archive:
        desk = Desk(
            loaded=call.loaded,
            output=call.output,
            archive=archive,
            editor="",
            now=lambda: datetime.now(UTC),
        )
        if number is not None:
            said = consequences_of_bulletin(desk, bulletin=number)
        else:
            known = find_story(archive, call.id, str(story))
            said = consequences_of_story(desk, story=known.id)
    call.print({"station": call.id, **pick(said, "title", consequences="lines")}, said.lines)


def _withdraw_bulletin(call: StationCall, number: int) -> None:
    change, standby, sent = change_published(
        call, lambda station: withdraw_bulletin(station, number, now=datetime.now(UTC))
    )
    _end(call, {}, (change,), [_line(change)], standby=standby, sent=sent)


def _withdraw_story(call: StationCall, story: str) -> None:
    def withdraw(station: Station) -> tuple[KnownStory, tuple[Corrected, ...]]:
        known = find_story(station.archive, call.id, story)
        return known, withdraw_story(station, known, now=datetime.now(UTC))

    (known, changes), standby, sent = change_published(call, withdraw)
    lines = [f'station {call.id} airs the story "{known.title}" no more', *map(_line, changes)]
    _end(call, {"story": pick(known, "id", "title")}, changes, lines, standby=standby, sent=sent)


def _end(
    call: StationCall,
    about: Mapping[str, Any],
    changes: Sequence[Corrected],
    lines: Sequence[str],
    *,
    standby: str,
    sent: tuple[DeliveryResult, ...],
) -> None:
    kept = "Listeners keep what they have downloaded until their apps fetch the correction."
    kept = kept if changes else "No bulletin that can still be heard contained the story."
    left = sum(change.is_out for change in changes)
    problem = f"bulletins not replaced at every outlet: {left}; run the same command again"
    end_change(
        {
            "station": call.id,
            **about,
            "bulletins": [
                pick(change, "title", "outlets", "problem", remade="is_made_again", still_out="is_out")
                for change in changes
            ],
            "standby": standby,
        },
        [*lines, *filter(None, [standby]), kept],
        sent=sent,
        failure=OutletError(problem) if left else None,
        answer=call,
    )


def _line(change: Corrected) -> str:
    outlets = ", ".join(change.outlets)
    if change.is_out:
        return f"Still out: {change.title}, because {change.problem}"
    if change.is_made_again:
        return f"Remade without the story: {change.title} ({outlets})"
    return f"Withdrawn: {change.title} ({outlets}){f'; {change.problem}' if change.problem else ''}"

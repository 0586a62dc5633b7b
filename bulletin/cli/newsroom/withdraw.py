"""`bulletin withdraw`: a story off the air, and out of the bulletins that carried it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from bulletin.archive.ledgers.search_aired_stories import KnownStory
from bulletin.cli.newsroom.why import find_story
from bulletin.cli.output.print_delivery_results import change_published, end_change
from bulletin.cli.output.text_or_json_answer import StationCall, pick
from bulletin.cli.shared_options import station_command
from bulletin.errors import OutletError
from bulletin.pipeline.changes.withdraw_story import Corrected, withdraw_story
from bulletin.station.build_station_object import Station


@click.command("withdraw")
@click.argument("story", metavar="WORDS|LINK|ID")
@station_command()
def command(call: StationCall, story: str) -> None:
    """
    Withdraw a story: from the next bulletin, and from every bulletin that carried it.

    Bulletins that can still be heard are remade without it, from the cached speech: the podcast gets a
    "Correction" with a new guid and date, the old address serves the new sound and transcript, and the files
    for playout, speakers and stories are replaced. A bulletin that carried only this story is withdrawn. The
    same command completes an interrupted withdrawal. `bulletin kill remove ID` lets the story air again.
    """

    def withdraw(station: Station) -> tuple[KnownStory, tuple[Corrected, ...]]:
        known = find_story(station.archive, call.id, story)
        return known, withdraw_story(station, known, now=datetime.now(UTC))

    (known, changes), standby, sent = change_published(call, withdraw)
    lines = [
        f'station {call.id} airs the story "{known.title}" no more',
        *map(_line, changes),
        *filter(None, [standby]),
    ]
    kept = "Listeners keep what they have downloaded until their apps fetch the correction."
    lines.append(kept if changes else "No bulletin that can still be heard contained the story.")
    left = sum(change.is_out for change in changes)
    problem = f"bulletins not replaced at every outlet: {left}; run the same command again"
    end_change(
        {
            "station": call.id,
            "story": pick(known, "id", "title"),
            "bulletins": [
                pick(change, "title", "outlets", "problem", remade="is_made_again", still_out="is_out")
                for change in changes
            ],
            "standby": standby,
        },
        lines,
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

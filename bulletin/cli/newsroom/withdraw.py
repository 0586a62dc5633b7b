"""`bulletin withdraw`: a story off the air, and out of the bulletins that carried it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.output.answer import Answer
from bulletin.cli.shared_options import answer_options, output_option, station_argument

if TYPE_CHECKING:
    from bulletin.pipeline.changes.withdrawal import Corrected


@click.command("withdraw")
@click.argument("story", metavar="WORDS|LINK|ID")
@station_argument
@output_option
@answer_options
def command(story: str, station: str | None, output: Path, answer: Answer) -> None:
    """
    Withdraw a story: from the next bulletin, and from every bulletin that carried it.

    Bulletins that can still be heard are remade without it, from the cached speech: the podcast gets a
    "Correction" with a new identity and date, the old address serves the new sound and transcript, and the
    files for playout, speakers and stories are replaced. A bulletin without another story is withdrawn. The
    same command finishes work that was interrupted. `bulletin kill remove ID` lets the story air again.
    """
    from bulletin.cli.newsroom.find_story import find_story
    from bulletin.cli.output.deliveries import end_change, send_now
    from bulletin.config.load_profile import load_profile
    from bulletin.errors import OutletError
    from bulletin.pipeline.changes.withdrawal import withdraw_story
    from bulletin.pipeline.slot_profile import due_by_hand, overrides_by_hand
    from bulletin.service.slots.put_standby import put_standby_on_air
    from bulletin.station.station import open_archive, open_station

    loaded = load_profile(station)
    with open_archive(output) as archive:
        due = due_by_hand(loaded, archive=archive, now=datetime.now(UTC))
    with open_station(loaded, output=output, overrides=overrides_by_hand(loaded, due=due)) as built:
        known = find_story(built.archive, loaded.id, story)
        changes = withdraw_story(built, known, now=datetime.now(UTC))
        standby = put_standby_on_air(built, due=due, now=datetime.now(UTC))
        sent = send_now(built.sender)
    lines = [f'"{known.title}" is blocked on {loaded.id}', *map(_line, changes), *filter(None, [standby])]
    if changes:
        lines.append("Listeners keep what they have downloaded until their apps fetch the correction.")
    else:
        lines.append("No bulletin that can still be heard contained it.")
    left = sum(change.is_out for change in changes)
    end_change(
        {
            "station": loaded.id,
            "story": {"id": known.id, "title": known.title},
            "bulletins": [
                {
                    "title": change.title,
                    "outlets": list(change.outlets),
                    "remade": change.is_made_again,
                    "still_out": change.is_out,
                    "problem": change.problem,
                }
                for change in changes
            ],
            "standby": standby,
        },
        lines,
        sent=sent,
        failure=OutletError(f"{left} could not be replaced everywhere; run the same command again")
        if left
        else None,
        answer=answer,
    )


def _line(change: Corrected) -> str:
    outlets = ", ".join(change.outlets)
    if change.is_out:
        return f"Still out: {change.title}, because {change.problem}"
    if change.is_made_again:
        return f"Remade without it: {change.title} ({outlets})"
    return f"Withdrawn: {change.title} ({outlets}){f'; {change.problem}' if change.problem else ''}"

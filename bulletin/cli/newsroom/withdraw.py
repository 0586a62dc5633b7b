"""`bulletin withdraw`: one story off the air, and out of what has told it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.shared_options import complete_station, output_option

if TYPE_CHECKING:
    from bulletin.pipeline.changes.withdrawal import Corrected


@click.command("withdraw")
@click.argument("story", metavar="WORDS|LINK|ID")
@click.option("--station", shell_complete=complete_station, help="The station's name or profile.")
@output_option
def command(story: str, station: str | None, output: Path) -> None:
    """
    Take one story back: out of the next bulletin, and out of every one that has told it.

    Those that can still be heard are made again without it, from the speech that is kept: the podcast gets a
    "Correction" under a new identity and date, the old address answers with the new sound and transcript, and the
    files for playout, speakers and stories are replaced. What has no other story is taken back. Asking again
    finishes what was broken off. `bulletin kill --remove ID` lets the story air again.
    """
    from bulletin.archive.ledgers.story_lookup import find_stories
    from bulletin.cli.newsroom.find_story import one_story
    from bulletin.cli.running.outbox import DELIVERIES_WITHIN_S, exit_if_undelivered, tell_sent
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
        known = one_story(find_stories(built.archive, loaded.id, story), story, station=loaded.id)
        done = withdraw_story(built, known, now=datetime.now(UTC))
        click.echo(f"{known.title}: no bulletin of {loaded.id} made from now on tells it.")
        for one in done:
            click.echo(_tell(one))
        if filled := put_standby_on_air(built, due=due, now=datetime.now(UTC)):
            click.echo(filled)
        sent = built.sender.send(within_s=DELIVERIES_WITHIN_S)
        for line in tell_sent(sent):
            click.echo(line)
    if not done:
        click.echo("Nothing that can still be heard tells it.")
    else:
        click.echo("What listeners have downloaded they keep, until their apps fetch the correction.")
    if left := sum(one.is_out for one in done):
        raise OutletError(f"{left} could not be replaced everywhere; run the same command again")
    exit_if_undelivered(sent)


def _tell(one: Corrected) -> str:
    where = ", ".join(one.outlets)
    if one.is_out:
        return f"Still out: {one.title}, because {one.problem}"
    if one.is_made_again:
        return f"Made again without it: {one.title} ({where})"
    return f"Taken back: {one.title} ({where}){f'; {one.problem}' if one.problem else ''}"

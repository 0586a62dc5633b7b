"""`bulletin kill`: take a story off the air, whoever tells it, from the next bulletin on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.options import complete_station, output_option

if TYPE_CHECKING:
    from bulletin.config.options import Profile


@click.command("kill")
@click.argument("entry", required=False, metavar="WORD|LINK|ID")
@click.option("--station", shell_complete=complete_station, help="The station's name or profile.")
@output_option
@click.option("--list", "lists", is_flag=True, help="Show the list, the profile's part too.")
@click.option("--remove", is_flag=True, help="Take the entry off the list.")
def command(entry: str | None, station: str | None, output: Path, lists: bool, remove: bool) -> None:
    """
    Put a word (or several, in quotes), a link or an article's id on the station's kill list.

    Every story that holds it, in any feed, is out of every bulletin that is made from now on.
    `bulletin script --why` shows the ids, and what the list has taken out.
    """
    from bulletin.archive.records import Kill
    from bulletin.config.load import load_profile
    from bulletin.station import open_archive

    loaded = load_profile(station)
    entry = " ".join((entry or "").split())
    if not entry and not lists:
        raise click.UsageError("name a word, a link or an id; or --list")
    with open_archive(output) as archive:
        if entry and remove:
            if not archive.remove_kill(loaded.id, entry):
                raise click.UsageError(
                    f'"{entry}" is not on the list; see --list{_hint(entry, loaded.profile)}'
                )
            click.echo(f'"{entry}" may be told again.')
        elif entry:
            if sum(char.isalnum() for char in entry) < 2:
                raise click.UsageError(f'"{entry}" stands in nearly every story; name a longer word')
            archive.add_kill(loaded.id, Kill(entry=entry, added_at=datetime.now(UTC)))
            click.echo(f'No bulletin of {loaded.id} made from now on tells a story with "{entry}".')
        if lists:
            for line in loaded.profile.stories.kill:
                click.echo(f"{line}  (in {loaded.path.name})")
            for kill in archive.kills(loaded.id):
                click.echo(f"{kill.entry}  (since {kill.added_at:%d %b %H:%M} UTC)")


def _hint(entry: str, profile: Profile) -> str:
    return "; it stands in the profile, [stories] kill" if entry in profile.stories.kill else ""

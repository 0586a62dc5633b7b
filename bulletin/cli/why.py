"""`bulletin why`: why a story aired or did not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.options import complete_station, json_option, output_option

if TYPE_CHECKING:
    from bulletin.archive.archive import Archive
    from bulletin.archive.identity import Known


@click.command("why")
@click.argument("story", metavar="WORDS|LINK|ID")
@click.option("--station", shell_complete=complete_station, help="The station's name or profile.")
@output_option
@json_option
def command(story: str, station: str | None, output: Path, as_json: bool) -> None:
    """
    Say why a story aired, or did not: its score and its rules at every bulletin that weighed it.

    And when it aired, what was said, and which sentence of which article each sentence came from.
    """
    from bulletin.cli.why_page import account_of, print_account, print_account_json
    from bulletin.config.load import load_profile
    from bulletin.station import open_archive

    loaded = load_profile(station)
    with open_archive(output) as archive:
        account = account_of(archive, loaded.id, one_story(archive, loaded.id, story))
    if as_json:
        print_account_json(account, zone=loaded.profile.time_zone)
    else:
        print_account(account, zone=loaded.profile.time_zone)


def one_story(archive: Archive, station: str, name: str) -> Known:
    """The story that is meant. Raises UsageError where none is, or several are, with their ids."""
    from bulletin.archive.identity import find_stories

    found = find_stories(archive, station, name)
    if not found:
        raise click.UsageError(f'no story of {station} that is remembered has "{name}" in it')
    if len(found) > 1:
        lines = [f"  {one.id}  {one.title}" for one in found[:10]]
        more = [f"  and {len(found) - 10} more"] if len(found) > 10 else []
        raise click.UsageError(
            "\n".join([f'"{name}" may be {len(found)} stories; name one by its id:', *lines, *more])
        )
    return found[0]

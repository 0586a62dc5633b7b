"""`bulletin why`: why a story aired or did not."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.shared_options import json_option, output_option, station_argument


@click.command("why")
@click.argument("story", metavar="WORDS|LINK|ID")
@station_argument
@output_option
@json_option
def command(story: str, station: str | None, output: Path, as_json: bool) -> None:
    """
    Explain why a story aired, or did not: its score and its rules at every bulletin that considered it.

    For a story that aired: the words, and the source of each sentence.
    """
    from bulletin.cli.newsroom.find_story import find_story
    from bulletin.cli.newsroom.why_page import account_of, print_account, print_account_json
    from bulletin.config.load_profile import load_profile
    from bulletin.station.station import open_archive

    loaded = load_profile(station, only_looks=True)
    with open_archive(output, only_to_read=True) as archive:
        account = account_of(archive, loaded.id, find_story(archive, loaded.id, story))
    (print_account_json if as_json else print_account)(account, zone=loaded.profile.time_zone)

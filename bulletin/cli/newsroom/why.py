"""`bulletin why`: why a story aired or did not."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.shared_options import complete_station, json_option, output_option


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
    from bulletin.archive.ledgers.story_lookup import find_stories
    from bulletin.cli.newsroom.find_story import one_story
    from bulletin.cli.newsroom.why_page import account_of, print_account, print_account_json
    from bulletin.config.load_profile import load_profile
    from bulletin.station.station import open_archive

    loaded = load_profile(station, only_looks=True)
    with open_archive(output, only_to_read=True) as archive:
        account = account_of(
            archive,
            loaded.id,
            one_story(find_stories(archive, loaded.id, story), story, station=loaded.id),
        )
    if as_json:
        print_account_json(account, zone=loaded.profile.time_zone)
    else:
        print_account(account, zone=loaded.profile.time_zone)

"""`bulletin script`: the words, and where each sentence comes from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from bulletin.cli.output.text_or_json_answer import StationCall
from bulletin.cli.shared_options import all_option, bulletin_options, station_command


@click.command("script")
@station_command()
@bulletin_options
@click.option("--why", is_flag=True, help="Explain each story's position and the omissions.")
@all_option()
def command(call: StationCall, **options: Any) -> None:
    """Print the running order and the words of a bulletin, with the source of each sentence."""
    print_draft(call, **options)


def print_draft(
    call: StationCall,
    *,
    at: str | None,
    again: bool,
    why: bool = False,
    everything: bool = False,
    **changes: Any,
) -> None:
    """Write a bulletin and print its words; `changes` are the arguments of `overrides_from`."""
    from bulletin.cli.output.json_output import draft_data
    from bulletin.cli.output.text_or_json_answer import print_json
    from bulletin.cli.output.text_output import print_script
    from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
    from bulletin.station.build_station_object import open_station, overrides_from

    overrides = overrides_from(call.loaded.profile, **changes)
    with open_station(call.loaded, output=call.output, overrides=overrides) as station:
        draft = draft_bulletin(station, now=datetime.now(UTC), at=at, again=again)
    if call.as_json:
        print_json(draft_data(draft))
    elif not call.quiet:
        print_script(draft, why=why, everything=everything)

"""`bulletin script`: the words, and where each sentence comes from."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.shared_options import (
    again_option,
    all_option,
    at_option,
    json_option,
    length_option,
    mood_option,
    output_option,
    station_argument,
    voice_option,
)


@click.command("script")
@station_argument
@output_option
@length_option
@voice_option
@at_option
@again_option
@mood_option
@click.option("--why", is_flag=True, help="Explain each story's place, and what was left out.")
@all_option
@json_option
def command(
    station: str | None,
    output: Path,
    length_s: float | None,
    voice: str | None,
    at: str | None,
    again: bool,
    mood: str | None,
    why: bool,
    everything: bool,
    as_json: bool,
) -> None:
    """Print the running order and the words of a bulletin, with the source of each sentence."""
    from datetime import UTC, datetime

    from bulletin.cli.output.json_output import draft_data, print_json
    from bulletin.cli.output.progress import terminal_listener
    from bulletin.cli.output.text_output import print_script
    from bulletin.config.load_profile import load_profile
    from bulletin.pipeline.make_bulletin import draft_bulletin
    from bulletin.station.station import open_station, overrides_from

    loaded = load_profile(station)
    overrides = overrides_from(loaded.profile, length_s=length_s, voice=voice, mood=mood)
    with (
        open_station(loaded, output=output, overrides=overrides) as built,
        terminal_listener(is_silent=True) as listener,
    ):
        draft = draft_bulletin(built, now=datetime.now(UTC), at=at, again=again, listener=listener)
    if as_json:
        print_json(draft_data(draft))
    else:
        print_script(draft, why=why, everything=everything)

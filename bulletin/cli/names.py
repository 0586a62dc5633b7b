"""`bulletin names`: names of the coming bulletin that no lexicon knows, before they go on air."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.options import json_option, output_option, station_argument


@click.command("names")
@station_argument
@output_option
@json_option
def command(station: str | None, output: Path, as_json: bool) -> None:
    """
    List the unusual names of the coming bulletin that no lexicon knows, each with its sentence.

    Put them into the profile's [pronunciations], as written = as said: "Wexcombe" = "Wecks-kum",
    or into a file of their own under [names] (`lexicon = "names.toml"` in the profile).
    """
    from datetime import UTC, datetime

    from bulletin.cli.data import print_json
    from bulletin.config.load import load_profile
    from bulletin.pipeline import draft_bulletin
    from bulletin.script.names import list_unusual_names
    from bulletin.station import open_station

    loaded = load_profile(station)
    with open_station(loaded, output=output) as built:
        draft = draft_bulletin(built, now=datetime.now(UTC))
        found = list_unusual_names(draft.script, built.lexicon)
    if as_json:
        print_json({"names": [{"name": one.name, "sentence": one.sentence} for one in found]})
        return
    for one in found:
        click.echo(f'"{one.name}" = ""    # {one.sentence}')
    if not found:
        click.echo("Every name is known.", err=True)

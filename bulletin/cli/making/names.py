"""`bulletin names`: names of the coming bulletin that a newsreader may not know, before they go on air."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.shared_options import json_option, output_option, station_argument


@click.command("names")
@station_argument
@output_option
@json_option
def command(station: str | None, output: Path, as_json: bool) -> None:
    """
    List the names of the coming bulletin that a newsreader may not know, the hardest first.

    Each line can go into the profile's [pronunciations], as written = as said: "Wexcombe" = "Wecks-kum",
    or into a file of its own under [names] (`lexicon = "names.toml"` in the profile). A name left with ""
    is read as printed and not listed again.
    """
    from datetime import UTC, datetime

    from bulletin.cli.output.json_output import print_json
    from bulletin.config.load_profile import load_profile
    from bulletin.pipeline.make_bulletin import draft_bulletin
    from bulletin.script.unknown_names import list_unusual_names
    from bulletin.station.station import open_station

    loaded = load_profile(station)
    with open_station(loaded, output=output) as built:
        draft = draft_bulletin(built, now=datetime.now(UTC))
        names = list_unusual_names(draft.script, built.lexicon)
    if as_json:
        print_json(
            {"names": [{"name": name.name, "words": name.words, "sentence": name.sentence} for name in names]}
        )
        return
    for name in names:
        for word in name.words:
            about = "" if word == name.name else f"{name.name}: "
            click.echo(f'"{word}" = ""    # {about}{name.sentence}')
    if not names:
        click.echo("Every name is known.", err=True)

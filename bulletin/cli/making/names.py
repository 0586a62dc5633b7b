"""`bulletin names`: unusual names in the next bulletin, to check how they are said before they air."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.shared_options import all_option, cut_list, json_option, output_option, station_argument


@click.command("names")
@station_argument
@output_option
@all_option
@json_option
def command(station: str | None, output: Path, everything: bool, as_json: bool) -> None:
    """
    List unusual names in the next bulletin, the hardest first.

    Copy a line into the profile's [pronunciations], as written = as said: "Wexcombe" = "Wecks-kum",
    or into [names] of a file of its own (`lexicon = "names.toml"` in the profile). A name with "" is read as
    printed and not listed again.
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
    lines = [
        f'"{word}" = ""    # {"" if word == name.name else f"{name.name}: "}{name.sentence}'
        for name in names
        for word in name.words
    ]
    for line in cut_list(lines, everything=everything):
        click.echo(f"# {line}" if line.startswith("...") else line)
    if not names:
        click.echo("Every name is known.", err=True)

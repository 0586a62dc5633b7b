"""`bulletin names`: unusual names in the next bulletin, to check how they are said before they air."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from bulletin.cli.output.text_or_json_answer import StationCall, to_data
from bulletin.cli.shared_options import all_option, station_command


@click.command("names")
@station_command()
@all_option()
def command(call: StationCall, everything: bool) -> None:
    """
    List unusual names in the next bulletin, the hardest first.

    Copy a line into the profile's [pronunciations], printed name = respelling: "Wexcombe" = "Wecks-kum",
    or into the table [names] of a lexicon (`lexicon = "names.toml"` in the profile). A name with "" is read as
    printed and not listed again.
    """
    from bulletin.pipeline.make_bulletin import draft_bulletin
    from bulletin.script.list_unusual_names import list_unusual_names
    from bulletin.station.build_station_object import open_station

    with open_station(call.loaded, output=call.output) as station:
        draft = draft_bulletin(station, now=datetime.now(UTC))
        names = list_unusual_names(draft.script, station.lexicon)
    lines = [
        f'"{word}" = ""    # {"" if word == name.name else f"{name.name}: "}{name.sentence}'
        for name in names
        for word in name.words
    ]
    call.print({"names": to_data(names)}, lines, everything=everything, mark="# ")
    if not (names or call.quiet):
        click.echo("No unusual names in the next bulletin, so none to add to [pronunciations].", err=True)

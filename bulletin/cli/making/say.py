"""`bulletin say`: a sentence as the station would say it, played or written to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.output.sound_player import find_player
from bulletin.cli.output.text_or_json_answer import StationCall
from bulletin.cli.shared_options import FILE, station_command
from bulletin.errors import AudioError

if TYPE_CHECKING:
    from bulletin.newsroom.hear import Heard
    from bulletin.station.station_voices import StationVoices


def hear_options(command: click.decorators.FC) -> click.decorators.FC:
    """--voice, --to and --player, of the commands that say something."""
    voice = click.option("--voice", metavar="NAME", help='Use only this voice: "hibari", "gtts:co.uk".')
    to = click.option("--to", type=FILE, help="Write this file, .mp3 or .wav, instead of playing.")
    player = click.option(
        "--player", metavar="PROGRAM", help="Program to play it with, as in `bulletin play`."
    )
    return voice(to(player(command)))


@click.command("say")
@click.argument("text")
@station_command()
@hear_options
def command(call: StationCall, text: str, voice: str | None, to: Path | None, player: str | None) -> None:
    """
    Say TEXT as STATION would on air, and print how the voice reads it.

    Figures, abbreviations and names are spoken as in a bulletin, with the profile's pronunciations and the names
    that `bulletin names save` respelled. Without a player program the sound file is named instead.

    \b
    Exit codes: 0 said, 5 no voice can speak now, 6 the player failed or the file cannot be written.
    """
    from bulletin.newsroom.hear import hear_sentence

    say(call, text, lambda station: hear_sentence(station, text, to=to), voice=voice, to=to, player=player)


def say(
    call: StationCall,
    text: str,
    hear: Callable[[StationVoices], Heard],
    *,
    voice: str | None,
    to: Path | None,
    player: str | None,
) -> None:
    """Print the spoken form of what `hear` says, and play it unless it is written to the file `to`. Raises BulletinError."""
    from bulletin.station.build_station_object import overrides_from
    from bulletin.station.open_archive import open_archive_of
    from bulletin.station.station_voices import open_station_voices

    overrides = overrides_from(call.loaded.profile, voice=voice)
    program = None if to else find_player(player)
    if player and not to and program is None:
        raise AudioError(f"{player}: no such player; install it, or name another with --player")
    # open while it speaks: the archive of a group has the limits of its voices
    with open_archive_of(call.loaded, output=call.output) as archive:
        station = open_station_voices(call.loaded, output=call.output, archive=archive, overrides=overrides)
        heard = hear(station)
    spoken = " ".join(heard.spoken)
    if call.is_text:
        click.echo(spoken)
        how = f"({program.name})" if program else "" if to else "(no player found; open the file yourself)"
        click.echo(" ".join(filter(None, (", ".join(heard.voices), str(heard.path), how))), err=True)
    if program:
        program.play(heard.path)
    data = {"text": text, "spoken": spoken, "voices": heard.voices, "file": heard.path}
    call.print(data | {"duration_s": heard.duration_s, "player": program.name if program else None}, ())

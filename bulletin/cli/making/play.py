"""`bulletin play`: the newest bulletin, or a file, through a player program of this machine."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.output.sound_player import PLAYERS, find_player
from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import FILE, answer_options, output_option, station_argument
from bulletin.config.load_profile import list_profiles, load_profile
from bulletin.errors import AudioError, OutletError


@click.command("play")
@station_argument
@output_option
@click.option("--file", type=FILE, help="Play this sound file instead of the newest bulletin.")
@click.option("--player", metavar="PROGRAM", help="Program to play it with; by default the first found.")
@answer_options
def command(station: str | None, output: Path, file: Path | None, player: str | None, answer: Answer) -> None:
    """
    Play STATION's newest bulletin, or a sound file.

    The first of these programs is used: mpv, ffplay, mpg123, cvlc, play (SoX), afplay.

    \b
    Exit codes: 0 played to its end, 6 no player, or it failed, 7 no bulletin yet.
    """
    given = Path(station or "")
    is_profile = not given.suffix or station in [path.stem for path in list_profiles()]
    if given.suffix != ".toml" and (given.is_file() or not is_profile):
        file = given
    path = file or _newest(station, output)
    if not path.is_file():
        raise AudioError(f"{path}: no such file; name another one")
    found = find_player(player)
    if found is None:
        wanted = player or ", ".join(PLAYERS)
        raise AudioError(f"no player found ({wanted}); install one, or open {path} yourself")
    if answer.is_text:
        click.echo(f"{path} ({found.name})", err=True)
    found.play(path)
    answer.print({"file": path, "player": found.name}, ())


def _newest(station: str | None, output: Path) -> Path:
    """The sound of the newest bulletin in the station's folder, in any rendition but single stories."""
    loaded = load_profile(station, only_looks=True)
    profile, folder = loaded.profile, output / loaded.id
    stems = {
        kind: "latest" if kind == "podcast" else kind for kind in profile.outputs.make if kind != "stories"
    }
    paths = (folder / f"{stem}.{profile.outputs.rendition(kind).format}" for kind, stem in stems.items())
    files = [path for path in paths if path.is_file()]
    if not files:
        raise OutletError(f"{folder}: no bulletin there yet; `bulletin make {loaded.id}` makes one")
    return max(files, key=lambda path: path.stat().st_mtime)

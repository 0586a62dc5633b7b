"""`bulletin imaging`: the jingles of a station, its own files or composed from a seed."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bulletin.cli.newsroom.editor_desk import desk_of
from bulletin.cli.number_ranges import Number
from bulletin.cli.output.download_progress import download_progress
from bulletin.cli.output.text_or_json_answer import Answer, StationCall, pick
from bulletin.cli.shared_options import FOLDER, answer_options, file_argument, station_command
from bulletin.imaging.composing.music_theory import KEYS
from bulletin.imaging.find_shipped_jingle_sets import JINGLES
from bulletin.imaging.players.choose_orchestra import OrchestraChoice, choose_orchestra, synthesise
from bulletin.imaging.players.install_instruments import install_instruments
from bulletin.imaging.players.orchestra import Orchestra
from bulletin.imaging.render_jingles import make_imaging
from bulletin.newsroom.actions.change_imaging import reset_jingle, set_mix_point, upload_jingle
from bulletin.newsroom.views.station.jingles_of_station import JingleStatus, read_jingles
from bulletin.station.build_station_object import STATE

STYLES = ("bright", "serious", "night", "local")


@click.group("imaging")
def command() -> None:
    """List, replace and compose the station's jingles."""


jingle_argument = click.argument("jingle", metavar="JINGLE", type=click.Choice(JINGLES))


@command.command("list")
@station_command(only_looks=True)
def list_(call: StationCall) -> None:
    """List the jingles: where each comes from, its length, and where speech may begin over it."""
    jingles = read_jingles(call.loaded, cache=call.output / STATE / "newsroom")
    data = [
        pick(each, "name", "purpose", "path", "origin", "problem", "mix_s", "mix_origin") for each in jingles
    ]
    call.print({"station": call.id, "jingles": data}, map(_line, jingles))


@command.command("use")
@jingle_argument
@file_argument()
@station_command()
def use(call: StationCall, jingle: str, file: Path) -> None:
    """Use the sound in FILE as a jingle: it is checked, copied beside the profile, and named in it."""
    with desk_of(call) as desk:
        used = upload_jingle(desk, jingle=jingle, file=file)
    lines = [f"{call.loaded.path.name}: {jingle} is {used.file.name}.", *(f"  {note}" for note in used.notes)]
    call.print({"station": call.id, "jingle": jingle, "file": used.file, "notes": used.notes}, lines)


@command.command("mix")
@jingle_argument
@click.argument("seconds", type=Number(0, 60))
@station_command()
def mix(call: StationCall, jingle: str, seconds: float) -> None:
    """Let speech begin SECONDS after the start of a jingle (mix point)."""
    with desk_of(call) as desk:
        set_mix_point(desk, jingle=jingle, mix_s=seconds)
    line = f"{call.loaded.path.name}: speech may begin {seconds:g} s after the start of the {jingle}."
    call.print({"station": call.id, "jingle": jingle, "mix_s": seconds}, [line])


@command.command("reset")
@jingle_argument
@station_command()
def reset(call: StationCall, jingle: str) -> None:
    """Use the jingle of the folder or of the built-in set again, with its own mix point."""
    with desk_of(call) as desk:
        reset_jingle(desk, jingle=jingle)
    line = f"{call.loaded.path.name}: {jingle} is that of the folder or the built-in set again."
    call.print({"station": call.id, "jingle": jingle}, [line])


def _line(jingle: JingleStatus) -> str:
    if jingle.path is None or jingle.problem:
        return f"{jingle.name}  {jingle.problem or 'none'}"
    length = f"  {jingle.waveform.duration_s:.1f} s" if jingle.waveform else ""
    mix = f"  speech from {jingle.mix_s:g} s ({jingle.mix_origin})" if jingle.mix_s is not None else ""
    return f"{jingle.name}{length}  {jingle.origin}{mix}"


@command.command("install")
@answer_options
def install(answer: Answer) -> None:
    """
    Install recorded instruments for `bulletin imaging make`: a soundfont and its player (50 MB, MIT).

    Each file is verified by its hash. Needs pip only, and uses the mirrors, proxies and certificates that you have
    set up for pip and npm. Damaged files are repaired.
    """
    installed = install_instruments(progress=download_progress(shown=answer.is_text))
    line = f"Installed in {installed}. Next: bulletin imaging make"
    answer.print({"folder": installed}, [line])


@command.command("make")
@click.argument("folder", type=FOLDER, required=False)
@click.option(
    "--style", type=click.Choice(STYLES), default="bright", show_default=True, help="Mood of the music."
)
@click.option("--seed", type=int, default=7, show_default=True, help="0 to 1048575; each gives another tune.")
@click.option("--key", default="", help='Musical key: "D", "F#", "Bb"; by default the style\'s own.')
@click.option(
    "--soundfont",
    metavar="FILE",
    help='Recorded instruments, SF2 or SF3; "none": synthesis. By default the soundfont that is installed.',
)
@answer_options
def make(folder: Path | None, style: str, seed: int, key: str, soundfont: str | None, answer: Answer) -> None:
    """
    Compose ident, bed, stings and closing into FOLDER, by default jingles/bright-7-D or the like.

    The same style, seed, key and instruments give the same sound. Also writes a picture of it, and prints the
    lines for the profile.
    """
    if key and key.strip().capitalize() not in KEYS:
        raise click.BadParameter(
            f'"{key}" is not a valid key; use one of {", ".join(KEYS)}', param_hint="'--key'"
        )
    folder = folder or Path("jingles", "-".join(filter(None, (style, str(seed), key.replace("#", "-sharp")))))
    choices: list[OrchestraChoice] = []

    def players() -> Orchestra:
        choices.append(
            synthesise() if soundfont == "none" else choose_orchestra(Path(soundfont) if soundfont else None)
        )
        if answer.is_text:
            click.echo("\n".join(choices[0].notes), err=True)
            click.echo(f"Composing jingles into {folder}, about half a minute ...", err=True)
        return choices[0].orchestra

    names = [path.name for path in make_imaging(folder, style=style, seed=seed, key=key, players=players)]
    if answer.is_text:
        click.echo(f"Wrote {', '.join(names)}. Lines for the station's profile:", err=True)
    path = folder.resolve().as_posix()  # with slashes it serves Windows too
    # JSON writes text as TOML reads it
    lines = ["[imaging]", f"folder = {json.dumps(path, ensure_ascii=False)}"]
    choice = choices[0]
    data = {"folder": path, "files": names, "instruments": choice.orchestra.name, "notes": choice.notes}
    answer.print(data, lines)

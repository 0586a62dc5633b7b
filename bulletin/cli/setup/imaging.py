"""`bulletin imaging make`: jingles for a station, composed from a seed."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import FOLDER, answer_options
from bulletin.imaging.composing.music_theory import KEYS
from bulletin.imaging.render_jingles import make_imaging

STYLES = ("bright", "serious", "night")


@click.group("imaging")
def command() -> None:
    """Compose the station's jingles."""


@command.command("make")
@click.argument("folder", type=FOLDER, required=False)
@click.option(
    "--style", type=click.Choice(STYLES), default="bright", show_default=True, help="Mood of the music."
)
@click.option("--seed", type=int, default=7, show_default=True, help="0 to 1048575; each gives another tune.")
@click.option("--key", default="", help='Musical key: "D", "F#", "Bb"; by default the style\'s own.')
@answer_options
def make(folder: Path | None, style: str, seed: int, key: str, answer: Answer) -> None:
    """
    Compose ident, bed, stings and closing into FOLDER, by default jingles/bright-7-D or the like.

    The same style, seed and key give the same sound. Also writes a picture of it, and prints the lines for the
    profile.
    """
    if key and key.strip().capitalize() not in KEYS:
        raise click.BadParameter(
            f'"{key}" is not a valid key; use one of {", ".join(KEYS)}', param_hint="'--key'"
        )
    folder = folder or Path("jingles", "-".join(filter(None, (style, str(seed), key.replace("#", "-sharp")))))
    if answer.is_text:
        click.echo(f"Composing jingles into {folder}, about half a minute ...", err=True)
    names = [path.name for path in make_imaging(folder, style=style, seed=seed, key=key)]
    if answer.is_text:
        click.echo(f"Wrote {', '.join(names)}. Lines for the station's profile:", err=True)
    path = folder.resolve().as_posix()  # with slashes it serves Windows too
    # JSON writes text as TOML reads it
    lines = ["[imaging]", f"folder = {json.dumps(path, ensure_ascii=False)}"]
    answer.print({"folder": path, "files": names}, lines)

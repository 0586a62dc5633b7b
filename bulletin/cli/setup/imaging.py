"""`bulletin imaging make`: jingles of a station's own, composed from a seed."""

from __future__ import annotations

import json
from pathlib import Path

import click

STYLES = ("bright", "serious", "night")


@click.group("imaging")
def command() -> None:
    """Compose the station's jingles."""


@command.command("make")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--style", type=click.Choice(STYLES), default="bright", show_default=True)
@click.option("--seed", type=int, default=7, show_default=True, help="Another number, another tune.")
@click.option("--key", default="", help='"D", "F#", "Bb"; by default the style\'s own.')
def make(folder: Path | None, style: str, seed: int, key: str) -> None:
    """
    Compose ident, bed, stings and closing into FOLDER, by default jingles/bright-7-D or the like.

    The same style, seed and key give the same sound. A picture of it lies beside the files; the lines
    that a profile needs are printed.
    """
    from bulletin.imaging.composing.music_theory import KEYS
    from bulletin.imaging.jingle_sets import make_imaging

    if key and key.strip().capitalize() not in KEYS:
        raise click.BadParameter(f'"{key}" is no key; use one of {", ".join(KEYS)}', param_hint="'--key'")
    folder = folder or Path("jingles", "-".join(filter(None, (style, str(seed), key.replace("#", "-sharp")))))
    click.echo(f"Composing into {folder}; it takes about half a minute ...", err=True)
    made = make_imaging(folder, style=style, seed=seed, key=key)
    click.echo(f"{', '.join(path.name for path in made)}. For the station's profile:", err=True)
    # JSON writes text as TOML reads it; with slashes it serves Windows too.
    click.echo(f"[imaging]\nfolder = {json.dumps(folder.resolve().as_posix(), ensure_ascii=False)}")

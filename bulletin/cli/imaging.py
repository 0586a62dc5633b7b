"""`bulletin imaging make`: jingles of a station's own, composed from a seed."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("imaging")
def command() -> None:
    """Compose the station's jingles."""


@command.command("make")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--style", default="bright", show_default=True, help="bright, serious or night.")
@click.option("--seed", type=int, default=7, show_default=True, help="Another number, another tune.")
@click.option("--key", default="", help='"D", "F#", "Bb"; by default the style\'s own.')
def make(folder: Path, style: str, seed: int, key: str) -> None:
    """Compose ident, bed, stings and closing into FOLDER; the same order gives the same sound."""
    from bulletin.audio.imaging.package import make_imaging

    click.echo("Composing; it takes about twenty seconds ...", err=True)
    made = make_imaging(folder, style=style, seed=seed, key=key)
    for path in made:
        click.echo(str(path))
    click.echo(f'In the profile: [imaging] ident = "{folder / "ident.flac"}", and so on.', err=True)

"""Style, seed and key -> files: FLACs, and the sheet that says what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bulletin.audio.imaging.meter import loudness_lufs, peaks
from bulletin.audio.imaging.pieces import PIECES, Piece, make_piece
from bulletin.audio.imaging.score import Tune, draw_tune
from bulletin.audio.imaging.styles import Style
from bulletin.audio.imaging.waves import RATE_HZ
from bulletin.errors import AudioError
from bulletin.pcm import write_flac

_MAKER = "Composed and computed by bulletin.audio.imaging; no samples of anybody's"
_LICENCE = "Apache-2.0"


def render_set(folder: Path, *, style: Style, seed: int, key: str, only: tuple[str, ...]) -> tuple[Path, ...]:
    """Write the pieces and then the sheet that names them, each whole or not at all."""
    unknown = set(only) - set(PIECES)
    if unknown:
        raise AudioError(f"imaging: no piece is called {min(unknown)}; there are {', '.join(PIECES)}")
    tune = draw_tune(style, seed=seed, key=key or style.key)
    sheet = [_head(style, tune, seed, key or style.key)]
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in PIECES:
            if only and name not in only:
                continue
            piece = make_piece(name, style, tune, seed=seed)
            paths.append(_write_piece(folder, piece, style))
            sheet.append(_entry(piece))
        paths.append(folder / "imaging.toml")
        part = folder / "part-imaging.toml"
        part.write_text("\n".join(sheet), encoding="utf-8", newline="\n")
        part.replace(paths[-1])
    except OSError as error:
        raise AudioError(f"{folder}: the jingles cannot be written there ({error})") from error
    return tuple(paths)


def _write_piece(folder: Path, piece: Piece, style: Style) -> Path:
    path = folder / f"{piece.name}.flac"
    part = folder / f"part-{piece.name}.flac"
    tags = {"title": f"{style.name} {piece.name}", "comment": _MAKER, "license": _LICENCE}
    sound = piece.sound
    if piece.is_loop:
        # The bed is never quiet and lies 20 LU under a voice: 13 bits are plenty, and FLAC keeps the
        # three that are then nought for nothing (2.6 -> 1.8 MB).
        sound = np.rint(sound * 4096.0) / 4096.0
    try:
        write_flac(part, sound.astype(np.float32), rate_hz=RATE_HZ, tags=tags)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _head(style: Style, tune: Tune, seed: int, key: str) -> str:
    return (
        f"# {_MAKER}.\n# Made again by: python -m bulletin.audio.imaging --style {style.name} --seed {seed}"
        f' --key "{key}" FOLDER\nlicence = "{_LICENCE}"\nstyle = "{style.name}"\nseed = {seed}\nkey = "{key}"\n'
        f"tempo_bpm = {tune.tempo_bpm}\n"
    )


def _entry(piece: Piece) -> str:
    peak_dbtp = 20.0 * np.log10(peaks(piece.sound).max())
    return (
        f'[jingles.{piece.name}]\nfile = "{piece.name}.flac"\n'
        f"duration_s = {len(piece.sound) / RATE_HZ:.3f}\n"
        f"mix_point_s = {piece.mix_point_s:.3f}\ntalk_until_s = {piece.talk_until_s:.3f}\n"
        f"loops = {str(piece.is_loop).lower()}\n"
        f"loudness_lufs = {loudness_lufs(piece.sound):.1f}\ntrue_peak_dbtp = {peak_dbtp:.1f}\n"
    )

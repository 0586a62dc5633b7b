"""Style, seed and key -> files: the jingles, a picture of them, and the sheet with their mix points."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bulletin.errors import AudioError
from bulletin.imaging.arrange_jingle import PIECES, JinglePiece, make_piece
from bulletin.imaging.composing.compose_tune import JingleTune, draw_tune
from bulletin.imaging.composing.jingle_styles import find_style
from bulletin.imaging.draw_jingle_spectrograms import draw_set
from bulletin.imaging.find_shipped_jingle_sets import SHEET
from bulletin.imaging.mastering.measure_music_loudness import loudness_lufs, peaks
from bulletin.imaging.players.orchestra import COMPUTED, Orchestra, SynthesisOrchestra
from bulletin.imaging.sounds.oscillators import RATE_HZ
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.read_sound_file import write_flac, write_ogg

_LICENCE = "Apache-2.0"


def make_imaging(
    folder: Path,
    *,
    style: str = "bright",
    seed: int = 7,
    key: str = "",
    only: tuple[str, ...] = (),
    players: Callable[[], Orchestra] = SynthesisOrchestra,
    ships: bool = False,
) -> tuple[Path, ...]:
    """
    Compose a set and write it to `folder`: 16-bit FLAC, a picture, and last the sheet; each whole or not at all.

    The same style, seed (0 or more), key (by default that of the style) and players give the same bytes
    on one machine, and the same music on all. `players` is called when the options are right. `only` names
    jingles; by default all are composed. `ships` writes the set as in this package. Takes about 15 CPU seconds. Raises AudioError.
    """
    material = find_style(style)
    names = _check_order(folder, seed, only)
    key = (key or material.key).strip().capitalize()
    tune = draw_tune(material, seed=seed, key=key)
    pieces, paths = [], []
    try:
        orchestra = _call_players(folder, players)
        sheet = [_describe_set(tune, style, seed, key, orchestra, ships=ships)]
        for name in names:
            piece = make_piece(name, material, tune, orchestra, seed=seed)
            pieces.append(piece)
            paths.append(_write_piece(folder, piece, style, orchestra, ships=ships))
            sheet.append(_describe(piece, file=paths[-1].name))
        if not ships:
            paths.append(folder / "imaging.png")
            with atomic_file(paths[-1]) as part:
                draw_set(pieces, part, title=f"{style}, seed {seed}, {key}, {tune.tempo_bpm} bpm")
        paths.append(folder / SHEET)
        with atomic_file(paths[-1]) as part:
            part.write_text("\n".join(sheet), encoding="utf-8", newline="\n")
    except OSError as error:
        raise AudioError(
            f"{folder}: the jingles cannot be written there ({error}); choose another folder"
        ) from error
    return tuple(paths)


def _check_order(folder: Path, seed: int, only: tuple[str, ...]) -> list[str]:
    """
    Names of the pieces to compose.

    Raises AudioError also before it would overwrite files of another set, such as a bought ident.flac.
    """
    if not 0 <= seed < 2**20:
        raise AudioError(f"imaging: the seed is a whole number from 0 to {2**20 - 1}, not {seed}")
    unknown = set(only) - set(PIECES)
    if unknown:
        raise AudioError(f'imaging: there is no jingle "{min(unknown)}"; use one of {", ".join(PIECES)}')
    names = [name for name in PIECES if not only or name in only]
    existing = [path for name in names if (path := folder / f"{name}.flac").exists()]
    if existing and not (folder / SHEET).is_file():
        raise AudioError(
            f"{existing[0]}: was not composed by Bulletin and would be overwritten; choose another folder"
        )
    return names


def _call_players(folder: Path, players: Callable[[], Orchestra]) -> Orchestra:
    """Make the folder, then load the players, which takes seconds; without players no folder is left."""
    created = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return players()
    except AudioError:
        for path in created:
            path.rmdir()
        raise


def _write_piece(folder: Path, piece: JinglePiece, style: str, orchestra: Orchestra, *, ships: bool) -> Path:
    """
    Write FLAC, or Ogg Vorbis for the bed of a shipped set.

    Four sets in FLAC take 16 MB, with beds in Vorbis under 11; a bed then takes 0.01 CPU seconds longer to
    decode.
    """
    is_ogg = ships and piece.is_loop
    path = folder / f"{piece.name}.{'ogg' if is_ogg else 'flac'}"
    tags = {"title": f"{style} {piece.name}", "comment": _maker(orchestra), "license": _LICENCE}
    sound = piece.sound
    if piece.is_loop and not is_ogg:
        # The bed is never quiet and plays 20 LU under a voice: 13 bits are enough, and FLAC stores the
        # three zero bits for nothing (2.6 -> 1.8 MB).
        sound = np.rint(sound * 4096.0) / 4096.0
    with atomic_file(path) as part:
        write = write_ogg if is_ogg else write_flac
        write(part, sound.astype(np.float32), rate_hz=RATE_HZ, tags=tags)
    return path


def _maker(orchestra: Orchestra) -> str:
    if orchestra.licence == COMPUTED:
        return "Composed and computed by bulletin.imaging; no samples of anybody's"
    return f"Composed by bulletin.imaging; instruments of {orchestra.name}"


def _describe_set(
    tune: JingleTune, style: str, seed: int, key: str, orchestra: Orchestra, *, ships: bool
) -> str:
    """Head of the sheet."""
    order = f'bulletin imaging make --style {style} --seed {seed} --key "{key}" FOLDER'
    return (
        f"# {_maker(orchestra)}.\n"
        f"# Made again by: {f'python -m bench.shipped_jingles {style} FOLDER' if ships else order}\n"
        f'licence = "{_LICENCE}"\ninstruments = {json.dumps(orchestra.name, ensure_ascii=False)}\n'
        f'instruments_licence = "{orchestra.licence}"\n'
        f'style = "{style}"\nseed = {seed}\nkey = "{key}"\ntempo_bpm = {tune.tempo_bpm}\n'
    )


def _describe(piece: JinglePiece, *, file: str) -> str:
    """Table of a piece in the sheet."""
    peak_dbtp = 20.0 * np.log10(peaks(piece.sound).max())
    return (
        f'[jingles.{piece.name}]\nfile = "{file}"\n'
        f"duration_s = {len(piece.sound) / RATE_HZ:.3f}\n"
        f"mix_point_s = {piece.mix_point_s:.3f}\ntalk_until_s = {piece.talk_until_s:.3f}\n"
        f"loops = {str(piece.is_loop).lower()}\n"
        f"loudness_lufs = {loudness_lufs(piece.sound):.1f}\ntrue_peak_dbtp = {peak_dbtp:.1f}\n"
    )

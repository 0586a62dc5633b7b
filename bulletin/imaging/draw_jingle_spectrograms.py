"""JinglePieces -> PNG for a visual check of a jingle set: spectrogram and waveform of each jingle."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from bulletin.imaging.arrange_jingle import JinglePiece
from bulletin.imaging.sounds.oscillators import RATE_HZ, Wave

PX_PER_S = 60
_HIGH_PX, _WAVE_PX, _GAP_PX, _EDGE_PX, _HEAD_PX = 320, 60, 24, 46, 22
_ROW_PX = _HEAD_PX + _HIGH_PX + _WAVE_PX + _GAP_PX
"""Height of a row."""
_LOW_HZ, _TOP_HZ = 40.0, 16_000.0
_MARKS_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
_DEEP_DB = 85.0
"""Range of levels from the brightest point to black."""
_WINDOW = 2048
_SEAM_S = 2.0
"""Start of a loop that is drawn again after its end."""
_HEAT = ((0.0, (4, 4, 16)), (0.3, (60, 15, 110)), (0.55, (190, 50, 80)), (0.8, (250, 150, 40)), (1.0, (255, 250, 220)))  # fmt: skip
_GROUND, _INK, _MARK = (24, 24, 28), (225, 225, 225), (70, 220, 220)


def draw_set(pieces: Sequence[JinglePiece], path: Path, *, title: str) -> None:
    """
    Draw all pieces at the same scale of time, pitch and level, the loop in a separate row, and write a PNG.

    Pitch goes from 40 Hz to 16 kHz on a logarithmic scale; the waveform is below each spectrogram.
    """
    rows = [row for is_loop in (True, False) if (row := [p for p in pieces if p.is_loop is is_loop])]
    width = max(sum(_columns(_with_seam(piece)) + _GAP_PX for piece in row) for row in rows) + _EDGE_PX
    picture = Image.new("RGB", (width, _HEAD_PX + len(rows) * _ROW_PX), _GROUND)
    draw = ImageDraw.Draw(picture)
    draw.text((_EDGE_PX, 4), title, fill=_INK, font=ImageFont.load_default(14))
    levels_db = {piece.name: _spectrogram(_with_seam(piece)) for piece in pieces}
    loudest_db = max(float(levels.max()) for levels in levels_db.values())
    for number, row in enumerate(rows):
        x, y = _EDGE_PX, _HEAD_PX + number * _ROW_PX
        _draw_scale(draw, y + _HEAD_PX)
        for piece in row:
            heat = _coloured((levels_db[piece.name] - loudest_db) / _DEEP_DB + 1.0)
            picture.paste(Image.fromarray(heat), (x, y + _HEAD_PX))
            _draw_piece(draw, piece, x, y)
            x += heat.shape[1] + _GAP_PX
    picture.quantize(128).save(path, format="PNG", optimize=True)


def _with_seam(piece: JinglePiece) -> Wave:
    """Samples of a piece; a loop begins again."""
    extra = round(_SEAM_S * RATE_HZ) if piece.is_loop else 0
    return np.concatenate([piece.sound, piece.sound[:extra]])


def _columns(sound: Wave) -> int:
    return round(len(sound) / RATE_HZ * PX_PER_S)


def _spectrogram(sound: Wave) -> Wave:
    """Levels in dB: a row for each pixel of pitch (highest first), a column for each pixel of time."""
    padded = np.pad(sound.mean(axis=1), (_WINDOW // 2, _WINDOW))
    starts = np.arange(_columns(sound)) * RATE_HZ // PX_PER_S
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[starts]
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1)) ** 2
    bins = np.geomspace(_LOW_HZ, _TOP_HZ, _HIGH_PX + 1) * _WINDOW / RATE_HZ
    rows = np.empty((_HIGH_PX, len(starts)))
    for row, (low, high) in enumerate(pairwise(bins)):
        first, last = int(np.ceil(low)), int(np.floor(high))
        if last >= first:
            rows[row] = power[:, first : last + 1].max(axis=1)
        else:
            share = (low + high) / 2 - int(low)
            rows[row] = power[:, int(low)] * (1 - share) + power[:, int(low) + 1] * share
    return np.asarray(10.0 * np.log10(rows[::-1] + 1e-12))


def _coloured(heat: Wave) -> npt.NDArray[np.uint8]:
    levels = [level for level, _ in _HEAT]
    channels = [np.interp(heat, levels, [colour[channel] for _, colour in _HEAT]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.uint8)


def _draw_scale(draw: ImageDraw.ImageDraw, top: int) -> None:
    font = ImageFont.load_default(11)
    for hz in _MARKS_HZ:
        y = top + _HIGH_PX * (1.0 - np.log(hz / _LOW_HZ) / np.log(_TOP_HZ / _LOW_HZ))
        label = f"{hz // 1000}k" if hz >= 1000 else str(hz)
        draw.text((_EDGE_PX - 6, y), label, fill=_INK, font=font, anchor="rm")
        draw.line((_EDGE_PX - 4, y, _EDGE_PX - 1, y), fill=_INK)


def _draw_piece(draw: ImageDraw.ImageDraw, piece: JinglePiece, x: int, y: int) -> None:
    """Name and length, mix points, and the waveform."""
    seconds = len(piece.sound) / RATE_HZ
    label = f"{piece.name} {seconds:.2f} s" + (", then its start again" if piece.is_loop else "")
    draw.text((x, y + 4), label, fill=_INK, font=ImageFont.load_default(13))
    top, middle = y + _HEAD_PX, y + _HEAD_PX + _HIGH_PX + _WAVE_PX // 2
    sound = _with_seam(piece)
    starts = np.arange(_columns(sound)) * RATE_HZ // PX_PER_S
    for column, peak in enumerate(np.maximum.reduceat(np.abs(sound).max(axis=1), starts)):
        half = float(peak) * (_WAVE_PX // 2 - 1)
        draw.line((x + column, middle - half, x + column, middle + half), fill=_INK)
    for mark_s in (seconds,) if piece.is_loop else (piece.mix_point_s, piece.talk_until_s):
        at = x + mark_s * PX_PER_S
        draw.line((at, top, at, top + _HIGH_PX + _WAVE_PX), fill=_MARK)

"""Panel -> PNG for a visual check of a jingle set: spectrogram and waveform of each jingle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from bulletin.runtime.sound_file import Samples

PX_PER_S = 60
_HIGH_PX, _WAVE_PX, _GAP_PX, _EDGE_PX, _HEAD_PX = 320, 60, 24, 46, 22
_ROW_PX = 1800
"""Width at which a row of panels ends."""
_LOW_HZ, _TOP_HZ = 40.0, 16_000.0
_MARKS_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
_DEEP_DB = 85.0
"""Range of levels from the brightest point to black."""
_WINDOW = 2048
_SEAM_S = 2.0
"""Start of a loop that is drawn again after its end."""
_HEAT = ((0.0, (4, 4, 16)), (0.3, (60, 15, 110)), (0.55, (190, 50, 80)), (0.8, (250, 150, 40)), (1.0, (255, 250, 220)))  # fmt: skip
_GROUND, _INK, _MARK = (24, 24, 28), (225, 225, 225), (70, 220, 220)

Levels = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One jingle of the picture."""

    name: str
    samples: Samples
    """Stereo."""
    rate_hz: int
    talk_s: tuple[float, float]
    """Mix points, drawn as two lines."""
    is_loop: bool = False

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate_hz + (_SEAM_S if self.is_loop else 0.0)


def draw_set(panels: Sequence[Panel], path: Path, *, title: str) -> None:
    """
    Draw all panels in rows, at the same scale of time, pitch and level, and write a PNG.

    Pitch goes from 40 Hz to 16 kHz on a logarithmic scale; the waveform is below each spectrogram.
    """
    rows = _rows(panels)
    width = max(sum(_width(panel) for panel in row) for row in rows) + _EDGE_PX
    height = _HEAD_PX + len(rows) * (_HEAD_PX + _HIGH_PX + _WAVE_PX + _GAP_PX)
    picture = Image.new("RGB", (width, height), _GROUND)
    draw = ImageDraw.Draw(picture)
    draw.text((_EDGE_PX, 4), title, fill=_INK, font=ImageFont.load_default(14))
    pictures = {panel.name: _spectrogram(panel) for panel in panels}
    loudest_db = max(float(levels.max()) for levels in pictures.values())
    for number, row in enumerate(rows):
        x, y = _EDGE_PX, _HEAD_PX + number * (_HEAD_PX + _HIGH_PX + _WAVE_PX + _GAP_PX)
        _draw_scale(draw, y + _HEAD_PX)
        for panel in row:
            heat = _coloured((pictures[panel.name] - loudest_db) / _DEEP_DB + 1.0)
            picture.paste(Image.fromarray(heat), (x, y + _HEAD_PX))
            _draw_panel(draw, panel, x, y)
            x += _width(panel)
    picture.quantize(128).save(path, format="PNG", optimize=True)


def _rows(panels: Sequence[Panel]) -> list[list[Panel]]:
    rows: list[list[Panel]] = [[]]
    for panel in panels:
        if rows[-1] and sum(map(_width, [*rows[-1], panel])) > _ROW_PX:
            rows.append([])
        rows[-1].append(panel)
    return rows


def _width(panel: Panel) -> int:
    return round(panel.seconds * PX_PER_S) + _GAP_PX


def _with_seam(panel: Panel) -> Samples:
    """Samples of a panel; a loop begins again."""
    extra = round(_SEAM_S * panel.rate_hz) if panel.is_loop else 0
    return np.concatenate([panel.samples, panel.samples[:extra]])


def _spectrogram(panel: Panel) -> Levels:
    """Levels in dB: a row for each pixel of pitch (highest first), a column for each pixel of time."""
    mono = _with_seam(panel).mean(axis=1)
    padded = np.pad(mono, (_WINDOW // 2, _WINDOW))
    count = round(panel.seconds * PX_PER_S)
    starts = np.arange(count) * panel.rate_hz // PX_PER_S
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[starts]
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1)) ** 2
    edges_hz = np.geomspace(_LOW_HZ, _TOP_HZ, _HIGH_PX + 1)
    bins = edges_hz * _WINDOW / panel.rate_hz
    rows = np.empty((_HIGH_PX, count))
    for row in range(_HIGH_PX):
        low, high = bins[row], bins[row + 1]
        first, last = int(np.ceil(low)), int(np.floor(high))
        if last >= first:
            rows[row] = power[:, first : last + 1].max(axis=1)
        else:
            share = (low + high) / 2 - int(low)
            rows[row] = power[:, int(low)] * (1 - share) + power[:, int(low) + 1] * share
    return np.asarray(10.0 * np.log10(rows[::-1] + 1e-12))


def _coloured(heat: Levels) -> npt.NDArray[np.uint8]:
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


def _draw_panel(draw: ImageDraw.ImageDraw, panel: Panel, x: int, y: int) -> None:
    """Name and length, mix points, seconds, and the waveform."""
    seconds = len(panel.samples) / panel.rate_hz
    label = f"{panel.name} {seconds:.2f} s" + (", then its start again" if panel.is_loop else "")
    draw.text((x, y + 4), label, fill=_INK, font=ImageFont.load_default(13))
    top, middle = y + _HEAD_PX, y + _HEAD_PX + _HIGH_PX + _WAVE_PX // 2
    magnitudes = np.abs(_with_seam(panel)).max(axis=1)
    starts = np.arange(round(panel.seconds * PX_PER_S)) * panel.rate_hz // PX_PER_S
    for column, peak in enumerate(np.maximum.reduceat(magnitudes, starts)):
        half = float(peak) * (_WAVE_PX // 2 - 1)
        draw.line((x + column, middle - half, x + column, middle + half), fill=_INK)
    marks = (seconds,) if panel.is_loop else panel.talk_s
    for mark_s in marks:
        at = x + min(mark_s, seconds) * PX_PER_S
        draw.line((at, top, at, top + _HIGH_PX + _WAVE_PX), fill=_MARK)
    for second in range(int(panel.seconds) + 1):
        at = x + second * PX_PER_S
        draw.line((at, top + _HIGH_PX + _WAVE_PX, at, top + _HIGH_PX + _WAVE_PX + 4), fill=_INK)

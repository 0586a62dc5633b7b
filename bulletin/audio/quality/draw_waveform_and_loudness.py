"""QualityReport -> PNG: waveform with chapters, loudness over time, faults and their times."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bulletin.audio.metering.loudness import SILENT_LUFS, Floats, loudness_curve
from bulletin.audio.metering.quality_report import QualityLimits, QualityReport, clock
from bulletin.audio.quality.quality_chart_canvas import FINE, Canvas, Rgb, drawable, fitting
from bulletin.runtime.read_sound_file import Samples

_WIDTH, _LEFT, _RIGHT, _TOP = 1600, 76, 136, 32
_HEAD, _STRIP, _WAVE, _GAP, _CURVE, _FOOT, _ROW = 92, 34, 250, 40, 280, 40, 25
_COLUMNS = _WIDTH - _LEFT - _RIGHT
_DOWN_LU, _UP_LU, _GRID_LU = 24.0, 9.0, 6.0
"""Range of the curves around the target, or around the loudness of the file; wider where the file needs it."""
_ALMOST_SILENT_LUFS = -70.0
_MOST_LINES = 12
"""Most faults, and most warnings."""
_MOST_CHAPTERS = 60
_STEPS_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_MOST_MARKS = 16
_NO_PEAK_DB = -119.0
_SHORTEST_S = 0.5
"""Shortest file with a curve: two windows of 0.4 s, a tenth apart."""

_SHADE: Rgb = (246, 247, 249)
_DEAD: Rgb = (250, 214, 216)
_GRID: Rgb = (226, 230, 235)
_INK: Rgb = (24, 32, 44)
_PALE: Rgb = (106, 117, 132)
_PAPER: Rgb = (255, 255, 255)
_WAVES: tuple[Rgb, Rgb] = ((36, 99, 168), (86, 150, 208))
_CRESTS: tuple[Rgb, Rgb] = ((150, 182, 218), (176, 206, 234))
_MOMENTARY: Rgb = (247, 190, 140)
_MOMENTARY_NAME: Rgb = (206, 120, 50)
_SHORT: Rgb = (214, 84, 20)
_TARGET: Rgb = (22, 128, 84)
_BAD: Rgb = (200, 24, 40)
_DOUBT: Rgb = (176, 112, 0)


def draw_report(report: QualityReport, path: Path, *, limits: QualityLimits | None = None) -> None:
    """
    Write a PNG, whole or not at all: waveform and chapters above, loudness of each 0.4 s and 3 s below.

    A point of a curve is in the middle of its window. Raises AudioError when it cannot be written.
    """
    _PictureSheet(report, limits or QualityLimits()).draw().save(path)


class _PictureSheet:
    """Layout of one picture."""

    def __init__(self, report: QualityReport, limits: QualityLimits) -> None:
        self._report, self._limits = report, limits
        self._chapters = report.chapters[:_MOST_CHAPTERS]
        self._wave_top = _TOP + _HEAD + (_STRIP if self._chapters else 0)
        self._curve_top = self._wave_top + _WAVE + _GAP
        self._lines = [*_first_lines(report.faults, _BAD), *_first_lines(report.warnings, _DOUBT)]
        whole = float(round(report.loudness_lufs)) if report.loudness_lufs > _ALMOST_SILENT_LUFS else -23.0
        self._middle = whole if limits.loudness_lufs is None else limits.loudness_lufs
        loudest = float(loudness_curve(report.powers, hops=4).max(initial=-math.inf))
        self._up_lu = max(_UP_LU, loudest - self._middle + 1.0)
        rows = math.ceil(len(self._chapters) / 2) + len(self._lines)
        height = self._curve_top + _CURVE + _FOOT + rows * _ROW + (24 if rows else 0)
        self._canvas = Canvas(_WIDTH, height, paper=_PAPER)

    def draw(self) -> Canvas:
        self._head()
        self._ground()
        self._waveform()
        self._marks()
        self._strip()
        self._curves()
        self._names()
        self._times()
        self._below()
        return self._canvas

    def _head(self) -> None:
        report = self._report
        name = fitting(report.title, 26, _COLUMNS - 300, bold=True)
        name = name or fitting(report.path.name, 26, _COLUMNS - 300, bold=True)
        self._canvas.text(_LEFT, _TOP, name, 26, _INK, bold=True)
        verdict, ink = ("fit to go out", _TARGET) if report.is_fit else ("not fit to go out", _BAD)
        self._canvas.text(_WIDTH - _RIGHT, _TOP + 3, verdict, 20, ink, bold=True, anchor="ra")
        kind = {1: "mono", 2: "stereo"}.get(report.channels, f"{report.channels} channels")
        loudness, highest = report.loudness_lufs, report.short_term_max_lufs
        figures = (
            clock(report.duration_s),
            f"{loudness:.1f} LUFS" if loudness > SILENT_LUFS else "too quiet to measure",
            f"at most {highest:.1f} in 3 s" if highest > SILENT_LUFS else "",
            f"range {report.range_lu:.1f} LU",
            f"true peak {report.true_peak_dbtp:.1f} dBTP" if report.true_peak_dbtp > _NO_PEAK_DB else "",
            f"{report.rate_hz / 1000:g} kHz {kind}",
        )
        self._canvas.text(_LEFT, _TOP + 44, _minus("  ·  ".join(filter(None, figures))), 17, _PALE)

    def _ground(self) -> None:
        """Ground of the waveform: its scale, and dead air in red."""
        top, middle = self._wave_top, self._wave_top + _WAVE / 2
        self._canvas.box(_LEFT, top, _LEFT + _COLUMNS, top + _WAVE, _SHADE)
        for start, end in self._report.silences:
            left = self._x(start)
            self._canvas.box(left, top, max(self._x(end), left + 2), top + _WAVE, _DEAD)
        for db in (0, -6, -12):
            for sign in (1, -1):
                y = middle - sign * _height(db)
                self._canvas.line(_LEFT, y, _LEFT + _COLUMNS, y, _GRID)
            self._canvas.text(_LEFT - 10, middle - _height(db), _minus(f"{db}"), 13, _PALE, anchor="rm")
        self._canvas.text(_LEFT - 10, middle, "dBFS", 13, _PALE, anchor="rm")

    def _waveform(self) -> None:
        """The highest sample of each column, and inside it the mean of its cells."""
        middle = self._wave_top + _WAVE / 2
        highest, means = _columns(self._report.peaks, _COLUMNS * FINE)
        chapter = self._chapter_of_columns()
        for column, (high, mean) in enumerate(zip(highest.tolist(), means.tolist(), strict=True)):
            x, odd = _LEFT + column / FINE, int(chapter[column]) % 2
            for value, inks in ((high, _CRESTS), (mean, _WAVES)):
                reach = max(0.5, min(value, 1.0) * _height(0))
                self._canvas.dots(x, middle - reach, middle + reach, inks[odd])

    def _chapter_of_columns(self) -> npt.NDArray[np.int64]:
        """Number of chapters that have begun at each column."""
        starts = sorted(chapter.start_s for chapter in self._report.chapters)
        seconds = (np.arange(_COLUMNS * FINE) + 0.5) * self._report.duration_s / (_COLUMNS * FINE)
        return np.asarray(np.searchsorted(starts, seconds, side="right"), dtype=np.int64)

    def _marks(self) -> None:
        """Dropouts and clicks in red, the highest peak labelled, the limit of peaks dashed."""
        report, top = self._report, self._wave_top
        for at_s in (*report.clicks_s, *(start for start, _ in report.dropouts)):
            self._canvas.line(self._x(at_s), top, self._x(at_s), top + _WAVE, _BAD)
        peaks = self._report.peaks
        if peaks.size and peaks.max() > 0:
            x = _LEFT + (float(peaks.argmax()) + 0.5) / len(peaks) * _COLUMNS
            self._canvas.arrow(x, top - 4, _SHORT)
            label = _minus(f"{report.true_peak_dbtp:.1f} dBTP")
            side, anchor = (-10, "rm") if x > _LEFT + _COLUMNS - 120 else (10, "lm")
            left = x + side - (76 if side < 0 else 4)
            self._canvas.box(left, top + 4, left + 80, top + 21, _PAPER)
            self._canvas.text(x + side, top + 12, label, 13, _SHORT, bold=True, anchor=anchor)
        if self._limits.true_peak_dbtp is not None:
            y = top + _WAVE / 2 - _height(min(self._limits.true_peak_dbtp, 0.0))
            self._canvas.dashes(_LEFT, _LEFT + _COLUMNS, y, _TARGET)

    def _strip(self) -> None:
        """Chapters above the waveform: number, and as much of the title as fits."""
        top = self._wave_top - _STRIP
        for number, chapter in enumerate(self._chapters, 1):
            left, right = self._x(chapter.start_s), self._x(chapter.end_s)
            if right - left < 2:
                continue
            self._canvas.box(left, top, right - 1, top + _STRIP - 4, _WAVES[number % 2])
            self._canvas.line(left, top, left, self._wave_top + _WAVE, _INK)
            for label in (f"{number}  {drawable(chapter.title)}", str(number)):
                short = fitting(label, 14, right - left - 14, bold=True)
                if len(short) > 4 or short == label:
                    y = top + (_STRIP - 4) / 2
                    self._canvas.text(left + 8, y, short, 14, _PAPER, bold=True, anchor="lm")
                    break

    def _curves(self) -> None:
        top, middle = self._curve_top, self._middle
        self._canvas.box(_LEFT, top, _LEFT + _COLUMNS, top + _CURVE, _SHADE)
        for lufs in np.arange(middle - _DOWN_LU + _GRID_LU, middle + self._up_lu, _GRID_LU):
            y = self._y(float(lufs))
            self._canvas.line(_LEFT, y, _LEFT + _COLUMNS, y, _GRID)
            self._canvas.text(_LEFT - 10, y, _minus(f"{lufs:.0f}"), 13, _PALE, anchor="rm")
        self._canvas.text(_LEFT - 10, top + _CURVE, "LUFS", 13, _PALE, anchor="rs")
        for hops, ink, width in ((4, _MOMENTARY, 1.5), (30, _SHORT, 3.0)):
            self._curve(loudness_curve(self._report.powers, hops=hops), hops, ink, width)
        if self._report.duration_s < _SHORTEST_S:
            x, y = _LEFT + _COLUMNS / 2, top + _CURVE / 2
            self._canvas.text(x, y, "too short for a curve: it needs half a second", 15, _PALE, anchor="mm")
        if self._limits.loudness_lufs is not None:
            self._canvas.dashes(_LEFT, _LEFT + _COLUMNS, self._y(middle), _TARGET)

    def _curve(self, lufs: Floats, hops: int, ink: Rgb, width: float) -> None:
        """One curve; where several windows share a pixel, the loudest and the quietest of them."""
        step = max(1, math.ceil(len(lufs) / _COLUMNS))
        points: list[tuple[float, float]] = []
        for at in range(0, len(lufs), step):
            here, x = lufs[at : at + step], self._x((at + hops / 2) / 10)
            points += [(x, self._y(float(y))) for y in dict.fromkeys((here.max(), here.min()))]
        self._canvas.curve(points, ink, width=width)

    def _names(self) -> None:
        """Labels at the right edge, without overlap."""
        report, x = self._report, _WIDTH - _RIGHT + 10
        named = [(self._y(report.loudness_lufs), f"{report.loudness_lufs:.1f} whole", _INK)]
        if report.loudness_lufs <= SILENT_LUFS:
            named = []
        if self._limits.loudness_lufs is not None:
            lufs = self._limits.loudness_lufs
            named.append((self._y(lufs), f"{lufs:.1f} target", _TARGET))
        above, lowest = -math.inf, self._curve_top + _CURVE - 48
        for number, (y, label, ink) in enumerate(sorted(named)):
            above = max(min(y, lowest - 18 * (len(named) - 1 - number)), above + 18)
            self._canvas.text(x, above, _minus(label), 14, ink, bold=True, anchor="lm")
        bottom = self._curve_top + _CURVE
        for y, seconds, ink in ((bottom - 28, 3.0, _SHORT), (bottom - 10, 0.4, _MOMENTARY_NAME)):
            if report.duration_s >= seconds + 0.1:
                self._canvas.text(x, y, f"each {seconds:g} s", 14, ink, bold=True, anchor="lm")

    def _times(self) -> None:
        seconds, y = self._report.duration_s, self._curve_top + _CURVE
        step = next((step for step in _STEPS_S if seconds / step <= _MOST_MARKS), 7200)
        for number in range(int(seconds / step + 1e-9) + 1):
            x = self._x(number * step)
            self._canvas.line(x, y, x, y + 6, _PALE)
            label = f"{number * step:g} s" if step < 1 else clock(number * step).removesuffix(".0")
            self._canvas.text(x, y + 10, label, 13, _PALE, anchor="ma")

    def _below(self) -> None:
        """List of chapters with their times, then faults and warnings."""
        y = self._curve_top + _CURVE + _FOOT + 8
        rows = math.ceil(len(self._chapters) / 2)
        for number, chapter in enumerate(self._chapters):
            x, at = _LEFT + number // max(1, rows) * (_COLUMNS / 2 + 30), y + number % max(1, rows) * _ROW
            ink = _WAVES[(number + 1) % 2]
            self._canvas.text(x + 22, at, str(number + 1), 15, ink, bold=True, anchor="ra")
            self._canvas.text(x + 90, at, clock(chapter.start_s), 15, _PALE, anchor="ra")
            self._canvas.text(x + 104, at, fitting(chapter.title, 15, _COLUMNS / 2 - 140), 15, _INK)
        y += rows * _ROW + (8 if rows and self._lines else 0)
        for number, (line, ink) in enumerate(self._lines):
            self._canvas.text(
                _LEFT, y + number * _ROW, fitting(_minus(line), 15, _COLUMNS, bold=True), 15, ink, bold=True
            )

    def _x(self, seconds: float) -> float:
        whole = max(self._report.duration_s, 1e-9)
        return _LEFT + min(max(seconds / whole, 0.0), 1.0) * _COLUMNS

    def _y(self, lufs: float) -> float:
        share = (lufs - ((self._middle) - _DOWN_LU)) / (_DOWN_LU + self._up_lu)
        return self._curve_top + (1.0 - min(max(share, 0.0), 1.0)) * (_CURVE - 12) + 6


def _first_lines(lines: tuple[str, ...], ink: Rgb) -> list[tuple[str, Rgb]]:
    """Lines that have room, and the number of the others."""
    first = [(line, ink) for line in lines[:_MOST_LINES]]
    return [*first, (f"and {len(lines) - _MOST_LINES} more", ink)] if len(lines) > _MOST_LINES else first


def _columns(cells: Samples, count: int) -> tuple[Floats, Floats]:
    """Highest value and mean of the cells in each column; with fewer cells than columns each fills several."""
    if not cells.size:
        return np.zeros(count), np.zeros(count)
    edges = np.arange(count) * len(cells) // count
    if len(cells) <= count:
        values = cells[edges].astype(np.float64)
        return values, values
    lengths = np.diff(np.append(edges, len(cells)))
    return np.maximum.reduceat(cells, edges).astype(np.float64), np.add.reduceat(cells, edges) / lengths


def _height(db: float) -> float:
    """Height of a level in pixels, from the middle line."""
    return float(10 ** (db / 20)) * (_WAVE / 2 - 6)


def _minus(text: str) -> str:
    """Figures with a true minus sign; words keep their hyphens."""
    return re.sub(r"(?<!\w)-(?=\d)", "−", text)

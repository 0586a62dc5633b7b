"""Lines, boxes and text -> PNG, antialiased: drawn at twice the size and reduced."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bulletin.errors import AudioError, explain_os_errors
from bulletin.runtime.files.atomic_write import atomic_file

Rgb = tuple[int, int, int]

FINE = 2
"""Dots per pixel of the finished picture, each way."""
_FONT = ("fontpkg_inter", "files/Inter[opsz,wght].ttf")
"""Latin, Greek and Cyrillic letters; Pillow's own typeface has only ASCII, no "Radio Łódź"."""


class Canvas:
    """Drawing surface; coordinates and sizes are in pixels of the finished picture."""

    def __init__(self, width: int, height: int, *, paper: Rgb = (255, 255, 255)) -> None:
        self._image = Image.new("RGB", (width * FINE, height * FINE), paper)
        self._draw = ImageDraw.Draw(self._image)

    def save(self, path: Path) -> None:
        """Write a PNG, whole or not at all. Raises AudioError when it cannot be written."""
        width, height = self._image.size
        picture = self._image.resize((width // FINE, height // FINE), Image.Resampling.LANCZOS)
        with (
            explain_os_errors(AudioError, f"{path}: cannot be written", "choose another folder"),
            atomic_file(path) as part,
        ):
            picture.save(part, format="PNG", optimize=True)

    def box(self, left: float, top: float, right: float, bottom: float, ink: Rgb) -> None:
        corners = (left * FINE, top * FINE, max(left, right) * FINE - 1, max(top, bottom) * FINE - 1)
        if corners[2] >= corners[0] and corners[3] >= corners[1]:
            self._draw.rectangle(corners, fill=ink)

    def line(self, x: float, y: float, to_x: float, to_y: float, ink: Rgb) -> None:
        self._draw.line((x * FINE, y * FINE, to_x * FINE, to_y * FINE), fill=ink, width=FINE)

    def dots(self, x: float, y: float, to_y: float, ink: Rgb) -> None:
        """Vertical line of half a pixel."""
        self._draw.line((round(x * FINE), y * FINE, round(x * FINE), to_y * FINE), fill=ink)

    def curve(self, points: list[tuple[float, float]], ink: Rgb, *, width: float) -> None:
        fine = [(x * FINE, y * FINE) for x, y in points]
        if len(fine) > 1:
            self._draw.line(fine, fill=ink, width=round(width * FINE), joint="curve")

    def dashes(self, left: float, right: float, y: float, ink: Rgb) -> None:
        for x in range(round(left), round(right), 14):
            self._draw.line(
                (x * FINE, y * FINE, min(x + 8, right) * FINE, y * FINE), fill=ink, width=2 * FINE
            )

    def arrow(self, x: float, y: float, ink: Rgb) -> None:
        """Small arrow that points down at (x, y + 10)."""
        corners = [((x + dx) * FINE, (y + dy) * FINE) for dx, dy in ((-6, 0), (6, 0), (0, 10))]
        self._draw.polygon(corners, fill=ink)

    def text(
        self, x: float, y: float, text: str, size: int, ink: Rgb, *, bold: bool = False, anchor: str = "la"
    ) -> None:
        """One line of text without characters that the typeface lacks; `anchor` as in Pillow."""
        font = _font(size * FINE, bold=bold)
        self._draw.text((x * FINE, y * FINE), drawable(text), font=font, fill=ink, anchor=anchor)


def fitting(text: str, size: int, width: float, *, bold: bool = False) -> str:
    """Text cut to a width, with an ellipsis; empty when nothing fits."""
    font, text = _font(size * FINE, bold=bold), drawable(text).strip()
    if font.getlength(text) <= width * FINE:
        return text
    most = min(len(text), round(width))
    length = bisect_right(range(1, most + 1), width * FINE, key=lambda n: font.getlength(text[:n] + "…"))
    return text[:length].rstrip() + "…" if length else ""


def drawable(text: str) -> str:
    """Text in one line without characters that the typeface lacks, which it would draw as boxes."""
    return "".join(filter(_has_glyph, unicodedata.normalize("NFC", " ".join(text.splitlines()))))


@lru_cache(maxsize=4096)
def _has_glyph(letter: str) -> bool:
    if letter == " ":
        return True
    glyph = bytes(_font(30, bold=False).getmask(letter))
    return letter.isprintable() and glyph not in (_missing_glyph(), b"")


@lru_cache(maxsize=1)
def _missing_glyph() -> bytes:
    """Bitmap of the box that replaces a missing glyph."""
    return bytes(_font(30, bold=False).getmask("\U0010ffff"))


def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    return load_font(size, axes=(min(32, max(14, size // FINE)), 640 if bold else 420))


@lru_cache(maxsize=64)
def load_font(size: float, *, axes: tuple[int, int]) -> ImageFont.FreeTypeFont:
    """The typeface of every picture, with its optical size and weight. Raises AudioError without it."""
    package, name = _FONT
    try:
        with as_file(files(package) / name) as path:
            # basic layout is the same on every machine; Raqm is not installed everywhere
            font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
            font.set_variation_by_axes(list(axes))
    except (OSError, ImportError) as error:
        raise AudioError(
            f"the font of {package} cannot be loaded ({error}); install Bulletin again"
        ) from error
    return font

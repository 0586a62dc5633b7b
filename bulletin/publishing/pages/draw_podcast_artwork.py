"""Name and colour of a station -> artwork for podcast apps."""

from __future__ import annotations

import io
import itertools
import math
import textwrap
import warnings
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from bulletin.audio.quality.quality_chart_canvas import drawable, load_font
from bulletin.errors import OutletError
from bulletin.publishing.pages.colour_contrast import (
    TEXT_CONTRAST,
    Rgb,
    away_from,
    blend,
    contrast,
    from_hex,
    ink_on,
    until,
)

_FONT_AXES = (32, 800)
"""Optical size for large letters; weight, extra bold."""

_SMALLEST_PX, _LARGEST_PX = 1400, 3000
"""Square, says Apple (podcasters.apple.com/support/896-artwork-requirements)."""
_PICTURE_BYTES = 512_000
_COVER_BYTES = 60_000
"""Small, because it is in every MP3."""
_VISIBLE = 1.1
"""Contrast at which the waves become visible."""
MARGIN, HORIZON, _MAST_X, _MAST_TOP = 8.0, 63.0, 82.0, 43.0
"""Positions in hundredths of the picture's side, as all below."""
_LEADING = 1.06
"""Distance from row to row, in ems."""


class Palette(NamedTuple):
    ground: Rgb
    """The station's colour, as near as readable text allows."""
    shade: Rgb
    """The same with more contrast to the ink."""
    ink: Rgb


_NEWS_HEIGHT = 19.1
"""Height of the letters of "NEWS"."""


class TextLine(NamedTuple):
    """A text of the picture; positions and sizes in hundredths of its side."""

    text: str
    top: float
    height: float
    most: float
    """Largest size of its letters."""
    rows: int = 3
    width: float = 100 - 2 * MARGIN
    left: float = MARGIN


def make_artwork(
    *,
    name: str,
    frequencies: Sequence[str],
    band: str,
    slogan: str,
    colour: str,
    news: str = "News",
    size_px: int = _LARGEST_PX,
) -> bytes:
    """
    Draw the station's picture: a square RGB JPEG below 512 kB, the same bytes for the same words.

    `news` is the word for it in the station's language. `colour` is "#c8102e", darkened or lightened only as far as readable text demands. Characters that the
    typeface lacks are left out.
    """
    palette = palette_of(colour)
    picture = paint_sky(palette, size_px)
    draw = ImageDraw.Draw(picture)
    draw_mast(draw, palette, size_px)
    draw.rectangle((0, HORIZON * size_px / 100, size_px, size_px), fill=palette.ink)
    on_air = " ".join(filter(None, (" & ".join(map(drawable_line, frequencies)), drawable_line(band))))
    title, motto = drawable_line(name) or on_air, drawable_line(slogan)
    write_line(draw, TextLine(title, top=7, height=30, most=20), size_px, palette.ink)
    if title != on_air:
        rows = 1 if len(frequencies) <= 2 else 3
        write_line(
            draw, TextLine(on_air, top=41, height=16, most=8, rows=rows, width=62), size_px, palette.ink
        )
    top = HORIZON + (3.8 if motto else 7.5)
    news_line = TextLine(drawable_line(news).upper(), top=top, height=23, most=40)
    write_line(draw, centred(news_line, within=_NEWS_HEIGHT), size_px, palette.ground)
    write_line(draw, TextLine(motto, top=92, height=5, most=4.6, rows=1), size_px, palette.ground)
    return to_jpeg(picture, most_bytes=_PICTURE_BYTES)


def embed_artwork(picture: bytes, size_px: int = 600) -> bytes:
    """Small artwork for the MP3 tag: a JPEG of `size_px` below 60 kB. Raises OutletError."""
    try:
        with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG")) as image:
            image.draft("RGB", (2 * size_px, 2 * size_px))
            small = image.convert("RGB").resize((size_px, size_px), Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise OutletError("the artwork is not a readable JPEG or PNG; save it again as JPEG") from error
    return to_jpeg(small, most_bytes=_COVER_BYTES)


def check_artwork(path: Path) -> bytes:
    """
    Read a station's own picture: square, 1400 to 3000 pixels, RGB, JPEG or PNG, complete.

    Raises OutletError with the remedy.
    """
    try:
        state = path.stat()
        _decode_artwork(path, (state.st_size, state.st_mtime_ns))
        return path.read_bytes()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        # Pillow's message about an unknown format names an object in memory
        reason = "" if isinstance(error, UnidentifiedImageError) else f" ({error})"
        raise OutletError(
            f"{path}: cannot be read as JPEG or PNG{reason}; save it as JPEG, {_LARGEST_PX} pixels wide at most"
        ) from error


@lru_cache(maxsize=1024)  # to decode a picture takes longer than the rest of opening a station
def _decode_artwork(path: Path, version: tuple[int, int]) -> None:
    """Decode a picture, once for each version (bytes, nanoseconds) of its file."""
    with warnings.catch_warnings():
        # a huge picture is refused by its size below, without a warning
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path, formats=("JPEG", "PNG")) as image:
            _check_shape(path, image)
            image.load()


def _check_shape(path: Path, image: Image.Image) -> None:
    width, height = image.size
    if width != height:
        raise OutletError(f"{path}: {width} x {height} pixels; podcast apps need a square: crop it")
    if not _SMALLEST_PX <= width <= _LARGEST_PX:
        raise OutletError(f"{path}: {width} pixels wide; scale it to {_SMALLEST_PX} to {_LARGEST_PX} pixels")
    if image.mode != "RGB":
        raise OutletError(f"{path}: its colours are {image.mode}; save it as RGB, without transparency")


def palette_of(colour: str) -> Palette:
    """White text on the colour, or black on a light one; the band below swaps the two."""
    base = from_hex(colour)
    ink = ink_on(base)
    away = away_from(ink)
    ground = until(base, away, lambda colour: contrast(colour, ink) >= TEXT_CONTRAST)
    shade = blend(ground, away, 0.38)
    if contrast(ground, shade) < _VISIBLE:
        # black has no darker shade, so the waves are lighter instead
        shade, ground = ground, blend(ground, ink, 0.18)
    return Palette(ground, shade, ink)


def paint_sky(palette: Palette, size_px: int) -> Image.Image:
    """Background with waves of the station's colour that spread from the mast and fade."""
    half = size_px // 2
    waves = Image.new("L", (half, half), 0)
    draw = ImageDraw.Draw(waves)
    x, y = _MAST_X * half / 100, _MAST_TOP * half / 100
    for ring in range(9, -1, -1):
        radius = (5.5 + 9.5 * ring) * half / 100
        for reach, strength in ((radius, 255 - 21 * ring), (radius - (4.6 + 0.1 * ring) * half / 100, 0)):
            if reach > 0:
                draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=strength)
    # drawn at half the size and scaled up, because Pillow's circles are not anti-aliased
    mask = waves.resize((size_px, size_px), Image.Resampling.BICUBIC)
    picture = Image.new("RGB", (size_px, size_px), palette.shade)
    picture.paste(Image.new("RGB", (size_px, size_px), palette.ground), mask=mask)
    return picture


def draw_mast(draw: ImageDraw.ImageDraw, palette: Palette, size_px: int) -> None:
    """Draw a lattice mast on the horizon, with a lamp at the centre of the waves."""
    unit = size_px / 100
    top, foot, line = _MAST_TOP + 3.0, HORIZON, max(1, round(0.75 * unit))

    def at(height: float, side: int) -> tuple[float, float]:
        spread = 0.5 + 5.0 * (height - top) / (foot - top)
        return (_MAST_X + side * spread) * unit, height * unit

    floors = [top + (foot - top) * (level / 4) ** 0.85 for level in range(5)]
    for upper, lower in itertools.pairwise(floors):
        for side in (-1, 1):
            draw.line((*at(upper, side), *at(lower, side)), fill=palette.ink, width=round(line * 1.3))
            draw.line((*at(upper, side), *at(lower, -side)), fill=palette.ink, width=line)
        draw.line((*at(upper, -1), *at(upper, 1)), fill=palette.ink, width=line)
    draw.line((_MAST_X * unit, _MAST_TOP * unit, _MAST_X * unit, top * unit), fill=palette.ink, width=line)
    reach = 1.9 * unit
    x, y = _MAST_X * unit, _MAST_TOP * unit
    draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=palette.ink)


def drawable_line(text: str) -> str:
    """The text in one line without letters that the typeface lacks."""
    return " ".join(drawable(" ".join(text.split())).split())


def centred(line: TextLine, *, within: float) -> TextLine:
    """The line in the middle of the height `within`, if its letters are smaller: words for "news" differ in length."""
    size, rows = _fit(line)
    used = 0.72 * size + _LEADING * size * (len(rows) - 1)
    return line._replace(top=line.top + max(0.0, within - used) / 2)


def write_line(draw: ImageDraw.ImageDraw, line: TextLine, size_px: int, ink: Rgb) -> None:
    """Write a text as large as its room allows."""
    if not line.text:
        return
    unit = size_px / 100
    size, rows = _fit(line)
    font = _font(size * unit)
    ascent = -font.getbbox("H", anchor="ls")[1]
    for number, row in enumerate(rows):
        # large letters have visible side bearing: align the ink with the margin
        bearing_px = (font.getmask(row[0]).getbbox() or (0,))[0]
        y = line.top * unit + ascent + number * _LEADING * size * unit
        draw.text((line.left * unit - bearing_px, y), row, font=font, fill=ink, anchor="ls")


def _font(size: float) -> ImageFont.FreeTypeFont:
    return load_font(size, axes=_FONT_AXES)


def _fit(line: TextLine) -> tuple[float, list[str]]:
    """Largest size in hundredths at which the text fits, and its rows; too long words are broken."""
    size = line.most
    while size > 2.0:
        rows = _rows(line.text, _font(size * 10), line.width * 10)
        if len(rows) <= line.rows and 0.72 * size + _LEADING * size * (len(rows) - 1) <= line.height:
            return size, rows
        size *= 0.95
    letters = max(1, math.floor(line.width * 10 / _font(20.0).getlength("M")))
    return 2.0, textwrap.wrap(line.text, letters, max_lines=line.rows, placeholder="")


def _rows(text: str, font: ImageFont.FreeTypeFont, width_px: float) -> list[str]:
    """Words wrapped into rows; 99 rows when a single word is too wide."""
    rows: list[str] = []
    for word in text.split(" "):
        if font.getlength(word) > width_px:
            return [text] * 99
        if rows and font.getlength(f"{rows[-1]} {word}") <= width_px:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


def to_jpeg(picture: Image.Image, *, most_bytes: int) -> bytes:
    for quality in (92, 86, 80, 72, 64, 54, 44, 34, 24, 14):
        stream = io.BytesIO()
        # no chroma subsampling, so that red letters on white keep sharp edges
        picture.save(stream, "JPEG", quality=quality, subsampling=0, optimize=True)
        if stream.tell() < most_bytes:
            return stream.getvalue()
    raise OutletError(f"artwork: cannot be made smaller than {most_bytes} bytes; use a plainer picture")

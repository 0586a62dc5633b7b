"""Station -> pictures of its pages: cover, preview of shared links, icons of the installed page, logo."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from bulletin.errors import OutletError
from bulletin.publishing.pages.colour_contrast import from_hex, light_shades
from bulletin.publishing.pages.draw_podcast_artwork import (
    HORIZON,
    TextLine,
    draw_mast,
    drawable_line,
    paint_sky,
    palette_of,
    to_jpeg,
    write_line,
)
from bulletin.publishing.pages.page_pictures import PREVIEW_PX

_PREVIEW_BYTES = 200_000
_COVER_PX, _COVER_BYTES = 256, 16_000
"""The cover is shown 192 pixels wide at most, and is part of the first 100 kB of a page."""
_LOGO_PX = (640, 160)
"""Most width and height: twice as large as shown."""
_LOGO_BYTES = 40_000
_LOGO_LEAST_PX = 48
_BARS = ((0.28, 0.36), (0.12, 0.52), (0.0, 0.64), (0.16, 0.48), (0.26, 0.38))
"""Top and bottom of each bar of the icon, in shares of its drawing."""


def draw_preview(
    *, name: str, frequencies: Sequence[str], band: str, slogan: str, colour: str, news: str = "News"
) -> bytes:
    """Draw the picture of shared links: a JPEG of 1200 x 630 pixels; the words as in `make_artwork`."""
    width, height = PREVIEW_PX
    palette = palette_of(colour)
    # the square artwork's sky, cropped: the mast is at the right, the horizon in the lower third
    picture = paint_sky(palette, width)
    draw = ImageDraw.Draw(picture)
    draw_mast(draw, palette, width)
    draw.rectangle((0, HORIZON * width / 100, width, width), fill=palette.ink)
    on_air = " ".join(filter(None, (" & ".join(map(drawable_line, frequencies)), drawable_line(band))))
    lines = (
        TextLine(drawable_line(name) or on_air, top=31, height=18, most=12, rows=2, width=62),
        TextLine(on_air if drawable_line(name) else "", top=53, height=7, most=5.5, rows=1, width=58),
    )
    for line in lines:
        write_line(draw, line, width, palette.ink)
    motto = drawable_line(slogan)
    news_line = TextLine(
        drawable_line(news).upper(), top=66.2 if motto else 67.2, height=9, most=11, rows=1, width=40
    )
    write_line(draw, news_line, width, palette.ground)
    if motto:
        write_line(
            draw,
            TextLine(motto, top=68.6, height=5, most=3.6, rows=1, width=46, left=46),
            width,
            palette.ground,
        )
    top = round(width * 0.26)
    return to_jpeg(picture.crop((0, top, width, top + height)), most_bytes=_PREVIEW_BYTES)


def shrink_cover(artwork: bytes) -> bytes:
    """The station's picture as the page shows it, a WebP of 16 kB at most. Raises OutletError."""
    try:
        with Image.open(io.BytesIO(artwork), formats=("JPEG", "PNG")) as image:
            image.draft("RGB", (2 * _COVER_PX, 2 * _COVER_PX))
            small = image.convert("RGB").resize((_COVER_PX, _COVER_PX), Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise OutletError("the artwork is not a readable JPEG or PNG; save it again as JPEG") from error
    for quality in (76, 60, 45, 30, 10):
        stream = io.BytesIO()
        small.save(stream, "WEBP", quality=quality, method=6)
        if stream.tell() <= _COVER_BYTES:
            return stream.getvalue()
    raise OutletError(f"artwork: cannot be made smaller than {_COVER_BYTES} bytes; use a plainer picture")


def draw_icon(colour: str, size_px: int) -> bytes:
    """Icon of the installed page: a PNG, square, drawn within the circle that systems cut out (maskable)."""
    shades = light_shades(colour)
    fine = 4 * size_px
    picture = Image.new("RGB", (fine, fine), from_hex(shades["ground"]))
    draw = ImageDraw.Draw(picture)
    width, gap = fine * 0.056, fine * 0.105
    left, top = fine * 0.5 - 2 * gap, fine * 0.18
    for number, (start, end) in enumerate(_BARS):
        x = left + number * gap
        box = (x - width / 2, top + start * fine, x + width / 2, top + end * fine)
        draw.rounded_rectangle(box, radius=width / 2, fill=from_hex(shades["ink"]))
    stream = io.BytesIO()
    picture.resize((size_px, size_px), Image.Resampling.LANCZOS).quantize(32).save(
        stream, "PNG", optimize=True
    )
    return stream.getvalue()


def read_logo(path: Path) -> tuple[bytes, tuple[int, int]]:
    """
    The station's logo as a PNG no larger than the page shows it at twice the density, and its size there.

    Raises OutletError with the remedy where the file is no picture, tiny, or too rich for a small PNG.
    """
    try:
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
            if min(image.size) < _LOGO_LEAST_PX:
                width, height = image.size
                raise OutletError(
                    f"{path}: {width} x {height} pixels; use a logo at least {_LOGO_PX[1]} high"
                )
            logo = ImageOps.exif_transpose(image).convert("RGBA")  # a photo may lie on its side
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        reason = "" if isinstance(error, UnidentifiedImageError) else f" ({error})"
        raise OutletError(f"{path}: cannot be read{reason}; save it as PNG, JPEG or WebP") from error
    logo.thumbnail(_LOGO_PX, Image.Resampling.LANCZOS)
    size = (max(1, logo.width // 2), max(1, logo.height // 2))
    for picture in (logo, logo.quantize(128), logo.quantize(32)):
        stream = io.BytesIO()
        picture.save(stream, "PNG", optimize=True)
        if stream.tell() <= _LOGO_BYTES:
            return stream.getvalue(), size
    raise OutletError(f"{path}: larger than {_LOGO_BYTES // 1000} kB as PNG; use a plainer logo")

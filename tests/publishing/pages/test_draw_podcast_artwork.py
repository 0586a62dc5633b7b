"""Podcast artwork: drawn for the station or checked when the station has its own, and scaled down."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bulletin.errors import OutletError
from bulletin.publishing.pages.colour_contrast import contrast
from bulletin.publishing.pages.draw_podcast_artwork import (
    check_artwork,
    drawable_line,
    embed_artwork,
    make_artwork,
    palette_of,
)

pytestmark = pytest.mark.slow


def draw(**changes: Any) -> bytes:
    words: dict[str, Any] = {
        "name": "Wexcombe Radio",
        "frequencies": ("103.5", "105.3"),
        "band": "FM",
        "slogan": "The sound of the valley",
        "colour": "#c8102e",
        "size_px": 1400,
    }
    return make_artwork(**(words | changes))


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture))


def painted(kind: str = "JPEG", size: tuple[int, int] = (1400, 1400), mode: str = "RGB") -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size, 0).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize("size_px", [1400, 3000])
def test_the_artwork_meets_the_rules_of_podcast_directories(size_px: int) -> None:
    picture = draw(size_px=size_px)
    image = opened(picture)

    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (size_px, size_px))
    assert len(picture) < 512_000


def test_drawn_artwork_passes_the_artwork_check(tmp_path: Path) -> None:
    path = tmp_path / "artwork.jpg"
    path.write_bytes(draw())

    assert check_artwork(path) == path.read_bytes()


def test_a_changed_picture_is_checked_again(tmp_path: Path) -> None:
    path = tmp_path / "artwork.jpg"
    path.write_bytes(draw())
    check_artwork(path)
    path.write_bytes(path.read_bytes()[:-5000])

    with pytest.raises(OutletError, match="cannot be read as JPEG or PNG"):
        check_artwork(path)


def test_the_same_words_give_the_same_bytes() -> None:
    assert draw() == draw()


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Bay"},
        {"frequencies": ("96.9",)},
        {"band": "DAB"},
        {"slogan": "More music"},
        {"colour": "#0b4f9c"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_word_is_seen(change: dict[str, Any]) -> None:
    difference = ImageChops.difference(opened(draw()), opened(draw(**change))).convert("L")

    assert sum(difference.point(lambda level: level > 100).histogram()[1:]) > 500


@pytest.mark.parametrize(
    "colour", ["#c8102e", "#ffd400", "#777777", "#808000", "#000000", "#ffffff", "#00ff00"]
)
def test_words_stand_out_from_every_colour(colour: str) -> None:
    palette = palette_of(colour)

    assert contrast(palette.ink, palette.ground) >= 4.5
    assert contrast(palette.ink, palette.shade) >= 4.5
    assert contrast(palette.ground, palette.shade) >= 1.1


def test_news_is_read_at_the_size_of_a_thumb() -> None:
    """At 55 pixels each of the four letters of NEWS still leaves paper between itself and the next."""
    band = opened(draw()).resize((55, 55), Image.Resampling.LANCZOS).convert("L").crop((3, 36, 50, 49))
    columns = [min(band.getpixel((x, y)) for y in range(band.height)) for x in range(band.width)]
    dark = "".join("#" if level < 140 else " " for level in columns)

    assert len(dark.split()) >= 3
    assert dark.count("#") > 25


def test_signs_that_the_typeface_lacks_are_left_out() -> None:
    assert drawable_line("Radio Łódź") == "Radio Łódź"
    assert drawable_line("Радио\tВолна\n ") == "Радио Волна"
    assert drawable_line("ラジオ 80 🎙\u202e\x00") == "80"


def test_a_name_that_cannot_be_drawn_gives_way_to_the_frequencies() -> None:
    assert draw(name="ラジオ") == draw(name="103.5 & 105.3 FM", frequencies=(), band="")


@pytest.mark.parametrize(
    "name",
    [
        "X" * 80,
        "Donaudampfschifffahrtsgesellschaftsradio Wien",
        "The Voice of the Upper Wex Valley and All Its Farms",
    ],
)
def test_a_long_name_stays_inside(name: str) -> None:
    """The left and right margins hold only the waves, no pixel near the white of the letters."""
    image = opened(draw(name=name)).crop((0, 0, 1400, 560))
    for left in (0, 1400 - 95):
        margin = image.crop((left, 0, left + 95, 560))

        assert margin.getchannel("G").getextrema()[1] < 120


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(name=st.text(min_size=1, max_size=80), slogan=st.text(max_size=60))
def test_no_text_breaks_it(name: str, slogan: str) -> None:
    assert draw(name=name, slogan=slogan, frequencies=(slogan[:8],))[:3] == b"\xff\xd8\xff"


def test_the_cover_for_the_tag_is_small() -> None:
    cover = embed_artwork(draw())

    assert opened(cover).size == (600, 600)
    assert len(cover) < 60_000
    assert opened(embed_artwork(painted("PNG", mode="RGBA"), 300)).size == (300, 300)


@pytest.mark.slow
def test_a_busy_picture_still_makes_a_small_cover() -> None:
    stream = io.BytesIO()
    Image.effect_noise((1400, 1400), 120).convert("RGB").save(stream, "PNG")

    assert len(embed_artwork(stream.getvalue())) < 60_000


def test_a_cover_from_a_file_that_is_no_picture_is_an_error() -> None:
    with pytest.raises(OutletError, match="not a readable JPEG or PNG"):
        embed_artwork(b"GIF89a")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_custom_picture_is_used_unchanged(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "own"
    path.write_bytes(painted(kind, (3000, 3000)))

    assert check_artwork(path) == path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("paint", "reason"),
    [
        (lambda: painted(size=(1400, 1500)), "1400 x 1500 pixels; .* square"),
        (lambda: painted(size=(1399, 1399)), "scale it to 1400 to 3000 pixels"),
        (lambda: painted("PNG", (12_000, 12_000), "1"), "scale it to 1400 to 3000 pixels"),
        (lambda: painted("PNG", (20_000, 20_000), "1"), "cannot be read as JPEG or PNG"),
        (lambda: painted(mode="CMYK"), "CMYK; save it as RGB"),
        (lambda: painted("PNG", mode="RGBA"), "RGBA; save it as RGB"),
        (lambda: painted(mode="L"), "colours are L"),
        (lambda: painted("GIF"), "cannot be read as JPEG or PNG"),
        (lambda: painted("PNG")[:-40], "cannot be read as JPEG or PNG"),
        (bytes, "cannot be read as JPEG or PNG"),
    ],
    ids=["oblong", "small", "large", "bomb", "cmyk", "alpha", "grey", "gif", "cut", "empty"],
)
def test_a_wrong_picture_is_named_with_its_remedy(
    paint: Callable[[], bytes], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.jpg"
    path.write_bytes(paint())

    with pytest.raises(OutletError, match=reason) as caught:
        check_artwork(path)

    assert str(path) in str(caught.value)


def test_a_missing_picture_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OutletError, match="cannot be read"):
        check_artwork(tmp_path / "none.jpg")


def test_the_word_for_news_is_that_of_the_language() -> None:
    pictures = {draw(news=news) for news in ("News", "Nachrichten", "Notícias")}

    assert len(pictures) == 3
    assert draw(news="News") == draw()

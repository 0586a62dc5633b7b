"""Pictures of the pages: their sizes and weights, and logos that cannot be used."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from bulletin.errors import OutletError
from bulletin.publishing.pages.draw_page_pictures import draw_icon, draw_preview, read_logo, shrink_cover


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture))


def save(path: Path, size: tuple[int, int], kind: str = "PNG") -> Path:
    Image.effect_noise(size, 64).convert("RGB").save(path, kind)
    return path


@pytest.mark.parametrize("name", ["Wexcombe Radio", "", "x" * 300, "\U0001f4fb"])
def test_the_preview_has_the_size_of_shared_links(name: str) -> None:
    picture = draw_preview(name=name, frequencies=("103.5",), band="FM", slogan="The sound", colour="#c8102e")

    assert (opened(picture).format, opened(picture).size) == ("JPEG", (1200, 630))
    assert len(picture) < 200_000


@pytest.mark.slow
def test_the_cover_is_light_enough_for_a_first_visit(tmp_path: Path) -> None:
    picture = shrink_cover(save(tmp_path / "artwork.jpg", (1400, 1400), "JPEG").read_bytes())

    assert opened(picture).size == (256, 256)
    assert len(picture) < 16_000


def test_an_icon_fills_its_square_and_draws_within_the_circle_that_systems_cut_out() -> None:
    icon = opened(draw_icon("#0b6e4f", 192)).convert("RGB")
    ground = icon.getpixel((0, 0))
    drawn = [(x, y) for x in range(192) for y in range(192) if icon.getpixel((x, y)) != ground]

    assert icon.size == (192, 192)
    assert len(drawn) > 1000
    assert max((x - 95.5) ** 2 + (y - 95.5) ** 2 for x, y in drawn) ** 0.5 < 0.4 * 192


def test_a_logo_is_scaled_to_twice_its_size_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    Image.new("RGBA", (2000, 400), (255, 255, 255, 0)).save(path)

    picture, size = read_logo(path)

    assert (opened(picture).size, size) == ((640, 128), (320, 64))
    assert opened(picture).mode in ("RGBA", "P")


def test_a_logo_from_a_telephone_stands_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the first row is at the right (Exif 2.32, 4.6.4)
    Image.new("RGB", (60, 120), "red").save(tmp_path / "logo.jpg", exif=turned)

    assert read_logo(tmp_path / "logo.jpg")[1] == (60, 30)


@pytest.mark.parametrize("damage", ["text", "truncated", "tiny", "rich"])
def test_a_logo_that_cannot_be_used_is_refused_with_the_remedy(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "logo.png"
    if damage == "text":
        path.write_text("<svg onload=alert(1)/>")
    elif damage == "tiny":
        save(path, (20, 20))
    else:
        save(path, (640, 160))
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:500])

    with pytest.raises(OutletError, match=r"logo\.png: .*; (save|use) "):
        read_logo(path)

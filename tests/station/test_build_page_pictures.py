"""Pictures of the listener pages: drawn once, and a logo that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.config.profile_options import Profile
from bulletin.errors import ConfigError
from bulletin.publishing.pages.draw_podcast_artwork import make_artwork
from bulletin.publishing.pages.page_pictures import NO_PICTURES, PagePictures
from bulletin.station.build_page_pictures import build_page_pictures
from tests.support.factories import make_words


def build(folder: Path, **page: object) -> PagePictures:
    profile = Profile.model_validate({"name": "Wexcombe Radio", "outputs": {"page": page}})
    artwork = make_artwork(name="Wex", frequencies=(), band="", slogan="", colour="#0b6e4f", size_px=300)
    return build_page_pictures(
        profile, words=make_words(), artwork=artwork, folder=folder, cache_folder=folder / "cache"
    )


def test_pictures_come_from_the_cache_the_second_time(tmp_path: Path) -> None:
    first = build(tmp_path, on=True)
    cached = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").iterdir()}

    assert build(tmp_path, on=True) == first
    assert len(cached) == 4
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").iterdir()} == cached


def test_a_station_without_pages_draws_nothing(tmp_path: Path) -> None:
    assert build(tmp_path) == NO_PICTURES
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(("content", "message"), [(None, "does not exist"), (b"GIF89a", "save it as PNG")])
def test_a_logo_that_cannot_be_used_names_its_option(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    if content:
        (tmp_path / "logo.gif").write_bytes(content)

    with pytest.raises(ConfigError, match=f"'logo': .*{message}") as caught:
        build(tmp_path, on=True, logo="logo.gif")
    assert caught.value.key == ("outputs", "page", "logo")

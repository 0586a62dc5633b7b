"""Profile -> pictures of its listener pages, from the cache where they were drawn before."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from bulletin.config.profile_options import Profile
from bulletin.errors import ConfigError, OutletError
from bulletin.language.language_folders import news_word
from bulletin.model import StationWords
from bulletin.publishing.drawn_picture_cache import keep_picture
from bulletin.publishing.pages.page_pictures import ICONS_PX, NO_PICTURES, PagePictures


def build_page_pictures(
    profile: Profile, *, words: StationWords, artwork: bytes, folder: Path, cache_folder: Path
) -> PagePictures:
    """
    The pictures, none where the station has no pages; `folder` is the profile's.

    Raises ConfigError for a logo that cannot be used, OutletError for artwork that cannot be read.
    """
    if not profile.outputs.page.on:
        return NO_PICTURES
    colour = profile.imaging.colour
    lines = {name: getattr(words, name) for name in ("name", "frequencies", "band", "slogan")}
    if (news := news_word(words.language, folder=words.languages)) != news_word("en"):
        lines["news"] = news
    logo, logo_size = (
        _read_logo(folder / profile.outputs.page.logo) if profile.outputs.page.logo else (b"", (0, 0))
    )
    return PagePictures(
        cover=keep_picture(
            cache_folder,
            of=("cover", sha256(artwork).hexdigest()),
            draw=lambda: _cover(artwork),
            suffix=".webp",
        ),
        preview=keep_picture(
            cache_folder, of=("preview", lines, colour), draw=lambda: _preview(**lines, colour=colour)
        ),
        icons=tuple(
            keep_picture(
                cache_folder,
                of=("icon", colour, size_px),
                draw=lambda size_px=size_px: _icon(colour, size_px),  # type: ignore[misc]
                suffix=".png",
            )
            for size_px in ICONS_PX
        ),
        logo=logo,
        logo_size=logo_size,
    )


def _read_logo(path: Path) -> tuple[bytes, tuple[int, int]]:
    from bulletin.publishing.pages.draw_page_pictures import read_logo

    key = ("outputs", "page", "logo")
    if not path.is_file():
        raise ConfigError(
            f"[outputs.page] 'logo': {path} does not exist; paths are relative to the profile", key=key
        )
    try:
        return read_logo(path)
    except OutletError as error:
        raise ConfigError(f"[outputs.page] 'logo': {error}", key=key) from error


# Imported late: Pillow is slow to import, and most runs find the pictures in the cache.


@lru_cache(maxsize=2)
def _cover(artwork: bytes) -> bytes:
    from bulletin.publishing.pages.draw_page_pictures import shrink_cover

    return shrink_cover(artwork)


@lru_cache(maxsize=2)
def _preview(**words: Any) -> bytes:
    from bulletin.publishing.pages.draw_page_pictures import draw_preview

    return draw_preview(**words)


@lru_cache(maxsize=4)
def _icon(colour: str, size_px: int) -> bytes:
    from bulletin.publishing.pages.draw_page_pictures import draw_icon

    return draw_icon(colour, size_px)

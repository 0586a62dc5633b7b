"""Pictures of a station's pages, ready to write."""

from __future__ import annotations

from dataclasses import dataclass

PREVIEW_PX = (1200, 630)
"""Width and height of the picture of shared links (og:image)."""
ICONS_PX = (192, 512)
"""Sizes of icons that browsers need to install a page (web.dev/articles/install-criteria)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePictures:
    """Contents of picture files; b"" where the station has none."""

    cover: bytes = b""
    """Artwork as the page shows it, WebP."""
    preview: bytes = b""
    """Picture of shared links, JPEG of `PREVIEW_PX`."""
    icons: tuple[bytes, ...] = ()
    """PNGs of `ICONS_PX`."""
    logo: bytes = b""
    """PNG."""
    logo_size: tuple[int, int] = (0, 0)
    """Width and height at which the page shows it, in CSS pixels."""


NO_PICTURES = PagePictures()

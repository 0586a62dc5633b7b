"""Where a podcast is reached, and the names of what lies there. Pure."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote, urlsplit

from bulletin.config.tables.output_options import PodcastOptions
from bulletin.errors import OutletError

FEED = "feed.xml"

_LOCAL = {"localhost", "127.0.0.1", "::1"}


def feed_url(options: PodcastOptions, station: str) -> str:
    """Where the station's feed is reached. Raises OutletError for an address that no app takes."""
    return f"{folder_url(options, station)}{FEED}"


def folder_url(options: PodcastOptions, station: str) -> str:
    """Where its public folder is reached, with a slash at the end. Raises OutletError."""
    return f"{base_url(options)}{quote(station)}/"


def base_url(options: PodcastOptions) -> str:
    """Where the output folder is reached, with a slash at the end. Raises OutletError."""
    base = options.base_url.strip()
    with suppress(ValueError):
        parts = urlsplit(base)
        schemes = {"http", "https"} if parts.hostname in _LOCAL else {"https"}
        if parts.scheme in schemes and parts.hostname and not parts.query and not parts.fragment:
            return base if base.endswith("/") else f"{base}/"
    raise OutletError(
        f'[outputs.podcast] base_url = "{options.base_url}": podcast apps want https; '
        'write it as "https://news.example/"'
    )


def image_suffix(image: bytes) -> str:
    """By what it is, not by what it is called. Raises OutletError."""
    if image.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if image.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    raise OutletError("the artwork is no JPEG or PNG; name another file in [imaging] artwork")

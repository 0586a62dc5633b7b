"""PodcastOptions -> addresses of the output folder, the public folder and the feed. Pure."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote, urlsplit

from bulletin.config.tables.output_options import PodcastOptions
from bulletin.errors import OutletError

FEED = "feed.xml"

_LOCAL = {"localhost", "127.0.0.1", "::1"}


def feed_url(options: PodcastOptions, station: str) -> str:
    """Address of the feed. Raises OutletError for one that podcast apps refuse."""
    return f"{folder_url(options, station)}{FEED}"


def folder_url(options: PodcastOptions, station: str) -> str:
    """Address of the public folder, with a slash at the end. Raises OutletError."""
    return f"{base_url(options)}{quote(station)}/"


def base_url(options: PodcastOptions) -> str:
    """Address of the output folder, with a slash at the end. Raises OutletError."""
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
    """Suffix by the content's signature. Raises OutletError."""
    if image.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if image.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    raise OutletError("the artwork is no JPEG or PNG; name another file in [imaging] artwork")

"""PodcastOptions -> addresses of the output folder, the public folder and the feed; links of articles. Pure."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from bulletin.config.tables.output_options import PodcastOptions
from bulletin.runtime.redact_secrets import may_be_published

FEED = "feed.xml"

_MOST_LINK = 1000
"""Characters; a longer address is a tracker or an attack."""


def feed_url(options: PodcastOptions, station: str) -> str:
    """Address of the feed."""
    return f"{folder_url(options, station)}{FEED}"


def folder_url(options: PodcastOptions, station: str) -> str:
    """Address of the public folder, with a slash at the end."""
    return f"{base_url(options)}{quote(station)}/"


def base_url(options: PodcastOptions) -> str:
    """Address of the output folder, with a slash at the end."""
    return f"{options.base_url.strip().removesuffix('/')}/"


def web_link(address: str) -> str:
    """The address, encoded for a document; "" when it is not http(s), or holds a secret."""
    line = address.strip()
    try:
        parts = urlsplit(line)
        is_usable = parts.scheme in {"http", "https"} and parts.hostname and len(line) <= _MOST_LINK
        is_usable = is_usable and may_be_published(line)
    except ValueError:
        return ""
    # "%" stays: the address is encoded already
    return quote(line.encode("utf-8", "ignore"), safe="%/:=&?~#+!$,;'@()*[]-._") if is_usable else ""

"""Answers for a new station -> the text of a commented profile, for `bulletin init`; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from string import Template


def write_profile(
    *,
    name: str,
    frequencies: tuple[str, ...] = (),
    slogan: str = "",
    language: str = "en-GB",
    time_zone: str = "Europe/London",
    length: str = "2:00",
    voice: str = "gtts",
    feeds: tuple[str, ...] = (),
) -> str:
    """
    The TOML text of a profile, with a comment at every option that an engineer may want.

    `voice` is the first of the chain; hibari, which needs no network, follows. `feeds` are addresses.
    """
    texts = {"name": name, "slogan": slogan, "language": language, "time_zone": time_zone, "length": length}
    template = (resources.files("bulletin.config") / "profile_template.txt").read_text(encoding="utf-8")
    return Template(template).substitute(
        {key: quote(text) for key, text in texts.items()},
        frequencies=quote_all(frequencies),
        chain=quote_all(tuple(dict.fromkeys((voice, "hibari")))),
        feeds="".join(_FEED.format(url=quote(url)) for url in feeds) or _NO_FEED,
    )


def quote(text: str) -> str:
    """A TOML basic string; JSON's rules are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def quote_all(texts: Sequence[str]) -> str:
    return "[" + ", ".join(quote(text) for text in texts) + "]"


_FEED = """
[[feeds]]
url = {url}
# name = "gazette"                   # short and unique
# credit = "the Wexcombe Gazette"    # as credited in words
# terms = ""                         # what the publisher allows, or where it says so
# weight = 1.0                       # editorial trust, 0 to 10
# category = "news"                  # news, local, world, business ...; sport, travel, weather are sections
"""

_NO_FEED = """
# `bulletin feeds add https://www.example.org/ --station THIS` finds a site's feed and writes it here.
# [[feeds]]
# url = "https://www.example.org/news/rss.xml"
# credit = "the Example"
"""

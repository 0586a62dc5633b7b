"""ProfileAnswers -> the text of a commented profile, for `bulletin init`; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from string import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileAnswers:
    """The answers that a new station must give; everything else has a default."""

    name: str
    frequencies: tuple[str, ...] = ()
    slogan: str = ""
    language: str = "en-GB"
    time_zone: str = "Europe/London"
    length: str = "2:00"
    voice: str = "gtts"
    """The first of the chain; hibari, which needs no network, follows."""
    feeds: tuple[str, ...] = ()


def write_profile(answers: ProfileAnswers) -> str:
    """The TOML text of a profile, with a comment at every option that an engineer may want."""
    template = (resources.files("bulletin.config") / "profile_template.txt").read_text(encoding="utf-8")
    return Template(template).substitute(
        name=quote(answers.name),
        frequencies=quote_all(answers.frequencies),
        slogan=quote(answers.slogan),
        language=quote(answers.language),
        time_zone=quote(answers.time_zone),
        length=quote(answers.length),
        chain=quote_all(tuple(dict.fromkeys((answers.voice, "hibari")))),
        feeds="".join(_FEED.format(url=quote(url)) for url in answers.feeds) or _NO_FEED,
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

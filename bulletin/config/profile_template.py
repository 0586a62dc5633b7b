"""Answers for a new station -> the text of a commented profile, for `bulletin init`; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from string import Template

_DEFAULTS = {"slogan": "", "language": "en-GB", "time_zone": "Europe/London", "length": "2:00"}


def write_profile(
    *,
    frequencies: Sequence[str] = (),
    chain: Sequence[str] = ("gtts", "hibari"),
    feeds: Sequence[str] = (),
    **texts: str,
) -> str:
    """
    The TOML text of a profile, with a comment at every option that an engineer may want.

    `chain` holds the voices, `feeds` are addresses, `texts` name, slogan, language, time zone and length; only the
    name has no default.
    """
    folder = resources.files("bulletin.config")
    profile, feed, no_feed = (
        Template((folder / f"{name}_template.txt").read_text(encoding="utf-8"))
        for name in ("profile", "feed", "no_feed")
    )
    return profile.substitute(
        {key: quote(text) for key, text in (_DEFAULTS | texts).items()},
        frequencies=quote_all(frequencies),
        chain=quote_all(chain),
        feeds="".join(feed.substitute(url=quote(url)) for url in feeds) or no_feed.substitute(),
    )


def quote(text: str) -> str:
    """A TOML basic string; JSON's rules are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def quote_all(texts: Sequence[str]) -> str:
    return "[" + ", ".join(quote(text) for text in texts) + "]"

"""Text from feeds -> one line that XML, captions and podcast apps accept. Pure."""

from __future__ import annotations

import re

from bulletin.language.split_sentences import shorten

_UNFIT = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters; XML 1.0 has no way to write most of them
    "\ud800-\udfff\ufffe\uffff"  # lone surrogates and noncharacters
    "\u202a-\u202e\u2066-\u2069"  # bidi overrides left open would turn the client's own words round
    "\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e001f"
    "]"
)

_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")


def plain_line(text: str) -> str:
    """One stripped line without control characters; letters of every script stay."""
    return " ".join(_UNFIT.sub("", " ".join(text.split())).split())


def plain_title(text: str, *, most: int = 255) -> str:
    """
    A line of at most `most` characters without markup.

    Apple cuts or refuses longer ones; many apps unescape titles twice, so "<b" becomes "‹b".
    """
    return shorten(_TAG_LIKE.sub("‹", plain_line(text)), most=most)

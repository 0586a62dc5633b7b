"""Text that may be a stub -> longest version of the same article in the page. Pure."""

from __future__ import annotations

import re

_STUB_SHARE = 0.6
"""A text with less of the densest block's words is a stub of it."""
_BODY_SHARE = 0.5
"""A text with less of the publisher's own words is a stub; some publishers put a text there twice."""
_SAME = 0.6
"""Share of a stub's word runs that the longer text must hold."""
_RUN = 3
_WORD = re.compile(r"\w+")
_SAMPLE = 60
"""Characters that are searched a second time."""


def complete(text: str, *, block: str, body: str, is_block_fit: bool) -> str:
    """
    `text`, or the longer one that it is a stub of: the publisher's own (`body`), or the page's densest `block`.

    The text for machines is believed only where it holds the visible one. The block is taken where it holds the
    stub too, or passes the gate by itself.
    """
    words = len(text.split())
    if words < _BODY_SHARE * len(body.split()) and not _is_doubled(body) and holds(body, text):
        return body
    if is_stub(text, block) and (is_block_fit or holds(block, text)):
        return block
    return text


def is_stub(text: str, block: str) -> bool:
    """Whether the text is much shorter than the page's densest block."""
    return len(text.split()) < _STUB_SHARE * len(block.split())


def holds(longer: str, text: str) -> bool:
    """Whether `longer` holds most runs of three words of `text`."""
    runs = _runs(text)
    return bool(runs) and len(runs & _runs(longer)) >= _SAME * len(runs)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}


def _is_doubled(body: str) -> bool:
    middle = body[len(body) // 4 :][:_SAMPLE]
    return len(middle) == _SAMPLE and body.count(middle) > 1

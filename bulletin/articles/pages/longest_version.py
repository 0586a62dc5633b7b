"""A text that may be a stub -> the longest version that the page holds of the same article. Pure."""

from __future__ import annotations

import re

_STUB_SHARE = 0.6
"""Less than this of the densest block, and the extractor gave a part for the whole."""
_BODY_SHARE = 0.5
"""Less than this of the publisher's own text; some publishers put a text there twice."""
_SAME = 0.6
"""So much of a stub must stand in the longer text."""
_RUN = 3
_WORD = re.compile(r"\w+")
_SAMPLE = 60
"""Characters that are looked for a second time."""


def complete(text: str, *, block: str, body: str, is_block_fit: bool) -> str:
    """
    `text`, or what it is a stub of: the publisher's own text (`body`), or the page's densest `block`.

    What a page claims for machines is believed only where it holds what readers see. The block is
    taken where it holds the stub too, or is fit to be the article by itself.
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
    """Whether most runs of three words of `text` stand in `longer`."""
    runs = _runs(text)
    return bool(runs) and len(runs & _runs(longer)) >= _SAME * len(runs)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)}


def _is_doubled(body: str) -> bool:
    middle = body[len(body) // 4 :][:_SAMPLE]
    return len(middle) == _SAMPLE and body.count(middle) > 1

"""Text of a page -> paragraphs of news: links, labels, captions, bylines and appeals are left behind."""

from __future__ import annotations

import re

from bulletin.text import count_words

_TERMINATED = re.compile(r"[.!?…][\"'”’)\]]*$")


def strip_furniture(text: str, *, title: str = "") -> tuple[str, ...]:
    """Paragraphs that hold whole sentences; when there are none, what there is, closed with a full stop."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    kept = tuple(line for line in lines if _TERMINATED.search(line) and count_words(line) >= 4)
    if kept:
        return kept
    rest = [line for line in lines if count_words(line) >= 8]
    return tuple(f"{line.rstrip(' ,;:-')}." for line in rest[:1])

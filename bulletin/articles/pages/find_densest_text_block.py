"""HTML tree -> its densest block, the element with most words in paragraphs; and whether a text is a stub of it. Pure."""

from __future__ import annotations

import re
from collections import defaultdict

from lxml import etree

from bulletin.articles.markup.html_to_text import inner_text, tree_to_text

_NEVER_ARTICLE = frozenset("nav aside footer header form figure menu dialog button".split())
_OTHERS = re.compile(r"comment|disqus|disclaimer|newsletter|cookie|consent", re.IGNORECASE)
"""Names of blocks beside the article: comments, and the publisher's notices."""
_LINK_SHARE = 0.5
"""A paragraph with more of its letters in links is a list of links."""
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


def find_block(tree: etree._Element) -> str:
    """
    Text of the element with most words in its own paragraphs; no lists of links, blank lines between.

    Plain lxml: it finds text that an extractor drops for a name or its shortness. So it shows where the
    extractor returned only a part.
    """
    paragraphs: dict[etree._Element, list[etree._Element]] = defaultdict(list)
    letters: dict[etree._Element, int] = defaultdict(int)
    for node in tree.iter("p"):
        parent = node.getparent()
        if parent is None or not _may_hold_article(parent):
            continue
        length = len(inner_text(node))
        linked = sum(len(inner_text(a)) for a in node.iter("a")) if len(node) else 0
        if length and linked <= length * _LINK_SHARE:
            paragraphs[parent].append(node)
            letters[parent] += length
    if not letters:
        return ""
    densest = max(letters, key=letters.__getitem__)
    words = (" ".join(tree_to_text(node).split()) for node in paragraphs[densest])
    return "\n\n".join(filter(None, words))


def _may_hold_article(node: etree._Element) -> bool:
    """Whether no element around `node` has another purpose."""
    return not any(
        above.tag in _NEVER_ARTICLE
        or (
            above.tag not in ("html", "body")
            and _OTHERS.search(f"{above.get('class')} {above.get('id')}"[:1000])
        )
        for above in (node, *node.iterancestors())
    )


def complete(text: str, *, block: str, body: str, is_block_fit: bool) -> str:
    """
    `text`, or a longer text that it only begins: the publisher's own (`body`), or the page's densest `block`.

    The publisher's text counts only where it holds the visible text. The block counts where it holds the visible
    text too, or passes the check alone.
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

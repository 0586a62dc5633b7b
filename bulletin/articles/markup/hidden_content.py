"""HTML tree -> the same without nodes that a reader does not see."""

from __future__ import annotations

import re

from lxml import etree

from bulletin.articles.markup.hidden_styles import hidden_names

_NEVER = {"script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas"}
"""Elements without words of the article. (JSON-LD is a script: a page may claim a text there that it hides.)"""
_ROOTS = {"html", "head", "body", "main", "article"}
"""Scripts show these when a page has loaded: such an element counts as visible."""
_HIDING = re.compile(
    r"display\s{0,9}:\s{0,9}none"
    r"|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)"
    r"|(?:^|[;\s])(?:font-size|opacity|max-height|height|width)\s{0,9}:\s{0,9}0(?:\.0{1,9})?\s{0,9}(?:px|pt|em|rem|%)?\s{0,9}(?:;|!|$)"
    r"|(?:^|[;\s])(?:left|top|right|text-indent|margin-left)\s{0,9}:\s{0,9}-\s{0,9}\d{3,}"
    r"|clip\s{0,9}:\s{0,9}rect\(\s{0,9}0",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:^|[;\s])color\s{0,9}:\s{0,9}([#\w]{1,30})", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-color)?\s{0,9}:\s{0,9}([#\w]{1,30})", re.IGNORECASE)
_OFF_SCREEN = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?|u-hidden|is-hidden|a11y-hidden)(?:\s|$)",
    re.IGNORECASE,
)
_LONGEST_STYLE = 2000
_PAID_PARAGRAPHS = 3
_PAID_WORDS = 60


def strip_hidden(tree: etree._Element, *, paid: frozenset[str] = frozenset()) -> None:
    """
    Remove from `tree`, in place, every node that is not shown; the text after it stays.

    `paid` are classes of the parts of the article that scripts show to some readers: they stay where they hold
    paragraphs.
    """
    css = "\n".join(node.text or "" for node in tree.iter("style"))
    classes, ids = hidden_names(css)
    hidden = [node for node in tree.iter() if _is_unseen(node) or _is_named(node, classes, ids)]
    for node in hidden:
        if not (paid and _is_paid_part(node, paid)):
            drop_node(node)


def is_hidden(node: etree._Element) -> bool:
    """Whether an element's own attributes hide it."""
    if node.get("hidden") is not None or (node.get("aria-hidden") or "").lower() == "true":
        return True
    names, style = node.get("class"), node.get("style")
    if names and _OFF_SCREEN.search(names[:_LONGEST_STYLE]):
        return True
    if not style:
        return False
    style = style[:_LONGEST_STYLE]
    return bool(_HIDING.search(style)) or _is_camouflaged(style)


def _is_paid_part(node: etree._Element, paid: frozenset[str]) -> bool:
    """Whether it is a part of the article, not a box that asks to pay: paragraphs, no form."""
    if node.tag not in ("div", "section", "article") or paid.isdisjoint(str(node.get("class", "")).split()):
        return False
    paragraphs = ["".join(map(str, p.itertext())) for p in node.iter("p")]
    words = sum(len(paragraph.split()) for paragraph in paragraphs)
    return len(paragraphs) >= _PAID_PARAGRAPHS and words >= _PAID_WORDS and node.find(".//form") is None


def _is_unseen(node: etree._Element) -> bool:
    if not isinstance(node.tag, str):
        return True  # comments, processing instructions
    return node.tag in _NEVER or (node.tag not in _ROOTS and is_hidden(node))


def _is_named(node: etree._Element, classes: frozenset[str], ids: frozenset[str]) -> bool:
    """Whether the page's style sheet hides the element."""
    if not (classes or ids) or node.tag in _ROOTS:
        return False
    names = str(node.get("class", ""))[:_LONGEST_STYLE].split()
    return str(node.get("id", "")) in ids or not classes.isdisjoint(names)


def _is_camouflaged(style: str) -> bool:
    """Whether text and background have one colour."""
    colour, ground = _COLOUR.search(style), _GROUND.search(style)
    return colour is not None and ground is not None and _rgb(colour[1]) == _rgb(ground[1])


def _rgb(colour: str) -> str:
    colour = {"white": "#ffffff", "black": "#000000"}.get(colour.lower(), colour.lower())
    if len(colour) == 4 and colour[0] == "#":
        return "#" + "".join(c * 2 for c in colour[1:])
    return colour


def drop_node(node: etree._Element) -> None:
    """Remove `node` from its tree; `parent.remove` alone would remove the text after it, too."""
    parent = node.getparent()
    if parent is None:
        return
    if node.tail:
        before = node.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)

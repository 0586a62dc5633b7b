"""HTML tree -> the same without nodes that a reader does not see. Linear in time."""

from __future__ import annotations

import re

from lxml import etree

_NEVER = {"script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas"}
"""Elements without words of the article. (JSON-LD is a script: a page may claim a text there that it hides.)"""
_ROOTS = {"html", "head", "body", "main", "article"}
"""Scripts show these when a page has loaded: such an element counts as visible."""
_HIDING = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)"
    r"|(?:^|[;\s])(?:left|top|right|text-indent|margin-left)\s{0,9}:\s{0,9}-\s{0,9}\d{3,}"
    r"|(?:^|[;\s])font-size\s{0,9}:\s{0,9}0(?:\.0{1,9})?\s{0,9}(?:px|pt|em|rem|%)?\s{0,9}(?:;|!|$)",
    re.IGNORECASE,
)
_HIDING_ONE = re.compile(
    r"(?:^|[;\s])(?:opacity|max-height|height|width)\s{0,9}:\s{0,9}0(?:\.0{1,9})?\s{0,9}(?:px|pt|em|rem|%)?\s{0,9}(?:;|!|$)"
    r"|clip\s{0,9}:\s{0,9}rect\(\s{0,9}0",
    re.IGNORECASE,
)
"""Styles that hide an element by its own attribute; in a style sheet they are the start of an animation."""
_COLOUR = re.compile(r"(?:^|[;\s])color\s{0,9}:\s{0,9}([#\w]{1,30})", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-color)?\s{0,9}:\s{0,9}([#\w]{1,30})", re.IGNORECASE)
_OFF_SCREEN = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?|u-hidden|is-hidden|a11y-hidden)(?:\s|$)",
    re.IGNORECASE,
)
_LONGEST_STYLE = 2000
_LONGEST_SHEET = 500_000
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_AT_RULE = re.compile(r"@[^{};]*+\{(?>[^{}]*+\{[^{}]*+\})*+[^{}]*+\}")
_RULE = re.compile(r"(?<![^{};])([^{};]*+)\{([^{}]*+)\}")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]{0,10})?([.#])(-?[A-Za-z_][\w-]{0,80})", re.IGNORECASE)
_PAID_PARAGRAPHS = 3
_PAID_WORDS = 60


def strip_hidden(tree: etree._Element, *, paid: frozenset[str] = frozenset()) -> None:
    """
    Remove from `tree`, in place, every node that is not shown; the text after it stays.

    `paid` are classes of the parts of the article that scripts show to some readers: they stay where they hold
    paragraphs.
    """
    css = "\n".join(node.text or "" for node in tree.iter("style"))
    names = hidden_names(css)
    hidden = [node for node in tree.iter() if _is_unseen(node) or _is_named(node, names)]
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
    return bool(_HIDING.search(style) or _HIDING_ONE.search(style)) or _is_camouflaged(style)


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


def hidden_names(css: str) -> frozenset[str]:
    """
    Selectors of classes and ids that a style sheet hides: ".hide" of `.hide { display: none }`.

    Only rules outside @media count (print and small screens hide what others see), and only simple selectors.
    """
    css = _COMMENT.sub(" ", css[:_LONGEST_SHEET])
    css = _AT_RULE.sub("", _AT_RULE.sub("", css))  # @supports may hold @media
    rules = (selectors.split(",") for selectors, style in _RULE.findall(css) if _HIDING.search(style))
    matches = (_SIMPLE.fullmatch(selector.strip()) for selectors in rules for selector in selectors)
    return frozenset(match[1] + match[2] for match in matches if match)


def _is_named(node: etree._Element, names: frozenset[str]) -> bool:
    """Whether the page's style sheet hides the element."""
    if not names or node.tag in _ROOTS:
        return False
    classes = (f".{name}" for name in str(node.get("class", ""))[:_LONGEST_STYLE].split())
    return f"#{node.get('id', '')}" in names or not names.isdisjoint(classes)


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

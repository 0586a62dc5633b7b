"""An article page -> its text: the only file that knows trafilatura. It runs in the worker."""

from __future__ import annotations

import logging
import re
from collections import defaultdict

from lxml import etree
from trafilatura import extract as extract_main_text

from bulletin.articles.document import Page
from bulletin.articles.gate import judge_text
from bulletin.articles.hidden import drop_node, strip_hidden
from bulletin.articles.metadata import read_metadata
from bulletin.articles.plain import inner_text, parse_html, plain_title, tidy, tree_to_text
from bulletin.articles.preclean import decode

_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE
)
_NEVER_ARTICLE = ("nav", "aside", "footer", "header", "form", "figure", "menu", "dialog", "button")
_BULLET = re.compile(r"^(?:[-•*]\s+|\|\s*)", re.MULTILINE)
_LINK_SHARE = 0.5
"""More of a paragraph in links than this, and it is a list of links."""

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read_page(body: bytes, *, title: str = "", charset: str = "") -> Page:
    """
    Read the article called `title` out of a page.

    What a reader cannot see is taken away first, because every extractor keeps some of it. Then
    trafilatura with precision; where its text does not pass the gate, the densest paragraphs; where
    they do not either, the page has no text and a reason.
    """
    declared = _META_CHARSET.search(body[:4096])
    text = decode(body, charset=charset or (declared[1].decode("ascii") if declared else ""))
    tree = parse_html(text.encode("utf-8", "replace"))
    if tree is None:
        return Page(reason="the page is empty")
    metadata = read_metadata(tree)
    strip_hidden(tree)
    title, reason = plain_title(title), ""
    for extract in (_trafilatura, _densest):
        found = _drop_title(tidy(extract(tree)), title)
        verdict = judge_text(found, title=title)
        if not verdict:
            return Page(text=found, section=metadata.section, page_type=metadata.page_type)
        reason = reason or verdict
    return Page(reason=reason, section=metadata.section, page_type=metadata.page_type)


def _drop_title(text: str, title: str) -> str:
    """The headline over the text is known already."""
    first, _, rest = text.partition("\n\n")
    same = " ".join(first.casefold().split()) == " ".join(title.casefold().split())
    return rest if same else text


def _trafilatura(tree: etree._Element) -> str:
    """Its text has one paragraph a line; nothing where it stumbles over the page."""
    markup = etree.tostring(tree, encoding="unicode", method="html")
    try:
        found = extract_main_text(
            markup,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            include_images=False,
            include_links=False,
            with_metadata=False,
            deduplicate=False,
        )
    except Exception:  # noqa: BLE001 - whatever it throws at strangers' markup, the second try reads the page
        return ""
    return _BULLET.sub("", found or "").replace("\n", "\n\n")


def _densest(tree: etree._Element) -> str:
    """
    The paragraphs of the element that holds most words in paragraphs, lists of links left out.

    Plain lxml: it installs wherever the rest does, and finds short articles that precision throws away.
    """
    for node in list(tree.iter(*_NEVER_ARTICLE)):
        drop_node(node)
    paragraphs: dict[etree._Element, list[str]] = defaultdict(list)
    for node in tree.iter("p"):
        parent = node.getparent()
        words = " ".join(tree_to_text(node).split())
        if parent is None or not words:
            continue
        linked = sum(len(inner_text(a)) for a in node.iter("a"))
        if linked <= len(words) * _LINK_SHARE:
            paragraphs[parent].append(words)
    best = max(paragraphs.values(), key=lambda found: sum(map(len, found)), default=[])
    return "\n\n".join(best)

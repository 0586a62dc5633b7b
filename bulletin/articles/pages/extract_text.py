"""Article page -> PageText: the only module that knows trafilatura. Runs in the parser process."""

from __future__ import annotations

import logging
import re
from functools import partial

from lxml import etree
from trafilatura import extract as extract_main_text

from bulletin.articles.markup.html_to_text import parse_html, plain_title, tidy
from bulletin.articles.markup.join_lines_of_page import join_lines
from bulletin.articles.markup.remove_hidden_content import strip_hidden
from bulletin.articles.markup.xml_repair import decode
from bulletin.articles.pages.check_page_is_whole_article import (
    BEHIND_PAYWALL,
    ENOUGH_WORDS,
    cut_unfinished,
    cut_wall,
    find_fault,
)
from bulletin.articles.pages.find_densest_text_block import complete, find_block
from bulletin.articles.pages.page_metadata import Metadata, read_metadata
from bulletin.articles.pages.remove_teasers import drop_headline, drop_teasers
from bulletin.articles.parsed_feed import PART, PageText

_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE
)
_BULLET = re.compile(r"^(?:[-•*]\s+|\|\s*)", re.MULTILINE)
_ALNUM = re.compile(r"\w+")
_BREAKS_OFF = re.compile(r"(?:…|\.\.\.)\W{0,3}$")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read_page(body: bytes, *, title: str = "", summary: str = "", charset: str = "") -> PageText:
    """
    Extract the article called `title` from a page; `summary` is the feed's.

    Nodes that a reader does not see are removed first, because every extractor keeps some of them, then the
    headline and links to other articles. Then trafilatura with precision; where its text does not pass the gate,
    the densest paragraphs, and then the publisher's own text for machines; where none does, the result has no text
    and a reason. A text that is only a part has both.
    """
    tree = _read_tree(body, charset=charset)
    if tree is None:
        return PageText(reason="the page is empty")
    metadata = read_metadata(tree)
    title = plain_title(title)
    text, reason = _read_text(tree, metadata, title=title, summary=summary)
    return PageText(text=text, reason=reason, section=metadata.section, page_type=metadata.page_type)


def _read_tree(body: bytes, *, charset: str) -> etree._Element | None:
    declared = _META_CHARSET.search(body[:4096])
    text = decode(body, charset=charset or (declared[1].decode("ascii") if declared else ""))
    return parse_html(text.encode("utf-8", "replace"))


def _read_text(tree: etree._Element, metadata: Metadata, *, title: str, summary: str) -> tuple[str, str]:
    """The text, or nothing and the reason; both where the text is only a part."""
    strip_hidden(tree, paid=metadata.paid_classes)
    join_lines(tree)
    headlines = (*drop_headline(tree), *metadata.headlines)
    drop_teasers(tree)
    block = find_block(tree)
    judge = partial(find_fault, title=title, summary=summary)
    reason = ""
    for candidate in (_trafilatura(tree), block, metadata.body):
        text, is_walled = cut_wall(_drop_titles(tidy(candidate), (title, *headlines)))
        fault = judge(text, headlines=headlines)
        if not fault:
            whole = complete(text, block=block, body=metadata.body, is_block_fit=not judge(block))
            return _mark_part(tidy(whole), metadata, is_walled=is_walled and whole == text)
        reason = reason or (BEHIND_PAYWALL if is_walled else fault)
    return "", reason


def _mark_part(text: str, metadata: Metadata, *, is_walled: bool) -> tuple[str, str]:
    """The text, with a reason where its rest is missing; a few lines of it are no article."""
    text, is_cut = cut_wall(text)
    is_part = is_walled or is_cut
    if not is_part and metadata.is_paid and _BREAKS_OFF.search(text):
        text, is_part = cut_unfinished(text), True
    if is_part and len(text.split()) < ENOUGH_WORDS:
        return "", BEHIND_PAYWALL
    return text, PART if is_part else ""


def _drop_titles(text: str, titles: tuple[str, ...]) -> str:
    """The text without a first paragraph that repeats a title."""
    first, _, rest = text.partition("\n\n")
    words = _ALNUM.findall(first.casefold())
    return rest if words and any(words == _ALNUM.findall(title.casefold()) for title in titles) else text


def _trafilatura(tree: etree._Element) -> str:
    """Text found by trafilatura, one paragraph a line; empty where it fails on the page."""
    markup = etree.tostring(tree, encoding="unicode", method="html")
    try:
        text = extract_main_text(markup, favor_precision=True, include_comments=False, include_tables=False)
    except (ImportError, MemoryError):  # a fault of this installation or machine: another try may succeed
        raise
    except Exception:  # noqa: BLE001 - any error at strangers' markup; the other extractors read the page
        return ""
    return _BULLET.sub("", text or "").replace("\n", "\n\n")

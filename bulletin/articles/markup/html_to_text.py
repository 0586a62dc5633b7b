"""HTML -> plain text: titles in one line, bodies in paragraphs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice

from lxml import etree

from bulletin.articles.markup.remove_hidden_content import strip_hidden
from bulletin.articles.markup.repair_mojibake import is_garbled, repair_mojibake
from bulletin.language.wrong_encoding import LOST

_LONGEST_TITLE = 300
_LONGEST_LABEL = 60
_MOST_LABELS = 20
_LONGEST_TEXT = 60_000
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,2000}>")
_NOT_SPOKEN_TAG = re.compile(
    r"<(script|style)\b[^<>]{0,200}>.{0,5000}?</\1\s{0,9}>", re.IGNORECASE | re.DOTALL
)
# Controls, zero-width and bidi characters, soft hyphens, tag characters (text for machines only).
_MARKS = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff"
)
_HIDDEN_MARKS = re.compile(f"[{_MARKS}]")
_INVISIBLE = re.compile(f"[{_MARKS}{LOST}]")
_BORDER_TAG = re.compile(r"<(?:p|br|div|li|h[1-6]|td|blockquote|section|article)\b", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[^\S\n]{0,99}\n")
_ESCAPED_TWICE = re.compile(
    r"</?(?:p|div|a|b|i|em|strong|span|img|ul|ol|li|table|h[1-6])(?:\s[^<>]{0,2000})?/?>|<br\s{0,9}/?>|<!--"
    r"|&(?:#\d{2,6}|#x[0-9a-f]{2,5}|amp|nbsp|quot|[lr][sd]quo|[mn]dash|hellip|pound|euro);",
    re.IGNORECASE,
)
_LOOKS_MARKED_UP = re.compile(r"<[A-Za-z!/]|&(?:#\d|#x|[A-Za-z])")
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_SKIPPED = frozenset("audio button figure figcaption form head input select textarea title video".split())
"""Captions and controls, which are not part of an entry's text."""
_PARAGRAPH = "\n\n"
_BLOCK = "\ufdd1"
_BREAK = "\ufdd0"
"""Borders until all white space is one space; noncharacters, which no text has (Unicode, 23.7)."""
_ENDED = re.compile(r"[.!?…:;\"”’')\]]\s*$")


def plain_title(markup: str) -> str:
    """
    One line without tags, entities and invisible characters.

    Unescaped until nothing changes, at most three times: some publishers escape a title twice, and feedparser
    unescapes it once.
    """
    text = markup[: _LONGEST_TITLE * 20]
    for _ in range(3):
        before = text
        text = html.unescape(_TAG.sub(" ", _NOT_SPOKEN_TAG.sub(" ", text)))
        if text == before:
            break
    text = repair_mojibake(text)
    # lost letters stay, so that the choice refuses the article and tells why
    hidden = _HIDDEN_MARKS if is_garbled(text) else _INVISIBLE
    text = " ".join(hidden.sub("", _TAG.sub(" ", text)).split())
    return text if len(text) <= _LONGEST_TITLE else text[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"


def plain_labels(written: Iterable[object]) -> tuple[str, ...]:
    """Categories of a feed entry: each once, without addresses, a limited number."""
    titles = (plain_title(label[: 10 * _LONGEST_LABEL]) for label in written if isinstance(label, str))
    labels = (title[:_LONGEST_LABEL] for title in titles if title and "://" not in title)
    return tuple(islice(dict.fromkeys(labels), _MOST_LABELS))


def plain_text(markup: str) -> str:
    """
    Paragraphs separated by a blank line, without markup, hidden nodes and captions.

    Text that still looks like markup afterwards was escaped twice and is converted again.
    """
    text = _HIDDEN_MARKS.sub("", repair_mojibake(markup[: _LONGEST_TEXT * 10]))
    if not _LOOKS_MARKED_UP.search(text):
        return tidy(text)
    text = _read_markup(text)
    if _ESCAPED_TWICE.search(text):
        text = _read_markup(text.replace(_PARAGRAPH, "<p>"))
    return text


def _read_markup(markup: str) -> str:
    if not _BORDER_TAG.search(markup):
        # Plain paragraphs with a link or an entity in them.
        markup = _BLANK_LINE.sub("<p>", markup)
    tree = parse_html(markup.encode("utf-8", "replace"))
    if tree is None:
        return ""
    strip_hidden(tree)
    return tidy(tree_to_text(tree))


def parse_html(body: bytes) -> etree._Element | None:
    """The tree of an HTML text; None when it is empty. `body` is UTF-8."""
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def inner_text(node: etree._Element) -> str:
    """Text of `node` in one line."""
    return " ".join("".join(str(piece) for piece in node.itertext()).split())


def tree_to_text(tree: etree._Element) -> str:
    """Text in reading order, with a blank line where a block begins or ends."""
    pieces: list[str] = []
    skipped = 0  # depth within skipped elements
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            skipped += tag in _SKIPPED
            if not skipped:
                pieces.append(_border(tag) + (node.text or ""))
        else:
            if not skipped and tag in _BLOCKS:
                pieces.append(_BLOCK)
            skipped -= tag in _SKIPPED
            if not skipped and node is not tree:
                pieces.append(node.tail or "")
    return _to_paragraphs(" ".join("".join(pieces).split()))


def tidy(text: str) -> str:
    """
    Single spaces, one blank line between paragraphs, a limited length; no paragraph with wrong or lost letters.

    A text that has no other paragraphs keeps them: the choice refuses it, and `why` tells the reason.
    """
    text = repair_mojibake(text).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    parts = re.split(r"\n[^\S\n]*\n", text[: _LONGEST_TEXT * 4])
    sound = [part for part in parts if not is_garbled(part)]
    hidden, kept = (_INVISIBLE, sound) if any(map(str.strip, sound)) else (_HIDDEN_MARKS, parts)
    paragraphs = (" ".join(hidden.sub("", part).split()) for part in kept)
    text = _PARAGRAPH.join(part for part in paragraphs if part)
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT].rsplit(" ", 1)[0]


def _border(tag: str) -> str:
    if tag in _BLOCKS:
        return _BLOCK
    return _BREAK if tag == "br" else ""


def _to_paragraphs(text: str) -> str:
    """
    Turn borders of blocks and line breaks into blank lines, unless a sentence goes on after the line break.

    Many publishers use line breaks for paragraphs; two of them joined would be read as one sentence.
    """
    first, *lines = text.split(_BREAK)
    paragraphs = [first]
    for line in lines:
        runs_on = line.lstrip(" ")[:1].islower() and not _ENDED.search(paragraphs[-1][-20:])
        paragraphs.append((" " if runs_on else _PARAGRAPH) + line)
    return "".join(paragraphs).replace(_BLOCK, _PARAGRAPH)

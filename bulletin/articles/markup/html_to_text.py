"""Markup -> plain words: titles in one line, bodies in paragraphs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice

from lxml import etree

from bulletin.articles.markup.hidden_content import strip_hidden
from bulletin.articles.markup.mojibake import LOST, is_garbled, mend
from bulletin.articles.markup.tag_limits import LONGEST_TAG, trim_tags

_LONGEST_TITLE = 300
_LONGEST_LABEL = 60
_MOST_LABELS = 20
_LONGEST_TEXT = 60_000
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,2000}>")
_NOT_SPOKEN_TAG = re.compile(
    r"<(script|style)\b[^<>]{0,200}>.{0,5000}?</\1\s{0,9}>", re.IGNORECASE | re.DOTALL
)
# Controls, zero-width and bidi characters, soft hyphens, tag characters (text that only machines see).
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
_BLOCKS = {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
    ),
    *(
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "li",
        "main",
    ),
    *(
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ),
}
_SKIPPED = {
    *(
        "audio",
        "button",
        "figure",
        "figcaption",
        "form",
        "head",
        "input",
        "select",
        "textarea",
        "title",
        "video",
    ),
}
"""Not the words of an entry: captions and controls."""
_PARAGRAPH = "\n\n"
_BLOCK = "\ufdd1"
_BREAK = "\ufdd0"
"""Borders, until all white space is one space; no characters of any text (Unicode, 23.7)."""
_ENDED = re.compile(r"[.!?…:;\"”’')\]]\s*$")


def plain_title(markup: str) -> str:
    """
    One line without tags, entities and characters that nobody sees.

    Unescaped until nothing changes (three times at most): some publishers escape a title twice, and
    feedparser hands the rest through.
    """
    text = markup[: _LONGEST_TITLE * 20]
    for _ in range(3):
        before = text
        text = html.unescape(_TAG.sub(" ", _NOT_SPOKEN_TAG.sub(" ", text)))
        if text == before:
            break
    text = " ".join(_INVISIBLE.sub("", _TAG.sub(" ", mend(text))).split())
    return text if len(text) <= _LONGEST_TITLE else text[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"


def plain_labels(written: Iterable[object]) -> tuple[str, ...]:
    """A feed entry's categories: each once, no addresses, not endless."""
    words = (plain_title(label[: 10 * _LONGEST_LABEL]) for label in written if isinstance(label, str))
    labels = (word[:_LONGEST_LABEL] for word in words if word and "://" not in word)
    return tuple(islice(dict.fromkeys(labels), _MOST_LABELS))


def plain_text(markup: str) -> str:
    """
    Paragraphs parted by a blank line; markup, hidden nodes and captions removed.

    What still looks like markup afterwards was escaped twice and is read once more.
    """
    text = _HIDDEN_MARKS.sub("", mend(markup[: _LONGEST_TEXT * 10]))
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
    """A tree, or None when there is nothing in it. `body` is UTF-8."""
    if len(body) > LONGEST_TAG:
        body = trim_tags(body.decode("utf-8", "replace")).encode("utf-8", "replace")
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def inner_text(node: etree._Element) -> str:
    """All words below `node` in one line."""
    return " ".join("".join(str(piece) for piece in node.itertext()).split())


def tree_to_text(tree: etree._Element) -> str:
    """Words in reading order, a blank line wherever a block begins or ends."""
    pieces: list[str] = []
    skipped = 0  # how many elements deep within something that is not read
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
    return _part(" ".join("".join(pieces).split()))


def tidy(text: str) -> str:
    """Single spaces, paragraphs parted by exactly one blank line, not endless; none with letters lost."""
    text = mend(text).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    parts = re.split(r"\n[^\S\n]*\n", text[: _LONGEST_TEXT * 4])
    paragraphs = (" ".join(_INVISIBLE.sub("", part).split()) for part in parts if not is_garbled(part))
    text = _PARAGRAPH.join(part for part in paragraphs if part)
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT].rsplit(" ", 1)[0]


def _border(tag: str) -> str:
    if tag in _BLOCKS:
        return _BLOCK
    return _BREAK if tag == "br" else ""


def _part(text: str) -> str:
    """
    Put in the borders of blocks; a line break parts two paragraphs, unless a sentence runs on over it.

    Publishers break lines where others begin paragraphs; words that are joined by mistake would be
    read as one sentence.
    """
    first, *lines = text.split(_BREAK)
    out = [first]
    for line in lines:
        runs_on = line.lstrip(" ")[:1].islower() and not _ENDED.search(out[-1][-20:])
        out.append((" " if runs_on else _PARAGRAPH) + line)
    return "".join(out).replace(_BLOCK, _PARAGRAPH)

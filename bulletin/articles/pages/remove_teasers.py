"""HTML tree -> the same without its headline and links to other articles."""

from __future__ import annotations

import re

from lxml import etree

from bulletin.articles.markup.html_to_text import inner_text
from bulletin.articles.markup.remove_hidden_content import drop_node

_BLOCKS = ("p", "li", "h2", "h3", "h4", "h5", "h6")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "p")
_FRAMES = ("strong", "b", "em", "i", "span", "u")
_LONGEST_HEADLINE = 40
_MOST_LABEL_WORDS = 3
"""Words of a paragraph outside its link: "Read more:", "Lesen Sie auch:"."""
_LEAST_LINK_WORDS = 3
"""A shorter link is a name or a place, even where a paragraph has nothing else."""
_MOST_LINK_WORDS = 40
"""A longer link is a whole paragraph, linked by mistake."""
_WORD = re.compile(r"\w+")
_LABEL = re.compile(r"(?:^|(?<=[.!?…”\")\]]))\s*(?:\w[^\s:]{0,20}\s+){0,2}\w[^\s:]{0,20}\s?:\s*$")
"""Label of at most three words and a colon, after a sentence's end."""
_ENDED = re.compile(r"[.!?…”\")\]]\s*$")
_LEAST_UNLABELLED_WORDS = 4
_LONGEST_BEFORE = 200


def drop_headline(tree: etree._Element) -> list[str]:
    """Remove headlines, menus and footers; returns the headlines' words."""
    for node in list(tree.iter("nav", "footer", "menu")):
        drop_node(node)
    headlines = [(node, inner_text(node)) for node in tree.iter("h1")]
    short = [(node, words) for node, words in headlines if len(words.split()) <= _LONGEST_HEADLINE]
    for node, _ in short:
        drop_node(node)
    return [words for _, words in short if words]


def drop_teasers(tree: etree._Element) -> None:
    """
    Remove paragraphs, list items and headings that are only a link to another article.

    A paragraph whose words are in a link, but for a label of three ("Read more: Ferry sinks"), is not a sentence
    of this article; nor is a label or a heading over such links. Within a paragraph a link between two sentences,
    with its own label and no full stop, is removed as well.
    """
    for link in list(tree.iter("a")):
        if link.get("href") and link.getparent() is not None:
            for node in list(link.iter(*_BLOCKS)) if len(link) else ():
                drop_node(node)
            _drop_inline(link)
    for node in list(tree.iter(*_BLOCKS)):
        if node.getparent() is not None and _is_teaser(node):
            before = node.getprevious()
            drop_node(node)
            _drop_label(before)


def _is_teaser(node: etree._Element) -> bool:
    links = [link for link in node.iter("a") if link.get("href")] if len(node) else []
    if not links:
        return False
    linked = sum(len(_WORD.findall(inner_text(link))) for link in links)
    if not _LEAST_LINK_WORDS <= linked <= _MOST_LINK_WORDS:
        return False
    if node.tag == "p" and len(links) == 1 and inner_text(links[0]).endswith((".", "!", "”", '"')):
        return False  # a sentence of the article, linked from end to end
    return len(_WORD.findall(inner_text(node))) - linked <= _MOST_LABEL_WORDS


def _drop_inline(link: etree._Element) -> None:
    """ "It sank. <b>Read more: <a>Ferry was old</a></b> Nobody drowned." -> "It sank. Nobody drowned." """
    parent = link.getparent()
    if parent is None or (link.getprevious() is None and not (parent.text or "").strip()):
        return  # no text before it
    words = inner_text(link)
    count = len(_WORD.findall(words))
    if count < _LEAST_LINK_WORDS or not words[0].isupper() or words.endswith((".", "!", "”", '"')):
        return
    frame, inside = _frame_of(link)
    after = (frame.tail or "").strip()
    if after and not after[0].isupper():
        return
    before = _text_before(frame)
    if inside:
        if _LABEL.fullmatch(inside) and (not before or _ENDED.search(before)):
            drop_node(frame)
    elif label := _LABEL.search(before):
        _cut_label(frame, label)
        drop_node(frame)
    elif not after and _ENDED.search(before) and count >= _LEAST_UNLABELLED_WORDS:
        drop_node(frame)


def _frame_of(link: etree._Element) -> tuple[etree._Element, str]:
    """The bold or italic element around a link, and its text before the link."""
    frame, inside = link, ""
    while not (frame is not link and inside):
        parent = frame.getparent()
        alone = parent is not None and parent.tag in _FRAMES and len(parent) == 1
        if parent is None or not alone or (frame.tail or "").strip():
            break
        frame, inside = parent, (parent.text or "").strip()
    return frame, inside


def _text_before(node: etree._Element) -> str:
    """Text of the same paragraph directly before `node`."""
    before = node.getprevious()
    if before is not None:
        return ((before.tail or "").strip() or inner_text(before))[-_LONGEST_BEFORE:]
    parent = node.getparent()
    return (parent.text or "").strip()[-_LONGEST_BEFORE:] if parent is not None else ""


def _cut_label(node: etree._Element, label: re.Match[str]) -> None:
    """Remove the label from the text before `node`, whichever node holds it."""
    before, parent = node.getprevious(), node.getparent()
    length = len(label.string) - label.start()
    if before is None and parent is not None:
        parent.text = (parent.text or "").rstrip()[:-length]
    elif before is not None and (before.tail or "").strip():
        before.tail = (before.tail or "").rstrip()[:-length]
    elif before is not None and before.tag in _FRAMES and label.start() == 0:
        drop_node(before)


def _drop_label(node: etree._Element | None) -> None:
    """Remove a label ("More on this:") or heading ("Also of interest") whose links were removed."""
    if node is None or node.tag not in _HEADINGS or node.getparent() is None:
        return
    words = inner_text(node)
    if len(words.split()) <= 12 and (words.endswith(":") or node.tag != "p"):
        drop_node(node)

"""
HTML tree -> the same, without line ends in the middle of a sentence, which an extractor takes for ends of paragraphs.

Source: HTML Standard, "Inter-element whitespace" and "The br element"; CSS Text 3, "White Space Collapsing".
"""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from bulletin.language.read_word_lists import read_table, word_set

_MOST_BREAKS = 2000
_NEAR = 200
"""Characters on either side of a line break that are read."""
_KEEPS_LINES = frozenset("pre textarea listing xmp".split())
_STYLED = re.compile(r"white-space\s{0,9}:\s{0,9}(?:pre|break-spaces)")
_LINE_END = re.compile(r"(?<!\s)[ \t\r\f]*\n[ \t\r\f]*(?!\s)")
"""One line end; a blank line stays, because many a page shows it as a border of paragraphs."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that an HTML page may hold and no tree may be given (XML 1.0, 2.2)."""
_ENDED = re.compile(r"[.!?…:;\"”’')\]]\s*$")
_LAST_WORDS = re.compile(r"(?:([^\W\d_]+) )?([^\W\d_]+)$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_GERMAN_ARTICLE = re.compile(r"(?:k?ein|mein|dein|sein|ihr|unser|eur|dies|jed|jen)e[mnrs]?")
_INFLECTED = re.compile(r"[^\W\d_]{2,}e[mnrs]?")


def join_lines(tree: etree._Element) -> None:
    """Make every line end within a text one space, and every single <br> in the middle of a sentence."""
    language = (tree.get("lang") or "").partition("-")[0].casefold()
    known = language in read_table("bulletin.language", "common_words.toml")["commonest"]
    common = (
        word_set("bulletin.language", "common_words.toml", f"commonest.{language}") if known else frozenset()
    )
    for node in tree.iter():
        if node.text and isinstance(node.tag, str) and "\n" in node.text and not _keeps_lines(node):
            node.text = _one_line(node.text)
        parent = node.getparent()
        if node.tail and "\n" in node.tail and parent is not None and not _keeps_lines(parent):
            node.tail = _one_line(node.tail)
    for line_break in list(islice(tree.iter("br"), _MOST_BREAKS)):
        _join(line_break, common, is_german=language == "de")


def goes_on(before: str, after: str, common: frozenset[str], *, is_german: bool = False) -> bool:
    """
    Whether a sentence goes on from the line `before` to the line `after`.

    It does before a small letter, and behind an article or a preposition, one of the commonest words of the language
    (`common`), unless such a word begins the next line. In German an adjective may stand behind the article: a noun
    follows it (Duden, "Die Grammatik", Nominalklammer).

    >>> common = frozenset({"der", "dem", "die"})
    >>> goes_on("Die Fähre aus", "dem Hafen", common), goes_on("Busse der", "Stadt fahren.", common)
    (True, True)
    >>> goes_on("mit dem neuen", "Kraftstoff.", common, is_german=True), goes_on("Von Ann Fox", "Die Fähre sank.", common)
    (True, False)
    >>> goes_on("Die Fähre sank.", "die Leute", common), goes_on("die Menschen mit der", "Die Fähre sank.", common)
    (False, False)
    """
    before, after = " ".join(before[-_NEAR:].split()), " ".join(after[:_NEAR].split())
    if not before or not after or _ENDED.search(before[-20:]):
        return False
    if after[0].islower():
        return True
    last, first = _LAST_WORDS.search(before), _FIRST_WORD.match(after)
    if not last or not first or first[0].casefold() in common:
        return False
    is_noun_phrase = is_german and (
        _GERMAN_ARTICLE.fullmatch(last[2]) or ((last[1] or "") in common and _INFLECTED.fullmatch(last[2]))
    )
    return last[2].islower() and (last[2] in common or bool(is_noun_phrase))


def _one_line(text: str) -> str:
    return _LINE_END.sub(" ", _NO_XML.sub("", text))


def _keeps_lines(node: etree._Element) -> bool:
    return any(
        above.tag in _KEEPS_LINES or _STYLED.search((above.get("style") or "")[:1000])
        for above in (node, *node.iterancestors())
    )


def _join(line_break: etree._Element, common: frozenset[str], *, is_german: bool) -> None:
    """Put a space where a <br> parts two lines of one sentence that stand in the same element."""
    parent, earlier, tail = line_break.getparent(), line_break.getprevious(), line_break.tail or ""
    if parent is None:
        return
    before = (parent.text if earlier is None else earlier.tail) or ""
    if not goes_on(before, tail, common, is_german=is_german):
        return
    joined = _one_line(f"{before.rstrip()} {tail.lstrip()}")
    if earlier is None:
        parent.text = joined
    else:
        earlier.tail = joined
    parent.remove(line_break)

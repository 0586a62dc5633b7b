"""The comma of things side by side, which is not heard: "Fox, Pike meet" is "Fox and Pike meet"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.editing.headlines.headline_tree import parse_title, root_of, subject_of
from bulletin.editing.headlines.hidden_verb import is_or_are

if TYPE_CHECKING:
    from bulletin.language.sentence_parser import Doc, Token

_NOUNS = frozenset({"NN", "NNS"})
_FRONTED = frozenset({"IN", "RB", "VBN", "VBG", "JJ", "TO", "DT"})
""" "In Wexcombe, ...", "Upset with council, ...": what stands before a subject opens so."""
_AFTER_COMMA = frozenset({"CC", "IN", "VBG", "WDT", "WP", "WRB", "PRP$"})
""" "..., killing two", "..., who", "..., but", "..., her second": what a comma may open."""
_ASIDES = frozenset("a an the aged not".split())


def with_and(text: str) -> str:
    """
    The title with "and" for such commas; nothing where a comma is left of which that is not sure.

    A verb of several shows two subjects; a bare noun at the end a second thing, since an aside has an article.
    """
    doc = parse_title(text)
    root = root_of(doc)
    before = [token for token in doc[: root.i] if token.text == ","]
    verbs = [root, *(child for child in root.children if child.dep_ in ("aux", "auxpass"))]
    is_several = any(token.text in ("are", "have") or token.tag_ in ("VBP", "VB") for token in verbs)
    is_pair = len(before) == 1 and is_several and " and " not in text[: root.idx]
    if is_pair and is_or_are(text[: before[0].idx]):
        text = _joined(text, before[0])
    last = [token for token in parse_title(text) if token.text == ","][-1:]
    if last and " and " not in text[: last[0].idx] and last[0].nbor(-1).tag_ in _NOUNS:
        tail = parse_title(text[last[0].idx + 2 :])
        is_bare = all(token.tag_ in _NOUNS | {"NNP", "JJ", "HYPH"} or token.is_punct for token in tail)
        text = _joined(text, last[0]) if is_bare and root_of(tail).tag_ in _NOUNS else text
    return "" if _has_stray_comma(parse_title(text)) else text


def _joined(text: str, comma: Token) -> str:
    return f"{text[: comma.idx]} and{text[comma.idx + 1 :]}"


def _has_stray_comma(doc: Doc) -> bool:
    """Whether a comma may stand for "and": it opens no clause, closes none, and no "and" follows in its list."""
    root = root_of(doc)
    subject = subject_of(root)
    start = subject.left_edge.i if subject is not None else 0
    commas = [token.i for token in doc if token.text == ","]
    inside = [index for index in commas if start < index < root.i]

    def is_heard(index: int) -> bool:
        after = doc[index + 1]
        is_list = not after.tag_.startswith("VB") and any(
            token.dep_ == "cc" and not index < root.i < token.i for token in doc[index + 1 : index + 7]
        )
        is_front = index < start and doc[0].tag_ in _FRONTED
        is_aside = (len(inside) == 2 and index in inside) or (after.tag_ == "VBN" and index < root.i)
        opens = after.tag_ in _AFTER_COMMA or after.lower_ in _ASIDES
        return is_front or is_aside or is_list or opens

    return not all(map(is_heard, commas))

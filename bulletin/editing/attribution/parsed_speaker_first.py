"""Attribution first, by the dependency tree: "The road is shut, police said." -> "Police said the road is shut."."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.editing.english.dependency_tree import (
    find_root,
    find_subject,
    is_finite,
    is_unbroken,
    keeps_arguments,
    keeps_words,
    span_of,
    text_of,
    without_capital,
)
from bulletin.editing.english.word_classes import capitalise
from bulletin.editing.english.word_lists import listed, regex
from bulletin.language.sentence_parser import parse_sentence
from bulletin.language.sentences import count_words

if TYPE_CHECKING:
    from bulletin.language.sentence_parser import Doc, Token

MOST_OF_TIME = 7
"""Words between the speaker and the full stop: a time or a place, and nothing that was said."""
MOST_OF_SOURCE = 14
"""Words after "according to"."""
_PLAIN = ("said", "says", "say")
"""After these "that" may be left out, and the speaker may come last."""
_TIME = r"(?i)(?:on|in|at|last|late|early|earlier|this|yesterday|today|during) [^,]{2,50}|\w+day(?: \w+)?|yesterday|today"


def move_speaker(text: str, *, small: frozenset[str]) -> str:
    """
    Move the speaker to the front, as newsreaders do: a listener must know first who says it.

    The sentence stays as it is where the dependency tree does not show what was said and by whom, where it opens with
    a pronoun, which would then stand for the speaker, and where it opens with "But". `small`: words that the article
    writes without a capital.

    >>> move_speaker("The road is shut, police said.", small=frozenset())
    'Police said the road is shut.'
    >>> move_speaker("He is safe, police said.", small=frozenset())
    'He is safe, police said.'
    """
    doc = parse_sentence(text)
    root = find_root(doc)
    if root is None or not text.endswith(".") or '"' in text:
        return text
    is_joint = doc[0].lower_ in ("then", "now", "so", "later", "afterwards")
    if is_joint or doc[0].pos_ in ("CCONJ", "PRON") or doc[0].tag_ == "PRP$":
        return text
    is_saying = root.lower_ in listed("verbs", "telling")
    moved = _said_first(doc, root, small) if is_saying else _according_first(doc, root, small)
    if not moved or not keeps_words([moved], text, added=["that"]):
        return text
    return moved if keeps_arguments([moved], text) else text


def _said_first(doc: Doc, root: Token, small: frozenset[str]) -> str:
    """ "..., police said on Friday." """
    statement = next((child for child in root.children if child.dep_ == "ccomp" and child.i < root.i), None)
    who = find_subject(root)
    if (
        statement is None
        or who is None
        or not _is_statement(doc, statement, before=min(who.left_edge.i, root.i))
    ):
        return ""
    if not is_unbroken(who) or not _is_speaker(doc, who, root):
        return ""
    end, last = len(doc) - 1, max(who.right_edge.i, root.i) + 1
    when = text_of(doc, last, end)
    if when and (not regex(_TIME).fullmatch(when) or count_words(when) > MOST_OF_TIME):
        return ""
    is_inverted = who.i > root.i
    name = text_of(doc, *span_of(who)) if is_inverted else text_of(doc, who.left_edge.i, root.i)
    # "said Ann Fox, the mayor": her office is closed by a comma before the verb
    comma = "," if is_inverted and "," in name else ""
    that = " that" if when or root.lower_ not in _PLAIN else ""
    body = _body(doc, min(who.left_edge.i, root.i) - 1, small)
    return f"{capitalise(name)}{comma} {root.text}{' ' if when else ''}{when}{that} {body}."


def _is_statement(doc: Doc, statement: Token, *, before: int) -> bool:
    """Whether a whole clause runs from the first word to the comma before the speaker."""
    comma = before - 1
    return (
        is_finite(statement)
        and find_subject(statement) is not None
        and statement.left_edge.i == 0
        and statement.right_edge.i in (comma - 1, comma)
        and doc[comma].text == ","
    )


def _is_speaker(doc: Doc, who: Token, root: Token) -> bool:
    """Whether the subject stands beside the verb of saying and is nobody whom only the words before explain."""
    if who.i > root.i:
        is_plain = who.pos_ != "PRON" and not any(map(is_finite, who.subtree))
        return is_plain and root.lower_ in _PLAIN and who.left_edge.i == root.i + 1
    between = doc[who.right_edge.i + 1 : root.i]
    return all(token.dep_ in ("aux", "advmod", "neg") for token in between)


def _according_first(doc: Doc, root: Token, small: frozenset[str]) -> str:
    """ "..., according to police." """
    end = len(doc) - 1
    by = next((token for token in doc if token.lower_ == "according" and token.i > root.i), None)
    if by is None or doc[by.i - 1].text != "," or not is_unbroken(by) or by.right_edge.i != end - 1:
        return ""
    if by.head != root or root.left_edge.i != 0 or by.right_edge.i - by.i > MOST_OF_SOURCE:
        return ""
    # with two main clauses it may be the source of the second alone
    if any(child.dep_ == "conj" and find_subject(child) for child in root.children):
        return ""
    if any(token.lower_ == "according" for token in doc[: by.i]):
        return ""
    return f"According {text_of(doc, by.i + 1, end)}, {_body(doc, by.i - 1, small)}."


def _body(doc: Doc, end: int, small: frozenset[str]) -> str:
    """The words before `end`, as they stand inside a sentence."""
    return f"{without_capital(doc, 0, small=small)}{doc[0].whitespace_}{doc[1:end].text}".strip(" ,")

"""
Questions about the dependency tree of one sentence, and whether an edit kept its words and arguments.

Source: subject, object and finite verb as in Quirk et al. 1985, chapters 3 and 10; tags are those of the Penn
Treebank (Marcus et al. 1993), dependencies those of ClearNLP, which spaCy's English models use.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bulletin.language.english_grammar_parser import Doc, Token, parse_sentence

SUBJECTS = frozenset("nsubj nsubjpass expl csubj csubjpass".split())
"""Example: `find_subject`."""
_FINITE_TAGS = frozenset("VBD VBZ VBP MD".split())
"""Example: `has_empty_clause`."""
_AUXILIARIES = frozenset("aux auxpass".split())
"""Example: `is_finite`."""
_ARGUMENTS = frozenset("nsubj nsubjpass dobj attr acomp dative agent".split())
"""Example: `_arguments`."""
_WORD = re.compile(r"[\w'’-]+")
"""Example: `keeps_words`."""


def find_root(doc: Doc) -> Token | None:
    """
    The verb of the one main clause; None if the text is no single whole sentence.

    >>> find_root(parse_sentence("The ferry sank.")), find_root(parse_sentence("A ferry in the harbour."))
    (sank, None)
    """
    roots = [token for token in doc if token.head == token]
    if len(roots) != 1 or not is_finite(roots[0]) or find_subject(roots[0]) is None:
        return None
    return roots[0]


def is_noun_phrase(doc: Doc) -> bool:
    """
    Whether the text lacks a main verb: "A nurse who sings.", "A ferry that the storm sank in the harbour.".

    >>> is_noun_phrase(parse_sentence("A nurse who sings.")), is_noun_phrase(parse_sentence("The ferry sank on Monday."))
    (True, False)
    """
    roots = [token for token in doc if token.head == token]
    return all(root.pos_ in ("NOUN", "PROPN") and find_subject(root) is None for root in roots)


def has_empty_clause(doc: Doc) -> bool:
    """
    Whether "said that" opens no clause: "She told the paper that a little scared".

    >>> has_empty_clause(parse_sentence("She told the paper that a little scared."))
    True
    >>> has_empty_clause(parse_sentence("She told the paper that it sank."))
    False
    """
    that = next((token.i for token in doc if token.lower_ == "that" and token.i > 1), 0)
    says = any(token.lower_ in ("said", "says", "told", "tells") for token in doc[max(0, that - 6) : that])
    return says and not any(token.tag_ in _FINITE_TAGS for token in doc[that + 1 :])


def is_finite(token: Token) -> bool:
    """
    Whether a verb shows its tense, or has an auxiliary that does (Quirk et al. 1985, chapter 3).

    >>> [is_finite(token) for token in parse_sentence("Fox has rowed.")]
    [False, True, True, False]
    """
    return token.tag_ in _FINITE_TAGS or any(
        child.dep_ in _AUXILIARIES and child.tag_ in _FINITE_TAGS for child in token.children
    )


def find_subject(token: Token) -> Token | None:
    """
    The subject of a verb; None without one.

    >>> find_subject(parse_sentence("The ferry sank off Wexcombe.")[2])
    ferry
    """
    return next((child for child in token.children if child.dep_ in SUBJECTS), None)


def span_of(token: Token) -> tuple[int, int]:
    """
    First word of a token's subtree, and the word after its last.

    >>> span_of(parse_sentence("The ferry sank off Wexcombe.")[1])
    (0, 2)
    """
    return token.left_edge.i, token.right_edge.i + 1


def is_unbroken(token: Token) -> bool:
    """
    Whether a token's subtree is one run of words.

    >>> [is_unbroken(token) for token in parse_sentence("A man is held who robbed Fox.")][:3]
    [True, False, True]
    """
    first, end = span_of(token)
    return sum(1 for _ in token.subtree) == end - first


def text_of(doc: Doc, first: int, end: int) -> str:
    """
    The words from `first` to before `end`, without commas and dashes at either end.

    >>> text_of(parse_sentence("Fox rowed, police said."), 0, 3)
    'Fox rowed'
    """
    return str(doc[first:end].text).strip(" ,;-–—") if end > first else ""


def without_capital(doc: Doc, first: int, *, small: frozenset[str]) -> str:
    """
    The word at `first` as it is written inside a sentence; `small`: words that have no capital there.

    >>> [without_capital(parse_sentence(text), 0, small=frozenset()) for text in ("The ferry sank.", "Ann rowed.")]
    ['the', 'Ann']
    """
    token = doc[first]
    text = str(token.text)
    is_small = token.pos_ in ("DET", "PRON", "ADP", "SCONJ", "ADV", "NUM") or token.tag_ == "NNS"
    is_common = is_small or token.lower_ in small
    return text if token.pos_ == "PROPN" or text == "I" or not is_common else text[0].lower() + text[1:]


def keeps_words(
    result: Sequence[str], source: str, *, added: Sequence[str] = (), dropped: Sequence[str] = ()
) -> bool:
    """
    Whether the result has the words of the source, except those that the edit may add or drop.

    >>> source = "It sank, police said."
    >>> keeps_words(["Police said it sank."], source), keeps_words(["It sank."], source)
    (True, False)
    """
    before, after = Counter(_words(source)), Counter(_words(" ".join(result)))
    may_add, may_drop = Counter(_words(" ".join(added))), Counter(_words(" ".join(dropped)))
    return not (after - before - may_add) and not (before - after - may_drop)


def keeps_arguments(result: Sequence[str], source: str) -> bool:
    """
    Whether each result is a whole sentence whose words have the arguments that the source gives them.

    >>> source = "The road is shut, police said."
    >>> keeps_arguments(["Police said the road is shut."], source)
    True
    >>> keeps_arguments(["The road said police is shut."], source)
    False
    """
    before = set(_arguments(parse_sentence(source)))
    docs = [parse_sentence(text) for text in result]
    return all(find_root(doc) is not None and before.issuperset(_arguments(doc)) for doc in docs)


def _arguments(doc: Doc) -> Iterator[tuple[str, str, str]]:
    """
    Each verb with its subject, object or agent, by which two sentences are compared.

    >>> sorted(_arguments(parse_sentence("Fox sold the ferry.")))
    [('sold', 'dobj', 'ferry'), ('sold', 'nsubj', 'fox')]
    """
    for token in doc:
        if token.dep_ in _ARGUMENTS:
            yield token.head.lower_, token.dep_, token.lower_


def _words(text: str) -> list[str]:
    """
    Words of a text in small letters, with hyphens and apostrophes.

    >>> _words("The old-timer's boat")
    ['the', "old-timer's", 'boat']
    """
    return _WORD.findall(text.lower())

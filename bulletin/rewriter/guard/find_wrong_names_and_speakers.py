"""Sentence, article -> names that no origin has, names made up of others, and false speakers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from bulletin.editing.english.guess_parts_of_speech import is_finite
from bulletin.editing.english.word_list_regexes import listed, table
from bulletin.editing.sentences.reword_ages_and_yesterday import DAY_NAMES
from bulletin.language.split_sentences import words
from bulletin.rewriter.guard.tokenize_sentence import (
    ONES,
    TENS,
    TokenKind,
    Tokens,
    guarded,
    name_runs,
    plain,
    read_tokens,
    word_set,
)

_NAME = re.compile(r"(?<!\w)[A-Z][\w'’-]*")
_INSIDE = re.compile(r"[-.,:']")
_CALENDAR = guarded("calendar")
_MONTHS = frozenset(month.capitalize() for month in listed("words", "months"))
_NO_NAMES = frozenset().union(
    *(listed("words", name) for name in ("not_names", "prepositions", "determiners", "pronouns"))
)
"""Words that are no name, even with a capital."""
_OPENING = frozenset(" ".join(map(str, (table()["plain"] | table()["reworded"]).values())).split()).union(
    listed("connectives", "light"), listed("words", "back_pointing"), {"according"}
)
"""Words that may open any sentence, and the plain words of the edits: "According to" for "As per"."""

_BRACKETS = re.compile(r"\s*\([^()]{0,200}\)")
_DASHES = re.compile(r"\s+(?:--|[–—-])\s+")
_SPEECH = listed("verbs", "saying") | listed("verbs", "reporting") | {"according"}
_BE = word_set("is are was were be been being get got")


def find_strange_names(sentence: str, origins: Sequence[str]) -> tuple[str, ...]:
    """
    Find names that no origin has, days and months among them; a part of a known name is known.

    >>> find_strange_names("It closes in May.", ["It closes in March."])
    ('May',)
    >>> find_strange_names("It closes in November.", ["It closes on Nov. 3."])
    ()
    """
    known = frozenset[str]().union(*(_parts(word) for origin in origins for word in words(origin)))
    return tuple(dict.fromkeys(name for name in names_in(sentence) if not _is_known(name, known)))


def names_in(text: str) -> list[str]:
    """
    List words with a capital, but for those that only open the sentence.

    >>> names_in("The mayor met Ann Fox in Wexcombe")
    ['Ann', 'Fox', 'Wexcombe']
    """
    return [match[0] for match in _NAME.finditer(text) if _is_name(match)]


def _is_name(match: re.Match[str]) -> bool:
    low = _bare(match[0])
    first = low.partition("-")[0]
    is_plain = low in _NO_NAMES or first in ONES or first in TENS
    return (
        match[0] in DAY_NAMES
        or match[0] in _MONTHS
        or not (is_plain or (match.start() == 0 and low in _OPENING))
    )


@lru_cache(maxsize=16_384)
def _parts(word: str) -> frozenset[str]:
    bare = _bare(word)
    return frozenset((word.casefold().replace("’", "'"), bare, *_INSIDE.split(bare)))


def _bare(name: str) -> str:
    return name.casefold().replace("’", "'").removesuffix("'s").removesuffix("'")


def _is_known(name: str, known: frozenset[str]) -> bool:
    low = _bare(name)
    if name in _MONTHS and not known.isdisjoint((low[:3], low[:4])):  # "Nov. 3"
        return True
    return low in known or all(part in known for part in low.split("-")) or f"{low}s" in known


def find_mixed_names(sentence: str, source: Sequence[str], *, small: frozenset[str]) -> Iterator[str]:
    """Find names combined of parts that never stand together: "Ann Pike" of Ann Fox and Joan Pike."""
    near: set[tuple[str, str]] = set()
    whole = " ".join(source).casefold().replace("’", "'")
    for text in source:
        lows = [plain(token.text) for token in read_tokens(text, small=frozenset())]
        near |= {pair for gap in (1, 2, 3) for pair in zip(lows, lows[gap:], strict=False)}
    tokens = read_tokens(sentence, small=small)
    for token in tokens:
        # "Trent-on-Stoke", "a pan-Rana star"
        if token.text.rpartition("-")[2][0].isupper() and "-" in token.low and token.low not in whole:
            yield f'"{token.text}" is not a name in the article'
    titles = listed("words", "titles") | listed("words", "roles")
    for start, end in name_runs(tokens, without=_CALENDAR):
        for left, right in pairwise(tokens[start:end]):
            if left.low.rstrip(".") not in titles and (left.low, right.low) not in near:
                yield f'"{left.text} {right.text}" is not a name in the article'


def find_false_speakers(
    sentence: str, source: Sequence[str], *, closest: int, small: frozenset[str]
) -> Iterator[str]:
    """
    Find names that speak in the sentence but not in the article.

    If the closest sentence of the article names the speaker, it must be the same. Else ("he said") it must be
    a name in a sentence with a verb of saying, or up to two sentences before one.
    """
    named = _speakers(read_tokens(_without_asides(source[closest]), small=small))
    speaking = set(named)
    for number, text in enumerate(source):
        if not named and any(token.low in _SPEECH for token in read_tokens(text, small=small)):
            near = read_tokens(" ".join(source[max(0, number - 2) : number + 1]), small=small)
            speaking |= {near[end - 1].low for _, end in name_runs(near, without=_CALENDAR)}
    for key, name in _speakers(read_tokens(sentence, small=small)).items():
        if key not in speaking:
            yield f'"{name}" does not say that in the source'


def _without_asides(text: str) -> str:
    """ "Tiwari (Cong) said", "Guangzhou -- a port -- has announced": brackets go, dashes are commas."""
    return _DASHES.sub(", ", _BRACKETS.sub("", text))


def _speakers(tokens: Tokens) -> dict[str, str]:
    """Names before a verb of saying, an apposition between them or not, or right after one: "said Joan Pike"."""
    speakers = {}
    for start, end in name_runs(tokens, without=_CALENDAR):
        after = tokens[end : end + 2]
        if after and after[0].low == "," and after[-1].kind is not TokenKind.NAME:
            close = next(
                (i for i, token in enumerate(tokens[: end + 14]) if i > end and token.low == ","), None
            )
            after = tokens[close + 1 : close + 3] if close else ()
        # "has said", but not "was told"
        has_said = after and after[0].kind is TokenKind.GLUE and after[0].low not in _BE
        says = after and (after[0].low in _SPEECH or (has_said and after[-1].low in _SPEECH))
        # "said Joan Pike.", but not "said Joan Pike has left"
        before = tokens[start - 1].low if start else ""
        is_inverted = before in _SPEECH and before not in ("told", "tells", "telling")
        if says or (is_inverted and not _has_verb_first(tokens[end:])):
            speakers[tokens[end - 1].low] = " ".join(token.text for token in tokens[start:end])
    return speakers


def _has_verb_first(after: Tokens) -> bool:
    """Whether a verb follows a name, so that the name belongs to the statement and is no speaker."""
    return bool(after) and (
        after[0].low in listed("verbs", "auxiliary")
        or (after[0].kind is TokenKind.CONTENT and is_finite(after[0].low) and after[0].low not in _SPEECH)
    )

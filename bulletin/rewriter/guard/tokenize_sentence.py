"""Sentence -> tuple[Token, ...]: names, content words and glue words; English, rough on purpose."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from bulletin.editing.english.word_list_regexes import listed

_TABLE = tomllib.loads(Path(__file__).parents[1].joinpath("en.toml").read_text(encoding="utf-8"))


def word_set(listed_words: str) -> frozenset[str]:
    return frozenset(listed_words.split())


def guarded(name: str) -> frozenset[str]:
    """List of words of the guard, from en.toml."""
    return word_set(_TABLE["guard"][name])


def _numbered(name: str, *, start: int) -> dict[str, int]:
    """Words of consecutive numbers -> values."""
    return {word: value for value, word in enumerate(_TABLE["numbers"][name].split(), start)}


ONES = _numbered("ones", start=0)
TENS = {word: 10 * value for word, value in _numbered("tens", start=2).items()}
ORDINALS = _numbered("ordinals", start=1)
SCALES: dict[str, int] = _TABLE["numbers"]["scales"]
"""Scale after a number -> its factor."""
UNITS = {spelling: unit for unit, spellings in _TABLE["numbers"]["units"].items() for spelling in spellings}
"""Unit as newspapers write it -> one name."""
OPPOSITES = tuple((word_set(left), word_set(right)) for left, right in _TABLE["alike"]["opposites"])
"""Pairs of words that may not replace each other."""
SAME_DEEDS = tuple(map(word_set, _TABLE["alike"]["same"]))
"""Sets of words for one deed."""

_TOKEN = re.compile(r"[^\W_]+(?:[.,'’-]+[^\W_]+)*|[,;:]")
_AMERICAN = re.compile(r"iz(?=(?:e|ed|es|er|ers|ing|ation|ations)$)")
"""An American article is read in British spelling: "criticized" is "criticised"."""
_IRREGULAR: dict[str, str] = {
    form: base for base, forms in _TABLE["irregular"].items() for form in forms.split()
}
_ENDINGS = (
    "ations", "ation", "ments", "ment", "ings", "ing", "ied", "ies", "ions", "ion", "ers", "er", "est", "ed", "es", "ly", "al",
    "s", "e",
)  # fmt: skip
_FUNCTION_LISTS = ("determiners", "pronouns", "prepositions", "back_pointing")
_GLUE = (
    guarded("glue")
    | listed("verbs", "auxiliary")
    | frozenset().union(*(listed("words", name) for name in _FUNCTION_LISTS))
) - guarded("counts")
"""Function words."""


class TokenKind(Enum):
    """Kind of a word."""

    NAME = "name"
    CONTENT = "content"
    GLUE = "glue"
    MARK = "mark"
    """A comma, a semicolon or a colon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word of a sentence."""

    text: str
    low: str
    """Lower case, with a straight apostrophe and without a possessive."""
    stem: str
    kind: TokenKind

    @property
    def is_news(self) -> bool:
        """Whether it is a name or a content word."""
        return self.kind in (TokenKind.NAME, TokenKind.CONTENT)


Tokens = Sequence[Token]


@lru_cache(maxsize=2000)
def read_tokens(sentence: str, *, small: frozenset[str]) -> tuple[Token, ...]:
    """Split a sentence into tokens; `small`: words that the article has in lower case somewhere."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(sentence):
        text = match[0]
        low = plain(text)
        if text in ",;:":
            kind, base = TokenKind.MARK, text
        elif base := number_stem(low):
            kind = TokenKind.CONTENT
        else:
            kind = _kind(text, low, opens=not tokens, small=small)
            base = low if kind is TokenKind.NAME else stem(low)
        tokens.append(Token(text=text, low=low, stem=base, kind=kind))
    return tuple(tokens)


def small_words(sentences: Iterable[str]) -> frozenset[str]:
    """Collect the words in lower case."""
    return frozenset(
        plain(match[0]) for text in sentences for match in _TOKEN.finditer(text) if match[0][0].islower()
    )


def news_in(tokens: Tokens) -> frozenset[str]:
    """Stems of all content words and names."""
    return frozenset(token.stem for token in tokens if token.is_news)


def name_runs(tokens: Tokens, *, without: frozenset[str] = frozenset()) -> Iterator[tuple[int, int]]:
    """Start and end of each name of one or more words; "of", "and" and the words `without` part names."""
    start = 0
    for is_name, run in groupby(tokens, key=lambda t: t.kind is TokenKind.NAME and t.low not in without):
        end = start + len(list(run))
        if is_name:
            yield start, end
        start = end


def plain(word: str) -> str:
    """
    Fold a word.

    >>> plain("Pike’s")
    'pike'
    """
    return word.casefold().replace("’", "'").removesuffix("'s").strip("'")


def number_stem(low: str) -> str:
    """
    Stem a number; empty for other words, and for "one".

    >>> number_stem("53-year-old"), number_stem("fifty-three-year-old"), number_stem("one")
    ('#53', '#53', '')
    """
    if digits := re.match(r"\d[\d,]*(?:\.\d+)?", low):
        return "#" + digits[0].replace(",", "")
    first, _, rest = low.partition("-")
    ones = ONES.get(rest.partition("-")[0], 0)
    if first in TENS:
        return f"#{TENS[first] + (ones if ones < 10 else 0)}"
    return f"#{ONES[first]}" if ONES.get(first, 0) > 1 else ""


@lru_cache(maxsize=20_000)
def stem(low: str) -> str:
    """
    Stem a word.

    >>> {stem(word) for word in ("closes", "closed", "closing")}
    {'clos'}
    """
    word = _IRREGULAR.get(low, _AMERICAN.sub("is", low))
    if not word.isalpha() or len(word) < 4:
        return word
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), "")
    bare = word.removesuffix(ending)
    if ending and len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "sl":
        bare = bare[:-1]
    return bare.removesuffix("i" if ending in ("ies", "ied") else "y")


def part_contractions(text: str) -> str:
    """ "won't" -> "wo not", so that the negation is a word."""
    text = re.sub(r"\bcan(?:not|['’]t)\b", "can not", text)
    text = re.sub(r"n['’]t\b", " not", text)
    text = re.sub(r"\bwhether or not\b", "whether", text)
    return re.sub(r"\bnot only\b", "", text)


def _kind(text: str, low: str, *, opens: bool, small: frozenset[str]) -> TokenKind:
    may_open = opens and (low in _GLUE or low in small or low in listed("connectives", "light"))
    if text[0].isupper() and not may_open:
        is_glue = low in ("i", "mr", "mrs", "ms", "dr", "the", "a")
        return TokenKind.GLUE if is_glue else TokenKind.NAME
    return TokenKind.GLUE if low in _GLUE else TokenKind.CONTENT

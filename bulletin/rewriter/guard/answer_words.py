"""Sentence -> tuple[Token, ...]: names, content words and glue words; English, rough on purpose."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from importlib import resources
from typing import Any

from bulletin.editing.english.word_lists import listed


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    text = (resources.files("bulletin.rewriter") / "en.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def guarded(name: str) -> frozenset[str]:
    """List of words of the guard, from en.toml."""
    return frozenset(_table()["guard"][name].split())


def opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Pairs of opposites, which may not replace one another."""
    return tuple(
        (frozenset(one.split()), frozenset(other.split())) for one, other in _table()["alike"]["opposites"]
    )


def same_deeds() -> tuple[frozenset[str], ...]:
    """Sets of words for one deed."""
    return tuple(frozenset(words.split()) for words in _table()["alike"]["same"])


def _numbered(name: str, *, start: int) -> dict[str, int]:
    """Words of consecutive numbers -> values."""
    return {word: value for value, word in enumerate(_table()["numbers"][name].split(), start)}


def word_set(listed_words: str) -> frozenset[str]:
    return frozenset(listed_words.split())


ONES = _numbered("ones", start=0)
TENS = {word: 10 * value for word, value in _numbered("tens", start=2).items()}
ORDINALS = _numbered("ordinals", start=1)

_TOKEN = re.compile(r"[^\W_]+(?:[.,'’-]+[^\W_]+)*|[,;:]")
_AMERICAN = re.compile(r"iz(?=(?:e|ed|es|er|ers|ing|ation|ations)$)")
"""An American article is told in British spelling: "criticized" is "criticised"."""
_GLUE = guarded("glue")
_IRREGULAR = {form: base for base, forms in _table()["irregular"].items() for form in forms.split()}
_ENDINGS = (
    "ations", "ation", "ments", "ment", "ings", "ing", "ied", "ies", "ions", "ion", "ers", "er", "est", "ed", "es", "ly", "al",
    "s", "e",
)  # fmt: skip


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


@lru_cache(maxsize=2000)
def read_tokens(sentence: str, *, small: frozenset[str]) -> tuple[Token, ...]:
    """Split a sentence into tokens; `small` are words that the article has in lower case somewhere."""
    found: list[Token] = []
    for match in _TOKEN.finditer(sentence):
        text = match[0]
        if text in ",;:":
            found.append(Token(text=text, low=text, stem=text, kind=TokenKind.MARK))
            continue
        low = plain(text)
        value = number_stem(low)
        kind = TokenKind.CONTENT if value else _kind(text, low, opens=not found, small=small)
        found.append(
            Token(text=text, low=low, stem=value or (low if kind is TokenKind.NAME else stem(low)), kind=kind)
        )
    return tuple(found)


def small_words(sentences: Iterable[str]) -> frozenset[str]:
    """Collect the words in lower case."""
    return frozenset(
        plain(match[0]) for text in sentences for match in _TOKEN.finditer(text) if match[0][0].islower()
    )


def news_in(tokens: Sequence[Token]) -> frozenset[str]:
    """Stems of all content words and names."""
    return frozenset(token.stem for token in tokens if token.kind in (TokenKind.NAME, TokenKind.CONTENT))


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
    return _strip(_IRREGULAR.get(low, _AMERICAN.sub("is", low)))


def _strip(low: str) -> str:
    if not low.isalpha() or len(low) < 4:
        return low
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= 3:
            bare = low.removesuffix(ending)
            if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "sl":
                bare = bare[:-1]
            return bare.removesuffix("i") if ending in ("ies", "ied") else bare.removesuffix("y")
    return low.removesuffix("y")


@lru_cache(maxsize=1)
def glue() -> frozenset[str]:
    """Function words."""
    lists = ("determiners", "pronouns", "prepositions", "back_pointing")
    together = frozenset(word for name in lists for word in listed("words", name))
    return (together | listed("verbs", "auxiliary") | _GLUE) - guarded("counts")


def _kind(text: str, low: str, *, opens: bool, small: frozenset[str]) -> TokenKind:
    if not text[0].isupper():
        return TokenKind.GLUE if low in glue() else TokenKind.CONTENT
    if opens and (low in glue() or low in small or low in listed("connectives", "light")):
        return TokenKind.GLUE if low in glue() else TokenKind.CONTENT
    return TokenKind.GLUE if low in ("i", "mr", "mrs", "ms", "dr", "the", "a") else TokenKind.NAME

"""A sentence -> its words, each a name, a word that carries news, or glue; pure, English, rough on purpose."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from importlib import resources
from typing import Any

from bulletin.editing.english.grammar import listed


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    text = (resources.files("bulletin.rewriter") / "en.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def guarded(name: str) -> frozenset[str]:
    """One of the guard's own lists of words."""
    return frozenset(_table()["guard"][name].split())


def opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Words of which one may not be said for the other."""
    return tuple(
        (frozenset(one.split()), frozenset(other.split())) for one, other in _table()["alike"]["opposites"]
    )


def same_deeds() -> tuple[frozenset[str], ...]:
    """Words for the same deed."""
    return tuple(frozenset(words.split()) for words in _table()["alike"]["same"])


def _numbered(name: str, *, start: int) -> dict[str, int]:
    """Words for numbers that follow one another."""
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
    """What a word is good for."""

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
    """In small letters, with a straight apostrophe and without a possessive."""
    stem: str
    kind: TokenKind


@lru_cache(maxsize=2000)
def read_tokens(sentence: str, *, small: frozenset[str]) -> tuple[Token, ...]:
    """The words in their order; `small` are words that the article writes in small letters somewhere."""
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
    """Words that stand in small letters."""
    return frozenset(
        plain(match[0]) for text in sentences for match in _TOKEN.finditer(text) if match[0][0].islower()
    )


def news_in(tokens: Sequence[Token]) -> frozenset[str]:
    """The stems of all words that carry news, names among them."""
    return frozenset(token.stem for token in tokens if token.kind in (TokenKind.NAME, TokenKind.CONTENT))


def plain(word: str) -> str:
    """ "Pike’s" -> "pike"."""
    return word.casefold().replace("’", "'").removesuffix("'s").strip("'")


def number_stem(low: str) -> str:
    """ "53-year-old" and "fifty-three-year-old" are both "#53"; empty for what is no number, and for "one"."""
    if digits := re.match(r"\d[\d,]*(?:\.\d+)?", low):
        return "#" + digits[0].replace(",", "")
    first, _, rest = low.partition("-")
    ones = ONES.get(rest.partition("-")[0], 0)
    if first in TENS:
        return f"#{TENS[first] + (ones if ones < 10 else 0)}"
    return f"#{ONES[first]}" if ONES.get(first, 0) > 1 else ""


@lru_cache(maxsize=20_000)
def stem(low: str) -> str:
    """What a word has in common with its other forms: "closes", "closed" and "closing" are "clos"."""
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
    """Words that say nothing by themselves."""
    lists = ("determiners", "pronouns", "prepositions", "back_pointing")
    together = frozenset(word for name in lists for word in listed("words", name))
    return (together | listed("verbs", "auxiliary") | _GLUE) - guarded("counts")


def _kind(text: str, low: str, *, opens: bool, small: frozenset[str]) -> TokenKind:
    if not text[0].isupper():
        return TokenKind.GLUE if low in glue() else TokenKind.CONTENT
    if opens and (low in glue() or low in small or low in listed("connectives", "light")):
        return TokenKind.GLUE if low in glue() else TokenKind.CONTENT
    return TokenKind.GLUE if low in ("i", "mr", "mrs", "ms", "dr", "the", "a") else TokenKind.NAME

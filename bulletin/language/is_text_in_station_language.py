"""Text -> whether it is certainly not in the station's language, by its commonest words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from bulletin.language.read_word_lists import read_table, word_set
from bulletin.model import Article

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE_WORDS = 150
_SAMPLE_CHARS = 3000
"""Characters of the sample: more than _SAMPLE_WORDS words of any language in the table."""
_FEWEST_WORDS = 8
"""Least words of a sample: a headline of names is the same in every language."""
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())

_FEWEST_OF_OTHER = 4
"""Example: `is_of_other_language`."""


def is_foreign(text: str, *, language: str, tagged: str = "") -> bool:
    """
    Whether `text` is certainly not in `language` (both BCP 47).

    The feed's own tag (`tagged`) counts only where the words do not contradict it: many a feed calls everything "en-US".

    >>> is_foreign("Der Rat der Stadt hat die Brücke nach dem Sturm nicht gesperrt.", language="en-GB")
    True
    >>> is_foreign("The council has not shut the bridge after the storm.", language="en-GB", tagged="de")
    False
    """
    own = _primary(language)
    is_tagged_foreign = bool(tagged) and _primary(tagged) != own
    words = [word.casefold() for word in _WORD.findall(text[:_SAMPLE_CHARS])][:_SAMPLE_WORDS]
    languages = read_table("bulletin.language", "common_words.toml")["commonest"]
    if own in languages and _is_other_script(text):
        return True
    if len(words) < _FEWEST_WORDS or own not in languages:
        return is_tagged_foreign
    own_words = _commonest(own)
    others = [word for word in words if word not in own_words]
    own_count = len(words) - len(others)
    other_count = _count_of_other(others, own=own)
    if own_count >= max(2, 0.08 * len(words)) and own_count >= other_count:
        return False
    if other_count >= 2 and other_count >= 1.5 * own_count:
        return True
    # Prose of a dozen words in which none of the commonest occurs is not in that language.
    return (own_count == 0 and len(words) >= 14) or is_tagged_foreign


def is_of_other_language(sentence: str, *, language: str) -> bool:
    """
    Whether a sentence has four of another language's commonest words and three times as many as of its own.

    >>> texts = ("The seeing was not the best, so I hesitated.", "Laureata in legge alla London School of Economics.")
    >>> [is_of_other_language(text, language="it") for text in texts]
    [True, False]
    """
    own = _primary(language)
    languages = read_table("bulletin.language", "common_words.toml")["commonest"]
    if own not in languages:
        return False
    words = [word.casefold() for word in _WORD.findall(sentence)]
    others = [word for word in words if word not in _commonest(own)]
    most = _count_of_other(others, own=own)
    return most >= max(_FEWEST_OF_OTHER, 3 * (len(words) - len(others)))


def language_of_article(article: Article, *, station: str, others: Collection[str]) -> str:
    """
    Language of an article by its words: the station's, or one of the `others` of its bulletins.

    An article in none of them has the station's, so that it is refused as foreign.
    """
    text = f"{article.title}. {article.text or article.summary}" if others else ""
    return language_of_text(text, station=station, others=others, tagged=article.language)


def language_of_text(text: str, *, station: str, others: Collection[str], tagged: str = "") -> str:
    """
    The station's language, or one of the `others` of its bulletins, by the words of a text.

    >>> text = "Der Rat der Stadt hat die Brücke nach dem Sturm nicht gesperrt."
    >>> language_of_text(text, station="en-GB", others=["fr", "de"])
    'de'
    """
    if not others or not is_foreign(text, language=station, tagged=tagged):
        return station
    return next((other for other in others if not is_foreign(text, language=other, tagged=tagged)), station)


def _count_of_other(words: Sequence[str], *, own: str) -> int:
    """Most words that are among the commonest of one language, other than `own`."""
    languages_of = _languages_of_words()
    counts = Counter(name for word in words for name in languages_of.get(word, ()))
    del counts[own]
    return max(counts.values(), default=0)


@cache
def _languages_of_words() -> Mapping[str, tuple[str, ...]]:
    """Word -> languages in which it is one of the commonest."""
    found: dict[str, tuple[str, ...]] = {}
    for name in read_table("bulletin.language", "common_words.toml")["commonest"]:
        for word in _commonest(name):
            found[word] = (*found.get(word, ()), name)
    return found


def _commonest(language: str) -> frozenset[str]:
    return word_set("bulletin.language", "common_words.toml", f"commonest.{language}")


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-", 1)[0].casefold()


def _is_other_script(text: str) -> bool:
    """Whether most letters are of another script than Latin."""
    sample = text[:2000]
    plain = sample.encode("ascii", "ignore")
    # nearly always: without a look at each letter
    if 2 * (len(sample) - len(plain)) <= len(plain.translate(None, _NO_LETTERS)):
        return False
    letters = [char for char in sample if char.isalpha()]
    others = [char for char in letters if not char.isascii() and "LATIN" not in unicodedata.name(char, "")]
    return len(letters) >= 4 and len(others) > len(letters) / 2

"""Words of an editor -> hints beside the sentence, or a reason why they cannot be read out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bulletin.errors import UnfitTextError
from bulletin.language.is_text_in_station_language import is_foreign
from bulletin.language.split_sentences import count_words, split_sentences, storable, words
from bulletin.stories.apply_kill_list import is_named

MOST_LETTERS = 1500
"""Longest text in the place of one sentence: a minute and a half of speech."""
_MOST_WORDS = 30
"""Words from which a listener loses the thread of a sentence (judgement: BBC News Style Guide asks for about 20)."""
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|org|net|co\.uk|uk|ie)\b", re.IGNORECASE
)
_LEAST_PREFIX = 4
_COMMON = 4
"""Shorter words are no facts; figures and names of any length are."""


def clean_words(text: str) -> str:
    """Text of an editor on one line, without characters that no voice reads and no database stores."""
    return " ".join("".join(char if char.isprintable() else " " for char in storable(text)).split())


def check_words(text: str, *, spoken: str, kills: Sequence[str]) -> None:
    """
    Raise UnfitTextError for words that cannot air: nothing to say, far too long, or on the kill list.

    An empty text is fit: it leaves the sentence out.
    """
    if len(text) > MOST_LETTERS:
        raise UnfitTextError(
            f"The text has {len(text)} letters, at most {MOST_LETTERS} fit in the place of a sentence; shorten it"
        )
    if text and not any(char.isalnum() for char in spoken):
        raise UnfitTextError(
            f'"{text}" has no word that can be read out; write one, or leave the sentence out'
        )
    if entry := next((entry for entry in kills if is_named(entry, text)), ""):
        raise UnfitTextError(
            f'"{entry}" is on the kill list: a story with it does not air; use other words, or unblock it'
        )


def find_hints(text: str, *, language: str, sources: Iterable[str] = ()) -> tuple[str, ...]:
    """
    Hints for an editor beside a sentence; none of them stops it.

    >>> find_hints("See www.wexcombe.gov.uk for details.", language="en-GB")
    ('A web address is hard to hear: "www.wexcombe.gov.uk".',)
    """
    hints = [f'A web address is hard to hear: "{found.rstrip(".")}".' for found in _ADDRESS.findall(text)]
    counts = map(count_words, split_sentences(text))
    hints += [
        f"A sentence has {n} words: a listener follows about {_MOST_WORDS}."
        for n in counts
        if n > _MOST_WORDS
    ]
    if text and is_foreign(text, language=language):
        hints.append(f"The words do not look like {language}: the voice reads them as {language}.")
    if text and not text.rstrip().endswith((".", "?", "!", ":", "…", '"', "”", "'", "’")):
        hints.append("No full stop at the end: the voice may run on into the next sentence.")
    if added := find_words_not_in_sources(text, tuple(sources)):
        hints.append(f"Not in the source: {', '.join(added)}.")
    return tuple(hints)


def find_words_not_in_sources(text: str, sources: tuple[str, ...]) -> tuple[str, ...]:
    """
    Words of a text, longer ones, names and figures, that no source has in any form.

    >>> find_words_not_in_sources("The bridge closed for 8 weeks.", ("The bridge closes for six weeks.",))
    ('8',)
    """
    if not sources:
        return ()
    known = _words_of(sources)
    beginnings = {word[:_LEAST_PREFIX] for word in known if len(word) >= _LEAST_PREFIX}
    added = [
        word
        for index, word in enumerate(words(text))
        if _is_fact(word, is_first=index == 0) and word.casefold() not in known
        if len(word) < _LEAST_PREFIX
        or word[:1].isdigit()
        or word.casefold()[:_LEAST_PREFIX] not in beginnings
    ]
    return tuple(dict.fromkeys(added))


@lru_cache(maxsize=256)
def _words_of(sources: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.casefold() for source in sources for word in words(source))


def _is_fact(word: str, *, is_first: bool) -> bool:
    return len(word) > _COMMON or word[0].isdigit() or (word[0].isupper() and not is_first)

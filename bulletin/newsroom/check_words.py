"""Words of an editor -> one line, or the reason why they cannot air."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from bulletin.errors import UnfitTextError
from bulletin.language.split_sentences import storable
from bulletin.stories.apply_kill_list import is_named

MOST_LETTERS = 1500
"""Longest text in the place of one sentence: a minute and a half of speech."""


def clean_words(text: str) -> str:
    r"""
    Text of an editor on one line, as feeds are read (NFC), without characters that no voice reads or database stores.

    >>> clean_words("Sia\u0302n of Llan\u00addeilo\n paid.")
    'Siân of Llandeilo paid.'
    """
    text = unicodedata.normalize("NFC", storable(text))
    # soft hyphens and other unseen signs stand within words
    seen = (char for char in text if unicodedata.category(char) != "Cf")
    return " ".join("".join(char if char.isprintable() else " " for char in seen).split())


def check_words(text: str, *, say: Callable[[str], str], kills: Sequence[str]) -> None:
    """
    Raise UnfitTextError for words that cannot air: nothing to say, far too long, or on the kill list.

    An empty text is fit: it leaves the sentence out. `say` gives a text as the voice reads it; it is asked last, since it
    takes a minute for half a megabyte of figures.
    """
    if len(text) > MOST_LETTERS:
        raise UnfitTextError(
            f"The text has {len(text)} letters, at most {MOST_LETTERS} fit in the place of a sentence; shorten it"
        )
    if text and not any(char.isalnum() for char in say(text)):
        raise UnfitTextError(
            f'"{text}" has no word that can be read out; write one, or leave the sentence out'
        )
    if entry := next((entry for entry in kills if is_named(entry, text)), ""):
        raise UnfitTextError(
            f'"{entry}" is on the kill list: a story with it does not air; use other words, or unblock it'
        )

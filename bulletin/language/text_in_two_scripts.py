"""
Text in two scripts, Latin and another one, of which a voice for Latin letters would say only a part.

Source: the names of letters in the Unicode Character Database begin with their script.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

REASON = "text in two scripts"
"""Begins the reason for which such a sentence is left out."""
_SCRIPTS = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "IDEOGRAPHIC": "Chinese",
}
"""First word of a letter's name -> script as people call it, where the word is another one."""
_NO_SCRIPT = "ªºμµʼʻʹ"
"""Letters that stand in Latin text although their names do not tell so."""


def has_other_script(text: str) -> bool:
    """
    Whether a text in Latin letters holds words in another script, of which a voice says nothing.

    A Greek letter that stands alone is said by its name.

    >>> has_other_script("Der Dichter Пушкин schrieb."), has_other_script("Der Dichter Łukasz schrieb.")
    (True, False)
    >>> has_other_script("The β variant spreads.")
    False
    """
    return not text.isascii() and bool(_other_scripts(text))


def explain_two_scripts(text: str) -> str:
    """
    Reason for which a sentence is left out, with its other scripts and their words.

    >>> explain_two_scripts("Der Dichter Пушкин schrieb 東京.")
    'text in two scripts (Latin, and Cyrillic and Chinese: Пушкин, 東京)'
    """
    words = [word.strip("\"'“”„«»‘’()[].,;:!?") for word in text.split() if has_other_script(word)]
    shown = ", ".join(dict.fromkeys(words[:3])) or "..."
    return f"{REASON} (Latin, and {' and '.join(_other_scripts(text))}: {shown})"


def name_greek_letters(text: str, *, keep: str = "") -> str:
    """
    Greek letters that stand alone by their names; those of `keep`, and the sign for "micro", stay.

    >>> name_greek_letters("the β-carotene, 5 μm, Σωκράτης")
    'the beta-carotene, 5 μm, Σωκράτης'
    """
    if text.isascii():
        return text
    return "".join(
        _greek_name(char) if char not in keep and _is_lone_greek(text, index) else char
        for index, char in enumerate(text)
    )


def _other_scripts(text: str) -> tuple[str, ...]:
    """
    Scripts of a text beside Latin, in its order.

    >>> _other_scripts("Łukasz und Пушкин")
    ('Cyrillic',)
    """
    found = (
        _script(char)
        for index, char in enumerate(text)
        if char.isalpha() and not char.isascii() and not _is_lone_greek(text, index)
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _script(letter: str) -> str:
    """
    Script of a letter; empty for Latin, and for a letter that is folded to a Latin one.

    >>> [_script(letter) for letter in "éжאＡ中"]
    ['', 'Cyrillic', 'Hebrew', '', 'Chinese']
    """
    name = unicodedata.name(letter, "LATIN")
    if letter in _NO_SCRIPT or "LATIN" in name or unicodedata.normalize("NFKD", letter)[0].isascii():
        return ""
    first = name.partition(" ")[0]
    return _SCRIPTS.get(first, first.capitalize())


def _is_lone_greek(text: str, index: int) -> bool:
    """
    Whether a Greek letter has no other one beside it; never the sign for "micro".

    >>> [_is_lone_greek("β αγ μ", index) for index in (0, 2, 3, 5)]
    [True, False, False, False]
    """
    if text[index] in "μµ" or not _is_greek(text[index]):
        return False
    return not any(map(_is_greek, (text[index - 1 : index], text[index + 1 : index + 2])))


def _is_greek(char: str) -> bool:
    """
    Whether a character is a letter of the basic Greek alphabet.

    >>> [_is_greek(char) for char in ("β", "b", "")]
    [True, False, False]
    """
    return "\N{GREEK CAPITAL LETTER ALPHA}" <= char <= "\N{GREEK SMALL LETTER OMEGA}" and char.isalpha()


def _greek_name(letter: str) -> str:
    """
    Name of a Greek letter, as English and most languages of Europe write it; Unicode says "lamda".

    >>> _greek_name("β"), _greek_name("λ")
    ('beta', 'lambda')
    """
    name = unicodedata.name(letter).partition(" LETTER ")[2].removeprefix("FINAL ").partition(" ")[0]
    return {"LAMDA": "lambda"}.get(name, name.lower())


def quote_two_scripts(sentences: Iterable[str]) -> tuple[str, ...]:
    """
    The sentences in two scripts, each quoted after its reason.

    >>> quote_two_scripts(["Die Fähre sank.", "Пушкин sah es."])
    ('text in two scripts (Latin, and Cyrillic: Пушкин): "Пушкин sah es."',)
    """
    return tuple(f'{explain_two_scripts(text)}: "{text}"' for text in sentences if has_other_script(text))

"""
Number of a German ruler in the case of the name: "König Charles der Dritte", "für König Felipe den Sechsten".

Source: Duden, "Die Grammatik", Apposition and Ordinalzahlwörter: the epithet of a name agrees with it in case; and the
same, "Die Präpositionen". A name shows its case only by an article, a preposition or a genitive s; else it is the subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletin.language.read_word_lists import word_set
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

_CASES = {
    name: word_set("bulletin.normalization.figures.grammars", "german.toml", f"rulers.{name}")
    for name in ("genitive", "dative", "accusative")
}
"""Example: `say_ruler`."""
_NAME = re.compile(r"[A-ZÀ-Þ][^\W\d_]+(?:-[A-ZÀ-Þ][^\W\d_]+)*'?")
"""Example: `say_ruler`."""
_ADJECTIVE = re.compile(r"[^\W\d_]{3,}e[mnrs]?")
"""Example: `say_ruler`."""
_QUEENS = frozenset(("Königin", "Kaiserin", "Zarin", "Fürstin"))
"""Example: `say_ruler`."""
_MASCULINE = {"genitive": "des", "dative": "dem", "accusative": "den", "": "der"}
"""Example: `say_ruler`."""
_FEMININE = {"genitive": "der", "dative": "der", "accusative": "die", "": "die"}
"""Example: `say_ruler`."""


def say_ruler(number: int, tongue: Tongue, *, before: str) -> str:
    """
    The ordinal with its article, behind the words `before`, which end in the ruler's name.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> texts = ("sagte König Charles", "mit dem britischen König Charles", "Für König Charles", "Leos", "Königin Elizabeth")
    >>> [say_ruler(3, load_tongue("de"), before=text) for text in texts]
    ['der Dritte', 'dem Dritten', 'den Dritten', 'des Dritten', 'die Dritte']
    """
    words = before.split()
    names: list[str] = []
    while words and _NAME.fullmatch(words[-1]) and not _case_of(words[-1]):
        names.insert(0, words.pop())
    name = names[-1].rstrip("'") if names else ""
    queens = tongue.words("queens")
    known = {item.split()[-1] for item in (*tongue.words("roman_before"), *queens)}
    has_s = name.endswith("s") and name not in known and name[:-1] in known
    is_genitive = bool(names) and (names[-1].endswith("'") or has_s)
    case = "genitive" if is_genitive else _governed(words)
    is_queen = not _QUEENS.isdisjoint(names) or name in queens or (has_s and name[:-1] in queens)
    if is_queen and not case and words[-1:] == ["der"]:
        case = "dative"
    article = (_FEMININE if is_queen else _MASCULINE)[case]
    is_weak = bool(case) and not (is_queen and case == "accusative")
    ordinal = tongue.numbers.spell(number, "spellout-ordinal-n" if is_weak else "spellout-ordinal")
    return f"{article} {ordinal.capitalize()}"


def _governed(words: Sequence[str]) -> str:
    """
    The case that the last word asks for, or the article before one adjective.

    >>> _governed(["mit"]), _governed(["dem", "neuen"]), _governed(["sagte"])
    ('dative', 'dative', '')
    """
    if not words:
        return ""
    if case := _case_of(words[-1]):
        return case
    return _case_of(words[-2]) if len(words) > 1 and _ADJECTIVE.fullmatch(words[-1]) else ""


def _case_of(word: str) -> str:
    """
    The case that a preposition or an article shows; empty for another word.

    >>> _case_of("mit"), _case_of("Haus")
    ('dative', '')
    """
    return next((case for case, words in _CASES.items() if word.casefold() in words), "")

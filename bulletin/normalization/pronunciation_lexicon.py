"""
Names as written with their pronunciations, put into a text before the steps that would change them.

Source: docs/decisions/0026, a name of the lexicon is one character until all steps have run; phonemes are those of
the International Phonetic Alphabet. The patterns check entries of a lexicon and match no article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bulletin.language.read_word_lists import either
from bulletin.normalization.transliterate_to_latin import clean_text

_WORD = re.compile(r"[^\W_]+")
"""Example: `mistake_in_entry`."""
_RESPELLING = re.compile(r"(?:[^\W\d_]|[' ,.-])+")
"""Example: `mistake_in_entry`."""
_PHONEMES = re.compile(r"[^\d/()\[\]]*")
"""Example: `mistake_in_entry`."""
# Letters that no cleaned text holds stand for a respelling until all other steps have run, so that
# "WECKS-cum" is not taken for initials. Ideographs: letters to a regular expression, one character each.
_SHIELD_FIRST = 0x4E00
"""Example: `Lexicon.shield`."""
SHIELD = f"{chr(_SHIELD_FIRST)}-\u4fff"  # few: an expression with them is compiled letter by letter
"""
Range for a character class: one character that stands for a respelled name.

>>> bool(re.fullmatch(f"[{SHIELD}]", chr(0x4E00)))
True
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronunciation:
    """Pronunciation of one name."""

    written: str
    """As in print; case counts: "Reading" is not "reading"."""
    said: str
    """Respelling of letters, apostrophes and hyphens ("Redding"); empty: an editor approved the print."""
    phonemes: str = ""
    """IPA for engines that take it; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Pronunciations; the first of two for one name counts."""

    entries: tuple[Pronunciation, ...] = ()
    others: tuple[tuple[str, Lexicon], ...] = ()
    """Each further language of the bulletins with its own lexicon."""
    _by_form: Mapping[str, Pronunciation] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        # an entry without a respelling is a comment; an entry of the shared lexicon stays in force
        respelled = [entry for entry in reversed(self.entries) if entry.said]
        object.__setattr__(
            self, "_by_form", {form: entry for entry in respelled for form in _forms(entry.written)}
        )

    def of(self, language: str) -> Lexicon:
        """
        The lexicon of a further language; this one where `language` is empty, the station's.

        >>> german = Lexicon(entries=(Pronunciation(written="Wexcombe", said="Weckskum"),))
        >>> both = Lexicon(others=(("de", german),))
        >>> [len(both.of(language).entries) for language in ("", "de", "fr")]
        [0, 1, 0]
        """
        return dict(self.others).get(language, Lexicon()) if language else self

    @property
    def phonemes(self) -> dict[str, str]:
        """
        Respelling -> IPA, for engines that accept phonemes.

        >>> Lexicon(entries=(Pronunciation(written="Frome", said="Froom", phonemes="fɹuːm"),)).phonemes
        {'Froom': 'fɹuːm'}
        """
        return {entry.said: entry.phonemes for entry in reversed(self.entries) if entry.phonemes}

    def with_respelled(self, respelled: Mapping[str, str]) -> Lexicon:
        """
        The same with names that an editor respelled, before every other entry.

        An empty respelling reads the name as printed. One that is no respelling any more is left out.

        >>> printed = Lexicon(entries=(Pronunciation(written="Frome", said="Froom"),))
        >>> [printed.with_respelled({"Frome": said}).shield("Frome")[1] for said in ("Frohm", "", "F4")]
        [('Frohm',), ('Frome',), ('Froom',)]
        >>> printed.with_respelled({"Łódź": "Woodge"}).shield(clean_text("Łódź"))[1]
        ('Woodge',)
        """
        entries = tuple(
            Pronunciation(written=form, said=said or name)
            for name, said in respelled.items()
            if not find_mistake(name, said or name)
            for form in dict.fromkeys((name, clean_text(name)))
        )
        return Lexicon(entries=(*entries, *self.entries), others=self.others) if entries else self

    def shield(self, text: str) -> tuple[str, tuple[str, ...]]:
        """
        Replace every known name by one letter that no step touches; `unshield` puts in the respellings.

        The longest match counts, of whole words only.

        >>> text, respellings = Lexicon(entries=(Pronunciation(written="Frome", said="Froom"),)).shield("in Frome")
        >>> unshield(text, respellings)
        'in Froom'
        """
        numbers: dict[str, int] = {}

        def hide(match: re.Match[str]) -> str:
            return chr(_SHIELD_FIRST + numbers.setdefault(self._by_form[match[0]].said, len(numbers)))

        return _compile_forms(frozenset(self._by_form)).sub(hide, text), tuple(numbers)


def find_mistake(name: str, respelling: str) -> str:
    """
    What is wrong with a respelling, to be printed after the name in quotes; empty for a correct one.

    >>> find_mistake("Frome", "Froom"), find_mistake("Frome", "F4")
    ('', ' = "F4": write how it is said with letters, spaces, hyphens and apostrophes only')
    """
    return mistake_in_entry(name, {"said": respelling}, is_table=False)


@lru_cache(maxsize=16)
def _compile_forms(forms: frozenset[str]) -> re.Pattern[str]:
    """
    Whole words only, so that "Frome" is not found in "Fromer"; a possessive 's may follow.

    >>> _compile_forms(frozenset({"Frome"})).findall("Frome, Frome's, Fromer")
    ['Frome', 'Frome']
    """
    return re.compile(rf"(?<![^\W_])(?:{either(forms)})(?![^\W_])")


def unshield(text: str, respellings: Sequence[str]) -> str:
    """
    Put the respellings in the place of the letters of `Lexicon.shield`.

    >>> unshield(f"in {chr(0x4E00)}", ["Froom"])
    'in Froom'
    """
    return text.translate(dict(enumerate(respellings, _SHIELD_FIRST)))


def mistake_in_entry(written: str, fields: Mapping[str, Any], *, is_table: bool) -> str:
    """
    Mistake in an entry, and the remedy; empty for a correct entry.

    >>> mistake_in_entry("Frome", {"said": "Froom", "phonemes": "fɹuːm"}, is_table=True)
    ''
    >>> mistake_in_entry("Frome", {"said": "Fr00m"}, is_table=False)
    ' = "Fr00m": write how it is said with letters, spaces, hyphens and apostrophes only'
    """
    for key, text in fields.items():
        if key not in ("said", "phonemes"):
            return (
                f': unknown key "{key}"; an entry has said and phonemes'
                f' (write "{written}" = "how it is said", or {{ said = "...", phonemes = "..." }})'
            )
        if not isinstance(text, str):
            example = f'{key} = "..."' if is_table else f'"{written}" = "..."'
            return f": write it as text in quotes ({example}), not {text!r}"
    said, phonemes = fields.get("said", ""), fields.get("phonemes", "")
    if not said and ("said" not in fields or phonemes):
        return ' needs a respelling beside its phonemes: said = "..."'
    if not _WORD.search(written):
        return " holds no letter, so it can never be found in a text"
    if said and not (_RESPELLING.fullmatch(said) and _WORD.search(said)):
        return f' = "{said}": write how it is said with letters, spaces, hyphens and apostrophes only'
    return (
        ""
        if _PHONEMES.fullmatch(phonemes)
        else ": phonemes are IPA signs without slashes, brackets or figures"
    )


def _forms(written: str) -> tuple[str, ...]:
    """
    Forms of a name: as written, in capitals for headlines, a lower-case word also with a capital.

    Short names have no capital form: "Ely" may be respelled, "ELY" may be initials.

    >>> _forms("Frome"), _forms("Ely"), _forms("quay")
    (('Frome', 'FROME'), ('Ely',), ('quay', 'Quay'))
    """
    capitals = (written.upper(),) if len(written) > 4 else ()
    return (written, *capitals, *((written[0].upper() + written[1:],) if written.islower() else ()))

"""
Lexicon files -> Lexicon: names as written with their pronunciations, the station's own before the shared.

Source: docs/decisions/0026, a name of the lexicon is one character until all steps have run; phonemes are those of
the International Phonetic Alphabet. The patterns check entries of a lexicon and match no article.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from bulletin.config.toml_line_numbers import error_line, explain_toml, line_of
from bulletin.errors import ConfigError, explain_unreadable_text
from bulletin.language.language_folders import shipped_folder
from bulletin.language.read_word_lists import either
from bulletin.normalization.transliterate_to_latin import clean_text
from bulletin.runtime.files.toml_reader import parse_toml

_WORD = re.compile(r"[^\W_]+")
"""Example: `_mistake`."""
_RESPELLING = re.compile(r"(?:[^\W\d_]|[' ,.-])+")
"""Example: `_mistake`."""
_PHONEMES = re.compile(r"[^\d/()\[\]]*")
"""Example: `_mistake`."""
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
    return _mistake(name, {"said": respelling}, is_table=False)


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


def load_lexicon(
    pronunciations: Mapping[str, Any],
    files: Iterable[Path] = (),
    language: str = "en-GB",
    *,
    profile: Path | None = None,
    folder: Path | None = None,
    others: Collection[str] = (),
) -> Lexicon:
    """
    Join the station's own words, its lexicon files and the shared lexicon of `language`, in this order.

    `others` are the further languages of the bulletins: each has a lexicon of its own, from the tables
    [pronunciations.de] and [names.de].

    `folder` holds folders of languages, whose names.toml go before ours. `profile` is the path of the profile with
    the station's own words. Raises ConfigError, with file and line, for an unreadable or wrong file.

    >>> load_lexicon({"Alnwick": "Annock"}).entries[0].said, load_lexicon({}).shield("Alnwick")[1]
    ('Annock', ('Annick',))
    """
    texts = {path: _read_text(path) for path in files}
    tables = {path: _names(text, name=str(path)) for path, text in texts.items()}

    def lexicon_of(tag: str, other: str) -> Lexicon:
        own = _make_entries(
            _of_language(pronunciations, other, others), locate=partial(_locate_in_profile, profile, other)
        )
        for path, names in tables.items():
            locate = partial(_locate_in_file, str(path), texts[path], other)
            own += _make_entries(_of_language(names, other, others), locate=locate)
        theirs = (folder / name / "names.toml" for name in _with_base(tag)) if folder else ()
        for path in theirs:
            if path.is_file():
                own += parse_lexicon(_read_text(path), name=str(path))
        return Lexicon(entries=(*own, *_shared(tag)))

    station = lexicon_of(language, "")
    return replace(station, others=tuple((other, lexicon_of(other, other)) for other in others))


def _read_text(path: Path) -> str:
    """
    Text of a lexicon file. Raises ConfigError.

    >>> "loads" in _read_text(Path(tomllib.__file__))
    True
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the lexicon of names {explain_unreadable_text(error)}") from error


def _of_language(entries: Mapping[str, Any], other: str, others: Collection[str]) -> Mapping[str, Any]:
    """
    Entries of the further language `other`, in a table under its tag; those beside these tables where it is empty.

    >>> entries = {"Frome": "Froom", "de": {"Wexcombe": "Weckskum"}}
    >>> _of_language(entries, "", ["de"]), _of_language(entries, "de", ["de"])
    ({'Frome': 'Froom'}, {'Wexcombe': 'Weckskum'})
    """
    if other:
        return dict(entries[other]) if _is_table_of_language(entries.get(other)) else {}
    return {
        name: value
        for name, value in entries.items()
        if name not in others or not _is_table_of_language(value)
    }


def _is_table_of_language(value: object) -> bool:
    """
    Whether a value is a table of names, and not an entry with "said" and "phonemes".

    >>> _is_table_of_language({"Frome": "Froom"}), _is_table_of_language({"said": "Froom"})
    (True, False)
    """
    return isinstance(value, dict) and not value.keys() & {"said", "phonemes"}


def parse_lexicon(text: str, *, name: str) -> tuple[Pronunciation, ...]:
    """
    Parse a lexicon file: TOML with one table, [names], of `"Frome" = "Froom"`,
    or `"Frome" = { said = "Froom", phonemes = "fɹuːm" }`. `"Frome" = ""` keeps a name as printed, approved
    by an editor.

    Raises ConfigError, which begins with `name` and the line.

    >>> parse_lexicon('[names]\\nFrome = "Froom"', name="own.toml")[0].said
    'Froom'
    """
    names = _names(text, name=name)
    return tuple(_make_entries(names, locate=partial(_locate_in_file, name, text, "")))


def _names(text: str, *, name: str) -> dict[str, Any]:
    """
    The table [names] of a lexicon file. Raises ConfigError for another table, and for a mistake in the TOML.

    >>> _names('[names]\\nFrome = "Froom"', name="names.toml")
    {'Frome': 'Froom'}
    """
    try:
        table = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}:{error_line(error, text)}: {explain_toml(error)}") from error
    names = table.pop("names", {})
    if table or not isinstance(names, dict):
        odd = next(iter(table), "names")
        raise ConfigError(
            f'{name}:{line_of(text, (odd,))}: unknown table "{odd}"; put the names under [names]'
        )
    return names


def _locate_in_file(name: str, text: str, other: str, written: str) -> str:
    """
    File and line of an entry, in the table of a further language if there is one.

    >>> _locate_in_file("own.toml", '[names]\\nFrome = "Fr00m"', "", "Frome")
    'own.toml:2'
    """
    return f"{name}:{line_of(text, tuple(filter(None, ('names', other, written))))}"


def _locate_in_profile(profile: Path | None, other: str, written: str) -> str:
    """
    Place of an entry in the profile for a message: file and line, where the profile is a file.

    >>> _locate_in_profile(None, "", "Frome"), _locate_in_profile(None, "de", "Frome")
    ('[pronunciations]', '[pronunciations.de]')
    """
    key = tuple(filter(None, ("pronunciations", other)))
    table = f"[{'.'.join(key)}]"
    if profile is None:
        return table
    return f"{profile}:{line_of(profile.read_text(encoding='utf-8-sig'), (*key, written))}: {table}"


def _with_base(language: str) -> tuple[str, ...]:
    """
    Languages of a lexicon, "en-GB" before "en", because the first of two entries counts.

    >>> _with_base("en-GB"), _with_base("en")
    (('en-GB', 'en'), ('en',))
    """
    return tuple(dict.fromkeys((language, language.partition("-")[0])))


@lru_cache(maxsize=8)
def _shared(language: str) -> tuple[Pronunciation, ...]:
    """
    Load the project's entries for a language, "en-GB" before "en".

    >>> "Alnwick" in {entry.written for entry in _shared("en-GB")}
    True
    """
    paths = (shipped_folder() / name / "names.toml" for name in _with_base(language))
    return tuple(
        entry
        for path in paths
        if path.is_file()
        for entry in parse_lexicon(path.read_text(encoding="utf-8"), name=path.name)
    )


def _make_entries(entries: Mapping[str, Any], *, locate: Callable[[str], str]) -> list[Pronunciation]:
    """
    Check entries; `locate` returns the file and line of one, and runs only on a mistake because the search is slow.

    >>> _make_entries({"Frome": "Froom"}, locate=str)[0].said
    'Froom'
    """
    pronunciations = []
    for written, value in entries.items():
        fields = value if isinstance(value, dict) else {"said": value}
        if mistake := _mistake(written, fields, is_table=fields is value):
            raise ConfigError(f'{locate(written)}: "{written}"{mistake}')
        pronunciations.append(Pronunciation(written=written, **{"said": "", **fields}))
    return pronunciations


def _mistake(written: str, fields: Mapping[str, Any], *, is_table: bool) -> str:
    """
    Mistake in an entry, and the remedy; empty for a correct entry.

    >>> _mistake("Frome", {"said": "Froom", "phonemes": "fɹuːm"}, is_table=True)
    ''
    >>> _mistake("Frome", {"said": "Fr00m"}, is_table=False)
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

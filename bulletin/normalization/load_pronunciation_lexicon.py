"""
Lexicon files and tables of the profile -> Lexicon: the station's own names before the shared ones.

A mistake is told with file and line.

Source: docs/decisions/0026, names come from the profile, its files, the language's folder and ours, in this order.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from bulletin.config.toml_line_numbers import error_line, explain_toml, line_of
from bulletin.errors import ConfigError, explain_unreadable_text
from bulletin.language.language_folders import shipped_folder
from bulletin.normalization.pronunciation_lexicon import Lexicon, Pronunciation, mistake_in_entry
from bulletin.runtime.files.toml_reader import parse_toml


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
        if mistake := mistake_in_entry(written, fields, is_table=fields is value):
            raise ConfigError(f'{locate(written)}: "{written}"{mistake}')
        pronunciations.append(Pronunciation(written=written, **{"said": "", **fields}))
    return pronunciations

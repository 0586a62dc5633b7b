"""Lexicon files -> Lexicon: names as written with their pronunciations, the station's own before the shared."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

from bulletin.config.toml_lines import error_line, line_of
from bulletin.errors import ConfigError
from bulletin.runtime.files.toml_reader import parse_toml

_WORD = re.compile(r"[^\W_]+")
_RESPELLING = re.compile(r"(?:[^\W\d_]|[' ,.-])+")
_PHONEMES = re.compile(r"[^\d/()\[\]]*")
# Letters that no cleaned text holds stand for a respelling until all other steps have run, so that
# "WECKS-cum" is not taken for initials. Ideographs: letters to a regular expression, one character each.
_SHIELD_FIRST, _SHIELD_LAST = 0x4E00, 0x4FFF  # few: an expression with them is compiled letter by letter
SHIELD = f"{chr(_SHIELD_FIRST)}-{chr(_SHIELD_LAST)}"
"""Range for a character class: one character that stands for a respelled name."""


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
    _by_word: Mapping[str, tuple[tuple[str, int, Pronunciation], ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_word", _index(self.entries))

    @property
    def phonemes(self) -> dict[str, str]:
        """Respelling -> IPA, for engines that accept phonemes."""
        return {entry.said: entry.phonemes for entry in reversed(self.entries) if entry.phonemes}

    def shield(self, text: str) -> tuple[str, tuple[str, ...]]:
        """
        Replace every known name by one letter that no step touches; `unshield` puts in the respellings.

        The longest match counts, of whole words only.

        >>> text, respellings = Lexicon(entries=(Pronunciation(written="Frome", said="Froom"),)).shield("in Frome")
        >>> unshield(text, respellings)
        'in Froom'
        """
        if not self._by_word:
            return text, ()
        said: dict[str, int] = {}
        parts: list[str] = []
        done = 0
        for word in _WORD.finditer(text):
            found = self._longest(text, word) if word.start() >= done else None
            if found is None:
                continue
            start, end, entry = found
            number = said.setdefault(entry.said, len(said))
            if start < done or _SHIELD_FIRST + number > _SHIELD_LAST:
                continue
            parts += (text[done:start], chr(_SHIELD_FIRST + number))
            done = end
        return "".join((*parts, text[done:])), tuple(said)

    def _longest(self, text: str, word: re.Match[str]) -> tuple[int, int, Pronunciation] | None:
        for form, offset, entry in self._by_word.get(word[0], ()):
            start, end = word.start() - offset, word.start() - offset + len(form)
            if start >= 0 and text.startswith(form, start) and not _continues(text, start, end):
                return start, end, entry
        return None


def unshield(text: str, said: Sequence[str]) -> str:
    """Put the respellings in the place of the letters of `Lexicon.shield`."""
    return text.translate(dict(enumerate(said, _SHIELD_FIRST)))


def load_lexicon(
    pronunciations: Mapping[str, Any],
    files: Iterable[Path] = (),
    language: str = "en-GB",
    *,
    profile: Path | None = None,
    folder: Path | None = None,
) -> Lexicon:
    """
    Join the station's own words, its lexicon files and the shared lexicon of `language`, in this order.

    `folder` holds folders of languages, whose names.toml go before ours. `profile` is the path of the profile with
    the station's own words. Raises ConfigError, with file and line, for an unreadable or wrong file.
    """
    own = [
        _make_entry(written, said, place=partial(_place, profile, written))
        for written, said in pronunciations.items()
    ]
    theirs = (folder / name / "names.toml" for name in _with_base(language)) if folder else ()
    for path in (*files, *(path for path in theirs if path.is_file())):
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: cannot be read as a lexicon ({error})") from error
        own += parse_lexicon(text, name=str(path))
    return Lexicon(entries=(*own, *_shared(language)))


def parse_lexicon(text: str, *, name: str) -> tuple[Pronunciation, ...]:
    """
    Parse a lexicon file: TOML with one table, [names], of `"Frome" = "Froom"`,
    or `"Frome" = { said = "Froom", phonemes = "fɹuːm" }`. `"Frome" = ""` keeps a name as printed, approved
    by an editor.

    Raises ConfigError, which begins with `name` and the line.

    >>> parse_lexicon('[names]\\nFrome = "Froom"', name="own.toml")[0].said
    'Froom'
    """
    try:
        table = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}:{error_line(error, text)}: {error}") from error
    names = table.pop("names", {})
    if table or not isinstance(names, dict):
        odd = next(iter(table), "names")
        raise ConfigError(
            f'{name}:{line_of(text, (odd,))}: a lexicon has one table, [names]; what is "{odd}"?'
        )
    return tuple(
        _make_entry(written, value, place=partial(_place_in, text, name, written))
        for written, value in names.items()
    )


def _place_in(text: str, name: str, written: str) -> str:
    return f"{name}:{line_of(text, ('names', written))}"


def _place(profile: Path | None, written: str) -> str:
    if profile is None:
        return "[pronunciations]"
    line = line_of(profile.read_text(encoding="utf-8-sig"), ("pronunciations", written))
    return f"{profile}:{line}: [pronunciations]"


def _with_base(language: str) -> tuple[str, ...]:
    """ "en-GB" before "en"."""
    return tuple(dict.fromkeys((language, language.partition("-")[0])))


@lru_cache(maxsize=8)
def _shared(language: str) -> tuple[Pronunciation, ...]:
    """Load the project's entries for a language, "en-GB" before "en"."""
    folder = resources.files("bulletin.normalization") / "lexicons"
    entries: list[Pronunciation] = []
    for name in _with_base(language):
        path = folder / f"{name}.toml"
        if path.is_file():
            entries += parse_lexicon(path.read_text(encoding="utf-8"), name=path.name)
    return tuple(entries)


def _make_entry(written: str, value: Any, *, place: Callable[[], str]) -> Pronunciation:
    """Check one entry; `place` returns its file and line, and runs only on a mistake because the search is slow."""
    fields = value if isinstance(value, dict) else {"said": value}
    for key, text in fields.items():
        if key not in ("said", "phonemes"):
            raise ConfigError(
                f'{place()}: "{written}": an entry has said and phonemes; what is "{key}"?'
                f' (write "{written}" = "how it is said", or {{ said = "...", phonemes = "..." }})'
            )
        if not isinstance(text, str):
            example = f'"{written}" = "..."' if fields is not value else f'{key} = "..."'
            raise ConfigError(f'{place()}: "{written}": {key} is text in quotes ({example}), not {text!r}')
    said, phonemes = fields.get("said", ""), fields.get("phonemes", "")
    if not said and ("said" not in fields or phonemes):
        raise ConfigError(f'{place()}: "{written}" needs a respelling beside its phonemes: said = "..."')
    if not _WORD.search(written):
        raise ConfigError(f'{place()}: "{written}" holds no letter, so it can never be found in a text')
    if said and not (_RESPELLING.fullmatch(said) and _WORD.search(said)):
        raise ConfigError(
            f'{place()}: "{written}" = "{said}": a respelling holds only letters, spaces, hyphens and apostrophes'
        )
    if not _PHONEMES.fullmatch(phonemes):
        raise ConfigError(
            f'{place()}: "{written}": phonemes are IPA signs without slashes, brackets or figures'
        )
    return Pronunciation(written=written, said=said, phonemes=phonemes)


def _index(entries: Iterable[Pronunciation]) -> dict[str, tuple[tuple[str, int, Pronunciation], ...]]:
    """Index the forms by their first word: (form, offset of that word, entry), longest form first."""
    by_form: dict[str, Pronunciation] = {}
    for entry in entries:
        # an entry without a respelling is a comment: those of the shared lexicon stand
        for form in _forms(entry.written) if entry.said else ():
            by_form.setdefault(form, entry)
    lists: dict[str, list[tuple[str, int, Pronunciation]]] = {}
    for form, entry in by_form.items():
        if word := _WORD.search(form):
            lists.setdefault(word[0], []).append((form, word.start(), entry))
    return {word: tuple(sorted(found, key=lambda item: -len(item[0]))) for word, found in lists.items()}


def _forms(written: str) -> tuple[str, ...]:
    """
    List the forms of a name: as written, in capitals for headlines, a lower-case word also with a capital.

    Short names have no capital form: "Ely" may be respelled, "ELY" may be initials.
    """
    forms = [written]
    if len(written) > 4:
        forms.append(written.upper())
    if written.islower():
        forms.append(written[0].upper() + written[1:])
    return tuple(forms)


def _continues(text: str, start: int, end: int) -> bool:
    """Whether the match is part of a longer word; a possessive 's may follow."""
    before = start > 0 and text[start].isalnum() and text[start - 1].isalnum()
    after = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return before or after

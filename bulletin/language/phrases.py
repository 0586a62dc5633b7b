"""Language -> the station's own words: greetings, the time of day, titles."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.errors import ConfigError
from bulletin.language.sentences import words
from bulletin.model import StationWords
from bulletin.runtime.files.toml_reader import parse_toml

FIELDS = ("station", "frequencies", "slogan", "time", "day", "daypart")
"""What an opening, an ident or a closing of the profile may ask for."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrase file of one language."""

    language: str
    table: Mapping[str, Any]
    path: Path
    """Its file, for messages."""
    folder: Path | None = None
    """Of the station's own languages."""

    def said(self, name: str, *, has_frequencies: bool) -> tuple[str, ...]:
        """Sentence templates of the "opening", "ident" or "closing", with fields not yet filled in."""
        kind = "says" if has_frequencies else "says_plain"
        return tuple(self.table[kind][name])

    @property
    def disclosure(self) -> str:
        """Template of the sentence that the voice is synthetic."""
        return str(self.table["says"]["disclosure"])

    @property
    def credit(self) -> str:
        """Template of a credit, with the fields {credit} and {sentence}."""
        return str(self.table["says"]["credit"])

    @property
    def common_words(self) -> frozenset[str]:
        """The commonest words of the language, in small letters."""
        return frozenset(self.table["language"]["common"])

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels before a title or a paragraph that are no part of it; a language may have none."""
        return tuple(self.table["language"].get("labels", ()))

    @property
    def abbreviations(self) -> tuple[str, ...]:
        """Abbreviations whose full stop ends no sentence: "z. B.", "Nr."; a language may have none."""
        return tuple(self.table["language"].get("abbreviations", ()))

    @property
    def page_words(self) -> tuple[str, ...]:
        """Phrases of boilerplate: "Lesen Sie auch"; a language may have none."""
        return tuple(self.table["language"].get("page", ()))


@lru_cache(maxsize=8)
def load_phrases(language: str, *, folder: Path | None = None) -> Phrases:
    """
    Load the phrase file of a language, or of a sister ("en-AU" uses "en-GB").

    `folder` holds folders of the station's own languages, which go before the shipped ones: "de-AT/phrases.toml", then
    "de/phrases.toml". Raises ConfigError, with the known languages, where there is no file.
    """
    names = dict.fromkeys((language, language.partition("-")[0]))
    for path in (folder / name / "phrases.toml" for name in names) if folder else ():
        if path.is_file():
            table = parse_toml(path.read_text(encoding="utf-8-sig"))
            return Phrases(language=language, table=table, path=path, folder=folder)
    return _shipped(language, folder)


def _shipped(language: str, own_folder: Path | None) -> Phrases:
    folder = resources.files("bulletin.language.phrasebooks")
    names = sorted(
        item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")
    )
    sisters = [name for name in names if name.partition("-")[0] == language.partition("-")[0]]
    chosen = language if language in names else next(iter(sisters), None)
    if chosen is None:
        remedy = (
            f"{own_folder / language / 'phrases.toml'} is missing"
            if own_folder
            else 'languages = "FOLDER" names a folder of your own'
        )
        raise ConfigError(f'language "{language}" has no phrase file (known: {", ".join(names)}; {remedy})')
    text = (folder / f"{chosen}.toml").read_text(encoding="utf-8")
    return Phrases(language=chosen, table=parse_toml(text), path=Path(f"{chosen}.toml"), folder=own_folder)


def station_fields(station: StationWords, at: datetime, phrases: Phrases) -> dict[str, str]:
    """Values of the fields in `FIELDS` at the moment `at`."""
    local = at.astimezone(ZoneInfo(station.time_zone))
    return {
        "station": station.name,
        "frequencies": _join_frequencies(station, phrases),
        "slogan": station.slogan,
        "time": time_of_day(local, phrases),
        "day": str(phrases.table["calendar"]["weekdays"][local.weekday()]),
        "daypart": _daypart(local, phrases),
    }


def fill(sentences: Sequence[str], fields: Mapping[str, str], *, key: str) -> tuple[str, ...]:
    """
    Put the fields in; `key` is the option's name.

    Raises ConfigError for a field that does not exist and for a stray brace.
    """
    return tuple(filter(None, (_fill_one(sentence, fields, key) for sentence in sentences)))


def sentences_of(template: str) -> tuple[str, ...]:
    """
    Split the profile's own words into sentences, before a field can bring a full stop of its own.

    >>> sentences_of("This is {station}. Good {daypart}!")
    ('This is {station}.', 'Good {daypart}!')
    """
    return tuple(part for part in _SENTENCE_END.split(template.strip()) if part)


def time_of_day(local: datetime, phrases: Phrases) -> str:
    """The time as a person says it: "half past six", "twenty-five to nine", "twelve noon"."""
    clock, hour, minute = phrases.table["clock"], local.hour, local.minute
    if minute == 0 and hour in (0, 12):
        return str(clock["midnight" if hour == 0 else "noon"])
    pattern = clock["minute"].get(str(minute))
    if pattern is None:
        name = "past" if minute < 30 else "to"
        pattern = clock[f"{name}_one" if minute in (1, 59) else name]
    hours = clock["hours"]
    minutes = minute if minute < 30 else 60 - minute
    return str(pattern).format(hour=hours[hour], next=hours[(hour + 1) % 24], minutes=minutes)


def episode_title(at: datetime, *, zone: str, phrases: Phrases) -> str:
    """ "7am news, Wednesday 25 November 2026", by the station's own clock."""
    local = at.astimezone(ZoneInfo(zone))
    pattern, calendar = phrases.table["title"], phrases.table["calendar"]
    if pattern.get("clock") == "24":
        time = f"{local.hour}{pattern['minute_mark']}{local.minute:02}"
    elif local.minute == 0 and local.hour in (0, 12):
        time = pattern["midnight" if local.hour == 0 else "noon"]
    else:
        minute = f"{pattern['minute_mark']}{local.minute:02}" if local.minute else ""
        time = f"{local.hour % 12 or 12}{minute}{'am' if local.hour < 12 else 'pm'}"
    date = pattern["date"].format(
        weekday=calendar["weekdays"][local.weekday()],
        day=local.day,
        month=calendar["months"][local.month - 1],
        year=local.year,
    )
    return str(pattern["pattern"].format(time=time, date=date))


def _fill_one(sentence: str, fields: Mapping[str, str], key: str) -> str:
    parts: list[str] = []
    try:
        pieces = list(string.Formatter().parse(sentence))
    except ValueError as error:
        raise ConfigError(f"{key}: a brace stands alone in {sentence!r} ({error})") from error
    for literal, name, spec, conversion in pieces:
        parts.append(literal)
        if name is None:
            continue
        if name not in fields or spec or conversion:
            known = ", ".join("{" + field + "}" for field in fields)
            raise ConfigError(f"{key}: unknown field {{{name}}}; the fields are {known}")
        parts.append(fields[name])
    filled = " ".join("".join(parts).split())
    return filled[:1].upper() + filled[1:] if any(char.isalnum() for char in filled) else ""


def _join_frequencies(station: StationWords, phrases: Phrases) -> str:
    *most, last = station.frequencies or ("",)
    joined = f"{', '.join(most)} {phrases.table['says']['and']} {last}" if most else last
    return f"{joined} {station.band}".strip() if joined else ""


def _daypart(local: datetime, phrases: Phrases) -> str:
    parts = {int(hour): str(name) for hour, name in phrases.table["daypart"].items()}
    return parts[max(hour for hour in parts if hour <= local.hour)]


FEWEST_COMMON = 0.12
"""Share of a language's commonest words below which a text is in another language; English news has 0.35."""


def is_in_language(sentences: Sequence[str], phrases: Phrases) -> bool:
    """
    Whether the first hundred words hold enough of the language's commonest ones.

    >>> is_in_language(["The council has not shut the bridge after the storm."], load_phrases("en-GB"))
    True
    """
    first_words = [word.casefold() for word in words(" ".join(sentences[:12])[:2000])][:100]
    if len(first_words) < 8:
        return any(word.isascii() for word in first_words)
    common = phrases.common_words
    return sum(word in common for word in first_words) >= FEWEST_COMMON * len(first_words)

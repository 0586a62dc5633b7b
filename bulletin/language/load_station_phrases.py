"""Language -> the station's own words: greetings, the time of day, titles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.errors import ConfigError
from bulletin.language.cldr import names_of_days
from bulletin.language.language_folders import language_files, shipped_folder, shipped_languages
from bulletin.language.split_sentences import words
from bulletin.model import StationWords
from bulletin.runtime.files.toml_reader import parse_toml

FIELDS = ("station", "frequencies", "slogan", "time", "time_is", "day", "daypart")
"""Fields of an opening, an ident or a closing in the profile."""

_FIELD = re.compile(r"\{([^{}]*)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrase file of one language."""

    language: str
    table: Mapping[str, Any] = field(compare=False)
    path: Path
    """Its file, for messages."""
    folder: Path | None = None
    """Folder of the station's own languages."""

    def templates(self, name: str, *, has_frequencies: bool) -> tuple[str, ...]:
        """Sentence templates of the "opening", "ident" or "closing", with fields not yet filled in."""
        kind = "says" if has_frequencies else "says_plain"
        return tuple(self.table[kind][name])

    def words(self, name: str) -> tuple[str, ...]:
        """
        A list of the table [language]: "common" words, and optional lists.

        "labels" before a title or a paragraph are no part of it ("Live-Ticker"), "page" are phrases of boilerplate
        ("Lesen Sie auch"), the full stop of "abbreviations" ends no sentence ("z. B.").
        """
        return tuple(self.table["language"].get(name, ()))


@lru_cache(maxsize=8)
def load_phrases(language: str, *, folder: Path | None = None) -> Phrases:
    """
    Load the phrase file of a language, or of a sister ("en-AU" uses "en-GB").

    `folder` holds folders of the station's own languages, which go before the shipped ones: "de-AT/phrases.toml", then
    "de/phrases.toml". Raises ConfigError, with the known languages, where there is no file.
    """
    path = next(language_files(language, "phrases.toml", folder=folder), None)
    if path is None:
        names = [name for name in shipped_languages() if (shipped_folder() / name / "phrases.toml").is_file()]
        file = f"{folder / language / 'phrases.toml'} is missing" if folder else ""
        remedy = file or 'languages = "FOLDER" names a folder of your own'
        raise ConfigError(f'language "{language}" has no phrase file (known: {", ".join(names)}; {remedy})')
    table = parse_toml(path.read_text(encoding="utf-8-sig"))
    if calendar := names_of_days(language):
        table.setdefault("calendar", calendar)
    is_own = folder is not None and path.is_relative_to(folder)
    return Phrases(
        language=language if is_own else path.parent.name,
        table=table,
        path=path,
        folder=folder,
    )


def station_fields(station: StationWords, at: datetime, phrases: Phrases) -> dict[str, str]:
    """Values of the fields in `FIELDS` at the moment `at`."""
    local = at.astimezone(ZoneInfo(station.time_zone))
    dayparts = phrases.table["daypart"]
    *most, last = station.frequencies or ("",)
    joined = f"{', '.join(most)} {phrases.table['says']['and']} {last}" if most else last
    return {
        "station": station.name,
        "frequencies": f"{joined} {station.band}".strip() if joined else "",
        "slogan": station.slogan,
        "time": time_of_day(local, phrases),
        "time_is": clause_of_time(local, phrases),
        "day": str(phrases.table["calendar"]["weekdays"][local.weekday()]),
        "daypart": dayparts[max((hour for hour in dayparts if int(hour) <= local.hour), key=int)],
    }


def sentences_of(template: str) -> tuple[str, ...]:
    """
    Split the profile's own words into sentences, before a field's value can add a full stop.

    >>> sentences_of("This is {station}. Good {daypart}!")
    ('This is {station}.', 'Good {daypart}!')
    """
    return tuple(part for part in _SENTENCE_END.split(template.strip()) if part)


def time_of_day(local: datetime, phrases: Phrases) -> str:
    """
    The time as a person says it: "half past six", "twenty-five to nine", "twelve noon".

    {minute} is the minute of the hour, {minutes} those since the last hour or until the next, whichever is nearer.

    >>> clock = {"hours": ["ore zero", "ore una"] * 12, "to": "{hour} e {minute}", "minute": {}}
    >>> time_of_day(datetime(2026, 11, 25, 1, 37), Phrases(language="it", table={"clock": clock}, path=Path("a.toml")))
    'ore una e 37'
    """
    clock, hour, minute = phrases.table["clock"], local.hour, local.minute
    if minute == 0 and hour in (0, 12):
        return str(clock["midnight" if hour == 0 else "noon"])
    pattern = clock["minute"].get(str(minute))
    if pattern is None:
        name = "past" if minute < 30 else "to"
        pattern = clock[f"{name}_one" if minute in (1, 59) else name]
    hours = clock["hours"]
    minutes = minute if minute < 30 else 60 - minute
    fields = {"hour": hours[hour], "next": hours[(hour + 1) % 24], "minutes": minutes, "minute": minute}
    return str(pattern).format(**fields)


def clause_of_time(local: datetime, phrases: Phrases) -> str:
    """
    The time with a verb that agrees with it, by the table [clock.is]: "es la una", "son las dos".

    The key is the first word of the time, or "other"; without the table the time stands alone.

    >>> clock = {"midnight": "", "noon": "", "hours": ["", "la una", "las dos"] * 8, "minute": {"0": "{hour}"}}
    >>> clock |= {"is": {"la": "es {time}", "other": "son {time}"}}
    >>> spanish = Phrases(language="es", table={"clock": clock}, path=Path("phrases.toml"))
    >>> [clause_of_time(datetime(2026, 11, 25, hour), spanish) for hour in (1, 2)]
    ['es la una', 'son las dos']
    """
    time, clauses = time_of_day(local, phrases), phrases.table["clock"].get("is", {})
    clause = clauses.get(time.split(" ")[0], clauses.get("other", "{time}"))
    return str(clause).format(time=time)


def episode_title(at: datetime, *, zone: str, phrases: Phrases) -> str:
    """ "7am news, Wednesday 25 November 2026", by the station's own clock."""
    local = at.astimezone(ZoneInfo(zone))
    pattern, calendar = phrases.table["title"], phrases.table["calendar"]
    if pattern.get("clock") == "24":
        full_hour = pattern.get("full_hour") if local.minute == 0 else None
        time = full_hour or "{hour}" + pattern["minute_mark"] + "{minute:02}"
        time = time.format(hour=local.hour, minute=local.minute)
    elif local.minute == 0 and local.hour in (0, 12):
        time = pattern["midnight" if local.hour == 0 else "noon"]
    else:
        minute = f"{pattern['minute_mark']}{local.minute:02}" if local.minute else ""
        time = f"{local.hour % 12 or 12}{minute}{'am' if local.hour < 12 else 'pm'}"
    date = pattern["date"].format(
        weekday=calendar["weekdays"][local.weekday()],
        day=pattern.get("first_day", 1) if local.day == 1 else local.day,
        month=calendar["months"][local.month - 1],
        year=local.year,
    )
    return str(pattern["pattern"].format(time=time, date=date))


def fill(sentence: str, fields: Mapping[str, str], *, key: str) -> str:
    """
    Fill in the fields; `key` is the option's name. Empty where no words are left.

    Raises ConfigError for a field that does not exist and for a stray brace.
    """
    for name in _FIELD.findall(sentence):
        if name not in fields:
            known = ", ".join("{" + field + "}" for field in fields)
            raise ConfigError(f"{key}: unknown field {{{name}}}; the fields are {known}")
    if re.search("[{}]", _FIELD.sub("", sentence)):
        raise ConfigError(f"{key}: an unmatched brace in {sentence!r}; write a field as {{station}}")
    filled = " ".join(_FIELD.sub(lambda match: fields[match[1]], sentence).split())
    return filled[:1].upper() + filled[1:] if any(map(str.isalnum, filled)) else ""


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
    common = frozenset(phrases.words("common"))
    return sum(word in common for word in first_words) >= FEWEST_COMMON * len(first_words)

"""Language -> its grade: parts that are there or missing, cases that are right or wrong, voices that can read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bulletin.diagnostics.grade_voices_of_language import grade_voices
from bulletin.editing.edit_non_english_articles import edits_english
from bulletin.editing.paragraphs_as_printed import sentences_as_printed
from bulletin.editing.sentences.sentence_ends_of_language import sentence_splitter
from bulletin.language.language_folders import base_of, language_files
from bulletin.language.load_news_words import load_news_words
from bulletin.language.load_station_phrases import (
    Phrases,
    episode_title,
    fill,
    station_fields,
    time_of_day,
)
from bulletin.language.read_language_cases import FIGURES, LanguageCase, read_language_cases
from bulletin.language.split_sentences import split_sentences
from bulletin.model import StationWords
from bulletin.model.diagnostic_findings import Finding, failure, ok, warning
from bulletin.normalization.load_number_and_abbreviation_tables import ENGLISH, NOWHERE, load_tongue
from bulletin.normalization.normalize_text import make_speakable
from bulletin.script.validate_language_files import check_language
from bulletin.speech.voice_factory import VoiceListing
from bulletin.stories.newsworthiness.load_news_word_lists import read_table

MOST_SHOWN = 40
"""Most wrong cases that the report lists."""
FEWEST_CASES = 120
"""Cases that a complete language has; a judgement, the number that each shipped language was asked to have."""

_PARTS = {
    "figures": ("number", "decimal", "year"),
    "dates": ("date",),
    "times": ("time",),
    "money": ("money",),
    "units": ("unit", "percent"),
    "ordinals": ("ordinal",),
    "abbreviations": ("abbreviation",),
    "initials": ("initials",),
    "sentence ends": ("sentences",),
    "furniture": ("boilerplate",),
    "time check": ("clock",),
    "opening": ("opening",),
}
"""Part of a language -> kinds of the cases that prove it."""

_TABLES_OF_PARTS = (
    ("dates", "date", ("dates",), "day_month"),
    ("times", "time", ("times",), "full"),
    ("money", "money", ("currencies",), ""),
    ("units", "unit", ("units",), ""),
    ("initials", "initials", ("said",), ""),
    ("abbreviations", "abbreviation", ("anywhere", "before_names"), ""),
)
"""Each part of a language: its name, the kind of its cases, the tables of which one must exist, and a required key of the first."""
_LISTS_OF_PARTS = (
    ("sentence ends", ("abbreviations",), "a sentence ends at every full stop"),
    ("furniture", ("page", "captions"), "'Read more' and captions of pictures are read out"),
    ("labels", ("labels",), "labels before a title, such as 'Live:', are read out"),
    (
        "references",
        ("back", "times", "leans", "definite", "indefinite"),
        "a sentence with 'he' or 'this' is told without the one it refers to",
    ),
    ("half sentences", ("asks", "asks_alone"), "a dependent question is told as a sentence"),
    (
        "denials",
        ("negations", "instead", "but", "replies"),
        "a denial may be told without its other half, or left out",
    ),
    ("writer", ("writer", "reader", "that"), 'the paper\'s own "we" and "you" are told as the station\'s'),
)
"""Each part of a language that its editing needs: lists of [language] in its phrases.toml, and what happens without them."""
_SAMPLE_TIME = "18:30"
_ENGLISH_SAMPLES = {
    "date": "3 December 2026",
    "time": "at 6.30pm",
    "money": "£2.5bn",
    "unit": "5 km",
    "initials": "the NHS and NATO",
    "abbreviation": "Dr Fox of St Mary's",
}
"""Shown for English, whose cases are tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageGrade:
    """Grade of one language."""

    language: str
    findings: tuple[Finding, ...]
    right: int = 0
    """Cases that are said as their file tells."""
    wrong: tuple[str, ...] = field(default=())
    """Other cases, each with file and line."""


def grade_language(
    language: str, *, folder: Path | None, voices: tuple[VoiceListing, ...] | None = None
) -> LanguageGrade:
    """
    Grade a language: `folder` holds a station's own languages, `voices` the engines of this machine.

    Raises ConfigError, with file and line, for a mistake in a file that is read before anything can be graded.
    """
    phrases = check_language(language, folder=folder)
    path = next(language_files(language, "cases.toml", folder=folder), None)
    cases = tuple(case for case in read_language_cases(path) if case.holds_in(language)) if path else ()
    wrong = tuple(_wrong_cases(cases, path, language, phrases, folder))
    samples = _right_samples(cases, language, phrases, folder)
    findings = [*_phrase_findings(phrases, folder), *_figure_findings(language, folder, samples)]
    findings += [
        *_page_findings(language, folder),
        *_news_findings(language, folder),
        *_genre_findings(language, folder),
        *_case_findings(cases, len(wrong)),
    ]
    findings += grade_voices(language, voices) if voices is not None else []
    return LanguageGrade(
        language=language, findings=tuple(findings), right=len(cases) - len(wrong), wrong=wrong
    )


def says(
    case: LanguageCase, *, language: str, phrases: Phrases, folder: Path | None
) -> str | tuple[str, ...]:
    """What is said now for a case."""
    if case.kind in FIGURES:
        return make_speakable(case.text, language=language, folder=folder)
    return _SAYS[case.kind](case.text, phrases)


def _sentences(text: str, phrases: Phrases) -> tuple[str, ...]:
    split = split_sentences if edits_english(phrases.language) else sentence_splitter(phrases)
    return tuple(split(text))


def _without_furniture(text: str, phrases: Phrases) -> str:
    return " ".join(sentences_as_printed(text, title="", phrases=phrases))


def _clock(text: str, phrases: Phrases) -> str:
    return time_of_day(datetime.strptime(text, "%H:%M").replace(tzinfo=UTC), phrases)


def _opening(text: str, phrases: Phrases) -> str:
    return _filled("opening", text, phrases)


def _filled(part: str, clock: str, phrases: Phrases) -> str:
    """A part of the station "Radio Nova" at a time of day."""
    at = datetime.strptime(f"2026-11-25 {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    station = StationWords(id="x", name="Radio Nova", language=phrases.language, time_zone="UTC")
    fields = station_fields(station, at, phrases)
    templates = phrases.templates(part, has_frequencies=False)
    return " ".join(fill(template, fields, key=part) for template in templates)


def _title(text: str, phrases: Phrases) -> str:
    at = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return episode_title(at, zone="UTC", phrases=phrases)


_SAYS: dict[str, Callable[[str, Phrases], str | tuple[str, ...]]] = {
    "sentences": _sentences,
    "boilerplate": _without_furniture,
    "clock": _clock,
    "opening": _opening,
    "title": _title,
}


def _wrong_cases(
    cases: tuple[LanguageCase, ...],
    path: Path | None,
    language: str,
    phrases: Phrases,
    folder: Path | None,
) -> Iterator[str]:
    for case in cases:
        found = says(case, language=language, phrases=phrases, folder=folder)
        if found != case.says:
            yield f"{path}:{case.line}: {case.kind} {case.text!r} is said {found!r}, not {case.says!r}"


def _right_samples(
    cases: tuple[LanguageCase, ...], language: str, phrases: Phrases, folder: Path | None
) -> dict[str, str]:
    """Kind of case -> an example of what is spoken: the first case of that kind that is said right."""
    samples: dict[str, str] = {}
    if base_of(language) == ENGLISH:
        for kind, text in _ENGLISH_SAMPLES.items():
            samples[kind] = f'"{text}" is "{make_speakable(text, language=language, folder=folder)}"'
    for case in cases:
        if case.kind in FIGURES and case.kind not in samples:
            spoken = says(case, language=language, phrases=phrases, folder=folder)
            if spoken == case.says:
                samples[case.kind] = f'"{case.text}" is "{spoken}"'
    return samples


def _phrase_findings(phrases: Phrases, folder: Path | None) -> Iterator[Finding]:
    """The station's own words as a voice gets them, at half past six in the evening."""

    def spoken(text: str) -> str:
        return make_speakable(text, language=phrases.language, folder=folder)

    for part in ("opening", "closing"):
        yield ok(part, spoken(_filled(part, _SAMPLE_TIME, phrases)))
    says_table = phrases.table["says"]
    yield ok("disclosure", spoken(str(says_table["disclosure"])))
    yield ok("credit", str(says_table["credit"]))
    yield ok("time check", f"{_SAMPLE_TIME} is {spoken(_clock(_SAMPLE_TIME, phrases))}")
    if edits_english(phrases.language):
        return
    for part, keys, effect in _LISTS_OF_PARTS:
        lacking = [f'"{key}"' for key in keys if key not in phrases.table["language"]]
        if lacking:
            text = f"phrases.toml has no list [language] {', '.join(lacking)}: {effect}"
            yield warning(part, text)
        else:
            yield ok(part, f"{sum(len(phrases.words(key)) for key in keys)} in phrases.toml")


def _figure_findings(language: str, folder: Path | None, samples: Mapping[str, str]) -> Iterator[Finding]:
    tongue = load_tongue(language, folder=folder)
    if lacking := tongue.lacking():
        yield warning(
            "figures", f"stay as printed: {', '.join(lacking)} missing; add words.toml (docs/LANGUAGES.md)"
        )
        return
    yield ok("figures", f"3,456 is {tongue.whole('3456')}")
    is_english = base_of(language) == ENGLISH
    for part, kind, tables, form in _TABLES_OF_PARTS:
        is_there = any(tongue.tables.get(table) for table in tables)
        if not is_there and not is_english:
            yield warning(part, f"no table [{tables[0]}]: they stay as printed")
        elif form and not is_english and tongue.tables.get(tables[0], {}).get(form, NOWHERE) == NOWHERE:
            yield warning(part, f"no [{tables[0]}] {form}: they are said as plain figures")
        else:
            yield ok(part, samples.get(kind, ""))


def _page_findings(language: str, folder: Path | None) -> Iterator[Finding]:
    path = next(language_files(language, "pages.toml", folder=folder), None)
    yield (
        ok("pages' words")
        if path
        else warning("pages' words", "no pages.toml: listener pages are in English")
    )


def _news_findings(language: str, folder: Path | None) -> Iterator[Finding]:
    count = sum(map(len, load_news_words(language, folder=folder).values()))
    lacking = "no news.toml: the choice knows coverage, place in the feed and age, but no words"
    yield ok("hard news", f"{count} words in news.toml") if count else warning("hard news", lacking)


def _genre_findings(language: str, folder: Path | None) -> Iterator[Finding]:
    """Kinds of pieces that are no hard news and that the language's own words recognise; English has its own table."""
    genres = read_table(language, folder=folder).genres
    count = sum(genre.headlines is not None for genre in genres)
    lacking = "no genres.toml: columns, live blogs and horoscopes are news unless the page's type says so"
    yield ok("genres", f"{count} kinds by their headlines") if count else warning("genres", lacking)


def _case_findings(cases: tuple[LanguageCase, ...], wrong: int) -> Iterator[Finding]:
    if not cases:
        yield warning("cases", "no cases.toml: nothing proves how the language is said")
        return
    count = f"{len(cases) - wrong} of {len(cases)} right"
    kinds = Counter(case.kind for case in cases)
    unproved = [part for part, names in _PARTS.items() if not any(kinds[name] for name in names)]
    if wrong:
        yield failure("cases", count, exit_code=3)
    elif unproved:
        yield warning("cases", f"{count}; no case proves {', '.join(unproved)}")
    elif len(cases) < FEWEST_CASES:
        yield warning("cases", f"{count}; a complete language has {FEWEST_CASES}")
    else:
        yield ok("cases", count)

"""Language -> its grade: parts that are there or missing, cases that are right or wrong, voices that can read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bulletin.editing.edit_non_english_articles import edits_english, sentences_as_printed
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
    cases = read_language_cases(path) if path else ()
    wrong = tuple(_wrong_cases(cases, path, language, phrases, folder))
    findings = [*_phrase_findings(phrases), *_figure_findings(language, folder)]
    findings += [
        *_page_findings(language, folder),
        *_news_findings(language, folder),
        *_case_findings(cases, len(wrong)),
    ]
    findings += _voice_findings(language, voices) if voices is not None else []
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
    at = datetime.strptime(f"2026-11-25 {text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    station = StationWords(id="x", name="Radio Nova", language=phrases.language, time_zone="UTC")
    fields = station_fields(station, at, phrases)
    templates = phrases.templates("opening", has_frequencies=False)
    return " ".join(fill(template, fields, key="opening") for template in templates)


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


def _phrase_findings(phrases: Phrases) -> Iterator[Finding]:
    for part in ("opening", "closing"):
        yield ok(part, " ".join(phrases.templates(part, has_frequencies=False)))
    for part in ("disclosure", "credit"):
        yield ok(part, str(phrases.table["says"][part]))
    yield ok("time check", time_of_day(datetime(2026, 11, 25, 18, 30, tzinfo=UTC), phrases))
    if edits_english(phrases.language):
        return
    for part, key in (("sentence ends", "abbreviations"), ("furniture", "page"), ("labels", "labels")):
        count = len(phrases.words(key))
        lacking = f'phrases.toml has no list [language] "{key}"'
        yield ok(part, f"{count} in phrases.toml") if count else warning(part, lacking)


def _figure_findings(language: str, folder: Path | None) -> Iterator[Finding]:
    tongue = load_tongue(language, folder=folder)
    if lacking := tongue.lacking():
        yield warning(
            "figures", f"stay as printed: {', '.join(lacking)} missing; add words.toml (docs/LANGUAGES.md)"
        )
        return
    yield ok("figures", f"3,456 is {tongue.whole('3456')}")
    for part, table in (
        ("dates", "dates"),
        ("money", "currencies"),
        ("units", "units"),
        ("initials", "said"),
    ):
        is_there = bool(tongue.tables.get(table))
        yield ok(part) if is_there else warning(part, f"no table [{table}]: they stay as printed")
    for name, form in (("dates", "day_month"), ("times", "full")):
        is_there = base_of(language) == ENGLISH or tongue.tables.get(name, {}).get(form, NOWHERE) != NOWHERE
        yield ok(name) if is_there else warning(name, f"no [{name}] {form}: they are said as plain figures")
    abbreviations = bool(tongue.tables.get("anywhere") or tongue.tables.get("before_names"))
    unsaid = "no table [anywhere]: abbreviations are read as printed"
    yield ok("abbreviations") if abbreviations else warning("abbreviations", unsaid)


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


def _voice_findings(language: str, listings: tuple[VoiceListing, ...]) -> Iterator[Finding]:
    found = False
    for listing in listings:
        names = [voice.name for voice in listing.voices if base_of(voice.language) == base_of(language)]
        if not names or listing.engine == "tone":
            continue
        found = True
        many = f"{', '.join(names[:4])}{' ...' if len(names) > 4 else ''}"
        place = "offline" if listing.is_local else "needs the internet"
        yield ok(f"voice {listing.engine}", f"{many}; {listing.problem or f'ready, {place}'}")
    if not found:
        yield warning("voices", f"no engine of this machine lists a voice for {language}; see docs/VOICES.md")

"""
Language, words of a profile -> NewsTable: the words that part hard news from soft and none.

Source: word lists for editors; weights are learnt, `python -m bench.news_weights` (docs/CHOICE.md, "What is
news"). Judgement, no source: the weight of a profile's word, because an editor's word must outweigh all others.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from bulletin.language.language_folders import language_files
from bulletin.runtime.files.toml_reader import parse_toml

GENRES = "genres.toml"
"""File of a language's folder with its sections, headlines and bylines. Example: `read_table`."""
_COMMON = "common"
"""Example: `hard_or_soft_news.judge_article`."""
_OWN_WEIGHT = 10.0
"""Weight of a profile's word in a headline, which outweighs all other signals. Example: `_as_raw`."""
_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?![.,]?\d)"
"""Example: `_word`."""
_WORDS_BETWEEN = r"(?:\S+\s+){0,3}"
"""Example: `_phrase`."""
_WRITES = r", (?:{})(?: [A-ZÀ-Þ][\w'’-]+){{2,3}}\."
"""
Words of a writer at the end of a summary.

>>> bool(re.search(_WRITES.format("schreibt"), "Es wird Zeit, schreibt Ann Fuchs."))
True
"""
_SINGLE = re.compile(r"\w[\w.'-]*")
"""Example: `_word_lists`."""
_EDGES = ".,;:!?()[]\"'“”‘’…–—"
"""Example: `split_words`."""
_INNER = re.compile(r"[-/–—]")
"""Example: `split_words`."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\xa0": " "})
"""Example: `plain_headline`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Genre:
    """A kind of piece that is no hard news: "opinion", "lifestyle"."""

    name: str
    is_soft: bool
    """Soft genres may close the bulletin; others never air unless the profile asks."""
    sections: frozenset[str] = frozenset()
    """Names of sections and folders of addresses, as `plain_name` writes them."""
    types: frozenset[str] = frozenset()
    """Types of schema.org, in lower case."""
    headlines: re.Pattern[str] | None = None
    bylines: re.Pattern[str] | None = None
    """Words of the summary, and of the beginning or end of the text: "Ein Kommentar von"."""
    writes: re.Pattern[str] | None = None
    """End of a summary's sentence that names its writer: ", schreibt Ann Fox."."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLists:
    """Names of lists by their words and phrases; words are looked up, ten times as fast as by a pattern."""

    words: Mapping[str, set[str]]
    stems: Mapping[str, set[str]]
    """Beginning of words -> names of the lists with it."""
    phrases: Mapping[str, re.Pattern[str]]
    """Name of a list -> its phrases."""

    def names_in(self, text: str) -> frozenset[str]:
        """
        List the names of the lists with a word or phrase in a plain text.

        >>> sorted(read_table("en").signals.names_in("two killed in crash"))
        ['harm']
        """
        names: set[str] = set()
        for word in split_words(text):
            names.update(self.words.get(word, ()))
            for length in range(1, len(word) + 1):
                names.update(self.stems.get(word[:length], ()))
        phrases = self.phrases.items()
        names.update(name for name, pattern in phrases if name not in names and pattern.search(text))
        return frozenset(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsTable:
    """All words of one language."""

    genres: tuple[Genre, ...]
    sport: frozenset[str]
    """Sections of sport."""
    signals: WordLists
    """Words of headline and lead by their meaning: "deed", "harm"."""
    forms: WordLists
    """Forms of headline and lead outside quotations: "how", "reader"."""
    magazines: re.Pattern[str] | None
    """Addresses of papers that report little that is new."""
    newsrooms: re.Pattern[str] | None
    """Addresses of agencies and papers whose feeds are almost all news."""
    weights: Mapping[str, float]
    """Weight of each signal and learnt word ("headline after"); no "bias" in an unmeasured language."""
    meanings: Mapping[str, str]
    """Name of a signal for an editor."""


@lru_cache(maxsize=32)
def read_table(
    language: str,
    *,
    folder: Path | None = None,
    hard_words: tuple[str, ...] = (),
    soft_words: tuple[str, ...] = (),
    never: tuple[str, ...] = (),
) -> NewsTable:
    """
    Read the table of a language (BCP 47), with the words of the profile; `folder` holds the station's own languages.

    A language without a table knows the types of pages and the profile's words, and takes the rest for news.

    >>> "bias" in read_table("en-GB").weights, "bias" in read_table("eo").weights
    (True, False)
    """
    own = language.partition("-")[0].casefold()
    profile = _as_raw(hard_words, soft_words, never)
    files = reversed(list(language_files(language, GENRES, folder=folder)))
    genres_of_language = (parse_toml(path.read_text(encoding="utf-8-sig")) for path in files)
    raw = _merge([_read(_COMMON), _read(own), _read(f"{own}_learnt"), *genres_of_language, profile])
    genres = [
        Genre(
            name=name,
            is_soft=kind == "soft",
            sections=frozenset(map(plain_name, signs.get("sections", ()))),
            types=frozenset(name.casefold() for name in signs.get("types", ())),
            headlines=compile_phrases(signs.get("headlines", ())),
            bylines=compile_phrases(signs.get("bylines", ())),
            writes=re.compile(_WRITES.format("|".join(signs["writes"]))) if "writes" in signs else None,
        )
        for kind in ("never", "soft")
        for name, signs in raw.get(kind, {}).items()
    ]
    return NewsTable(
        genres=tuple(genres),
        sport=frozenset(map(plain_name, raw.get("sport", {}).get("sections", ()))),
        signals=_word_lists(raw.get("signals", {})),
        forms=_word_lists(raw.get("forms", {})),
        magazines=compile_phrases(raw.get("magazines", {}).get("addresses", "").split()),
        newsrooms=compile_phrases(raw.get("newsrooms", {}).get("addresses", "").split()),
        weights=raw.get("weights", {}),
        meanings=raw.get("meanings", {}),
    )


def _merge(tables: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """
    Tables as one: lists are joined, of other values the last counts, so a profile adds words.

    >>> _merge([{"guide": ["how to"], "weights": {"deed": 1}}, {"guide": ["tips"], "weights": {"deed": 2}}])
    {'guide': ['how to', 'tips'], 'weights': {'deed': 2}}
    """
    merged: dict[str, Any] = {}
    for table in tables:
        for key, value in table.items():
            if isinstance(value, dict):
                merged[key] = _merge((merged.get(key, {}), value))
            elif isinstance(value, list):
                merged[key] = [*merged.get(key, ()), *value]
            else:
                merged[key] = value
    return merged


def split_words(text: str) -> frozenset[str]:
    """
    Split a plain text into words, and hyphenated words into their parts as well.

    >>> sorted(split_words("us-led u.n. talks"))
    ['led', 'talks', 'u.n', 'us', 'us-led']
    """
    whole = {word.strip(_EDGES).removesuffix("'s") for word in text.split()}
    return frozenset(part for word in whole for part in (word, *_INNER.split(word)) if part)


def _word_lists(lists: Mapping[str, str | list[str]]) -> WordLists:
    """
    Lists by their words, their stems (with "*" at the end) and their phrases.

    >>> lists = _word_lists({"harm": "killed injur*", "deed": ["hit by"]})
    >>> lists.words, lists.stems, sorted(lists.phrases)
    ({'killed': {'harm'}}, {'injur': {'harm'}}, ['deed'])
    """
    words: dict[str, set[str]] = defaultdict(set)
    stems: dict[str, set[str]] = defaultdict(set)
    phrases: dict[str, re.Pattern[str]] = {}
    for name, written in lists.items():
        rest = []
        for word in map(plain_headline, written.split() if isinstance(written, str) else written):
            if _SINGLE.fullmatch(word):
                words[word.rstrip(".")].add(name)
            elif word.endswith("*") and _SINGLE.fullmatch(word[:-1]):
                stems[word[:-1]].add(name)
            else:
                rest.append(word)
        if pattern := compile_phrases(rest):
            phrases[name] = pattern
    return WordLists(words=dict(words), stems=dict(stems), phrases=phrases)


def plain_name(name: str) -> str:
    """
    Fold the name of a section.

    >>> plain_name("Life-And-Style") == plain_name("Life &amp; Style")
    True
    """
    words = re.sub(r"&amp;|&|\+", " and ", name.casefold())
    return " ".join(re.sub(r"[-_]+|[’']", lambda m: " " if m[0][0] in "-_" else "", words).split())


def plain_headline(title: str) -> str:
    """
    Fold a headline as the phrases of the tables are: lower case, straight quotation marks.

    >>> plain_headline("Mayor  says “No”")
    'mayor says "no"'
    """
    return " ".join(title.translate(_QUOTES).casefold().split())


def compile_phrases(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """
    Compile phrases into one pattern; None without any. Their notation is described in `news_words/en.toml`.

    >>> bool(compile_phrases(["# ways to", "^how *"]).search("ten ways to save"))
    True
    """
    bodies: dict[tuple[str, str], list[str]] = defaultdict(list)
    for phrase in filter(str.strip, phrases):
        before, body, after = _phrase(phrase)
        bodies[before, after].append(body)
    # edges once for all their phrases, since each takes time to compile
    patterns = [f"{before}(?:{'|'.join(words)}){after}" for (before, after), words in bodies.items()]
    return re.compile("|".join(patterns)) if patterns else None


def _phrase(phrase: str) -> tuple[str, str, str]:
    """
    Phrase as an expression of whole words, between those of its edges: "^" and "$" hold it at an end of the headline.

    >>> how_to, top = map("".join, map(_phrase, ("^how to", "top # ... of")))
    >>> [bool(re.search(how_to, title)) for title in ("how to row", "this is how to row")]
    [True, False]
    >>> [bool(re.search(top, title)) for title in ("top ten ferries of", "top of")]
    [True, False]
    """
    text = plain_headline(phrase)
    starts, ends = text.startswith("^"), text.endswith("$")
    words = text.removeprefix("^").removesuffix("$").split()
    parts = [_word(word) for word in words]
    body = re.sub(r"\\s\+(?=\\s\*)", "", r"\s+".join(parts)).replace(rf"{_WORDS_BETWEEN}\s+", _WORDS_BETWEEN)
    before = (
        r"^[^\w\"']*"
        if starts
        else r"(?<!\w)"
        if words and (words[0][0] == "*" or words[0][0].isalnum())
        else ""
    )
    after = r"\W*$" if ends else r"(?!\w|-\d)" if words and words[-1][-1].isalnum() else ""
    return before, body, after


def _word(word: str) -> str:
    """
    Word of a phrase as an expression: "#" is a number, ":" a label's mark, "..." three words, "*" letters.

    >>> pairs = (("#", "12"), ("strik*", "striking"), (":", " -"), ("...", "of all the "))
    >>> [bool(re.fullmatch(_word(word), text)) for word, text in pairs]
    [True, True, True, True]
    """
    if word == "...":
        return _WORDS_BETWEEN
    if word == "#":
        return _NUMBER
    if word == ":":
        return r"\s*(?:[:|–—]|\s-)"
    if word.endswith(":"):
        return re.escape(word[:-1]) + r"\s*(?:[:|–—]|\s-\s)"
    if word.startswith("*"):
        return r"\w+" + re.escape(word[1:])
    return re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word)


def _as_raw(
    hard_words: tuple[str, ...], soft_words: tuple[str, ...], never: tuple[str, ...]
) -> dict[str, Any]:
    """
    Words of the profile as a table: each outweighs all other signals of a headline, and `never` is a genre.

    >>> _as_raw(("by-election*",), (), ())["weights"]["title own hard"]
    10.0
    """
    return {
        "signals": {"own hard": list(hard_words), "own soft": list(soft_words)},
        "weights": {"title own hard": _OWN_WEIGHT, "title own soft": -_OWN_WEIGHT},
        "meanings": {"title own soft": "a soft word of the profile"},
        "never": {"the profile's list": {"sections": list(never), "headlines": list(never)}},
    }


def _read(name: str) -> dict[str, Any]:
    """
    A table of the folder news_words; empty without a file.

    >>> "weights" in _read("en"), _read("xx")
    (True, {})
    """
    file = resources.files("bulletin.stories.newsworthiness.news_words") / f"{name}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}

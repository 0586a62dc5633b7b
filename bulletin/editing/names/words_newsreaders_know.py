"""
Words that every newsreader knows: ordinary words, common names, names of the news.

Source: a word is known from once in a million words on, 3 on the Zipf scale (van Heuven et al. 2014, "SUBTLEX-UK",
Quarterly Journal of Experimental Psychology 67); docs/NAMES.md has the lists and the accuracy.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from math import log10
from pathlib import Path
from zoneinfo import available_timezones

from bulletin.language.read_word_lists import read_table

_DICTIONARIES = ("lexicon_gb_gold", "lexicon_us_gold", "lexicon_gb_silver", "lexicon_us_silver")
"""Example: `load_vocabulary`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWords:
    """Words in small letters, by how sure a newsreader knows them."""

    ordinary: frozenset[str]
    """Words of English that are no names: "council"."""
    common: frozenset[str]
    """First names, surnames and names of the news: "joan", "starmer"."""
    pronounced: frozenset[str]
    """Further names, from a pronouncing dictionary: "rheims"."""
    zipf: Callable[[str], float]
    """How often a word is written: 3 is once in a million words; each point is ten times as often."""


# Fallback if no frequencies are installed.
_LISTED_ZIPF, _UNLISTED_ZIPF = 3.0, 2.0
"""Example: `load_vocabulary`."""


@lru_cache(maxsize=1)
def load_vocabulary() -> KnownWords:
    """
    Read the word lists that are installed.

    The dictionaries are data files of hibari-tts (misaki's, Apache-2.0), read without loading the engine; the common names
    are Faker's; the frequencies are wordfreq's, of the extra [english]. Where a list is missing, more names are listed as
    unusual: too many are better than one said wrongly.

    >>> words = load_vocabulary()
    >>> {"joan", "starmer"} <= words.common, words.zipf("council") > words.zipf("wexcombe")
    (True, True)
    """
    gold, other = _dictionary_words()
    ordinary = {word for word in gold if word.islower()}
    ordinary |= {word for word in other if not ordinary.isdisjoint(_stems(word))}
    people = _common_names("first_names", "first_names_male", "first_names_female", "last_names")
    pronounced = frozenset(word.lower() for word in gold | other) - ordinary
    return KnownWords(
        ordinary=frozenset(ordinary),
        common=frozenset(people | _news_names() | _zone_cities()),
        pronounced=pronounced,
        zipf=_load_zipf()
        or (lambda word: _LISTED_ZIPF if word in pronounced or word in ordinary else _UNLISTED_ZIPF),
    )


def _load_zipf() -> Callable[[str], float] | None:
    """Frequencies of wordfreq; none without the extra [english]. Example: `load_vocabulary`."""
    try:
        from wordfreq import get_frequency_dict
    except ImportError:
        return None
    frequencies = get_frequency_dict("en", wordlist="large")
    return lambda word: log10(frequencies.get(word, 0) * 1e9 or 1.0)


def _dictionary_words() -> tuple[set[str], set[str]]:
    """
    Words of dictionaries written by hand, where case counts, and of derived ones, where it does not.

    Example: `load_vocabulary`.
    """
    package = find_spec("hibari")
    folders = [Path(folder) for folder in (package.submodule_search_locations or ())] if package else []
    words: tuple[set[str], set[str]] = (set(), set())
    for name in _DICTIONARIES:
        for path in (folder / "assets" / f"{name}.json.gz" for folder in folders):
            if path.is_file():
                words["silver" in name].update(json.loads(gzip.decompress(path.read_bytes())))
    return words


def _common_names(*lists: str) -> set[str]:
    """
    Names that British and American voices read every day, and that the dictionaries lack.

    Example: `load_vocabulary`.
    """
    from faker.providers.person import en_GB, en_US

    providers = (en_GB.Provider, en_US.Provider)
    return {name.lower() for provider in providers for kind in lists for name in getattr(provider, kind, ())}


def _zone_cities() -> set[str]:
    """Capitals and other large cities, from the names of time zones. Example: `load_vocabulary`."""
    cities = (zone.rpartition("/")[2] for zone in available_timezones())
    return {word.lower() for city in cities for word in city.split("_")}


def _stems(word: str) -> set[str]:
    """
    Stems of a plural or a verb's form, because the dictionary written by hand lacks many forms.

    >>> sorted(_stems("ferries")), sorted(_stems("rowing"))
    (['ferri', 'ferrie', 'ferry'], ['row', 'rowe'])
    """
    stems = {
        word.removesuffix(ending)
        for ending in ("s", "es", "d", "ed", "r", "er", "ing", "ly")
        if word.endswith(ending)
    }
    if word.endswith("ing"):
        stems.add(f"{word[:-3]}e")
    if word.endswith("ies"):
        stems.add(f"{word[:-3]}y")
    return stems


def _news_names() -> set[str]:
    """Names of the news, of known_names.toml. Example: `load_vocabulary`."""
    tables = read_table("bulletin.editing.names", "known_names.toml").values()
    return {word for table in tables for word in table["words"]}

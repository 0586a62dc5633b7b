"""Folders of languages: the shipped ones in `tables/`, and a station's own, which go first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from bulletin.runtime.files.toml_reader import parse_toml

ENGLISH = "en"
NOT_FIGURES = frozenset(
    ("phrases.toml", "pages.toml", "names.toml", "cases.toml", "news.toml", "genres.toml")
)
"""Files of a language's folder that hold no table of normalization: phrases, page words, lexicon, cases, hard news, genres."""


def base_of(language: str) -> str:
    """
    Language of a variety.

    >>> base_of("de-AT"), base_of("de")
    ('de', 'de')
    """
    return language.replace("_", "-").partition("-")[0]


def shipped_folder() -> Path:
    """Folder of the languages that come with Bulletin."""
    return Path(__file__).parent / "tables"


@lru_cache(maxsize=1)
def shipped_languages() -> tuple[str, ...]:
    """
    Tags of the shipped languages, in order.

    >>> "en-GB" in shipped_languages()
    True
    """
    return tuple(sorted(item.name for item in shipped_folder().iterdir() if item.is_dir()))


def language_files(language: str, name: str, *, folder: Path | None) -> Iterator[Path]:
    """
    Files called `name` that hold for a language, the nearest first.

    A station's own go before the shipped ones, a variety's before its language's, and these before those of a sister:
    "en-AU" has the words of "en-GB".

    >>> [file.parent.name for file in language_files("en-AU", "phrases.toml", folder=None)]
    ['en-GB', 'en-US']
    """
    tags = dict.fromkeys((language, base_of(language)))
    own = (folder / tag / name for tag in tags) if folder else ()
    sisters = (tag for tag in shipped_languages() if base_of(tag) == base_of(language))
    ours = (shipped_folder() / tag / name for tag in dict.fromkeys((*tags, *sisters)))
    return (path for path in (*own, *ours) if path.is_file())


def news_title(station: str, language: str, *, folder: Path | None = None) -> str:
    """
    Title of a station's news: "Radio Nova Nachrichten".

    >>> news_title("Radio Nova", "de"), news_title("Radio Nova", "en-GB")
    ('Radio Nova Nachrichten', 'Radio Nova News')
    """
    return f"{station} {news_word(language, folder=folder)}"


def news_word(language: str, *, folder: Path | None = None) -> str:
    """
    The word for news in a language, as its listener pages have it.

    >>> news_word("nl"), news_word("xx")
    ('Nieuws', 'News')
    """
    words = read_page_words(language, folder=folder).get("words", {})
    return str(words.get("news") or read_page_words(ENGLISH)["words"]["news"])


@lru_cache(maxsize=32)
def read_page_words(language: str, *, folder: Path | None = None) -> Mapping[str, Any]:
    """
    Tables [words] and [dates] of the listener pages in a language; English ones for a language without its own.

    >>> read_page_words("en-GB")["words"]["play"]
    'Play'
    """
    path = next(language_files(language, "pages.toml", folder=folder), shipped_folder() / "en" / "pages.toml")
    return parse_toml(path.read_text(encoding="utf-8-sig"))

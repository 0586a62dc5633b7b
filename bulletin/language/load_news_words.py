"""Language -> words of hard news (news.toml), by which the choice of stories recognises harm and public effect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from bulletin.language.language_folders import language_files
from bulletin.runtime.files.toml_reader import parse_toml

GROUPS = ("harm", "effect")
"""Tables of news.toml: words for death, injury and danger; words for effects on many people and for decisions."""
MOST_POINTS = 10.0
"""Points of a word at most, as many as those of breaking news."""
_FEWEST_LETTERS = 3
"""Letters of a word with an asterisk: fewer match words of any meaning."""
_SEPARATORS = re.compile(r"[|\n]")

NewsWords = Mapping[str, Mapping[str, float]]
"""Group -> word or phrase as written, "incendi*" for every word that begins so -> points."""


@lru_cache(maxsize=32)
def load_news_words(language: str, *, folder: Path | None = None) -> NewsWords:
    """
    Words of hard news of a language (BCP 47), of its variety and of a station's own `folder`; empty without a file.

    The nearest file decides about a word: that of a station, then that of the variety.

    >>> load_news_words("en-GB")["harm"]["dead"], load_news_words("xx")["harm"]
    (2.0, {})
    """
    words: dict[str, dict[str, float]] = {group: {} for group in GROUPS}
    for path in reversed(list(language_files(language, "news.toml", folder=folder))):
        content = parse_toml(path.read_text(encoding="utf-8-sig"))
        for group in GROUPS:
            rows = sorted(content.get(group, ()), key=lambda row: float(row["value"]))
            words[group] |= {word: float(row["value"]) for row in rows for word in split_words(row["words"])}
    return words


def split_words(text: str) -> list[str]:
    """
    Words and phrases of a row, which bars and line ends part.

    >>> split_words("dead | body found\\nincendi*")
    ['dead', 'body found', 'incendi*']
    """
    return [word.strip() for word in _SEPARATORS.split(text) if word.strip()]


def mistakes_in_news_words(content: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """
    Key and mistake of each wrong row of news.toml.

    >>> [mistake for _, mistake in mistakes_in_news_words({"harm": [{"value": 2, "words": "a* fire"}]})]
    ['[[harm]] words: "a* fire" has an asterisk; only one word of three letters or more may begin or end with it']
    """
    for name, rows in content.items():
        if name not in GROUPS or not isinstance(rows, list):
            yield (name,), f"[[{name}]] is an unknown table (known: [[harm]], [[effect]])"
            continue
        for row in rows:
            value = row.get("value") if isinstance(row, dict) else None
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_POINTS:
                yield (name,), f"[[{name}]] value must be a number from 0 to {MOST_POINTS:g}"
            elif not isinstance(row.get("words"), str) or not split_words(row["words"]):
                yield (name,), f"[[{name}]] words must be a text in quotes: words with | between them"
            else:
                wrong = next((word for word in split_words(row["words"]) if not _is_plain(word)), "")
                remedy = "only one word of three letters or more may begin or end with it"
                if wrong:
                    yield (name,), f'[[{name}]] words: "{wrong}" has an asterisk; {remedy}'


def _is_plain(word: str) -> bool:
    """Whether a word has no asterisk, or one at its beginning or end. Example: `mistakes_in_news_words`."""
    bare = word.removesuffix("*") if word.endswith("*") else word.removeprefix("*")
    return "*" not in word or ("*" not in bare and " " not in bare and len(bare) >= _FEWEST_LETTERS)

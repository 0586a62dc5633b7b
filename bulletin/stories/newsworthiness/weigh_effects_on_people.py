"""
Articles of a story -> its reasons "harm" and "effect", by words of headlines and leads.

Source: the news values "negativity" and "threshold" of Galtung and Ruge 1965 ("The structure of foreign news",
Journal of Peace Research 2), "bad news", "magnitude" and "the power elite" of Harcup and O'Neill 2017 ("What is
news?", Journalism Studies 18). Judgement, no source: the points, because no ranking by editors was at hand to
learn them from; half in the lead, because a headline has what matters most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bulletin.language.load_news_words import GROUPS, load_news_words
from bulletin.model import Article, Reason

LEAD_WORDS = 60
"""Example: `weigh_effects`."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
"""Example: `_words`."""
_LEAD_SHARE = 0.5
"""Example: `_strongest`."""
_LEAD_CHARS = 600
"""Example: `weigh_effects`."""

Values = Mapping[str, float]
"""Phrase -> points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Words and phrases of a group, for look-up, with their points."""

    phrases: Mapping[str, Sequence[tuple[list[str], float]]]
    """First word -> phrases that begin with it, as words."""
    stems: Mapping[str, float]
    """Beginnings of words: "incendi*"."""
    ends: Mapping[str, float]
    """Ends of words: "*brand" of a German compound."""


_NO_WORDS: Values = {}


def weigh_effects(
    articles: Sequence[Article],
    *,
    language: str = "en",
    own_words: Values = _NO_WORDS,
    folder: Path | None = None,
) -> tuple[Reason, Reason]:
    """
    Weigh a story's harm and public effect: the strongest word of each table in a headline, or half of it in the
    first 60 words of an article. A language without news.toml has only the station's `own_words`; `folder` holds the
    station's own languages.

    >>> from datetime import UTC, datetime
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="Gazette", title="Two dead in ferry crash", summary="", text="", published=published)
    >>> harm, effect = weigh_effects([article])
    >>> harm.value, harm.note
    (2.0, '"dead" in the headline')
    """
    tables = _tables(language, tuple(sorted(own_words.items())), folder)
    titles = [_words(article.title) for article in articles]
    leads = [_words((a.text or a.summary)[:_LEAD_CHARS])[:LEAD_WORDS] for a in articles]
    harm, effect = (_strongest(group, tables[group], titles, leads) for group in GROUPS)
    return harm, effect


def _strongest(group: str, index: Index, titles: Sequence[list[str]], leads: Sequence[list[str]]) -> Reason:
    """
    Strongest word of a table: in a headline whole, in the first words half its points.

    >>> index = _index({"dead": 2.0, "hurt": 1.5})
    >>> _strongest("harm", index, [["ferry", "sinks"]], [["two", "dead"]])
    Reason(name='harm', value=1.0, note='"dead" in the first words')
    """
    value, word = max((_best(words, index) for words in titles), default=(0.0, ""))
    from_lead, lead_word = max((_best(words, index) for words in leads), default=(0.0, ""))
    if from_lead * _LEAD_SHARE > value:
        return Reason(name=group, value=from_lead * _LEAD_SHARE, note=f'"{lead_word}" in the first words')
    return Reason(name=group, value=value, note=f'"{word}" in the headline')


def _best(words: list[str], index: Index) -> tuple[float, str]:
    """
    Points of the strongest phrase among words, and the phrase.

    >>> _best("two badly hurt on ferry".split(), _index({"hurt": 1.0, "badly hurt": 1.5}))
    (1.5, 'badly hurt')
    """
    return max(_hits(words, index), default=(0.0, ""))


def _hits(words: list[str], index: Index) -> Iterator[tuple[float, str]]:
    """
    Points of each phrase among words, and the phrase; a word of its own goes before its beginning or end.

    >>> index = _index({"*brand": 1.0, "hildebrand": 0.0})
    >>> list(_hits(["waldbrand", "hildebrand"], index))
    [(1.0, 'waldbrand'), (0.0, 'hildebrand')]
    """
    for place, word in enumerate(words):
        phrases = index.phrases.get(word, ())
        for phrase, value in phrases:
            if words[place : place + len(phrase)] == phrase:
                yield value, " ".join(phrase)
        if (index.stems or index.ends) and not any(len(phrase) == 1 for phrase, _ in phrases):
            for at in range(len(word) + 1):
                yield from ((index.stems[part], word) for part in (word[:at],) if part in index.stems)
                yield from ((index.ends[part], word) for part in (word[at:],) if part in index.ends)


def _words(text: str) -> list[str]:
    """
    Split a text into lower-case words without the genitive's "'s" and without an elided article.

    >>> _words("Wexcombe’s Mayor"), _words("L’incendie d'une école, aujourd'hui")
    (['wexcombe', 'mayor'], ['incendie', 'une', 'école', 'hui'])
    """
    plain = text.casefold().replace("’", "'")
    return [_without_article(word.removesuffix("'s")) for word in _WORD.findall(plain)]


def _without_article(word: str) -> str:
    """
    Word behind an apostrophe if it has three letters: "l'incendie", "dell'anno"; "don't" is one word.

    >>> _without_article("dell'anno"), _without_article("don't")
    ('anno', "don't")
    """
    tail = word.rpartition("'")[2]
    return tail if len(tail) > 2 else word


@lru_cache(maxsize=64)
def _tables(
    language: str, own_words: tuple[tuple[str, float], ...], folder: Path | None
) -> Mapping[str, Index]:
    """
    Words of each group for look-up, with a station's own.

    >>> sorted(_tables("en", (), None))
    ['effect', 'harm']
    >>> _tables("xx", (("ferry", 1.5),), None)["effect"].phrases
    {'ferry': [(['ferry'], 1.5)]}
    """
    known = load_news_words(language, folder=folder)
    tables: dict[str, dict[str, float]] = {group: {} for group in GROUPS}
    for group, values in tables.items():
        for word, value in known[group].items():
            values[_plain(word)] = value
    for word, value in own_words:
        phrase = _plain(word)
        for group in [group for group in GROUPS if phrase in tables[group]] or ["effect"]:
            tables[group][phrase] = value
    return {group: _index(values) for group, values in tables.items()}


def _plain(phrase: str) -> str:
    """
    Phrase as `_words` splits a text, with its asterisk.

    >>> _plain("Coup d’État"), _plain("*Brand")
    ('coup état', '*brand')
    """
    first, last = "*" * phrase.startswith("*"), "*" * phrase.endswith("*")
    return f"{first}{' '.join(_words(phrase))}{last}"


def _index(values: Values) -> Index:
    """
    Phrases by their first word, beginnings and ends of words, for look-up.

    >>> _index({"badly hurt": 1.5, "fatal*": 2.0, "*fire": 1.0})
    Index(phrases={'badly': [(['badly', 'hurt'], 1.5)]}, stems={'fatal': 2.0}, ends={'fire': 1.0})
    """
    phrases: dict[str, list[tuple[list[str], float]]] = defaultdict(list)
    for phrase, value in values.items():
        if "*" not in phrase and (words := phrase.split()):
            phrases[words[0]].append((words, value))
    return Index(
        phrases=dict(phrases),
        stems={phrase[:-1]: value for phrase, value in values.items() if phrase.endswith("*")},
        ends={phrase[1:]: value for phrase, value in values.items() if phrase.startswith("*")},
    )

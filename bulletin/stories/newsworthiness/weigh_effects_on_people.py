"""
Articles of a story -> its reasons "harm" and "effect", by words of headlines and leads.

Source: the news values "negativity" and "threshold" of Galtung and Ruge 1965 ("The structure of foreign news",
Journal of Peace Research 2), "bad news", "magnitude" and "the power elite" of Harcup and O'Neill 2017 ("What is
news?", Journalism Studies 18). Judgement, no source: the points, because no ranking by editors was at hand to
learn them from; half in the lead, because a headline has what matters most.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from bulletin.model import Article, Reason

LEAD_WORDS = 60
"""Example: `weigh_effects`."""
GROUPS = ("harm", "effect")
"""Example: `weigh_effects`."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
"""Example: `_words`."""
_LEAD_SHARE = 0.5
"""Example: `_strongest`."""
_LEAD_CHARS = 600
"""Example: `weigh_effects`."""

Values = Mapping[str, float]
"""Phrase -> points."""
Index = Mapping[str, Sequence[tuple[list[str], float]]]
"""First word -> phrases that begin with it, as words, with their points."""

_NO_WORDS: Values = {}


def weigh_effects(
    articles: Sequence[Article], *, language: str = "en", own_words: Values = _NO_WORDS
) -> tuple[Reason, Reason]:
    """
    Weigh a story's harm and public effect: the strongest word of each table in a headline, or half of it in the
    first 60 words of an article. A language without a table has only the station's `own_words`.

    >>> from datetime import UTC, datetime
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="Gazette", title="Two dead in ferry crash", summary="", text="", published=published)
    >>> harm, effect = weigh_effects([article])
    >>> harm.value, harm.note
    (2.0, '"dead" in the headline')
    """
    tables = _tables(language.partition("-")[0].casefold(), tuple(sorted(own_words.items())))
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


def _best(words: list[str], phrases: Index) -> tuple[float, str]:
    """
    Points of the strongest phrase among words, and the phrase.

    >>> _best("two badly hurt on ferry".split(), _index({"hurt": 1.0, "badly hurt": 1.5}))
    (1.5, 'badly hurt')
    """
    hits = (
        (value, " ".join(phrase))
        for index, word in enumerate(words)
        for phrase, value in phrases.get(word, ())
        if words[index : index + len(phrase)] == phrase
    )
    return max(hits, default=(0.0, ""))


def _words(text: str) -> list[str]:
    """
    Split a text into lower-case words without the genitive's "'s".

    >>> _words("Wexcombe’s Mayor")
    ['wexcombe', 'mayor']
    """
    plain = text.casefold().replace("’", "'")
    return [word.removesuffix("'s") for word in _WORD.findall(plain)]


@lru_cache(maxsize=64)
def _tables(language: str, own_words: tuple[tuple[str, float], ...]) -> Mapping[str, Index]:
    """
    Words of each group by their first word, with a station's own.

    >>> sorted(_tables("en", ()))
    ['effect', 'harm']
    >>> _tables("xx", (("ferry", 1.5),))["effect"]
    {'ferry': [(['ferry'], 1.5)]}
    """
    page = files("bulletin.language").joinpath("tables", language, "news.toml")
    raw = tomllib.loads(page.read_text("utf-8")) if page.is_file() else {}
    tables: dict[str, dict[str, float]] = {group: {} for group in GROUPS}
    for group, values in tables.items():
        for row in raw.get(group, ()):
            for phrase in re.split(r"[|\n]", row["words"].strip()):
                word = " ".join(_words(phrase))
                values[word] = max(row["value"], values.get(word, 0.0))
    for word, value in own_words:
        phrase = " ".join(_words(word))
        for group in [group for group in GROUPS if phrase in tables[group]] or ["effect"]:
            tables[group][phrase] = value
    return {group: _index(values) for group, values in tables.items()}


def _index(values: Values) -> Index:
    """
    Phrases by their first word, for look-up.

    >>> _index({"badly hurt": 1.5})
    {'badly': [(['badly', 'hurt'], 1.5)]}
    """
    index: dict[str, list[tuple[list[str], float]]] = defaultdict(list)
    for phrase, value in values.items():
        if words := phrase.split():
            index[words[0]].append((words, value))
    return dict(index)

"""RewriteJob and Outcome: types of the rewriter that the script needs without loading it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bulletin.editing.edited_article import Telling
from bulletin.editing.sentences.reword_ages_and_yesterday import Days
from bulletin.language.load_station_phrases import Phrases
from bulletin.model import Article, Rewrite

Progress = Callable[[int, int, str], None]
"""Called with: stories done, stories in all, headline of the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteJob:
    """Story that a model may reword."""

    article: Article
    telling: Telling
    """Story as the rules tell it."""
    phrases: Phrases
    days: Days | None
    most_words: int
    """Words of the longest cut."""


Outcome = tuple[Telling, Rewrite | None]

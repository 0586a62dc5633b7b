"""What a model may word, and what became of it: for those who write without one too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bulletin.editing.sentences.article_days import Days
from bulletin.editing.telling import Telling
from bulletin.language.phrases import Phrases
from bulletin.model import Article, Rewrite

Progress = Callable[[int, int, str], None]
"""Stories that are done, stories in all, the headline of the one that was done last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteJob:
    """A story that a model may word."""

    article: Article
    telling: Telling
    """By rule."""
    phrases: Phrases
    days: Days | None
    most_words: int
    """Of the longest cut."""


Outcome = tuple[Telling, Rewrite | None]

"""Telling by rule -> telling in a language model's words, where its answer passes the guard within two tries."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bulletin.errors import RewriterError
from bulletin.model import Article, Origin, Rewrite, RewriteState, Section
from bulletin.script.edits.dates import Days, resolve_days
from bulletin.script.furniture import strip_furniture
from bulletin.script.headline import clean_title
from bulletin.script.phrases import Phrases
from bulletin.script.rewriter.guard import GUARD_VERSION, Verdict, check_answer
from bulletin.script.rewriter.prompt import (
    PROMPT_VERSION,
    Limits,
    first_turns,
    second_turns,
    source_of,
    speaks_to_machines,
)
from bulletin.script.rewriter.store import Kept, RewriteStore, make_key
from bulletin.script.summariser import Rewriter
from bulletin.script.tell import Piece, Telling
from bulletin.text import count_words, split_sentences

log = logging.getLogger(__name__)

TRIES = 2
FEWEST_WORDS = 30
"""An article with fewer is as short as it can be told."""

MOST_FAILURES = 2
"""After so many stories without an answer, one after the other, the server is left alone for this bulletin."""

EXACT = (Section.WEATHER, Section.TRAVEL)
"""Short, full of figures, and worded by those who know: nothing to gain."""


@dataclass(slots=True, kw_only=True)
class Rewriting:
    """The rewriter at work on one bulletin: what it may still spend."""

    rewriter: Rewriter
    store: RewriteStore
    budget_s: float
    """For all stories together, from the first one on."""
    most_stories: int
    clock: Callable[[], float] = time.monotonic
    _deadline_s: float | None = None
    _stories: int = 0
    _failures: int = 0
    _stopped: str = ""

    def retell(
        self, article: Article, telling: Telling, *, phrases: Phrases, days: Days | None, most_words: int
    ) -> tuple[Telling, Rewrite | None]:
        """
        The article in the model's words, or the telling as it came, and how that ended.

        `most_words` is the longest cut. The station's own stories stay as they were written; of them, and of
        those that are not its turn, no outcome is given.
        """
        wanted = not article.is_local and article.section not in EXACT and telling.pieces
        if not wanted or self._stories >= self.most_stories:
            return telling, None
        self._stories += 1
        task = _Task(article=article, telling=telling, phrases=phrases, days=days, most_words=most_words)
        told, outcome = self._retell(task)
        log.info("story %s: %s %s", outcome.state.value, article.id, outcome.reason)
        return told or telling, outcome

    def _retell(self, task: _Task) -> tuple[Telling | None, Rewrite]:
        if reason := task.why_not():
            return None, Rewrite(state=RewriteState.REFUSED, reason=reason)
        key = make_key(
            self.rewriter.fingerprint,
            f"{PROMPT_VERSION} {GUARD_VERSION} {task.limits.least} {task.limits.most}",
            task.title,
            task.source,
        )
        if kept := self.store.get(key):
            return _remembered(task, kept)
        if self._stopped:
            return None, Rewrite(state=RewriteState.FAILED, reason=self._stopped)
        try:
            answer, problems, tries = self._ask(task)
        except RewriterError as error:
            return None, Rewrite(state=RewriteState.FAILED, reason=self._give_up(error), tries=1)
        self._failures = 0
        if not problems:
            self.store.put(key, Kept(answer=answer))
            return task.told(task.check(answer)), Rewrite(state=RewriteState.REWRITTEN, tries=tries)
        reason = _shorten(problems)
        self.store.put(key, Kept(answer="", reason=reason))
        return None, Rewrite(state=RewriteState.REFUSED, reason=reason, tries=tries)

    def _ask(self, task: _Task) -> tuple[str, tuple[str, ...], int]:
        """The last answer, what is wrong with it, and how many there were. Raises RewriterError."""
        turns = first_turns(task.title, task.source, limits=task.limits, fence=secrets.token_hex(8))
        for tries in range(1, TRIES + 1):
            answer = self.rewriter.answer(turns, within_s=self._left_s())
            problems = task.check(answer).problems
            if not problems or tries == TRIES:
                break
            log.debug("answer refused, asking once more: %s", "; ".join(problems))
            turns = second_turns(turns, answer=answer, problems=problems)
        return answer, problems, tries

    def _left_s(self) -> float:
        now = self.clock()
        if self._deadline_s is None:
            self._deadline_s = now + self.budget_s
        if now >= self._deadline_s:
            raise RewriterError(f"the {self.budget_s:g} s for all stories are used up", is_lasting=True)
        return self._deadline_s - now

    def _give_up(self, error: RewriterError) -> str:
        """The reason for this story, and, where asking again is in vain, for all that follow."""
        self._failures += 1
        if error.is_lasting or self._failures >= MOST_FAILURES:
            self._stopped = f"not asked: {error}"
        log.warning("rewriter gave no answer, the words made by rule stand: %s", error)
        return str(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One article, as the model and the guard see it."""

    article: Article
    telling: Telling
    phrases: Phrases
    days: Days | None
    most_words: int
    title: str = field(init=False)
    original: tuple[str, ...] = field(init=False)
    """The article's sentences as printed; origins are these."""
    source: tuple[str, ...] = field(init=False)
    """The same with "yesterday" named, for as many as the model is shown."""
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        article = self.article
        paragraphs = strip_furniture(article.text or article.summary, title=clean_title(article.title))
        original = tuple(one for part in paragraphs for one in split_sentences(part))
        source = source_of([resolve_days(one, self.days) for one in original])
        # tens, so that a pace measured anew does not make every kept answer another one
        most = min(round(self.most_words, -1), sum(map(count_words, source)))
        by_rule = sum(piece.words for piece in self.telling.pieces)
        for name, value in (
            ("title", clean_title(article.title)),
            ("original", original),
            ("source", source),
            ("limits", Limits(least=min(most // 2, by_rule), most=most)),
        ):
            object.__setattr__(self, name, value)

    def why_not(self) -> str:
        """Why the article is not shown to a model."""
        article = self.article
        if any(map(speaks_to_machines, (article.title, article.text, article.summary))):
            return "the article holds words that are meant for a program"
        return "too short to be told otherwise" if self.limits.most < FEWEST_WORDS else ""

    def check(self, answer: str) -> Verdict:
        return check_answer(answer, self.source, limits=self.limits, phrases=self.phrases)

    def told(self, verdict: Verdict) -> Telling:
        pieces = tuple(
            Piece(
                sentences=(one.text,),
                origins=tuple(self._origin(place) for place in one.places),
                place=one.places[0],
            )
            for one in verdict.sentences
        )
        return Telling(title=self.telling.title, pieces=pieces)

    def _origin(self, place: int) -> Origin:
        article = self.article
        return Origin(
            article_id=article.id, text=self.original[place], credit=article.credit, link=article.link
        )


def _remembered(task: _Task, kept: Kept) -> tuple[Telling | None, Rewrite]:
    """What was kept is looked at again: a file on a disk is no more to be believed than a model."""
    if not kept.answer:
        return None, Rewrite(state=RewriteState.REFUSED, reason=kept.reason)
    verdict = task.check(kept.answer)
    if verdict.problems:
        return None, Rewrite(state=RewriteState.REFUSED, reason=_shorten(verdict.problems))
    return task.told(verdict), Rewrite(state=RewriteState.REWRITTEN)


def _shorten(problems: Sequence[str]) -> str:
    """The first two problems, for an editor's eye."""
    more = f" (and {len(problems) - 2} more)" if len(problems) > 2 else ""
    return "; ".join(problem[:160] for problem in problems[:2]) + more

"""RewriteJob -> Outcome: a telling in a model's words, where its answer passes the guard within two tries."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bulletin.config.tables.rewriter_options import RewriterOptions
from bulletin.editing.boilerplate.strip_boilerplate import strip_boilerplate
from bulletin.editing.edit_non_english_articles import edits_english
from bulletin.editing.edited_article import Telling, ToldUnit
from bulletin.editing.headlines.clean_title import clean_title
from bulletin.editing.sentences.reword_ages_and_yesterday import resolve_days
from bulletin.errors import RewriterError
from bulletin.language.split_sentences import count_words, split_sentences
from bulletin.model import Origin, Rewrite, RewriteState, Section
from bulletin.rewriter.answer_cache import AnswerCache, make_key
from bulletin.rewriter.chat_client import ChatRewriter
from bulletin.rewriter.guard.check_model_answer import GUARD_VERSION, GuardVerdict, check_answer
from bulletin.rewriter.prompt import (
    PROMPT_VERSION,
    PromptLimits,
    first_turns,
    second_turns,
    source_of,
    speaks_to_machines,
)
from bulletin.rewriter.rewrite_request import Outcome, Progress, RewriteJob
from bulletin.runtime.deadline import Deadline
from bulletin.speech.run_in_daemon_threads import run_in_daemons

log = logging.getLogger(__name__)

TRIES = 2
FEWEST_WORDS = 30
"""An article with fewer words cannot be shortened."""

MOST_FAILURES = 2
"""Stories in a row without an answer after which the server is not asked again for this bulletin."""

EXACT = (Section.WEATHER, Section.TRAVEL)
"""Short, full of figures, and worded by experts: nothing to gain."""

_GRACE_S = 2.0
"""Seconds after the budget for answers under check; a DNS query without end is not waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRewriter:
    """Rewriter with its budget for one bulletin."""

    rewriter: ChatRewriter
    store: AnswerCache
    options: RewriterOptions
    clock: Callable[[], float] = time.monotonic

    def retell(self, jobs: Sequence[RewriteJob], *, progress: Progress | None = None) -> list[Outcome]:
        """
        Reword each article, or keep its telling; outcomes in the order of `jobs`.

        The station's own stories, weather and travel keep their words; they, and stories beyond `most_stories`, have
        no Rewrite. A story without an answer when the budget is used up has failed.
        """
        budget_s = self.options.budget_s
        wanted = [index for index, job in enumerate(jobs) if _is_wanted(job)][: self.options.most_stories]
        outcomes: list[Outcome] = [(job.telling, None) for job in jobs]
        for index in wanted:
            outcomes[index] = _by_rule(jobs[index], RewriteState.FAILED, _used_up(budget_s))
        run = _Run(rewriting=self, deadline_s=self.clock() + budget_s)
        answers = run_in_daemons(
            lambda index: (index, run.retell(jobs[index])),
            wanted,
            at_once=self.options.at_once,
            deadline=Deadline.after(budget_s + _GRACE_S),
        )
        with suppress(TimeoutError):
            for done, (index, (telling, rewrite)) in enumerate(answers, 1):
                outcomes[index] = telling, rewrite
                article = jobs[index].article
                log.info("rewriter: %s story=%s %s", rewrite.state.value, article.id, rewrite.reason)
                if progress:
                    progress(done, len(wanted), telling.title or article.title)
        return outcomes


def _is_wanted(job: RewriteJob) -> bool:
    article = job.article
    # prompt and guard know English only
    is_known = edits_english(job.phrases.language)
    return bool(is_known and not article.is_local and article.section not in EXACT and job.telling.pieces)


def _used_up(budget_s: float) -> str:
    return f"no time left to rewrite this story; to allow more, raise [script.rewriter] budget_s (now {budget_s:g})"


def _by_rule(job: RewriteJob, state: RewriteState, reason: str, *, tries: int = 0) -> tuple[Telling, Rewrite]:
    """The story as the rules tell it, and why."""
    return job.telling, Rewrite(state=state, reason=reason, tries=tries)


@dataclass(slots=True, kw_only=True)
class _Run:
    """State of one bulletin that the threads share."""

    rewriting: StoryRewriter
    deadline_s: float
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _failures: int = 0
    _stopped: str = ""

    def retell(self, job: RewriteJob) -> tuple[Telling, Rewrite]:
        task = _prepare(job)
        if reason := task.why_not():
            return _by_rule(job, RewriteState.REFUSED, reason)
        store = self.rewriting.store
        key = make_key(
            self.rewriting.rewriter.fingerprint,
            f"{PROMPT_VERSION} {GUARD_VERSION} {task.limits.least} {task.limits.most}",
            task.title,
            task.source,
        )
        tries = 0
        if cached := store.get(key):
            answer, reason = cached
            if not answer:
                return _by_rule(job, RewriteState.REFUSED, reason)
            # checked again, because a file is no more trusted than a model
            verdict = task.check(answer)
        elif self._stopped:
            return _by_rule(job, RewriteState.FAILED, self._stopped)
        else:
            try:
                answer, verdict, tries = self._ask(task)
            except RewriterError as error:
                return _by_rule(job, RewriteState.FAILED, self._give_up(error), tries=1)
            reason = _shorten(verdict.problems)
            store.put(key, answer="" if reason else answer, reason=reason)
        if verdict.problems:
            return _by_rule(job, RewriteState.REFUSED, _shorten(verdict.problems), tries=tries)
        return task.telling(verdict), Rewrite(state=RewriteState.REWRITTEN, tries=tries)

    def _ask(self, task: _Task) -> tuple[str, GuardVerdict, int]:
        """Return the last answer, its verdict, and the number of tries. Raises RewriterError."""
        messages = first_turns(task.title, task.source, limits=task.limits, fence=secrets.token_hex(8))
        for tries in range(1, TRIES + 1):
            answer = self.rewriting.rewriter.answer(messages, within_s=self._left_s())
            verdict = task.check(answer)
            if not verdict.problems or tries == TRIES:
                break
            log.debug("rewritten story refused, asking the model once more: %s", "; ".join(verdict.problems))
            messages = second_turns(messages, answer=answer, problems=verdict.problems)
        with self._lock:
            self._failures = 0
        return answer, verdict, tries

    def _left_s(self) -> float:
        now = self.rewriting.clock()
        if now >= self.deadline_s:
            raise RewriterError(_used_up(self.rewriting.options.budget_s), is_lasting=True)
        return self.deadline_s - now

    def _give_up(self, error: RewriterError) -> str:
        """Record a failure; a lasting one stops all further stories. Returns the reason."""
        with self._lock:
            self._failures += 1
            if error.is_lasting or self._failures >= MOST_FAILURES:
                self._stopped = self._stopped or f"not asked: {error}"
        log.warning("language model gave no usable answer, story keeps its own words: %s", error)
        return str(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """Article as the model and the guard see it."""

    job: RewriteJob
    title: str
    original: tuple[str, ...]
    """Sentences as printed, used as origins."""
    source: tuple[str, ...]
    """Sentences in the prompt, with "yesterday" named."""
    limits: PromptLimits

    def why_not(self) -> str:
        """Reason not to show the article to a model, or nothing."""
        article = self.job.article
        if any(map(speaks_to_machines, (article.title, article.text, article.summary))):
            return "the article holds words that are meant for a program"
        return "too short to be reworded" if self.limits.most < FEWEST_WORDS else ""

    def check(self, answer: str) -> GuardVerdict:
        return check_answer(answer, self.source, limits=self.limits, phrases=self.job.phrases)

    def telling(self, verdict: GuardVerdict) -> Telling:
        pieces = tuple(
            ToldUnit(
                sentences=(sentence,),
                origins=tuple(Origin.of(self.job.article, self.original[index]) for index in places),
                places=places,
            )
            for sentence, places in verdict.sentences
        )
        return Telling(title=self.job.telling.title, pieces=pieces)


def _prepare(job: RewriteJob) -> _Task:
    article = job.article
    title = clean_title(article.title)
    paragraphs = strip_boilerplate(article.text or article.summary, title=title)
    original = tuple(sentence for part in paragraphs for sentence in split_sentences(part))
    source = source_of([resolve_days(sentence, job.days) for sentence in original])
    # rounded to tens, so that a slightly changed pace does not miss every cached answer
    most = min(round(job.most_words, -1), sum(map(count_words, source)))
    by_rule = sum(piece.words for piece in job.telling.pieces)
    limits = PromptLimits(least=min(most // 2, by_rule), most=most)
    return _Task(job=job, title=title, original=original, source=source, limits=limits)


def _shorten(problems: Sequence[str]) -> str:
    """List the first two problems for an editor."""
    more = f" (and {len(problems) - 2} more)" if len(problems) > 2 else ""
    return "; ".join(problem[:160] for problem in problems[:2]) + more

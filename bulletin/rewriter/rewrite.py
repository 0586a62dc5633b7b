"""RewriteJob -> Outcome: a telling in a model's words, where its answer passes the guard within two tries."""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bulletin.editing.boilerplate.strip_boilerplate import strip_boilerplate
from bulletin.editing.edited_article import Telling, ToldUnit
from bulletin.editing.headlines.clean_title import clean_title
from bulletin.editing.other_languages import edits_english
from bulletin.editing.sentences.ages_and_days import resolve_days
from bulletin.errors import RewriterError
from bulletin.language.sentences import count_words, split_sentences
from bulletin.model import Origin, Rewrite, RewriteState, Section
from bulletin.rewriter.answer_cache import AnswerCache, CachedAnswer, make_key
from bulletin.rewriter.guard.check_model_answer import GUARD_VERSION, GuardVerdict, check_answer
from bulletin.rewriter.prompt import (
    PROMPT_VERSION,
    PromptLimits,
    first_turns,
    second_turns,
    source_of,
    speaks_to_machines,
)
from bulletin.rewriter.rewrite_job import Outcome, Progress, RewriteJob
from bulletin.rewriter.rewriter_port import Rewriter

log = logging.getLogger(__name__)

TRIES = 2
FEWEST_WORDS = 30
"""An article with fewer words cannot be told shorter."""

MOST_FAILURES = 2
"""Stories in a row without an answer after which the server is not asked again for this bulletin."""

EXACT = (Section.WEATHER, Section.TRAVEL)
"""Short, full of figures, and worded by experts: nothing to gain."""

_GRACE_S = 2.0
"""Seconds after the budget for answers under check; a DNS query without end is not waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRewriter:
    """Rewriter with its budget for one bulletin."""

    rewriter: Rewriter
    store: AnswerCache
    budget_s: float
    """Seconds for all stories together."""
    most_stories: int
    at_once: int = 2
    """Parallel requests."""
    clock: Callable[[], float] = time.monotonic

    def retell(self, jobs: Sequence[RewriteJob], *, progress: Progress | None = None) -> list[Outcome]:
        """
        Reword each article, or keep its telling; outcomes in the order of `jobs`.

        The station's own stories, weather and travel keep their words; they, and stories beyond `most_stories`, have
        no Rewrite. A story without an answer when the budget is used up has failed.
        """
        wanted = [place for place, job in enumerate(jobs) if _is_wanted(job)][: self.most_stories]
        outcomes: list[Outcome] = [(job.telling, None) for job in jobs]
        if not wanted:
            return outcomes
        run = _Run(rewriting=self, deadline_s=self.clock() + self.budget_s)
        ready = _start(run, [(place, jobs[place]) for place in wanted], at_once=self.at_once)
        until_s = time.monotonic() + self.budget_s + _GRACE_S
        for number in range(len(wanted)):
            try:
                place, outcome = ready.get(timeout=max(0.0, until_s - time.monotonic()))
            except queue.Empty:
                break
            if isinstance(outcome, BaseException):
                raise outcome
            outcomes[place] = outcome
            _tell(progress, number + 1, len(wanted), jobs[place], outcome)
        for place in wanted:
            if outcomes[place][1] is None:
                late = Rewrite(state=RewriteState.FAILED, reason=_used_up(self.budget_s))
                outcomes[place] = jobs[place].telling, late
        return outcomes


def _is_wanted(job: RewriteJob) -> bool:
    article = job.article
    # prompt and guard know English only
    is_known = edits_english(job.phrases.language)
    return bool(is_known and not article.is_local and article.section not in EXACT and job.telling.pieces)


def _tell(progress: Progress | None, done: int, total: int, job: RewriteJob, outcome: Outcome) -> None:
    rewrite = outcome[1]
    if rewrite:
        log.info("story %s: %s %s", rewrite.state.value, job.article.id, rewrite.reason)
    if progress:
        progress(done, total, job.telling.title or job.article.title)


def _used_up(budget_s: float) -> str:
    return f"the {budget_s:g} s for all stories are used up"


Ready = queue.SimpleQueue[tuple[int, Outcome | BaseException]]


def _start(run: _Run, jobs: Sequence[tuple[int, RewriteJob]], *, at_once: int) -> Ready:
    """
    Start threads that take one story after the other and put outcomes into the returned queue.

    They are daemons, so that Ctrl-C and the end of the budget do not wait for a server.
    """
    waiting: queue.SimpleQueue[tuple[int, RewriteJob]] = queue.SimpleQueue()
    for numbered in jobs:
        waiting.put(numbered)
    ready: Ready = queue.SimpleQueue()

    def work() -> None:
        while True:
            try:
                place, job = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                ready.put((place, run.retell(job)))
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
                ready.put((place, error))

    for number in range(min(at_once, len(jobs))):
        threading.Thread(target=work, name=f"rewriter-{number}", daemon=True).start()
    return ready


@dataclass(slots=True, kw_only=True)
class _Run:
    """State of one bulletin that the threads share."""

    rewriting: StoryRewriter
    deadline_s: float
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _failures: int = 0
    _stopped: str = ""

    def retell(self, job: RewriteJob) -> Outcome:
        told, rewrite = self._retell(_Task(job))
        return told or job.telling, rewrite

    def _retell(self, task: _Task) -> tuple[Telling | None, Rewrite]:
        if reason := task.why_not():
            return None, Rewrite(state=RewriteState.REFUSED, reason=reason)
        store = self.rewriting.store
        key = make_key(
            self.rewriting.rewriter.fingerprint,
            f"{PROMPT_VERSION} {GUARD_VERSION} {task.limits.least} {task.limits.most}",
            task.title,
            task.source,
        )
        if kept := store.get(key):
            return _remembered(task, kept)
        if self._stopped:
            return None, Rewrite(state=RewriteState.FAILED, reason=self._stopped)
        try:
            answer, problems, tries = self._ask(task)
        except RewriterError as error:
            return None, Rewrite(state=RewriteState.FAILED, reason=self._give_up(error), tries=1)
        with self._lock:
            self._failures = 0
        if not problems:
            store.put(key, CachedAnswer(answer=answer))
            return task.told(task.check(answer)), Rewrite(state=RewriteState.REWRITTEN, tries=tries)
        reason = _shorten(problems)
        store.put(key, CachedAnswer(answer="", reason=reason))
        return None, Rewrite(state=RewriteState.REFUSED, reason=reason, tries=tries)

    def _ask(self, task: _Task) -> tuple[str, tuple[str, ...], int]:
        """Return the last answer, its problems, and the number of tries. Raises RewriterError."""
        turns = first_turns(task.title, task.source, limits=task.limits, fence=secrets.token_hex(8))
        for tries in range(1, TRIES + 1):
            answer = self.rewriting.rewriter.answer(turns, within_s=self._left_s())
            problems = task.check(answer).problems
            if not problems or tries == TRIES:
                break
            log.debug("answer refused, asking once more: %s", "; ".join(problems))
            turns = second_turns(turns, answer=answer, problems=problems)
        return answer, problems, tries

    def _left_s(self) -> float:
        now = self.rewriting.clock()
        if now >= self.deadline_s:
            raise RewriterError(_used_up(self.rewriting.budget_s), is_lasting=True)
        return self.deadline_s - now

    def _give_up(self, error: RewriterError) -> str:
        """Record a failure; a lasting one stops all further stories. Returns the reason."""
        with self._lock:
            self._failures += 1
            if error.is_lasting or self._failures >= MOST_FAILURES:
                self._stopped = self._stopped or f"not asked: {error}"
        log.warning("rewriter gave no answer, using the script made by rule: %s", error)
        return str(error)


@dataclass(frozen=True, slots=True)
class _Task:
    """Article as the model and the guard see it."""

    job: RewriteJob
    title: str = field(init=False)
    original: tuple[str, ...] = field(init=False)
    """Sentences as printed, used as origins."""
    source: tuple[str, ...] = field(init=False)
    """Sentences in the prompt, with "yesterday" named."""
    limits: PromptLimits = field(init=False)

    def __post_init__(self) -> None:
        article = self.job.article
        paragraphs = strip_boilerplate(article.text or article.summary, title=clean_title(article.title))
        original = tuple(one for part in paragraphs for one in split_sentences(part))
        source = source_of([resolve_days(one, self.job.days) for one in original])
        # rounded to tens, so that a slightly changed pace does not miss every cached answer
        most = min(round(self.job.most_words, -1), sum(map(count_words, source)))
        by_rule = sum(piece.words for piece in self.job.telling.pieces)
        for name, value in (
            ("title", clean_title(article.title)),
            ("original", original),
            ("source", source),
            ("limits", PromptLimits(least=min(most // 2, by_rule), most=most)),
        ):
            object.__setattr__(self, name, value)

    def why_not(self) -> str:
        """Reason not to show the article to a model, or nothing."""
        article = self.job.article
        if any(map(speaks_to_machines, (article.title, article.text, article.summary))):
            return "the article holds words that are meant for a program"
        return "too short to be told otherwise" if self.limits.most < FEWEST_WORDS else ""

    def check(self, answer: str) -> GuardVerdict:
        return check_answer(answer, self.source, limits=self.limits, phrases=self.job.phrases)

    def told(self, verdict: GuardVerdict) -> Telling:
        pieces = tuple(
            ToldUnit(
                sentences=(one.text,),
                origins=tuple(Origin.of(self.job.article, self.original[place]) for place in one.places),
                places=tuple(one.places),
            )
            for one in verdict.sentences
        )
        return Telling(title=self.job.telling.title, pieces=pieces)


def _remembered(task: _Task, kept: CachedAnswer) -> tuple[Telling | None, Rewrite]:
    """Check a cached answer again, because a file is no more trusted than a model."""
    if not kept.answer:
        return None, Rewrite(state=RewriteState.REFUSED, reason=kept.reason)
    verdict = task.check(kept.answer)
    if verdict.problems:
        return None, Rewrite(state=RewriteState.REFUSED, reason=_shorten(verdict.problems))
    return task.told(verdict), Rewrite(state=RewriteState.REWRITTEN)


def _shorten(problems: Sequence[str]) -> str:
    """List the first two problems for an editor."""
    more = f" (and {len(problems) - 2} more)" if len(problems) > 2 else ""
    return "; ".join(problem[:160] for problem in problems[:2]) + more

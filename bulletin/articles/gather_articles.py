"""Feeds -> Articles: the entry of this package."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from bulletin.archive.record_dataclasses import Catalog
from bulletin.articles.fetch_full_text import read_pages
from bulletin.articles.fetching.http_fetcher import Fetcher
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.articles.merge_feed_results import merge_readings
from bulletin.articles.paused_servers_and_feeds import KnownTroubles
from bulletin.articles.read_one_feed import FeedResult, GatherRun, note_timeout, read_feed
from bulletin.articles.worker.parser_process_pool import WorkerPool
from bulletin.config.profile_options import FetchOptions
from bulletin.model import Feed, FeedState, Gathered
from bulletin.runtime.deadline import Deadline

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
"""(feeds done, feeds in all, name of the feed just done)."""


def gather_articles(
    feeds: Sequence[Feed],
    *,
    now: datetime,
    options: FetchOptions,
    catalog: Catalog | None = None,
    answers: ResponseCache | None = None,
    progress: Progress | None = None,
) -> Gathered:
    """
    Read all feeds side by side, and the pages of their short articles.

    A feed's faults are in its report, with the remedy, and do not disturb the others; after `options.budget_s`
    seconds the run ends with the articles that it has. `now` is aware UTC. `catalog` stores feeds and pages from
    run to run and is used from the calling thread only; runs with the same `answers` ask an address once. A failed
    feed is replaced by its last articles for some hours, unless no feed could be reached at all.
    """
    readings = [FeedResult(feed=feed) for feed in feeds]
    if readings:
        fetcher = Fetcher(options, answers=answers)
        asyncio.run(_gather(readings, fetcher, now=now, options=options, catalog=catalog, progress=progress))
    return merge_readings(readings)


async def _gather(
    readings: Sequence[FeedResult],
    ready: Fetcher,
    *,
    now: datetime,
    options: FetchOptions,
    catalog: Catalog | None,
    progress: Progress | None,
) -> None:
    async with WorkerPool(until=Deadline.after(options.budget_s)) as readers, ready as fetcher:
        troubles = KnownTroubles(catalog=catalog, now=now)
        run = GatherRun(
            now=now, options=options, fetcher=fetcher, readers=readers, catalog=catalog, troubles=troubles
        )
        report_done = _progress_reporter(len(readings), progress)
        tasks: dict[asyncio.Task[None], FeedResult] = {}
        for reading in sorted(readings, key=lambda reading: troubles.is_suspect(reading.feed.url)):
            before = tuple(tasks) if troubles.is_suspect(reading.feed.url) else ()
            tasks[asyncio.create_task(_work(reading, run, report_done, before))] = reading
        try:
            done, _ = await asyncio.wait(tasks, timeout=options.budget_s)
        finally:
            late = (*(task for task in tasks if not task.done()), *run.pages.values())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for task, reading in tasks.items():
            if task in done:
                task.result()  # raises errors that are no fault of the feed
            else:
                note_timeout(reading, options.budget_s)
                report_done(reading)


async def _work(
    reading: FeedResult,
    run: GatherRun,
    report_done: Callable[[FeedResult], None],
    before: Collection[asyncio.Task[None]],
) -> None:
    """Read one feed; a feed whose parser was killed last time waits for the tasks `before`."""
    if before:
        await asyncio.wait(before)
    began = time.monotonic()
    try:
        await read_feed(reading, run)
        reading.is_done = True
        await read_pages(reading, run)
    finally:
        reading.seconds = time.monotonic() - began
    report_done(reading)


def _progress_reporter(total: int, progress: Progress | None) -> Callable[[FeedResult], None]:
    done = 0

    def report_done(reading: FeedResult) -> None:
        nonlocal done
        done += 1
        if reading.state is FeedState.FAILED:
            log.warning("feed failed: feed=%s: %s", reading.feed.name, reading.reason)
        if progress:
            progress(done, total, reading.feed.name)

    return report_done

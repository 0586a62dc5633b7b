"""The response cache: one request for an address that several stations fetch."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from bulletin.articles.fetching.http_fetcher import Fetcher
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.articles.fetching.ssrf_guard import read_url
from bulletin.articles.gather_articles import gather_articles
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import FetchError
from bulletin.model import Feed, Gathered
from tests.articles.feed_texts import item, rss
from tests.articles.site import Site
from tests.support.factories import NOW

GAZETTE = "https://g.example/rss"
QUICK = FetchOptions(host_gap_s=0.0, timeout_s=30.0)


def answer(body: bytes = b"news") -> HttpResponse:
    return HttpResponse(url=GAZETTE, status=200, headers={}, body=body)


def side_by_side(count: int, work: Callable[[], Any]) -> list[Any]:
    """Run each job in its own thread and event loop, as stations do."""
    outcomes: list[Any] = []

    def run() -> None:
        try:
            outcomes.append(asyncio.run(work()))
        except FetchError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


@pytest.mark.slow
def test_eight_runs_at_once_make_one_request() -> None:
    with Site() as site:
        url = site.reply("/rss", b"news" * 20, drip_s=0.005)
        answers, private = ResponseCache(), read_url(url)

        async def work() -> bytes:
            async with Fetcher(QUICK, answers=answers) as fetcher:
                return (await fetcher.fetch(url, limit_mb=1, private=private)).body

        assert side_by_side(8, work) == [b"news" * 20] * 8
        assert site.paths() == ["/rss"]


def test_a_failure_is_shared_and_waited_for_once() -> None:
    asked: list[int] = []

    async def fail() -> HttpResponse:
        asked.append(1)
        await asyncio.sleep(0.05)
        raise FetchError(
            GAZETTE, "did not answer in full within 8 s; to wait longer, raise [fetch] timeout_s"
        )

    answers = ResponseCache()
    outcomes = side_by_side(4, lambda: answers.get(GAZETTE, fail))

    assert [str(error) for error in outcomes] == [
        f"{GAZETTE}: did not answer in full within 8 s; to wait longer, raise [fetch] timeout_s"
    ] * 4
    assert len(asked) == 1


def test_failures_are_cleared_on_request_and_answers_stay() -> None:
    asked: list[str] = []
    broken = "https://i.example/rss"
    other = "https://h.example/rss"

    async def fail() -> HttpResponse:
        asked.append("fail")
        raise FetchError(
            GAZETTE, "did not answer in full within 8 s; to wait longer, raise [fetch] timeout_s"
        )

    async def give() -> HttpResponse:
        asked.append("give")
        return answer()

    async def err() -> HttpResponse:
        asked.append("err")
        return HttpResponse(url=broken, status=500, headers={}, body=b"")

    answers = ResponseCache()
    for _ in range(2):
        side_by_side(1, lambda: answers.get(GAZETTE, fail))
        side_by_side(1, lambda: answers.get(other, give))
        side_by_side(1, lambda: answers.get(broken, err))
        side_by_side(1, lambda: answers.get(GAZETTE, fail))
        answers.forget_failures()

    assert asked == ["fail", "give", "err", "fail", "err"]


def test_a_run_with_a_longer_timeout_asks_again_after_a_failure() -> None:
    with Site() as site:
        url = site.reply("/rss", b"news", drip_s=0.1)
        answers, private = ResponseCache(), read_url(url)

        async def work(timeout_s: float) -> bytes:
            options = QUICK.model_copy(update={"timeout_s": timeout_s})
            async with Fetcher(options, answers=answers) as fetcher:
                return (await fetcher.fetch(url, limit_mb=1, private=private)).body

        with pytest.raises(FetchError, match=r"within 0\.1 s"):
            asyncio.run(work(0.1))
        assert asyncio.run(work(30.0)) == b"news"


def test_a_cancelled_first_request_is_repeated_by_the_next_run() -> None:
    answers = ResponseCache()

    async def hang() -> HttpResponse:
        await asyncio.sleep(60)
        raise AssertionError

    async def succeed() -> HttpResponse:
        return answer()

    async def work() -> bytes:
        first = asyncio.create_task(answers.get(GAZETTE, hang))
        await asyncio.sleep(0)
        second = asyncio.create_task(answers.get(GAZETTE, succeed))
        await asyncio.sleep(0.01)
        first.cancel()
        return (await asyncio.wait_for(second, 60)).body

    assert asyncio.run(work()) == b"news"


def test_a_cancelled_waiting_run_leaves_at_once() -> None:
    answers = ResponseCache()

    async def work() -> bool:
        async def slow() -> HttpResponse:
            await asyncio.sleep(0.1)
            return answer()

        first = asyncio.create_task(answers.get(GAZETTE, slow))
        await asyncio.sleep(0)
        second = asyncio.create_task(answers.get(GAZETTE, slow))
        await asyncio.sleep(0.01)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        return (await first).body == b"news"

    assert asyncio.run(work())


def test_runs_cancelled_together_make_no_new_request() -> None:
    """Two stations with the same deadline wait for the same slow feed."""
    answers, asked = ResponseCache(), []

    async def hang() -> HttpResponse:
        asked.append(1)
        await asyncio.sleep(60)
        raise AssertionError

    async def work() -> None:
        both = [asyncio.create_task(answers.get(GAZETTE, hang)) for _ in range(2)]
        await asyncio.sleep(0.01)
        for task in both:
            task.cancel()
        await asyncio.wait(both, timeout=30)
        assert [task.cancelled() for task in both] == [True, True]

    asyncio.run(work())

    assert len(asked) == 1


@pytest.mark.parametrize(("later_s", "most_bytes", "asks"), [(60, 100, 1), (100, 100, 2), (0, 3, 2)])
def test_old_and_surplus_answers_are_dropped(later_s: float, most_bytes: int, asks: int) -> None:
    now, asked = [0.0], []
    answers = ResponseCache(kept_s=90, most_bytes=most_bytes, clock=lambda: now[0])

    async def ask() -> HttpResponse:
        asked.append(1)
        return answer()

    async def work() -> None:
        await answers.get(GAZETTE, ask)
        now[0] += later_s
        await answers.get(GAZETTE, ask)

    asyncio.run(work())

    assert len(asked) == asks


def test_a_private_response_is_not_shared_with_public_feeds() -> None:
    with Site() as site:
        url = site.reply("/rss", b"news")
        answers = ResponseCache()

        async def work(private: bool) -> bytes:
            async with Fetcher(QUICK, answers=answers) as fetcher:
                target = read_url(url) if private else None
                return (await fetcher.fetch(url, limit_mb=1, private=target)).body

        assert asyncio.run(work(private=True)) == b"news"
        with pytest.raises(FetchError, match="not on the open internet"):
            asyncio.run(work(private=False))


def feed(url: str) -> Feed:
    return Feed(url=url, name=url.rpartition("/")[2], is_private=True, fetches_pages=False)


def gather_side_by_side(*runs: Callable[[], Gathered]) -> list[Gathered]:
    gathered: list[Gathered] = []
    threads = [threading.Thread(target=lambda run=run: gathered.append(run())) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return gathered


@pytest.mark.slow
def test_two_stations_ask_a_host_one_after_the_other_with_a_pause(site: Site) -> None:
    options, answers = FetchOptions(host_gap_s=0.2), ResponseCache()
    urls = [site.reply(f"/{n}", rss(item(f"Story {n}", n=n)), drip_s=0.0005) for n in range(6)]

    def run(own: list[str]) -> Callable[[], Gathered]:
        feeds = [feed(url) for url in own]
        return lambda: gather_articles(feeds, now=NOW, options=options, answers=answers)

    began = time.monotonic()
    gathered = gather_side_by_side(run(urls[:3]), run(urls[3:]))
    lasted_s = time.monotonic() - began

    assert [result.reached for result in gathered] == [3, 3]
    assert site.at_once == 1
    assert sorted(site.paths()) == [f"/{n}" for n in range(6)]
    assert lasted_s > 5 * options.host_gap_s


@pytest.mark.slow
def test_two_requests_to_a_host_are_a_pause_apart(site: Site) -> None:
    urls = [site.reply(f"/{n}", rss(item(f"Story {n}", n=n))) for n in range(4)]
    options = FetchOptions(host_gap_s=0.4)

    gather_articles([feed(url) for url in urls], now=NOW, options=options)

    assert len(site.asked) == 4
    assert all(later.at_s - earlier.at_s >= 0.4 for earlier, later in pairwise(site.asked))
    assert FetchOptions().host_gap_s >= 1.0

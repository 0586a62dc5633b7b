"""Address of a published station -> Findings: every file that its clients request, requested once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin, urlsplit

from bulletin.articles.fetching.http_fetcher import Fetcher
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.ssrf_guard import read_url
from bulletin.config.profile_options import FetchOptions
from bulletin.diagnostics.remote.check_episode_age import judge_age
from bulletin.diagnostics.remote.check_episode_files import (
    judge_chapters,
    judge_head,
    judge_sound,
    judge_transcript,
)
from bulletin.diagnostics.remote.check_flash_briefing import examine_speaker
from bulletin.diagnostics.remote.check_latest_mp3_and_json import FEED_LAGS, examine_latest
from bulletin.diagnostics.remote.check_podcast_feed import FeedItem, FeedReading, read_feed
from bulletin.diagnostics.remote.check_web_pages import examine_pages
from bulletin.diagnostics.remote.fetch_published_files import (
    PICTURE_MB,
    SOUND_MB,
    WORDS_MB,
    Network,
    Visit,
    VisitedSite,
)
from bulletin.diagnostics.remote.merge_findings import NO_HEAD, content_type, merge_by_cause, wrong_type
from bulletin.errors import FetchError, OutletError
from bulletin.model.diagnostic_findings import Finding, Verdict, failure, ok, warning
from bulletin.publishing.pages.draw_podcast_artwork import check_artwork

FEED = "feed.xml"
_EPISODES = 3
"""Newest episodes that are requested."""
_TIMEOUT_S = 20.0
_TO_ALLOW = "for an address of your own network, add --private"
_ALLOWED = "not fetched: --private allows the given host only; check [outputs.podcast] base_url"
"""Message about files on another host of the own network, usually because base_url was never set."""
_PICTURE_KB = 512
_OTHER_SITE = "https://example.org"
_FEED_TYPES = ("application/rss+xml", "application/xml", "text/xml")


def check_published_station(url: str, *, now: datetime, is_private: bool = False) -> tuple[Finding, ...]:
    """
    Examine a published station as apps, directories and speakers do; `url` is its feed or its folder.

    `is_private` allows the host of `url` to be in the local network. All requests pass the SSRF guard. Raises
    FetchError for an invalid address.
    """
    target = read_url(url)
    private = target if is_private else None

    async def examine() -> tuple[Finding, ...]:
        options = FetchOptions(timeout_s=_TIMEOUT_S, host_gap_s=0.0)
        async with Fetcher(options, to_allow=_ALLOWED if private else _TO_ALLOW) as fetcher:
            return await _examine(Network(fetcher, private=private), url, now)

    return asyncio.run(examine())


def examine_site(site: VisitedSite, url: str, *, now: datetime) -> tuple[Finding, ...]:
    """Examine a station through another site than the network, for instance a folder."""
    return asyncio.run(_examine(site, url, now))


async def _examine(site: VisitedSite, url: str, now: datetime) -> tuple[Finding, ...]:
    with TemporaryDirectory(prefix="bulletin-doctor-") as folder:
        visit = Visit(site=site, folder=Path(folder), now=now)
        return merge_by_cause(await _attempt(visit, "feed", _examine_feed_and_files(visit, url)))


async def _attempt(visit: Visit, part: str, examination: Awaitable[list[Finding]]) -> list[Finding]:
    """Findings of an examination; a host that does not answer is one, reported once."""
    try:
        return await examination
    except FetchError as problem:
        visit.reported.add(problem.url)
        cause = f"host {urlsplit(problem.url).netloc}"
        return [failure(part, f"{problem.url}: {problem.reason}", cause=cause)]


async def _examine_feed_and_files(visit: Visit, url: str) -> list[Finding]:
    answer = await visit.get(urljoin(url, FEED) if url.endswith("/") else url)
    is_page = content_type(answer) == "text/html"
    if not url.endswith("/") and (answer.status == 404 or is_page):
        # the listener page, or the folder without its slash
        answer = await visit.get(urljoin(url if url.endswith(".html") else f"{url}/", FEED))
    if answer.status != 200:
        return [failure("feed", f"{answer.url}: HTTP {answer.status}; publish it, or correct the address")]
    feed = read_feed(answer.body, url=answer.url, now=visit.now)
    if isinstance(feed, Finding):
        return [feed]
    if feed.own:
        visit.site.also_at(urljoin(feed.own, "./"))
    findings = await _attempt(visit, "feed", _examine_feed(visit, answer, feed))
    findings += await _examine_files(visit, answer.url, feed)
    return _with_tampering(findings, feed, answer.url)


async def _examine_feed(visit: Visit, answer: HttpResponse, feed: FeedReading) -> list[Finding]:
    faults = [*feed.findings]
    if feed.own and feed.own != answer.url:
        message = f"says that its address is {feed.own}, not {answer.url}; check [outputs.podcast] base_url"
        # before publication it is a failure: no app would find the files that the feed names
        verdict = warning if visit.site.is_live else failure
        faults.append(verdict("feed", f"{message}, and run `bulletin republish`"))
    if visit.site.is_live:
        faults += await _examine_feed_headers(visit, answer, feed)
    if feed.next_page:
        faults += await _examine_older_page(visit, feed)
    return faults or [ok("feed", f'"{feed.title}": no rule broken, episodes: {len(feed.items)}')]


async def _examine_files(visit: Visit, url: str, feed: FeedReading) -> list[Finding]:
    """All other files of the station, and the age of the newest episode; a bad enclosure was reported with the feed."""
    findings: list[Finding] = []
    for number, item in enumerate(feed.items[:_EPISODES]):
        if item.is_fit:
            findings += await _attempt(visit, "episode", _examine_episode(visit, item, is_newest=not number))
    findings += await _attempt(visit, "artwork", _examine_artwork(visit, feed.artwork))
    for part, examine in (("latest", examine_latest), ("speaker", examine_speaker), ("page", examine_pages)):
        findings += await _attempt(visit, part, examine(visit, url, feed))
    newest = max((item.published for item in feed.items if item.published), default=None)
    if newest and not any(finding.cause == FEED_LAGS for finding in findings):
        findings.append(judge_age(newest, rrule=feed.rrule, start=feed.rule_start, now=visit.now))
    return findings


def _with_tampering(findings: Sequence[Finding], feed: FeedReading, url: str) -> list[Finding]:
    """Report an edited feed with the first fault, which it probably caused, or alone."""
    if not feed.is_tampered:
        return [*findings]
    edited = "was edited after Bulletin wrote it"
    faults = (f for f in findings if f.verdict is not Verdict.OK and f.part != "artwork")
    fault = next(faults, None)
    if fault is None:
        return [*findings, warning("feed", f"{url}: {edited}; run `bulletin republish`")]
    cause = f"perhaps because the feed {edited}; `bulletin republish` discards the edits"
    explained = replace(fault, message=f"{fault.message} ({cause})")
    return [explained if finding is fault else finding for finding in findings]


async def _examine_feed_headers(visit: Visit, answer: HttpResponse, feed: FeedReading) -> list[Finding]:
    """Findings about the headers with which the web server sends the feed."""
    findings = [*wrong_type("feed", answer, *_FEED_TYPES)]
    if answer.moved_to:
        message = f"the address has moved permanently to {answer.moved_to}; use the new address"
        findings.append(warning("feed", message))
    if (await visit.head(answer.url)).status != 200:
        message = f"{answer.url}: refuses HEAD requests, which some directories send first; {NO_HEAD}"
        findings.append(failure("feed", message, cause=NO_HEAD))
    tag, date = answer.headers.get("etag"), answer.headers.get("last-modified")
    known = {"If_None_Match": tag} if tag else {"If_Modified_Since": date or ""}
    message = "no ETag or Last-Modified header, so apps always download all; let the web server send one"
    if tag or date:
        again = await visit.get(answer.url, limit_mb=WORDS_MB, **known)
        message = "the web server sends an unchanged feed in full; let it answer HTTP 304 (Not Modified)"
    if not (tag or date) or again.status != 304:
        findings.append(warning("feed", message))
    if feed.hub and feed.hub not in answer.headers.get("link", ""):
        message = f'the web server must send this header for WebSub: Link: <{feed.hub}>; rel="hub"'
        findings.append(warning("feed", message))
    return findings


async def _examine_older_page(visit: Visit, feed: FeedReading) -> list[Finding]:
    answer = await visit.get(feed.next_page)
    page = read_feed(answer.body, url=feed.next_page, now=visit.now) if answer.status == 200 else None
    if not isinstance(page, FeedReading):
        message = f"{feed.next_page}: the page of older episodes is missing; run `bulletin republish`"
        return [failure("feed", message)]
    return [warning("feed", f"{feed.next_page}: {finding.message}") for finding in page.findings]


async def _examine_episode(visit: Visit, item: FeedItem, *, is_newest: bool) -> list[Finding]:
    head = await visit.head(item.url)
    part = await visit.get(item.url, limit_mb=SOUND_MB, Range="bytes=0-1", Accept_Encoding="identity")
    findings = [*judge_head(item, head, part)]
    if any(not finding.cause for finding in findings):
        visit.reported.add(item.url)
    for file in item.transcripts:
        if faults := [*judge_transcript(file, await visit.get(file.url, Origin=_OTHER_SITE), item)]:
            visit.reported.add(file.url)
            findings += faults
    for file in item.chapters:
        findings += judge_chapters(file, await visit.get(file.url, Origin=_OTHER_SITE), item)
    if is_newest and item.url not in visit.reported:
        sound = await visit.get(item.url, limit_mb=SOUND_MB)
        if sound.status == 200:
            visit.sums.add(hashlib.sha256(sound.body).hexdigest())
            findings += judge_sound(item, sound.body, visit.keep(sound.body, "newest.mp3"))
    return findings


async def _examine_artwork(visit: Visit, url: str) -> list[Finding]:
    if not url:
        return []
    answer = await visit.get(url, limit_mb=PICTURE_MB)
    head = await visit.head(url)
    size_kb = len(answer.body) // 1024
    fault = _judge_artwork(visit, url, answer, head)
    if fault:
        visit.reported.add(url)
        return [fault]
    if size_kb > _PICTURE_KB:
        remedy = "save the picture smaller, and set its path in [imaging] artwork"
        return [warning("artwork", f"{url}: {size_kb} KB; Apple wants {_PICTURE_KB} KB at most: {remedy}")]
    return [ok("artwork", f"{size_kb} KB, square, of the right size")]


def _judge_artwork(visit: Visit, url: str, answer: HttpResponse, head: HttpResponse) -> Finding | None:
    if answer.status != 200:
        message = f"{url}: HTTP {answer.status}; apps show no cover: run `bulletin republish`"
        return failure("artwork", message)
    if head.status != 200:
        message = f"{url}: HTTP {head.status} to HEAD; some apps show no cover: {NO_HEAD}"
        return failure("artwork", message, cause=NO_HEAD)
    try:
        check_artwork(visit.keep(answer.body, "artwork"))
    except OutletError as problem:
        return failure("artwork", f"{url}: {str(problem).partition(': ')[2]}")
    return None

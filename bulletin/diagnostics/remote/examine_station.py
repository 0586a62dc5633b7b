"""An address -> findings: everything that a published station's clients would ask for, asked for once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin, urlsplit

from bulletin.articles.fetching.guarded_fetch import Fetcher
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.ssrf_guard import read_url
from bulletin.config.profile_options import FetchOptions
from bulletin.diagnostics.remote.enclosure_sound import judge_head, judge_sound
from bulletin.diagnostics.remote.feed_rules import FeedItem, FeedReading, read_feed
from bulletin.diagnostics.remote.fixed_names import examine_latest, examine_pages, examine_speaker
from bulletin.diagnostics.remote.latest_files import FEED_LAGS
from bulletin.diagnostics.remote.remote_finding import NO_HEAD, once_a_cause
from bulletin.diagnostics.remote.schedule_kept import judge_age
from bulletin.diagnostics.remote.transcript_rules import judge_chapters, judge_transcript
from bulletin.diagnostics.remote.visit import PICTURE_MB, SOUND_MB, Network, Visit, VisitedSite
from bulletin.errors import FetchError, OutletError
from bulletin.model.findings import Finding, Verdict, failure, ok, warning
from bulletin.publishing.pages.artwork import check_artwork

FEED = "feed.xml"
_EPISODES = 3
"""How many of the newest are asked for."""
_TIMEOUT_S = 20.0
_TO_ALLOW = "for an address of your own network: --private"
_ALLOWED = "--private allows the address that was given, no other: is [outputs.podcast] base_url right?"
"""Of what a feed of the station's own network names elsewhere: its own base_url was never set, as a rule."""
_PICTURE_BYTES = 512 * 1024
_FEED_TYPES = ("application/rss+xml", "application/xml", "text/xml")


def examine_station(url: str, *, now: datetime, is_private: bool = False) -> tuple[Finding, ...]:
    """
    Look at a published station as apps, directories and speakers do; `url` is its feed or its folder.

    `is_private` allows the address's own host to be one of the station's network, for trying out. Every
    request is guarded as those for feeds are. Raises FetchError for what is no address.
    """
    target = read_url(url)
    private = target if is_private else None

    async def examine() -> tuple[Finding, ...]:
        options = FetchOptions(timeout_s=_TIMEOUT_S, host_gap_s=0.0)
        async with Fetcher(options, to_allow=_ALLOWED if private else _TO_ALLOW) as fetcher:
            return await _examine(Network(fetcher, private=private), url, now)

    return asyncio.run(examine())


def examine_site(site: VisitedSite, url: str, *, now: datetime) -> tuple[Finding, ...]:
    """The same of a station that something else than the network answers for."""
    return asyncio.run(_examine(site, url, now))


async def _examine(site: VisitedSite, url: str, now: datetime) -> tuple[Finding, ...]:
    found: list[Finding] = []
    with TemporaryDirectory(prefix="bulletin-doctor-") as folder:
        visit = Visit(site=site, folder=Path(folder), now=now)
        try:
            async for finding in _walk(visit, url):
                found.append(finding)  # noqa: PERF401 - what was found before it broke off counts
        except FetchError as problem:
            found.append(_unanswered("feed", problem))
    return once_a_cause(found)


async def _walk(visit: Visit, url: str) -> AsyncIterator[Finding]:
    answer = await visit.get(urljoin(url, FEED) if url.endswith("/") else url)
    kind = answer.headers.get("content-type", "")
    if not url.endswith("/") and (answer.status == 404 or kind.startswith("text/html")):
        # the page, or the folder without its slash
        folder = url if url.endswith(".html") else f"{url}/"
        answer = await visit.get(urljoin(folder, FEED))
    if answer.status != 200:
        yield failure("feed", f"{answer.url}: answers {answer.status}; is it published?")
        return
    read = read_feed(answer.body, url=answer.url, now=visit.now)
    if isinstance(read, Finding):
        yield read
        return
    if read.own:
        visit.site.also_at(urljoin(read.own, "./"))
    found = [finding async for finding in _feed(visit, answer, read)]
    found += [finding async for finding in _front(visit, answer.url, read)]
    for finding in _with_tampering(found, read, answer.url):
        yield finding


async def _feed(visit: Visit, answer: HttpResponse, read: FeedReading) -> AsyncIterator[Finding]:
    rules = [*read.findings, *_address(read, answer.url, is_live=visit.site.is_live)]
    if visit.site.is_live:
        rules += [finding async for finding in _serving(visit, answer, read)]
    if read.next_page:
        rules += [finding async for finding in _older(visit, read)]
    for finding in rules:
        yield finding
    if not rules:
        yield ok("feed", f'"{read.title}": {len(read.items)} episodes, every rule kept')


async def _front(visit: Visit, url: str, read: FeedReading) -> AsyncIterator[Finding]:
    """All that the feed's clients and others ask for, and whether it is of the hour."""
    for examined in (_episodes, _artwork):
        async for finding in examined(visit, read):
            yield finding
    lags = False
    for part in (examine_latest, examine_speaker, examine_pages):
        try:
            async for finding in part(visit, url, read):
                lags = lags or finding.cause == FEED_LAGS
                yield finding
        except FetchError as problem:
            yield _unanswered(part.__name__.partition("_")[2].removesuffix("s"), problem)
    newest = max((item.published for item in read.items if item.published), default=None)
    if newest and not lags:
        yield judge_age(newest, rrule=read.rrule, start=read.rule_start, now=visit.now)


def _address(read: FeedReading, url: str, *, is_live: bool) -> list[Finding]:
    """The feed names itself as it is asked for; before it is published no client would find what it names."""
    if not read.own or read.own == url:
        return []
    told = f'atom:link rel="self" says {read.own}, not {url}; check [outputs.podcast] base_url'
    return [warning("feed", told) if is_live else failure("feed", f"{told}, and run `bulletin republish`")]


def _with_tampering(found: Sequence[Finding], read: FeedReading, url: str) -> list[Finding]:
    """That the feed was changed by hand is told with what that broke, or by itself."""
    if not read.is_tampered:
        return [*found]
    ill = next((one for one in found if one.verdict is not Verdict.OK and one.part != "artwork"), None)
    remedy = "was changed since it was written; run bulletin republish"
    if ill is None:
        return [*found, warning("feed", f"{url}: {remedy}")]
    return [replace(one, message=f"{one.message}; the feed {remedy}") if one is ill else one for one in found]


def _unanswered(part: str, problem: FetchError) -> Finding:
    """A host that cannot be asked is told once."""
    return failure(part, f"{problem.url}: {problem.reason}", cause=f"host {urlsplit(problem.url).netloc}")


async def _serving(visit: Visit, answer: HttpResponse, read: FeedReading) -> AsyncIterator[Finding]:
    """How the web server hands out the feed."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FEED_TYPES:
        yield failure("feed", f'{answer.url}: is sent as "{kind[:60]}"; it must be application/rss+xml')
    if answer.moved_to:
        yield warning("feed", f"the address has moved for good to {answer.moved_to}; name that one")
    if (await visit.head(answer.url)).status != 200:
        yield failure(
            "feed", f"{answer.url}: doesn't answer HEAD; some directories ask so first", cause=NO_HEAD
        )
    async for finding in _validators(visit, answer):
        yield finding
    if read.hub and read.hub not in answer.headers.get("link", ""):
        yield warning("feed", "names a hub, but not in an HTTP Link header; hubs look there")


async def _older(visit: Visit, read: FeedReading) -> AsyncIterator[Finding]:
    older = await visit.get(read.next_page)
    page = read_feed(older.body, url=read.next_page, now=visit.now) if older.status == 200 else None
    if not isinstance(page, FeedReading):
        yield failure(
            "feed", f"{read.next_page}: the page of older episodes is not there; run `bulletin republish`"
        )
    else:
        for finding in page.findings:
            yield warning("feed", f"{read.next_page}: {finding.message}")


async def _validators(visit: Visit, answer: HttpResponse) -> AsyncIterator[Finding]:
    tag, date = answer.headers.get("etag"), answer.headers.get("last-modified")
    if not tag and not date:
        yield warning("feed", "has neither ETag nor Last-Modified; every app loads all of it every time")
        return
    again = (
        visit.get(answer.url, If_None_Match=tag)
        if tag
        else visit.get(answer.url, If_Modified_Since=date or "")
    )
    if (await again).status != 304:
        yield warning("feed", "is sent again to those who have it; the web server should answer 304")


async def _episodes(visit: Visit, read: FeedReading) -> AsyncIterator[Finding]:
    """The newest ones."""
    # an item without a fit sound is no episode; that is told of the feed
    items = [item for item in read.items[:_EPISODES] if item.is_fit]
    for item in items:
        try:
            ills = [finding async for finding in _episode(visit, item)]
            if item is read.items[0] and item.url not in visit.told:
                ills += [finding async for finding in _newest(visit, item)]
        except FetchError as problem:
            visit.told.add(problem.url)
            ills = [_unanswered("episode", problem)]
        for finding in ills:
            yield finding


async def _newest(visit: Visit, item: FeedItem) -> AsyncIterator[Finding]:
    sound = await visit.get(item.url, limit_mb=SOUND_MB)
    if sound.status == 200:
        visit.sums.add(hashlib.sha256(sound.body).hexdigest())
        for finding in judge_sound(item, sound.body, visit.keep(sound.body, "newest.mp3")):
            yield finding


async def _episode(visit: Visit, item: FeedItem) -> AsyncIterator[Finding]:
    head = await visit.head(item.url)
    part = await visit.get(item.url, limit_mb=SOUND_MB, Range="bytes=0-1", Accept_Encoding="identity")
    for finding in judge_head(item, head, part):
        if not finding.cause:
            visit.told.add(item.url)
        yield finding
    for file in item.transcripts:
        answer = await visit.get(file.url, Origin="https://example.org")
        for finding in judge_transcript(file, answer, item):
            visit.told.add(file.url)
            yield finding
    for file in item.chapters:
        answer = await visit.get(file.url, Origin="https://example.org")
        for finding in judge_chapters(file, answer, item):
            yield finding


async def _artwork(visit: Visit, read: FeedReading) -> AsyncIterator[Finding]:
    if not read.artwork:
        return
    try:
        answer = await visit.get(read.artwork, limit_mb=PICTURE_MB)
        head = await visit.head(read.artwork)
    except FetchError as problem:
        yield _unanswered("artwork", problem)
        return
    if finding := _judge_artwork(visit, read.artwork, answer, head):
        visit.told.add(read.artwork)
        yield finding
        return
    if len(answer.body) > _PICTURE_BYTES:
        yield warning(
            "artwork",
            f"{read.artwork}: {len(answer.body) // 1024} KB; Apple asks for 512 at most: save it smaller, "
            "and name it in [imaging] artwork",
        )
    else:
        yield ok("artwork", f"{len(answer.body) // 1024} KB, square, of the right size")


def _judge_artwork(visit: Visit, url: str, answer: HttpResponse, head: HttpResponse) -> Finding | None:
    if answer.status != 200:
        return failure(
            "artwork",
            f"{url}: answers {answer.status}; apps show an empty square: run `bulletin republish`",
        )
    if head.status != 200:
        return failure(
            "artwork",
            f"{url}: answers {head.status} to HEAD; some apps show an empty square",
            cause=NO_HEAD,
        )
    try:
        check_artwork(visit.keep(answer.body, "artwork"))
    except OutletError as problem:
        return failure("artwork", f"{url}: {str(problem).partition(': ')[2]}")
    return None

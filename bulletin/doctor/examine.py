"""An address -> findings: everything that a published station's clients would ask for, asked for once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

from bulletin.articles.answer import Answer
from bulletin.articles.fetch import Fetcher
from bulletin.articles.guard import Target, read_url
from bulletin.config.options import FetchOptions
from bulletin.doctor.feed import Item, Read, read_feed
from bulletin.doctor.finding import Finding, error, good, warning
from bulletin.doctor.hours import judge_age
from bulletin.doctor.sound import judge_head, judge_sound
from bulletin.doctor.speaker import judge_briefing, judge_briefing_sound
from bulletin.doctor.words import judge_chapters, judge_transcript
from bulletin.errors import FetchError, OutletError
from bulletin.outlets.artwork import check_artwork

FEED, BRIEFING, SPEAKER = "feed.xml", "flash.json", "speaker.mp3"
_EPISODES = 3
"""How many of the newest are asked for."""
_TIMEOUT_S = 20.0
_TO_ALLOW = "for an address of your own network: --private"
_ALLOWED = "--private allows the address that was given, no other: is [outputs.podcast] base_url right?"
"""Of what a feed of the station's own network names elsewhere: its own base_url was never set, as a rule."""
_WORDS_MB, _SOUND_MB, _PICTURE_MB = 3.0, 60.0, 10.0
_PICTURE_BYTES = 512 * 1024
_FEED_TYPES = ("application/rss+xml", "application/xml", "text/xml")


def examine_station(url: str, *, now: datetime, is_private: bool = False) -> tuple[Finding, ...]:
    """
    Look at a published station as apps, directories and speakers do; `url` is its feed or its folder.

    `is_private` allows the address's own host to be one of the station's network, for trying out. Every
    request is guarded as those for feeds are. Raises FetchError for what is no address.
    """
    target = read_url(url)
    return asyncio.run(_examine(url, now=now, private=target if is_private else None))


async def _examine(url: str, *, now: datetime, private: Target | None) -> tuple[Finding, ...]:
    options = FetchOptions(timeout_s=_TIMEOUT_S, host_gap_s=0.0)
    found: list[Finding] = []
    with TemporaryDirectory(prefix="bulletin-doctor-") as folder:
        async with Fetcher(options, to_allow=_ALLOWED if private else _TO_ALLOW) as fetcher:
            visit = _Visit(fetcher=fetcher, private=private, folder=Path(folder), now=now)
            try:
                async for finding in _walk(visit, url):
                    found.append(finding)  # noqa: PERF401 - what was found before it broke off counts
            except FetchError as problem:
                found.append(error("feed", f"{problem.url}: {problem.reason}"))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One look at one station."""

    fetcher: Fetcher
    private: Target | None
    folder: Path
    """For what must be a file to be examined."""
    now: datetime

    async def get(self, url: str, *, limit_mb: float = _WORDS_MB, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.fetcher.fetch(url, limit_mb=limit_mb, private=self.private, headers=named)

    async def head(self, url: str) -> Answer:
        headers = {"Accept-Encoding": "identity"}
        return await self.fetcher.fetch(
            url, limit_mb=_WORDS_MB, private=self.private, headers=headers, method="HEAD"
        )

    def keep(self, data: bytes, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path


async def _walk(visit: _Visit, url: str) -> AsyncIterator[Finding]:
    answer = await visit.get(urljoin(url, FEED) if url.endswith("/") else url)
    kind = answer.headers.get("content-type", "")
    if not url.endswith("/") and (answer.status == 404 or kind.startswith("text/html")):
        # the page, or the folder without its slash
        folder = url if url.endswith(".html") else f"{url}/"
        answer = await visit.get(urljoin(folder, FEED))
    if answer.status != 200:
        yield error("feed", f"{answer.url}: answers {answer.status}; is it published?")
        return
    read = read_feed(answer.body, url=answer.url, now=visit.now)
    if isinstance(read, Finding):
        yield read
        return
    rules = [*read.findings]
    async for finding in _serving(visit, answer, read):
        rules.append(finding)  # noqa: PERF401 - an async iterator
    for finding in rules:
        yield finding
    if not rules:
        yield good("feed", f'"{read.title}": {len(read.items)} episodes, every rule kept')
    for part in (_episodes, _artwork, _speaker):
        async for finding in part(visit, answer.url, read):
            yield finding
    newest = max((item.published for item in read.items if item.published), default=None)
    if newest:
        yield judge_age(newest, rrule=read.rrule, start=read.rule_start, now=visit.now)


async def _serving(visit: _Visit, answer: Answer, read: Read) -> AsyncIterator[Finding]:
    """How the web server hands out the feed."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FEED_TYPES:
        yield error("feed", f'{answer.url}: is sent as "{kind[:60]}"; it must be application/rss+xml')
    if answer.moved_to:
        yield warning("feed", f"the address has moved for good to {answer.moved_to}; name that one")
    if (await visit.head(answer.url)).status != 200:
        yield error("feed", f"{answer.url}: doesn't answer HEAD; some directories ask so first")
    async for finding in _validators(visit, answer):
        yield finding
    if read.hub and read.hub not in answer.headers.get("link", ""):
        yield warning("feed", "names a hub, but not in an HTTP Link header; hubs look there")
    if read.next_page:
        older = await visit.get(read.next_page)
        page = read_feed(older.body, url=read.next_page, now=visit.now) if older.status == 200 else None
        if not isinstance(page, Read):
            yield error("feed", f"{read.next_page}: the page of older episodes is not there")
        else:
            for finding in page.findings:
                yield warning("feed", f"{read.next_page}: {finding.message}")


async def _validators(visit: _Visit, answer: Answer) -> AsyncIterator[Finding]:
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


async def _episodes(visit: _Visit, url: str, read: Read) -> AsyncIterator[Finding]:
    # an item without a sound is no episode; that it has none is told of the feed
    items = [item for item in read.items if item.url]
    for item in items[:_EPISODES]:
        try:
            async for finding in _episode(visit, item):
                yield finding
        except FetchError as problem:
            yield error("episode", f"{problem.url}: {problem.reason}")
    if items:
        item = items[0]
        try:
            sound = await visit.get(item.url, limit_mb=_SOUND_MB)
        except FetchError as problem:
            yield error("episode", f"{problem.url}: {problem.reason}")
            return
        if sound.status == 200:
            for finding in judge_sound(item, sound.body, visit.keep(sound.body, "newest.mp3")):
                yield finding


async def _episode(visit: _Visit, item: Item) -> AsyncIterator[Finding]:
    head = await visit.head(item.url)
    part = await visit.get(item.url, limit_mb=_SOUND_MB, Range="bytes=0-1", Accept_Encoding="identity")
    for finding in judge_head(item, head, part):
        yield finding
    for file in item.transcripts:
        for finding in judge_transcript(file, await visit.get(file.url, Origin="https://example.org")):
            yield finding
    for file in item.chapters:
        answer = await visit.get(file.url, Origin="https://example.org")
        for finding in judge_chapters(file, answer, item):
            yield finding


async def _artwork(visit: _Visit, url: str, read: Read) -> AsyncIterator[Finding]:
    if not read.artwork:
        return
    try:
        answer = await visit.get(read.artwork, limit_mb=_PICTURE_MB)
    except FetchError as problem:
        yield error("artwork", f"{problem.url}: {problem.reason}")
        return
    if answer.status != 200 or (await visit.head(read.artwork)).status != 200:
        yield error("artwork", f"{read.artwork}: answers {answer.status}; apps show an empty square")
        return
    try:
        check_artwork(visit.keep(answer.body, "artwork"))
    except OutletError as problem:
        yield error("artwork", f"{read.artwork}: {str(problem).partition(': ')[2]}")
        return
    if len(answer.body) > _PICTURE_BYTES:
        yield warning("artwork", f"{read.artwork}: {len(answer.body) // 1024} KB; Apple asks for 512 at most")
    else:
        yield good("artwork", f"{len(answer.body) // 1024} KB, square, of the right size")


async def _speaker(visit: _Visit, url: str, read: Read) -> AsyncIterator[Finding]:
    """Only where the station has something for speakers: a briefing, or the file alone."""
    place = urljoin(url, SPEAKER)
    is_promised = False
    try:
        answer = await visit.get(urljoin(url, BRIEFING))
        if answer.status == 200:
            place, findings = judge_briefing(answer.body, url=answer.url, now=visit.now)
            is_promised = True
            for finding in findings:
                yield finding
        sound = await visit.get(place, limit_mb=_SOUND_MB) if place else None
    except FetchError as problem:
        yield error("speaker", f"{problem.url}: {problem.reason}")
        return
    if sound and sound.status == 200:
        for finding in judge_briefing_sound(visit.keep(sound.body, SPEAKER), url=place):
            yield finding
    elif sound and is_promised:
        yield error("speaker", f"{place}: answers {sound.status}; the speaker says nothing")

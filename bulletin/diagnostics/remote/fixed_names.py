"""What lies beside a feed under names that stay: latest, the speaker's files, the listener pages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.feed_rules import FeedItem, FeedReading
from bulletin.diagnostics.remote.latest_files import FEED_LAGS, judge_latest, read_side_file, sha256_of
from bulletin.diagnostics.remote.listener_page import PART as PAGE
from bulletin.diagnostics.remote.listener_page import ListenerPage, judge_asset, read_page
from bulletin.diagnostics.remote.smart_speaker import Speaker, judge_briefing_sound, judge_speaker
from bulletin.diagnostics.remote.visit import SOUND_MB, Visit
from bulletin.model.findings import Finding, failure, ok, warning

LATEST, LATEST_JSON = "latest.mp3", "latest.json"
SPEAKER, SPEAKER_JSON, BRIEFING = "speaker.mp3", "speaker.json", "flash.json"
INDEX, PLAYER = "index.html", "player.html"
_HOUR = re.compile(r"-(\d{8}T\d{4}Z)-[0-9a-f]+$")
"""Of a guid that Bulletin gave (`publishing/outlet_port.py`)."""
_PAGES = 12
"""So many that the front page leads to are asked for."""


async def examine_latest(visit: Visit, url: str, read: FeedReading) -> AsyncIterator[Finding]:
    """The newest file under a name that stays, where the station has one, or should; `url` is the feed's."""
    sound = await visit.get(urljoin(url, LATEST), limit_mb=SOUND_MB)
    about = await visit.get(urljoin(url, LATEST_JSON))
    if not read.is_ours and sound.status != 200 and about.status != 200:
        return
    newest = _newest(read)
    ills = [*judge_latest(sound, about, newest, sums=_sums(newest, visit))]
    if newest:
        visit.newest.add(_name(newest.url))
    for finding in ills:
        if finding.cause == FEED_LAGS:
            visit.newest.add(side_file.audio if (side_file := read_side_file(about)) else "")
        yield finding
    if not ills:
        yield ok("latest", "is the newest episode in the feed")


async def examine_speaker(visit: Visit, url: str, read: FeedReading) -> AsyncIterator[Finding]:
    """Only where the station has something for speakers: a briefing, or the file alone."""
    found = Speaker(
        sound=await visit.get(urljoin(url, SPEAKER), limit_mb=SOUND_MB),
        about=await visit.get(urljoin(url, SPEAKER_JSON)),
        briefing=await visit.get(urljoin(url, BRIEFING)),
    )
    if not found.is_there:
        return
    ills = [
        *judge_speaker(
            found, own=urljoin(read.own or url, SPEAKER), due=await _due(visit, url), now=visit.now
        )
    ]
    for finding in ills:
        yield finding
    if found.sound.status == 200 and not ills:
        for finding in judge_briefing_sound(visit.keep(found.sound.body, SPEAKER), url=found.sound.url):
            yield finding


async def examine_pages(visit: Visit, url: str, read: FeedReading) -> AsyncIterator[Finding]:
    """The listener page, what it loads, and where it leads; only where the station has pages."""
    newest = _newest(read)
    is_promised = any(item.page.startswith(urljoin(url, "./")) for item in read.items)
    answer = await visit.get(urljoin(url, "./"))
    if answer.status != 200:
        answer = await visit.get(urljoin(url, INDEX))
        if answer.status == 200 and visit.site.is_live:
            yield warning(
                PAGE, f"{urljoin(url, './')}: shows no page; have the web server answer with {INDEX}"
            )
    if answer.status != 200:
        if is_promised:
            yield failure(
                PAGE, f"{answer.url}: answers {answer.status}; run `bulletin republish`, and copy it anew"
            )
        return
    ills = [finding async for finding in _pages(visit, url, answer, newest)]
    for finding in ills:
        yield finding
    if not ills:
        yield ok(PAGE, "plays the newest episode, and has all that it needs")


async def _pages(
    visit: Visit, url: str, front: HttpResponse, newest: FeedItem | None
) -> AsyncIterator[Finding]:
    page = read_page(front.body, url=front.url)
    if isinstance(page, Finding):
        yield page
        return
    assets, others = [*page.assets], [*page.pages[:_PAGES]]
    if newest and newest.page.startswith(urljoin(url, "./")):
        others = [newest.page, urljoin(url, PLAYER), *others]
    if finding := _plays(page, front.url, visit.newest):
        yield finding
    for address in dict.fromkeys(others):
        answer = await visit.get(address)
        other = _read_other(address, answer)
        if isinstance(other, Finding):
            yield other
            continue
        assets += other.assets
        if address.endswith(f"/{PLAYER}") and (finding := _plays(other, address, visit.newest)):
            yield finding
    for address in dict.fromkeys(assets):
        if address not in visit.told:
            for finding in judge_asset(address, await visit.get(address)):
                yield finding


def _read_other(address: str, answer: HttpResponse) -> ListenerPage | Finding:
    if answer.status != 200:
        told = (
            f"{address}: answers {answer.status}, and is linked; run `bulletin republish`, and copy it anew"
        )
        return failure(PAGE, told)
    return read_page(answer.body, url=address)


def _plays(page: ListenerPage, address: str, newest: Collection[str]) -> Finding | None:
    """Whatever host it names: the same file."""
    if not newest or _name(page.plays) in newest:
        return None
    told = f"plays {_name(page.plays) or 'nothing'}, and the newest episode is {min(newest)}"
    return failure(PAGE, f"{address}: {told}; run `bulletin republish`, and copy it anew")


async def _due(visit: Visit, url: str) -> datetime | None:
    side_file = read_side_file(await visit.get(urljoin(url, LATEST_JSON)))
    return side_file.due if side_file else None


def _newest(read: FeedReading) -> FeedItem | None:
    """Of our feeds by the hour in the guid: the first may be the correction of an older bulletin."""
    newest = max(read.items, key=_hour, default=None) if read.is_ours else next(iter(read.items), None)
    return newest if newest and newest.is_fit else None


def _hour(item: FeedItem) -> str:
    found = _HOUR.search(item.guid)
    return found[1] if found else ""


def _sums(newest: FeedItem | None, visit: Visit) -> frozenset[str]:
    said = sha256_of(newest) if newest else ""
    return frozenset({*visit.sums, said} - {""}) if newest else frozenset()


def _name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]

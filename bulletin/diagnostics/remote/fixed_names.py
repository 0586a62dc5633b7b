"""Files with fixed names beside a feed -> Findings: latest.mp3, the speaker's files, the listener pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
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
"""Slot in a guid of Bulletin (`publishing/outlet_port.py`)."""
_PAGES = 12
"""Linked pages that are requested."""
_AGAIN = "run `bulletin republish`, and copy it anew"


async def examine_latest(visit: Visit, url: str, feed: FeedReading) -> list[Finding]:
    """latest.mp3 and latest.json, which every feed of Bulletin has beside it; `url` is the feed's."""
    sound = await visit.get(urljoin(url, LATEST), limit_mb=SOUND_MB)
    about = await visit.get(urljoin(url, LATEST_JSON))
    if not feed.is_ours and sound.status != 200 and about.status != 200:
        return []
    newest = _newest(feed)
    if newest:
        visit.newest.add(_name(newest.url))
    findings = [*judge_latest(sound, about, newest, sums=_sums(newest, visit))]
    if any(finding.cause == FEED_LAGS for finding in findings) and (side_file := read_side_file(about)):
        visit.newest.add(side_file.audio)
    return findings or [ok("latest", "is the newest episode in the feed")]


async def examine_speaker(visit: Visit, url: str, feed: FeedReading) -> list[Finding]:
    """Files for smart speakers, if the station has any."""
    speaker = Speaker(
        sound=await visit.get(urljoin(url, SPEAKER), limit_mb=SOUND_MB),
        about=await visit.get(urljoin(url, SPEAKER_JSON)),
        briefing=await visit.get(urljoin(url, BRIEFING)),
    )
    if not speaker.is_there:
        return []
    latest = read_side_file(await visit.get(urljoin(url, LATEST_JSON)))
    sound_url, due = urljoin(feed.own or url, SPEAKER), latest.due if latest else None
    findings = [*judge_speaker(speaker, own=sound_url, due=due, now=visit.now)]
    if speaker.sound.status == 200 and not findings:
        findings += judge_briefing_sound(visit.keep(speaker.sound.body, SPEAKER), url=speaker.sound.url)
    return findings


async def examine_pages(visit: Visit, url: str, feed: FeedReading) -> list[Finding]:
    """The listener page, its assets and its links, if the station has pages."""
    newest = _newest(feed)
    findings: list[Finding] = []
    answer = await visit.get(urljoin(url, "./"))
    if answer.status != 200:
        answer = await visit.get(urljoin(url, INDEX))
        if answer.status == 200 and visit.site.is_live:
            message = f"{urljoin(url, './')}: shows no page; have the web server answer with {INDEX}"
            findings.append(warning(PAGE, message))
    if answer.status == 200:
        findings += await _examine_linked_pages(visit, url, answer, newest)
        if not findings:
            findings.append(ok(PAGE, "plays the newest episode, and has all that it needs"))
    elif any(item.page.startswith(urljoin(url, "./")) for item in feed.items):
        findings.append(failure(PAGE, f"{answer.url}: answers {answer.status}; {_AGAIN}"))
    return findings


async def _examine_linked_pages(
    visit: Visit, url: str, front: HttpResponse, newest: FeedItem | None
) -> list[Finding]:
    page = read_page(front.body, url=front.url)
    if isinstance(page, Finding):
        return [page]
    assets, pages = [*page.assets], [*page.pages[:_PAGES]]
    if newest and newest.page.startswith(urljoin(url, "./")):
        pages = [newest.page, urljoin(url, PLAYER), *pages]
    findings = [*_judge_player(page, front.url, visit.newest)]
    for address in dict.fromkeys(pages):
        other = _read_other(address, await visit.get(address))
        if isinstance(other, Finding):
            findings.append(other)
            continue
        assets += other.assets
        if address.endswith(f"/{PLAYER}"):
            findings += _judge_player(other, address, visit.newest)
    for address in dict.fromkeys(assets):
        if address not in visit.reported:
            findings += judge_asset(address, await visit.get(address))
    return findings


def _read_other(address: str, answer: HttpResponse) -> ListenerPage | Finding:
    if answer.status != 200:
        return failure(PAGE, f"{address}: answers {answer.status}, and is linked; {_AGAIN}")
    return read_page(answer.body, url=address)


def _judge_player(page: ListenerPage, address: str, newest: Collection[str]) -> Iterator[Finding]:
    """The player has the newest episode's file, whatever its host."""
    if newest and _name(page.plays) not in newest:
        played = _name(page.plays) or "nothing"
        yield failure(PAGE, f"{address}: plays {played}, and the newest episode is {min(newest)}; {_AGAIN}")


def _newest(feed: FeedReading) -> FeedItem | None:
    """Newest episode; by the slot in the guid, because the first may correct an older bulletin."""
    newest = max(feed.items, key=_hour, default=None) if feed.is_ours else next(iter(feed.items), None)
    return newest if newest and newest.is_fit else None


def _hour(item: FeedItem) -> str:
    match = _HOUR.search(item.guid)
    return match[1] if match else ""


def _sums(newest: FeedItem | None, visit: Visit) -> frozenset[str]:
    return frozenset({*visit.sums, sha256_of(newest)} - {""}) if newest else frozenset()


def _name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]

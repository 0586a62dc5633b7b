"""latest.mp3, latest.json and the newest FeedItem -> Findings."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import partial
from urllib.parse import unquote, urljoin

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.check_podcast_feed import FeedItem, FeedReading
from bulletin.diagnostics.remote.fetch_published_files import SOUND_MB, Visit
from bulletin.diagnostics.remote.merge_findings import PUBLISH_AGAIN, file_name
from bulletin.model.diagnostic_findings import Finding, failure, ok
from bulletin.publishing.json_sidecar_file import SideFile

PART = "latest"
LATEST_JSON = "latest.json"
FEED_LAGS = "feed lags"
"""Cause: latest.mp3 is newer than the feed, so the feed also lacks an episode by the clock."""
_fail = partial(failure, PART)


async def examine_latest(visit: Visit, url: str, feed: FeedReading) -> list[Finding]:
    """latest.mp3 and latest.json, which every feed of Bulletin has beside it; `url` is the feed's."""
    sound = await visit.get(urljoin(url, "latest.mp3"), limit_mb=SOUND_MB)
    about = await visit.get(urljoin(url, LATEST_JSON))
    if not feed.is_ours and sound.status != 200 and about.status != 200:
        return []
    newest, sums = feed.newest, frozenset[str]()
    if newest:
        visit.newest.add(file_name(newest.url))
        sums = frozenset({*visit.sums, _sha256_of(newest)} - {""})
    findings = [*_judge_latest(sound, about, newest, sums)]
    if any(finding.cause == FEED_LAGS for finding in findings) and (side_file := read_side_file(about)):
        visit.newest.add(side_file.audio)
    return findings or [ok(PART, "latest.mp3 is the newest episode in the feed")]


def _judge_latest(
    sound: HttpResponse, about: HttpResponse, newest: FeedItem | None, sums: Collection[str]
) -> Iterator[Finding]:
    """
    Compare the files that playouts and monitors poll with the feed's `newest` episode (None: unknown).

    `sums` are the SHA-256 hashes of that episode in hex, from the feed and of its download.
    """
    side_file = read_side_file(about)
    digest = hashlib.sha256(sound.body).hexdigest()
    is_newest = not sums or digest in sums
    if sound.status != 200:
        also = ", no latest.json either" if about.status != 200 else ""
        yield _fail(f"{sound.url}: HTTP {sound.status}{also}; playouts poll this file: {PUBLISH_AGAIN}")
    elif about.status != 200:
        yield _fail(f"{about.url}: HTTP {about.status}; playouts poll this file: {PUBLISH_AGAIN}")
    elif side_file is None:
        yield _fail(f"{about.url}: is not a complete JSON object; {PUBLISH_AGAIN}")
    elif side_file.sha256 != digest:
        if is_newest and sums:
            problem = f"{about.url}: describes another sound than latest.mp3"
        elif side_file.sha256 in sums:
            problem = f"{sound.url}: is not the newest episode, which latest.json and the feed name"
        else:
            problem = f"{sound.url}: is not the sound that latest.json describes"
        yield _fail(f"{problem}: {PUBLISH_AGAIN}")
    elif not is_newest and newest:
        theirs, ours = f'"{newest.title[:99]}"', f'"{side_file.title[:99]}"'
        this = "another recording of it" if ours == theirs else ours
        problem = f"{sound.url}: the newest episode in the feed is {theirs}, but this is {this}"
        lags = side_file.made and newest.published and side_file.made > newest.published
        yield _fail(f"{problem}; {PUBLISH_AGAIN}", cause=FEED_LAGS if lags else "")
    elif side_file.size_bytes != len(sound.body) or (
        newest and unquote(file_name(newest.url)) != side_file.audio
    ):
        yield _fail(f"{about.url}: file name or size is not that of the newest episode; {PUBLISH_AGAIN}")


def _sha256_of(item: FeedItem) -> str:
    """SHA-256 of the enclosure in hex, from the feed; "" if it has none."""
    with suppress(ValueError):
        return base64.b64decode(item.sha256, validate=True).hex()
    return ""


def read_side_file(answer: HttpResponse) -> SideFile | None:
    """The side file of an answer; None for a status other than 200, and for anything but a JSON object."""
    with suppress(ValueError, RecursionError):
        side_file = SideFile.parse(answer.body)
        return side_file if answer.status == 200 and side_file != SideFile() else None
    return None

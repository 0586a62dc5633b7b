"""latest.mp3, latest.json and the newest FeedItem -> Findings. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.feed_rules import FeedItem
from bulletin.model.findings import Finding, failure
from bulletin.publishing.side_file import SideFile

PART = "latest"
FEED_LAGS = "feed lags"
"""Cause: latest.mp3 is newer than the feed, so the feed also lacks an episode by the clock."""
_AGAIN = "run `bulletin republish`, and copy it anew"


def judge_latest(
    sound: HttpResponse, about: HttpResponse, newest: FeedItem | None, *, sums: Collection[str]
) -> Iterator[Finding]:
    """
    Compare the files that playouts and monitors poll with the feed's `newest` episode (None: unknown).

    `sums` are the SHA-256 hashes of that episode in hex, from the feed and of its download.
    """
    if sound.status != 200:
        also = ", nor is latest.json" if about.status != 200 else ""
        yield failure(PART, f"{sound.url}: answers {sound.status}{also}; playouts poll it: {_AGAIN}")
        return
    if about.status != 200:
        yield failure(
            PART, f"{about.url}: answers {about.status}; playouts find new bulletins by it: {_AGAIN}"
        )
        return
    side_file = read_side_file(about)
    if side_file is None:
        yield failure(PART, f"{about.url}: is no whole JSON object; {_AGAIN}")
        return
    digest = hashlib.sha256(sound.body).hexdigest()
    is_newest = not sums or digest in sums
    if side_file.sha256 != digest:
        yield failure(PART, f"{_disagree(sound, about, side_file, is_newest=is_newest, sums=sums)}: {_AGAIN}")
    elif not is_newest:
        title = newest.title if newest else ""
        yield failure(
            PART,
            f'{sound.url}: is "{side_file.title[:100]}", and the newest in the feed is '
            f'"{title[:100]}"; {_AGAIN}',
            cause=FEED_LAGS if _is_newer(side_file, newest) else "",
        )
    elif side_file.size_bytes != len(sound.body) or (newest and not _same_name(side_file, newest)):
        yield failure(PART, f"{about.url}: names another file or length than the feed does; {_AGAIN}")


def _is_newer(side_file: SideFile, newest: FeedItem | None) -> bool:
    made = side_file.made
    return bool(made and newest and newest.published and made > newest.published)


def sha256_of(item: FeedItem) -> str:
    """SHA-256 of the enclosure in hex, from the feed; "" if it has none."""
    try:
        return base64.b64decode(item.sha256, validate=True).hex()
    except ValueError:
        return ""


def read_side_file(answer: HttpResponse) -> SideFile | None:
    """The side file of an answer; None for a status other than 200, and for anything but a JSON object."""
    with suppress(ValueError, RecursionError):
        side_file = SideFile.parse(answer.body)
        return side_file if answer.status == 200 and side_file != SideFile() else None
    return None


def _disagree(
    sound: HttpResponse,
    about: HttpResponse,
    side_file: SideFile,
    *,
    is_newest: bool,
    sums: Collection[str],
) -> str:
    """Which of the two files is wrong."""
    if is_newest and sums:
        return f"{about.url}: describes another sound than latest.mp3"
    if side_file.sha256 in sums:
        return f"{sound.url}: is not the newest episode that latest.json and the feed name"
    return f"{sound.url}: is not the sound that latest.json describes"


def _same_name(side_file: SideFile, newest: FeedItem) -> bool:
    return unquote(urlsplit(newest.url).path.rpartition("/")[2]) == side_file.audio

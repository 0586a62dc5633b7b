"""latest.mp3 and latest.json -> whether they are the feed's newest episode. Pure."""

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
"""latest.mp3 is newer than what the feed has: by the clock, too, an episode is missing there."""
_AGAIN = "run `bulletin republish`, and copy it anew"


def judge_latest(
    sound: HttpResponse, about: HttpResponse, newest: FeedItem | None, *, sums: Collection[str]
) -> Iterator[Finding]:
    """
    What playouts and monitors poll, against the feed's `newest` episode (None: cannot be told).

    `sums`: SHA-256 of that episode, as the feed says and as it came, in hex.
    """
    if sound.status != 200:
        also = ", nor is latest.json" if about.status != 200 else ""
        yield failure(PART, f"{sound.url}: answers {sound.status}{also}; playouts poll it: {_AGAIN}")
        return
    if about.status != 200:
        yield failure(PART, f"{about.url}: answers {about.status}; playouts tell by it what is new: {_AGAIN}")
        return
    side_file = read_side_file(about)
    if side_file is None:
        yield failure(PART, f"{about.url}: is no whole JSON object; {_AGAIN}")
        return
    heard = hashlib.sha256(sound.body).hexdigest()
    is_newest = not sums or heard in sums
    if side_file.sha256 != heard:
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
    """As the feed says it, in hex; empty where it does not."""
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
    """Which of the two is wrong."""
    if is_newest and sums:
        return f"{about.url}: tells of another sound than lies there as latest.mp3"
    if side_file.sha256 in sums:
        return f"{sound.url}: is not the newest episode, of which latest.json and the feed tell"
    return f"{sound.url}: is not the sound of which latest.json tells"


def _same_name(side_file: SideFile, newest: FeedItem) -> bool:
    return unquote(urlsplit(newest.url).path.rpartition("/")[2]) == side_file.audio

"""latest.mp3 and latest.json -> whether they are the feed's newest episode. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.feed_rules import FeedItem
from bulletin.diagnostics.remote.remote_finding import Finding, error
from bulletin.publishing.side_file import read_moment

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
        yield error(PART, f"{sound.url}: answers {sound.status}{also}; playouts poll it: {_AGAIN}")
        return
    if about.status != 200:
        yield error(PART, f"{about.url}: answers {about.status}; playouts tell by it what is new: {_AGAIN}")
        return
    told = read_latest_json(about.body)
    if not told:
        yield error(PART, f"{about.url}: is no whole JSON object; {_AGAIN}")
        return
    heard = hashlib.sha256(sound.body).hexdigest()
    is_newest = not sums or heard in sums
    if told.get("sha256") != heard:
        yield error(PART, f"{_disagree(sound, about, told, is_newest=is_newest, sums=sums)}: {_AGAIN}")
    elif not is_newest:
        title = newest.title if newest else ""
        yield error(
            PART,
            f'{sound.url}: is "{str(told.get("title", ""))[:100]}", and the newest in the feed is '
            f'"{title[:100]}"; {_AGAIN}',
            cause=FEED_LAGS if _is_newer(told, newest) else "",
        )
    elif told.get("bytes") != len(sound.body) or (newest and not _same_name(told, newest)):
        yield error(PART, f"{about.url}: names another file or length than the feed does; {_AGAIN}")


def _is_newer(told: Mapping[str, Any], newest: FeedItem | None) -> bool:
    made = read_moment(told.get("made"))
    return bool(made and newest and newest.published and made > newest.published)


def sha256_of(item: FeedItem) -> str:
    """As the feed says it, in hex; empty where it does not."""
    try:
        return base64.b64decode(item.sha256, validate=True).hex()
    except ValueError:
        return ""


def read_latest_json(body: bytes) -> Mapping[str, Any]:
    """A JSON object, or nothing."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _disagree(
    sound: HttpResponse,
    about: HttpResponse,
    told: Mapping[str, Any],
    *,
    is_newest: bool,
    sums: Collection[str],
) -> str:
    """Which of the two is wrong."""
    if is_newest and sums:
        return f"{about.url}: tells of another sound than lies there as latest.mp3"
    if told.get("sha256") in sums:
        return f"{sound.url}: is not the newest episode, of which latest.json and the feed tell"
    return f"{sound.url}: is not the sound of which latest.json tells"


def _same_name(told: Mapping[str, Any], newest: FeedItem) -> bool:
    return unquote(urlsplit(newest.url).path.rpartition("/")[2]) == told.get("audio")

"""Poll policy: when a feed may be asked again, and what to remember of its answer. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from bulletin.archive.record_dataclasses import FeedMemory
from bulletin.runtime.latest_credible_time import CLOCKS_DIFFER, latest_made

_LEAST = timedelta(minutes=10)
_MOST = timedelta(minutes=50)
"""Limits of ttl and max-age: the bulletin is hourly, and a conditional request costs next to nothing."""
_MOST_PAUSE = timedelta(hours=24)
"""Limit of Retry-After, and the pause of a feed that has gone: a wrong 410 must not silence it for ever."""
_FORGET = timedelta(days=8)
"""Age at which validators are dropped: a server that answers 304 for ever would hide the feed for ever."""


def conditional_headers(memory: FeedMemory, *, now: datetime) -> dict[str, str]:
    """Headers that ask for the feed only if it has changed."""
    if memory.checked_at is None or abs(now - memory.checked_at) > _FORGET:
        return {}
    headers = {"If-None-Match": memory.etag, "If-Modified-Since": memory.last_modified}
    return {name: value for name, value in headers.items() if value}


def is_due(memory: FeedMemory, *, now: datetime) -> bool:
    """Whether the feed may be asked; a pause longer than any limit comes from a wrong clock and is over."""
    if memory.next_poll_at is None or now >= memory.next_poll_at:
        return True
    if memory.failures:
        return memory.next_poll_at - now > _MOST_PAUSE + CLOCKS_DIFFER
    return memory.checked_at is not None and memory.checked_at > latest_made(now)


def after_success(
    memory: FeedMemory, *, now: datetime, headers: Mapping[str, str], body: bytes | None, ttl_s: float = 0.0
) -> FeedMemory:
    """
    The memory of a feed after a good answer; `body` is None for 304.

    Validators are replaced or cleared on every 200: an old ETag with a new date asks for the wrong thing.
    """
    if body is not None:
        memory = replace(
            memory,
            etag=_header(headers, "etag"),
            last_modified=_header(headers, "last-modified"),
            body_sha256=body_hash(body),
        )
    pause = max(_LEAST, min(_MOST, _wish(headers, ttl_s, now=now)))
    return replace(memory, checked_at=now, next_poll_at=now + pause, failures=0)


def after_failure(
    memory: FeedMemory, *, now: datetime, status: int = 0, headers: Mapping[str, str] | None = None
) -> FeedMemory:
    """
    The memory of an address that gave nothing.

    A passing failure is tried again next time; 410 (gone) and Retry-After set a pause.
    """
    pause = None
    if status in (429, 503):
        pause = max(_LEAST, min(_MOST_PAUSE, retry_after(headers or {}, now=now)))
    elif status == 410:
        pause = _MOST_PAUSE
    return replace(memory, failures=memory.failures + 1, next_poll_at=now + pause if pause else None)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta:
    """Retry-After in seconds or as a date (RFC 9110, 10.2.3); zero for anything else."""
    return _duration(headers.get("retry-after", ""), headers.get("date", ""), now=now)


def body_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _wish(headers: Mapping[str, str], ttl_s: float, *, now: datetime) -> timedelta:
    """The longest pause that feed or server ask for."""
    match = re.search(r"max-age\s{0,3}=\s{0,3}\"?(\d{1,9})", headers.get("cache-control", ""))
    expires = _duration(headers.get("expires", ""), headers.get("date", ""), now=now)
    return max(timedelta(seconds=ttl_s), timedelta(seconds=int(match[1]) if match else 0), expires)


def _duration(value: str, since: str, *, now: datetime) -> timedelta:
    value = value.strip()
    if value.isdecimal():
        return timedelta(seconds=min(int(value[:9]), 10**7))
    until, start = parse_rfc2822_date(value), parse_rfc2822_date(since) or now
    return max(timedelta(), until - start) if until else timedelta()


def parse_rfc2822_date(value: str) -> datetime | None:
    """Date of an HTTP header or an RSS feed; None when it is malformed or has no time zone."""
    try:
        date = parsedate_to_datetime(value[:60])
    except (ValueError, TypeError, IndexError):
        return None
    return date if date.tzinfo else None


def _header(headers: Mapping[str, str], name: str) -> str:
    """A validator that may be sent back in a header; empty for a long or unprintable one."""
    value = headers.get(name, "")
    return value if len(value) <= 400 and value.isascii() and value.isprintable() else ""

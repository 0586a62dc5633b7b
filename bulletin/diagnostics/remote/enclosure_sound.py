"""Answers for an enclosure, and its sound -> Findings. Pure, except that it measures the sound."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.audio.metering.quality_report import QualityReport, clock
from bulletin.audio.quality.examine_file import inspect
from bulletin.diagnostics.remote.feed_rules import FeedItem
from bulletin.diagnostics.remote.remote_finding import NO_HEAD, wrong_type
from bulletin.errors import AudioError
from bulletin.model.findings import Finding, failure, ok, warning

PART = "episode"
_fail, _warn = partial(failure, PART), partial(warning, PART)

_LUFS, _LU_OFF = -16.0, 2.0
"""Loudness for podcast apps, and the tolerance."""
_MOST_DBTP = -1.0
MEASURING_DB = 0.3
_SECONDS_OFF = 1.5


_SILENT_LUFS = -40.0
"""Loudness of the whole file below which it counts as silent."""
_DEAD_AIR_S = 4.0
"""Silence that a transmitter's watchdog takes for a fault."""


def judge_head(item: FeedItem, head: HttpResponse, part: HttpResponse) -> Iterator[Finding]:
    """Check HEAD, length, type and ranges, which apps request first; `part` is the answer for bytes 0 and 1."""
    url = item.url
    if head.status != 200:
        # a server that refuses HEAD does so for every file; a missing sound is a cause of its own
        cause = NO_HEAD if part.status in (200, 206) else ""
        yield _fail(f"{url}: answers {head.status} to HEAD; apps show the episode as broken", cause=cause)
        return
    if head.url != url:
        message = f"{url}: redirects to {head.url}; some playouts and speakers follow none"
        yield _warn(message, cause="redirects")
    length = head.headers.get("content-length", "")
    if length != str(item.bytes):
        yield _fail(f"{url}: has {length or 'no'} bytes, the feed says {item.bytes}; publish it again")
    yield from wrong_type(PART, head, item.media_type)
    content_range = part.headers.get("content-range", "")
    has_ranges = part.status == 206 and re.fullmatch(rf"bytes 0-1/({re.escape(length)}|\*)", content_range)
    if not has_ranges or len(part.body) != 2:
        message = f"{url}: no ranges (asked for two bytes, got {part.status}); players cannot jump"
        yield _fail(f"{message}: switch them on in the web server", cause="no ranges")


def judge_sound(item: FeedItem, data: bytes, path: Path) -> Iterator[Finding]:
    """Check the newest episode, downloaded to `path`: complete, of the right length and loudness."""
    url = item.url
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")
    if len(data) != item.bytes:
        yield _fail(f"{url}: came with {len(data)} bytes, the feed says {item.bytes}; publish it again")
        return
    if item.sha256 and item.sha256 != digest:
        yield _fail(f"{url}: is not the file that the feed's podcast:integrity stands for; publish it again")
        return
    report = measure_sound(PART, path, url=url)
    if isinstance(report, Finding):
        yield report
        return
    for fault in report.faults:
        yield _warn(f"{url}: {fault}")
    if item.duration_s is not None and abs(report.duration_s - item.duration_s) > _SECONDS_OFF:
        lasts = f"lasts {report.duration_s:.0f} s, the feed says {item.duration_s} s"
        yield _fail(f"{url}: {lasts}; run `bulletin republish`")
    levels = describe_levels(report)
    if abs(report.loudness_lufs - _LUFS) > _LU_OFF:
        remedy = f"podcast apps want {_LUFS:g} LUFS: set [outputs.podcast] loudness_lufs"
        yield _warn(f"{url}: {levels}; {remedy}")
    elif report.true_peak_dbtp > _MOST_DBTP + MEASURING_DB:
        remedy = "clips in some players: set [outputs.podcast] true_peak_dbtp"
        yield _warn(f"{url}: {levels}; a true peak over {_MOST_DBTP:g} dBTP {remedy}")
    else:
        yield ok(PART, f"the newest: {levels}")


def measure_sound(part: str, path: Path, *, url: str) -> QualityReport | Finding:
    """Measurements of a sound; a Finding when it cannot be played, or has more silence than the mixer's pauses."""
    try:
        report = inspect(path)
    except AudioError as problem:
        reason = str(problem).rpartition(": ")[2]
        return failure(part, f"{url}: cannot be played ({reason}); publish it again")
    gaps = [(start, end) for start, end in report.silences if end - start >= _DEAD_AIR_S]
    if report.loudness_lufs <= _SILENT_LUFS:
        silence = f"in it ({report.duration_s:.0f} s of silence)"
    elif gaps:
        silence = "from " + ", ".join(f"{clock(start)} to {clock(end)}" for start, end in gaps[:3])
    else:
        return report
    remedy = "make it anew with `bulletin make --again`, and try voice and jingles with `bulletin check`"
    return failure(part, f"{url}: nothing is heard {silence}; {remedy}")


def describe_levels(report: QualityReport) -> str:
    """ "-16.0 LUFS, -1.8 dBTP, 120 s"."""
    return f"{report.loudness_lufs:.1f} LUFS, {report.true_peak_dbtp:.1f} dBTP, {report.duration_s:.0f} s"

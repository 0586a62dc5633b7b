"""Answers for an enclosure, and its sound -> Findings. Pure, except that it measures the sound."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.audio.metering.quality_report import QualityReport, clock
from bulletin.audio.quality.examine_file import inspect
from bulletin.diagnostics.remote.feed_rules import FeedItem
from bulletin.diagnostics.remote.remote_finding import NO_HEAD, content_type, type_cause
from bulletin.errors import AudioError
from bulletin.model.findings import Finding, failure, ok, warning

PART = "episode"

_LUFS, _LU_OFF = -16.0, 2.0
"""Loudness for podcast apps, and the tolerance."""
_MOST_DBTP = -1.0
_MEASURING_DB = 0.3
_SECONDS_OFF = 1.5


_SILENT_LUFS = -40.0
"""Loudness of the whole file below which it counts as silent."""
_DEAD_AIR_S = 4.0
"""Silence that a transmitter's watchdog takes for a fault."""


def judge_head(item: FeedItem, head: HttpResponse, part: HttpResponse) -> Iterator[Finding]:
    """Check HEAD, length, type and ranges, which apps request first; `part` is the answer for bytes 0 and 1."""
    if head.status != 200:
        # a server that refuses HEAD does so for every file; a missing sound is a cause of its own
        cause = NO_HEAD if part.status in (200, 206) else ""
        yield failure(
            PART, f"{item.url}: answers {head.status} to HEAD; apps show the episode as broken", cause=cause
        )
        return
    if head.url != item.url:
        yield warning(
            PART,
            f"{item.url}: redirects to {head.url}; some playouts and speakers follow none",
            cause="redirects",
        )
    length = head.headers.get("content-length", "")
    if length != str(item.bytes):
        yield failure(
            PART, f"{item.url}: has {length or 'no'} bytes, the feed says {item.bytes}; publish it again"
        )
    kind = content_type(head)
    if kind != item.media_type:
        yield failure(
            PART,
            f'{item.url}: is sent as "{kind[:60]}", the feed says {item.media_type}; correct the web server',
            cause=type_cause(item.url),
        )
    has_ranges = part.status == 206 and re.fullmatch(
        rf"bytes 0-1/({re.escape(length)}|\*)", part.headers.get("content-range", "")
    )
    if not has_ranges or len(part.body) != 2:
        yield failure(
            PART,
            f"{item.url}: no ranges (asked for two bytes, got {part.status}); players cannot jump: "
            "switch them on in the web server",
            cause="no ranges",
        )


def judge_sound(item: FeedItem, data: bytes, path: Path) -> Iterator[Finding]:
    """Check the newest episode, downloaded to `path`: complete, of the right length and loudness."""
    if len(data) != item.bytes:
        yield failure(
            PART, f"{item.url}: came with {len(data)} bytes, the feed says {item.bytes}; publish it again"
        )
        return
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")
    if item.sha256 and item.sha256 != digest:
        yield failure(
            PART,
            f"{item.url}: is not the file that the feed's podcast:integrity stands for; publish it again",
        )
        return
    try:
        report = inspect(path)
    except AudioError as problem:
        yield failure(
            PART, f"{item.url}: cannot be played ({str(problem).rpartition(': ')[2]}); publish it again"
        )
        return
    if dead := dead_air(report):
        yield failure(
            PART,
            f"{item.url}: {dead}; make it anew with `bulletin make --again`, and try voice and jingles with `bulletin check`",
        )
        return
    for fault in report.faults:
        yield warning(PART, f"{item.url}: {fault}")
    if item.duration_s is not None and abs(report.duration_s - item.duration_s) > _SECONDS_OFF:
        yield failure(
            PART,
            f"{item.url}: lasts {report.duration_s:.0f} s, the feed says {item.duration_s} s; "
            "run `bulletin republish`",
        )
    yield _judge_levels(item, report)


def dead_air(report: QualityReport) -> str:
    """Description of silence in the sound; "" if there is none longer than the mixer's pauses."""
    if report.loudness_lufs <= _SILENT_LUFS:
        return f"nothing is heard in it ({report.duration_s:.0f} s of silence)"
    gaps = [(start, end) for start, end in report.silences if end - start >= _DEAD_AIR_S]
    if not gaps:
        return ""
    times = ", ".join(f"{clock(start)} to {clock(end)}" for start, end in gaps[:3])
    return f"nothing is heard from {times}"


def _judge_levels(item: FeedItem, report: QualityReport) -> Finding:
    levels = f"{report.loudness_lufs:.1f} LUFS, {report.true_peak_dbtp:.1f} dBTP, {report.duration_s:.0f} s"
    if abs(report.loudness_lufs - _LUFS) > _LU_OFF:
        return warning(
            PART,
            f"{item.url}: {levels}; podcast apps want {_LUFS:g} LUFS: set [outputs.podcast] loudness_lufs",
        )
    if report.true_peak_dbtp > _MOST_DBTP + _MEASURING_DB:
        return warning(
            PART,
            f"{item.url}: {levels}; a true peak over {_MOST_DBTP:g} dBTP clips in some players: "
            "set [outputs.podcast] true_peak_dbtp",
        )
    return ok(PART, f"the newest: {levels}")

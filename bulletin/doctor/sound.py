"""What an enclosure was answered, and its sound as a listener gets it -> what is wrong. Pure, but for the measuring."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from bulletin.articles.answer import Answer
from bulletin.audio.quality import inspect
from bulletin.doctor.feed import Item
from bulletin.doctor.finding import Finding, error, good, warning
from bulletin.errors import AudioError

PART = "episode"

_LUFS, _LU_OFF = -16.0, 2.0
"""What podcast apps want, and what nobody would notice."""
_MOST_DBTP = -1.0
_MEASURING_DB = 0.3
_SECONDS_OFF = 1.5


def judge_head(item: Item, head: Answer, part: Answer) -> Iterator[Finding]:
    """HEAD, length, type and ranges, as apps ask for them before they play; `part` is of bytes 0 and 1."""
    if head.status != 200:
        yield error(PART, f"{item.url}: answers {head.status} to HEAD; apps show the episode as broken")
        return
    if head.url != item.url:
        yield warning(PART, f"{item.url}: redirects to {head.url}; some playouts and speakers follow none")
    length = head.headers.get("content-length", "")
    if length != str(item.bytes):
        yield error(
            PART, f"{item.url}: has {length or 'no'} bytes, the feed says {item.bytes}; publish it again"
        )
    kind = head.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != item.media_type:
        yield error(PART, f'{item.url}: is sent as "{kind[:60]}", the feed says {item.media_type}')
    has_ranges = part.status == 206 and re.fullmatch(
        rf"bytes 0-1/{item.bytes}", part.headers.get("content-range", "")
    )
    if not has_ranges or len(part.body) != 2:
        yield error(
            PART, f"{item.url}: no ranges (asked for two bytes, got {part.status}); players cannot jump"
        )


def judge_sound(item: Item, data: bytes, path: Path) -> Iterator[Finding]:
    """The newest episode, downloaded to `path`: whole, as long and as loud as it should be."""
    if len(data) != item.bytes:
        yield error(PART, f"{item.url}: came with {len(data)} bytes, the feed says {item.bytes}")
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")
    if item.sha256 and item.sha256 != digest:
        yield error(PART, f"{item.url}: is not the file that the feed's podcast:integrity stands for")
    try:
        report = inspect(path)
    except AudioError as problem:
        yield error(PART, f"{item.url}: cannot be played ({str(problem).rpartition(': ')[2]})")
        return
    for fault in report.faults:
        yield warning(PART, f"{item.url}: {fault}")
    if item.duration_s is not None and abs(report.duration_s - item.duration_s) > _SECONDS_OFF:
        yield error(PART, f"{item.url}: lasts {report.duration_s:.0f} s, the feed says {item.duration_s} s")
    told = f"{report.loudness_lufs:.1f} LUFS, {report.true_peak_dbtp:.1f} dBTP, {report.duration_s:.0f} s"
    if abs(report.loudness_lufs - _LUFS) > _LU_OFF:
        yield warning(
            PART, f"{item.url}: {told}; podcast apps want {_LUFS:g} LUFS: set [outputs.podcast] loudness_lufs"
        )
    elif report.true_peak_dbtp > _MOST_DBTP + _MEASURING_DB:
        yield warning(PART, f"{item.url}: {told}; a true peak over {_MOST_DBTP:g} dBTP clips in some players")
    else:
        yield good(PART, f"the newest: {told}")

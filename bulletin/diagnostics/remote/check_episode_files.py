"""Answers for an episode: enclosure, sound, transcripts and chapters -> Findings. Pure, except that it measures the sound."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.audio.metering.quality_report import QualityReport, clock
from bulletin.audio.quality.inspect_sound_file import inspect
from bulletin.diagnostics.remote.check_podcast_feed import FeedItem, LinkedFile
from bulletin.diagnostics.remote.merge_findings import NO_HEAD, wrong_type
from bulletin.errors import AudioError
from bulletin.model.diagnostic_findings import Finding, failure, ok, warning

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
        # a server that refuses HEAD does so for every file; a missing sound is another cause
        cause = NO_HEAD if part.status in (200, 206) else ""
        yield _fail(f"{url}: HTTP {head.status} to HEAD; {cause or 'publish the episode again'}", cause=cause)
        return
    if head.url != url:
        message = f"{url}: redirects to {head.url}; some playouts and speakers do not follow redirects"
        yield _warn(message, cause="redirects")
    length = head.headers.get("content-length", "")
    if length != str(item.bytes):
        yield _fail(f"{url}: has {length or 'no'} bytes, the feed says {item.bytes}; publish it again")
    yield from wrong_type(PART, head, item.media_type)
    content_range = part.headers.get("content-range", "")
    has_ranges = part.status == 206 and re.fullmatch(rf"bytes 0-1/({re.escape(length)}|\*)", content_range)
    if not has_ranges or len(part.body) != 2:
        message = f"{url}: no byte ranges (asked for two bytes, got HTTP {part.status}); players cannot skip"
        yield _fail(f"{message}: turn on byte ranges in the web server", cause="no ranges")


def judge_sound(item: FeedItem, data: bytes, path: Path) -> Iterator[Finding]:
    """Check the newest episode, downloaded to `path`: complete, of the right length and loudness."""
    url = item.url
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")
    if len(data) != item.bytes:
        yield _fail(f"{url}: has {len(data)} bytes, the feed says {item.bytes}; publish it again")
        return
    if item.sha256 and item.sha256 != digest:
        yield _fail(f"{url}: does not match its checksum in the feed (podcast:integrity); publish it again")
        return
    report = measure_sound(PART, path, url=url)
    if isinstance(report, Finding):
        yield report
        return
    for fault in report.faults:
        yield _warn(f"{url}: {fault}; make a new one with `bulletin make --again`")
    if item.duration_s is not None and abs(report.duration_s - item.duration_s) > _SECONDS_OFF:
        lasts = f"lasts {report.duration_s:.0f} s, the feed says {item.duration_s} s"
        yield _fail(f"{url}: {lasts}; run `bulletin republish`")
    levels = describe_levels(report)
    if abs(report.loudness_lufs - _LUFS) > _LU_OFF:
        remedy = f"podcast apps want {_LUFS:g} LUFS: set [outputs.podcast] loudness_lufs"
        yield _warn(f"{url}: {levels}; {remedy}")
    elif report.true_peak_dbtp > _MOST_DBTP + MEASURING_DB:
        remedy = f"clips in some players: set [outputs.podcast] true_peak_dbtp = {_MOST_DBTP:g}"
        yield _warn(f"{url}: {levels}; a true peak over {_MOST_DBTP:g} dBTP {remedy}")
    else:
        yield ok(PART, f"the newest: {levels}")


def measure_sound(part: str, path: Path, *, url: str) -> QualityReport | Finding:
    """Measurements of a sound; a Finding when it cannot be played, or has more silence than the mixer's pauses."""
    try:
        report = inspect(path)
    except AudioError as problem:
        reason = str(problem).rpartition(": ")[2].partition("; ")[0].removesuffix(".)")
        return failure(part, f"{url}: cannot be played ({reason}); publish it again")
    gaps = [(start, end) for start, end in report.silences if end - start >= _DEAD_AIR_S]
    if report.loudness_lufs <= _SILENT_LUFS:
        silence = f"throughout ({report.duration_s:.0f} s of silence)"
    elif gaps:
        silence = "from " + ", ".join(f"{clock(start)} to {clock(end)}" for start, end in gaps[:3])
    else:
        return report
    remedy = "make a new one with `bulletin make --again`; test voice and jingles with `bulletin check`"
    return failure(part, f"{url}: nothing is heard {silence}; {remedy}")


def describe_levels(report: QualityReport) -> str:
    """ "-16.0 LUFS, -1.8 dBTP, 120 s"."""
    return f"{report.loudness_lufs:.1f} LUFS, {report.true_peak_dbtp:.1f} dBTP, {report.duration_s:.0f} s"


_SRT = ("application/x-subrip", "application/srt", "text/plain", "text/srt")
_TYPES = {
    "text/vtt": ("text/vtt",),
    "application/x-subrip": _SRT,
    "application/srt": _SRT,
    "application/json": ("application/json",),
    "application/json+chapters": ("application/json+chapters", "application/json"),
}


_TIME = r"(\d+):(\d\d):(\d\d)[.,](\d{3})"
_TIMES = re.compile(f"{_TIME} --> {_TIME}")
_AFTER_S = 2.0
"""Seconds that the last caption may outlast the sound."""


def judge_transcript(file: LinkedFile, answer: HttpResponse, item: FeedItem) -> Iterator[Finding]:
    """Check presence, CORS, format, and that it ends with the episode."""
    yield from _judge_answer(file, answer)
    if answer.status != 200:
        return
    text = answer.body.decode("utf-8", "replace")
    if not _is_valid_transcript(text, file.media_type):
        yield _fail(f"{file.url}: is not valid {file.media_type}, or not in order of time; publish it again")
    elif item.duration_s is not None and _is_after(text, item.duration_s + _AFTER_S):
        yield _fail(f"{file.url}: the last caption ends after the sound; publish it again")


def judge_chapters(file: LinkedFile, answer: HttpResponse, item: FeedItem) -> Iterator[Finding]:
    """Check order, and that the last chapter begins within the episode."""
    yield from _judge_answer(file, answer)
    if answer.status != 200:
        return
    starts = _starts(answer.body.decode("utf-8", "replace"), "chapters")
    if not _are_in_order(starts):
        yield _fail(f"{file.url}: must list chapters in order of time; publish it again")
    elif item.duration_s is not None and starts[-1] > item.duration_s + 1:
        yield _fail(f"{file.url}: the last chapter begins after the end of the sound; publish it again")


def _is_valid_transcript(text: str, media_type: str) -> bool:
    text = text.lstrip("\ufeff")
    if media_type == "text/vtt":
        return text.startswith("WEBVTT") and "-->" in text and _run_on(text)
    if _TYPES.get(media_type) is _SRT:
        return bool(re.match(r"\d+\r?\n\d\d:\d\d:\d\d,\d{3} --> ", text)) and _run_on(text)
    return media_type != "application/json" or _are_in_order(_starts(text, "segments"))


def _times(text: str) -> list[tuple[float, float]]:
    """Start and end of each caption in seconds; WebVTT without hours, which we never write, is skipped."""
    captions = ([int(group) for group in match] for match in _TIMES.findall(text))
    return [(_seconds(*numbers[:4]), _seconds(*numbers[4:])) for numbers in captions]


def _seconds(hours: int, minutes: int, seconds: int, thousandths: int) -> float:
    return 3600 * hours + 60 * minutes + seconds + thousandths / 1000


def _run_on(text: str) -> bool:
    """Whether every caption has a duration and they are in order."""
    times = _times(text)
    return all(start < end for start, end in times) and times == sorted(times)


def _is_after(text: str, end_s: float) -> bool:
    return any(end > end_s for _, end in _times(text))


def _judge_answer(file: LinkedFile, answer: HttpResponse) -> Iterator[Finding]:
    if answer.status != 200:
        yield _fail(f"{file.url}: HTTP {answer.status}; publish this file again, beside the sound")
        return
    if answer.headers.get("access-control-allow-origin") != "*":
        message = f"{file.url}: players on other sites cannot read it; send Access-Control-Allow-Origin: *"
        yield warning(PART, message, cause="CORS")
    yield from wrong_type(PART, answer, *_TYPES.get(file.media_type, ()), verdict=warning)


def _starts(text: str, name: str) -> list[Any]:
    """Start of each entry of a list in JSON, in seconds; none if the JSON has another form."""
    try:
        return [entry["startTime"] + 0 for entry in json.loads(text)[name]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def _are_in_order(starts: list[Any]) -> bool:
    return bool(starts) and starts == sorted(starts) and starts[0] >= 0

"""Answers for transcripts and chapters -> Findings. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.feed_rules import FeedItem, LinkedFile
from bulletin.diagnostics.remote.remote_finding import content_type, type_cause
from bulletin.model.findings import Finding, failure, warning

PART = "episode"

_TYPES = {
    "text/vtt": ("text/vtt",),
    "application/x-subrip": ("application/x-subrip", "application/srt", "text/plain", "text/srt"),
    "application/srt": ("application/x-subrip", "application/srt", "text/plain", "text/srt"),
    "application/json": ("application/json",),
    "application/json+chapters": ("application/json+chapters", "application/json"),
}


_TIMES = re.compile(r"(\d+):(\d\d):(\d\d)[.,](\d{3}) --> (\d+):(\d\d):(\d\d)[.,](\d{3})")
_AFTER_S = 2.0
"""Seconds that the last caption may outlast the sound."""


def judge_transcript(file: LinkedFile, answer: HttpResponse, item: FeedItem) -> Iterator[Finding]:
    """Check presence, CORS, format, and that it ends with the episode."""
    yield from _judge_answer(file, answer)
    if answer.status != 200:
        return
    text = answer.body.decode("utf-8", "replace")
    if not _is_whole(text, file.media_type):
        yield failure(PART, f"{file.url}: is no {file.media_type}, or out of order; publish it again")
    elif item.duration_s is not None and _end_s(text) > item.duration_s + _AFTER_S:
        yield failure(PART, f"{file.url}: goes on after the sound has ended; publish it again")


def judge_chapters(file: LinkedFile, answer: HttpResponse, item: FeedItem) -> Iterator[Finding]:
    """Check order, and that the last chapter begins within the episode."""
    yield from _judge_answer(file, answer)
    if answer.status != 200:
        return
    chapters = _list(answer.body.decode("utf-8", "replace"), "chapters")
    if not chapters or not _are_in_order(chapters):
        yield failure(PART, f"{file.url}: holds no chapters in order of time; publish it again")
    elif item.duration_s is not None and chapters[-1]["startTime"] > item.duration_s + 1:
        yield failure(PART, f"{file.url}: a chapter begins after the end; publish it again")


def _is_whole(text: str, media_type: str) -> bool:
    if media_type == "text/vtt":
        return text.lstrip("\ufeff").startswith("WEBVTT") and "-->" in text and _run_on(_times(text))
    if media_type in ("application/x-subrip", "application/srt"):
        is_srt = re.match(r"\ufeff?\d+\r?\n\d\d:\d\d:\d\d,\d{3} --> ", text)
        return bool(is_srt) and _run_on(_times(text))
    if media_type == "application/json":
        return _are_in_order(_list(text, "segments"))
    return True


def _times(text: str) -> list[tuple[float, float]]:
    """Start and end of each caption in seconds; WebVTT without hours, which we never write, is skipped."""
    times = []
    for match in _TIMES.finditer(text):
        numbers = [int(group) for group in match.groups()]
        start, end = (3600 * h + 60 * m + s + ms / 1000 for h, m, s, ms in (numbers[:4], numbers[4:]))
        times.append((start, end))
    return times


def _run_on(times: list[tuple[float, float]]) -> bool:
    """Whether every caption has a duration and they are in order."""
    return all(start < end for start, end in times) and times == sorted(times)


def _end_s(text: str) -> float:
    return max((end for _, end in _times(text)), default=0.0)


def _judge_answer(file: LinkedFile, answer: HttpResponse) -> Iterator[Finding]:
    if answer.status != 200:
        yield failure(
            PART, f"{file.url}: answers {answer.status}; it must lie beside the sound: publish it again"
        )
        return
    if answer.headers.get("access-control-allow-origin") != "*":
        yield warning(
            PART,
            f"{file.url}: other sites may not read it; send Access-Control-Allow-Origin: *",
            cause="CORS",
        )
    kind = content_type(answer)
    if kind not in _TYPES.get(file.media_type, (kind,)):
        yield warning(
            PART,
            f'{file.url}: is sent as "{kind[:60]}", not as {file.media_type}; correct the web server',
            cause=type_cause(file.url),
        )


def _list(text: str, name: str) -> list[dict[str, Any]]:
    try:
        data = json.loads(text)
        entries = data[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    is_valid = isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("startTime"), int | float) for entry in entries
    )
    return entries if is_valid else []


def _are_in_order(entries: list[dict[str, Any]]) -> bool:
    starts = [entry["startTime"] for entry in entries]
    return bool(starts) and starts == sorted(starts) and starts[0] >= 0

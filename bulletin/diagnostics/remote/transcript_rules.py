"""Answers for transcripts and chapters -> Findings. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.feed_rules import FeedItem, LinkedFile
from bulletin.diagnostics.remote.remote_finding import wrong_type
from bulletin.model.findings import Finding, failure, warning

PART = "episode"
_fail = partial(failure, PART)

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
    if not _is_whole(text, file.media_type):
        yield _fail(f"{file.url}: is no {file.media_type}, or out of order; publish it again")
    elif item.duration_s is not None and _end_s(text) > item.duration_s + _AFTER_S:
        yield _fail(f"{file.url}: goes on after the sound has ended; publish it again")


def judge_chapters(file: LinkedFile, answer: HttpResponse, item: FeedItem) -> Iterator[Finding]:
    """Check order, and that the last chapter begins within the episode."""
    yield from _judge_answer(file, answer)
    if answer.status != 200:
        return
    starts = _starts(answer.body.decode("utf-8", "replace"), "chapters")
    if not _are_in_order(starts):
        yield _fail(f"{file.url}: holds no chapters in order of time; publish it again")
    elif item.duration_s is not None and starts[-1] > item.duration_s + 1:
        yield _fail(f"{file.url}: a chapter begins after the end; publish it again")


def _is_whole(text: str, media_type: str) -> bool:
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


def _end_s(text: str) -> float:
    return max((end for _, end in _times(text)), default=0.0)


def _judge_answer(file: LinkedFile, answer: HttpResponse) -> Iterator[Finding]:
    if answer.status != 200:
        yield _fail(f"{file.url}: answers {answer.status}; it must lie beside the sound: publish it again")
        return
    if answer.headers.get("access-control-allow-origin") != "*":
        message = f"{file.url}: other sites may not read it; send Access-Control-Allow-Origin: *"
        yield warning(PART, message, cause="CORS")
    yield from wrong_type(PART, answer, *_TYPES.get(file.media_type, ()), verdict=warning)


def _starts(text: str, name: str) -> list[Any]:
    """Start of each entry of a list in JSON, in seconds; none where it is not such a list."""
    try:
        return [entry["startTime"] + 0 for entry in json.loads(text)[name]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def _are_in_order(starts: list[Any]) -> bool:
    return bool(starts) and starts == sorted(starts) and starts[0] >= 0

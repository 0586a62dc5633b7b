"""What transcripts and chapters were answered -> whether apps can show them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bulletin.articles.answer import Answer
from bulletin.doctor.feed import Item, LinkedFile
from bulletin.doctor.finding import Finding, error, warning

PART = "episode"

_TYPES = {
    "text/vtt": ("text/vtt",),
    "application/x-subrip": ("application/x-subrip", "application/srt", "text/plain", "text/srt"),
    "application/srt": ("application/x-subrip", "application/srt", "text/plain", "text/srt"),
    "application/json": ("application/json",),
    "application/json+chapters": ("application/json+chapters", "application/json"),
}


def judge_transcript(file: LinkedFile, answer: Answer) -> Iterator[Finding]:
    """It is there, other sites may read it, and it is what it is called."""
    yield from _judge_answer(file, answer)
    if answer.status != 200:
        return
    text = answer.body.decode("utf-8", "replace")
    if not _is_whole(text, file.media_type):
        yield error(PART, f"{file.url}: is no {file.media_type}, or out of order; publish it again")


def judge_chapters(file: LinkedFile, answer: Answer, item: Item) -> Iterator[Finding]:
    """In order of time, and within the episode."""
    yield from _judge_answer(file, answer)
    if answer.status != 200:
        return
    chapters = _list(answer.body.decode("utf-8", "replace"), "chapters")
    if not chapters or not _are_in_order(chapters):
        yield error(PART, f"{file.url}: holds no chapters in order of time; publish it again")
    elif item.duration_s is not None and chapters[-1]["startTime"] > item.duration_s + 1:
        yield error(PART, f"{file.url}: a chapter begins after the end; publish it again")


def _is_whole(text: str, media_type: str) -> bool:
    if media_type == "text/vtt":
        return text.lstrip("\ufeff").startswith("WEBVTT") and "-->" in text
    if media_type in ("application/x-subrip", "application/srt"):
        return bool(re.match(r"\ufeff?\d+\r?\n\d\d:\d\d:\d\d,\d{3} --> ", text))
    if media_type == "application/json":
        return _are_in_order(_list(text, "segments"))
    return True


def _judge_answer(file: LinkedFile, answer: Answer) -> Iterator[Finding]:
    if answer.status != 200:
        yield error(PART, f"{file.url}: answers {answer.status}; it must lie beside the sound")
        return
    if answer.headers.get("access-control-allow-origin") != "*":
        yield warning(PART, f"{file.url}: other sites may not read it; send Access-Control-Allow-Origin: *")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _TYPES.get(file.media_type, (kind,)):
        yield warning(PART, f'{file.url}: is sent as "{kind[:60]}", not as {file.media_type}')


def _list(text: str, name: str) -> list[dict[str, Any]]:
    try:
        data = json.loads(text)
        found = data[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    is_good = isinstance(found, list) and all(
        isinstance(one, dict) and isinstance(one.get("startTime"), int | float) for one in found
    )
    return found if is_good else []


def _are_in_order(found: list[dict[str, Any]]) -> bool:
    starts = [one["startTime"] for one in found]
    return bool(starts) and starts == sorted(starts) and starts[0] >= 0

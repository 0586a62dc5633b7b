"""A Flash Briefing feed and its sound -> what a smart speaker would refuse. Pure, but for the measuring."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bulletin.audio.quality import inspect
from bulletin.doctor.finding import Finding, error, good, warning
from bulletin.errors import AudioError

PART = "speaker"

# developer.amazon.com, "Flash Briefing Skill API Feed Reference"
_MOST_TEXT = 4500
_LEAST_S, _MOST_S = 10.0, 600.0
_LOUDEST_LUFS, _QUIETEST_LUFS, _LUFS = -9.0, -19.0, -14.0
_MOST_DBTP = -2.0
_MEASURING_DB = 0.3
_OLD = timedelta(days=7)
"""Alexa reads nothing that is older."""
_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z")


def judge_briefing(body: bytes, *, url: str, now: datetime) -> tuple[str, list[Finding]]:
    """The address of its sound (empty without one), and what is wrong with what it says."""
    item = _item(body)
    if item is None:
        return "", [error(PART, f"{url}: must hold one item; Alexa would read several one after the other")]
    return str(item.get("streamUrl", "")), list(_judge_item(item, url, now))


def _judge_item(item: dict[str, Any], url: str, now: datetime) -> Iterator[Finding]:
    for name in ("uid", "updateDate", "titleText", "mainText", "streamUrl"):
        if not isinstance(item.get(name), str) or (name != "mainText" and not item[name]):
            yield error(PART, f"{url}: {name}: must be there")
    if len(str(item.get("mainText", ""))) > _MOST_TEXT:
        yield error(PART, f"{url}: mainText: more than {_MOST_TEXT} characters")
    match = _DATE.fullmatch(str(item.get("updateDate", "")))
    if not match:
        yield error(PART, f"{url}: updateDate: must look like 2026-11-25T07:00:00.0Z")
    elif now - datetime.fromisoformat(match[1]).replace(tzinfo=UTC) > _OLD:
        yield error(PART, f"{url}: updateDate: older than seven days; Alexa says that there is nothing new")
    parts = urlsplit(str(item.get("streamUrl", "")))
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield error(PART, f"{url}: streamUrl: Alexa wants https")


def judge_briefing_sound(path: Path, *, url: str) -> Iterator[Finding]:
    """Length, loudness, true peak."""
    try:
        report = inspect(path)
    except AudioError as problem:
        yield error(PART, f"{url}: cannot be played ({str(problem).rpartition(': ')[2]})")
        return
    told = f"{report.loudness_lufs:.1f} LUFS, {report.true_peak_dbtp:.1f} dBTP, {report.duration_s:.0f} s"
    if not _LEAST_S <= report.duration_s <= _MOST_S:
        yield error(PART, f"{url}: {told}; Alexa takes ten seconds to ten minutes")
    elif not _QUIETEST_LUFS <= report.loudness_lufs <= _LOUDEST_LUFS:
        yield error(PART, f"{url}: {told}; Alexa wants {_LUFS:g} LUFS: set [outputs.speaker] loudness_lufs")
    elif report.true_peak_dbtp > _MOST_DBTP + _MEASURING_DB:
        yield warning(PART, f"{url}: {told}; Alexa wants true peaks of {_MOST_DBTP:g} dBTP at most")
    else:
        yield good(PART, f"the newest: {told}")


def _item(body: bytes) -> dict[str, Any] | None:
    """Alexa takes an object, or a list of them."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    items = data if isinstance(data, list) else [data]
    return items[0] if len(items) == 1 and isinstance(items[0], dict) else None

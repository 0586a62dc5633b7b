"""Flash Briefing, side file and sound for smart speakers -> Findings. Pure, except that it measures the sound."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.audio.quality.examine_file import inspect
from bulletin.diagnostics.remote.enclosure_sound import dead_air
from bulletin.diagnostics.remote.latest_files import read_side_file
from bulletin.errors import AudioError
from bulletin.model.findings import Finding, failure, ok, warning
from bulletin.publishing.side_file import SideFile

PART = "speaker"

# developer.amazon.com, "Flash Briefing Skill API Feed Reference"
_MOST_TEXT = 4500
_LEAST_S, _MOST_S = 10.0, 600.0
_LOUDEST_LUFS, _QUIETEST_LUFS, _LUFS = -9.0, -19.0, -14.0
_MOST_DBTP = -2.0
_MEASURING_DB = 0.3
_OLD = timedelta(days=7)
"""Alexa ignores older briefings."""
_AGAIN = "copy it anew, or have the next bulletin made"
_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Answers for the files of smart speakers."""

    sound: HttpResponse
    """speaker.mp3."""
    about: HttpResponse
    """speaker.json."""
    briefing: HttpResponse
    """flash.json."""

    @property
    def is_there(self) -> bool:
        """Whether the station has any of the files."""
        return any(answer.status == 200 for answer in (self.sound, self.about, self.briefing))


def judge_speaker(found: Speaker, *, own: str, due: datetime | None, now: datetime) -> Iterator[Finding]:
    """
    Check that briefing, sound and side file agree, and that speakers accept them.

    `own` is the address of speaker.mp3 by the feed's own address, `due` the hour of the newest episode by latest.json.
    """
    sound, about = found.sound, found.about
    if sound.status != 200:
        yield failure(PART, f"{sound.url}: answers {sound.status}; the speaker stays silent: {_AGAIN}")
        return
    side_file = read_side_file(about)
    if side_file is None:
        fault = f"answers {about.status}" if about.status != 200 else "is no whole JSON object"
        yield failure(PART, f"{about.url}: {fault}; clients find new bulletins by it: {_AGAIN}")
    elif side_file.sha256 != hashlib.sha256(sound.body).hexdigest():
        yield failure(PART, f"{sound.url}: is not the sound that speaker.json describes; {_AGAIN}")
        return
    elif due and side_file.due and side_file.due < due:
        yield warning(
            PART,
            f"{sound.url}: is of {side_file.due:%a %H:%M}, the newest episode of {due:%a %H:%M} (UTC); if that slot was to "
            "make one, look at `bulletin status`",
        )
        return
    if found.briefing.status == 200:
        yield from judge_briefing(found.briefing, side_file, now=now, sounds=(sound.url, own))


def judge_briefing(
    answer: HttpResponse, side_file: SideFile | None, *, sounds: tuple[str, ...], now: datetime
) -> Iterator[Finding]:
    """Check `flash.json` by Alexa's rules, and that it names the sound of speaker.json."""
    item = _item(answer.body)
    if item is None:
        yield failure(
            PART, f"{answer.url}: must hold one item; Alexa would read several one after the other: {_AGAIN}"
        )
        return
    faults = [*_judge_item(item, answer.url, now)]
    yield from faults
    if faults:
        return
    if item["streamUrl"] not in sounds:
        yield failure(
            PART, f"{answer.url}: streamUrl: names {item['streamUrl'][:200]}, not {sounds[0]}: {_AGAIN}"
        )
    elif side_file and side_file.guid and quote(side_file.guid) not in item["uid"]:
        yield failure(PART, f"{answer.url}: uid: names another bulletin than speaker.json: {_AGAIN}")


def _judge_item(item: dict[str, Any], url: str, now: datetime) -> Iterator[Finding]:
    for name in ("uid", "updateDate", "titleText", "mainText", "streamUrl"):
        if not isinstance(item.get(name), str) or (name != "mainText" and not item[name]):
            yield failure(PART, f"{url}: {name}: must be there")
    if len(str(item.get("mainText", ""))) > _MOST_TEXT:
        yield failure(PART, f"{url}: mainText: more than {_MOST_TEXT} characters")
    match = _DATE.fullmatch(str(item.get("updateDate", "")))
    if not match:
        yield failure(PART, f"{url}: updateDate: must look like 2026-11-25T07:00:00.0Z")
    elif now - datetime.fromisoformat(match[1]).replace(tzinfo=UTC) > _OLD:
        yield failure(PART, f"{url}: updateDate: older than seven days; Alexa says that there is nothing new")
    parts = urlsplit(str(item.get("streamUrl", "")))
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield failure(PART, f"{url}: streamUrl: Alexa wants https")


def judge_briefing_sound(path: Path, *, url: str) -> Iterator[Finding]:
    """Check length, loudness and true peak of the sound."""
    try:
        report = inspect(path)
    except AudioError as problem:
        yield failure(PART, f"{url}: cannot be played ({str(problem).rpartition(': ')[2]}); {_AGAIN}")
        return
    if dead := dead_air(report):
        yield failure(PART, f"{url}: {dead}; make it anew with `bulletin make --again`")
        return
    levels = f"{report.loudness_lufs:.1f} LUFS, {report.true_peak_dbtp:.1f} dBTP, {report.duration_s:.0f} s"
    if not _LEAST_S <= report.duration_s <= _MOST_S:
        yield failure(PART, f"{url}: {levels}; Alexa takes ten seconds to ten minutes")
    elif not _QUIETEST_LUFS <= report.loudness_lufs <= _LOUDEST_LUFS:
        yield failure(
            PART, f"{url}: {levels}; Alexa wants {_LUFS:g} LUFS: set [outputs.speaker] loudness_lufs"
        )
    elif report.true_peak_dbtp > _MOST_DBTP + _MEASURING_DB:
        yield warning(PART, f"{url}: {levels}; Alexa wants true peaks of {_MOST_DBTP:g} dBTP at most")
    else:
        yield ok(PART, f"the newest: {levels}")


def _item(body: bytes) -> dict[str, Any] | None:
    """Alexa takes an object, or a list of them."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    items = data if isinstance(data, list) else [data]
    return items[0] if len(items) == 1 and isinstance(items[0], dict) else None

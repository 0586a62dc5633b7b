"""Flash Briefing, side file and sound for smart speakers -> Findings."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.check_episode_files import MEASURING_DB, describe_levels, measure_sound
from bulletin.diagnostics.remote.check_latest_mp3_and_json import LATEST_JSON, read_side_file
from bulletin.diagnostics.remote.check_podcast_feed import FeedReading
from bulletin.diagnostics.remote.fetch_published_files import SOUND_MB, Visit
from bulletin.model.diagnostic_findings import Finding, failure, ok, warning
from bulletin.publishing.json_sidecar_file import SideFile

PART = "speaker"
SPEAKER = "speaker.mp3"
_fail, _warn = partial(failure, PART), partial(warning, PART)

# developer.amazon.com, "Flash Briefing Skill API Feed Reference"
_MOST_TEXT = 4500
_LEAST_S, _MOST_S = 10.0, 600.0
_LOUDEST_LUFS, _QUIETEST_LUFS, _LUFS = -9.0, -19.0, -14.0
_MOST_DBTP = -2.0
_OLD = timedelta(days=7)
"""Alexa ignores older briefings."""
_AGAIN = "copy the output folder to the web server again, or make a new bulletin"
_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z")


async def examine_speaker(visit: Visit, url: str, feed: FeedReading) -> list[Finding]:
    """Files for smart speakers, if the station has any; `url` is the feed's."""
    sound = await visit.get(urljoin(url, SPEAKER), limit_mb=SOUND_MB)
    about = await visit.get(urljoin(url, "speaker.json"))
    briefing = await visit.get(urljoin(url, "flash.json"))
    if all(answer.status != 200 for answer in (sound, about, briefing)):
        return []
    if sound.status != 200:
        return [_fail(f"{sound.url}: HTTP {sound.status}; smart speakers stay silent: {_AGAIN}")]
    latest = read_side_file(await visit.get(urljoin(url, LATEST_JSON)))
    due, side_file = latest.due if latest else None, read_side_file(about)
    if side_file and side_file.sha256 != hashlib.sha256(sound.body).hexdigest():
        return [_fail(f"{sound.url}: is not the sound that speaker.json describes; {_AGAIN}")]
    if side_file and due and side_file.due and side_file.due < due:
        hours = f"bulletin of {side_file.due:%a %H:%M}, older than the newest episode, {due:%a %H:%M} (UTC)"
        return [_warn(f"{sound.url}: {hours}; `bulletin status` shows why it is not newer")]
    findings: list[Finding] = []
    if side_file is None:
        fault = f"HTTP {about.status}" if about.status != 200 else "is not a complete JSON object"
        findings.append(_fail(f"{about.url}: {fault}; clients find new bulletins in this file: {_AGAIN}"))
    if briefing.status == 200:
        sounds = (sound.url, urljoin(feed.own or url, SPEAKER))
        findings += judge_briefing(briefing, side_file, now=visit.now, sounds=sounds)
    return findings or [_judge_sound(visit.keep(sound.body, SPEAKER), sound.url)]


def judge_briefing(
    answer: HttpResponse, side_file: SideFile | None, *, sounds: tuple[str, ...], now: datetime
) -> Iterator[Finding]:
    """Check `flash.json` by Alexa's rules, and that it names the sound of speaker.json."""
    item = _item(answer.body)
    if item is None:
        problem = "must be JSON with exactly one item, as Alexa reads out every item"
        yield _fail(f"{answer.url}: {problem}: {_AGAIN}")
        return
    faults = [*_judge_item(item, answer.url, now)]
    yield from faults
    if faults:
        return
    if item["streamUrl"] not in sounds:
        yield _fail(f"{answer.url}: streamUrl: names {item['streamUrl'][:200]}, not {sounds[0]}: {_AGAIN}")
    elif side_file and side_file.guid and quote(side_file.guid) not in item["uid"]:
        yield _fail(f"{answer.url}: uid: {item['uid'][:99]}, but {side_file.guid} in speaker.json; {_AGAIN}")


def _judge_item(item: dict[str, Any], url: str, now: datetime) -> Iterator[Finding]:
    for name in ("uid", "updateDate", "titleText", "mainText", "streamUrl"):
        if not isinstance(item.get(name), str) or (name != "mainText" and not item[name]):
            yield _fail(f"{url}: {name}: missing, but Alexa requires it; make a new bulletin")
    if len(str(item.get("mainText", ""))) > _MOST_TEXT:
        yield _fail(f"{url}: mainText: over {_MOST_TEXT} characters, Alexa's limit; make a new bulletin")
    match = _DATE.fullmatch(str(item.get("updateDate", "")))
    if not match:
        yield _fail(f"{url}: updateDate: must look like 2026-11-25T07:00:00.0Z; make a new bulletin")
    elif now - datetime.fromisoformat(match[1]).replace(tzinfo=UTC) > _OLD:
        yield _fail(f"{url}: updateDate: older than seven days, too old for Alexa; make a new bulletin")
    parts = urlsplit(str(item.get("streamUrl", "")))
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield _fail(f"{url}: streamUrl: not https, as Alexa requires; check [outputs.podcast] base_url")


def _judge_sound(path: Path, url: str) -> Finding:
    """Length, loudness and true peak of the sound."""
    report = measure_sound(PART, path, url=url)
    if isinstance(report, Finding):
        return report
    levels = f"{url}: {describe_levels(report)}"
    if not _LEAST_S <= report.duration_s <= _MOST_S:
        return _fail(
            f"{url}: lasts {report.duration_s:.0f} s; Alexa wants 10 s to 10 min: change the profile's length"
        )
    if not _QUIETEST_LUFS <= report.loudness_lufs <= _LOUDEST_LUFS:
        return _fail(f"{levels}; Alexa wants {_LUFS:g} LUFS: set [outputs.speaker] loudness_lufs")
    if report.true_peak_dbtp > _MOST_DBTP + MEASURING_DB:
        return _warn(f"{levels}; Alexa wants {_MOST_DBTP:g} dBTP: set [outputs.speaker] true_peak_dbtp")
    return ok(PART, f"the newest: {describe_levels(report)}")


def _item(body: bytes) -> dict[str, Any] | None:
    """Item of a briefing: Alexa takes an object, or a list of objects."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    items = data if isinstance(data, list) else [data]
    return items[0] if len(items) == 1 and isinstance(items[0], dict) else None

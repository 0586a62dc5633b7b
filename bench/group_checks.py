"""Checks of what a group published, read from its database and its store by other code than its own."""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import soundfile

from bench.group_history import ON_AIR, PREPARED, File, History, Kill, slot_name
from bench.group_levels import LAST_GOOD, NEWS, judge_level, judge_stories, right_standby

_LENGTH_S = 30.0
_TOLERANCE_S = 0.03
_FAR = timedelta(seconds=3700)
"""Longest time between a file and its slot: a stand-by is prepared in the hour before."""
_DELIVERED_WITHIN_S = 20.0
_TEXTS = (".vtt", ".srt", ".txt")

Store = Mapping[str, bytes]
"""Objects by their checksum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRules:
    """What holds for the slot of a station, as the campaign knows it."""

    station: str
    due: datetime
    at: datetime
    """The moment of the slot by the clock of the database."""
    max_age_h: float
    is_news_possible: bool = True
    is_news_due: bool = False
    """Whether nothing hindered the news, or long before the slot only."""
    voice: str = ""
    """The voice that must have read; "": any."""


@dataclass(slots=True, kw_only=True)
class Findings:
    """Results of a campaign; every list has sentences for the reader, and is empty where all is well."""

    missed: list[str] = field(default_factory=list)
    wrong_levels: list[str] = field(default_factory=list)
    wrong_files: list[str] = field(default_factory=list)
    after_kill: list[str] = field(default_factory=list)
    wrong_ends: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    """Late results that were not refused, failed edits and deliveries, memory."""
    levels: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    """How much was looked at; a check that looked at nothing proves nothing."""
    _told: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        return [
            *self.missed,
            *self.wrong_levels,
            *self.wrong_files,
            *self.after_kill,
            *self.wrong_ends,
            *self.other,
        ]

    def news(self) -> list[str]:
        """Problems that were not told yet."""
        new = [problem for problem in self.problems if problem not in self._told]
        self._told += new
        return new


def check_slot(rules: SlotRules, history: History, store: Store, found: Findings) -> str:
    """Check what was on air at a slot; its level, or "" where the slot was missed."""
    name = f"{rules.station} {rules.due:%H:%M}"
    file = history.file_at(rules.station, ON_AIR, rules.at)
    side = _read(store, file)
    if not file or side is None or _due(side) != rules.due:
        on_air = "nothing" if side is None else f"the file of {_due(side):%H:%M}"
        found.missed.append(f"{name}: {on_air} is on air")
        return ""
    level = str(side["level"])
    problem = _check_level(level, side, file, rules, history) or _check_ledger(level, rules, history)
    if problem:
        found.wrong_levels.append(f"{name}: {problem}")
    found.levels[level] += 1
    return level


def _check_level(level: str, side: dict[str, Any], file: File, rules: SlotRules, history: History) -> str:
    kills = [kill for kill in history.kills if kill.holds_for(rules.station)]
    told = history.of_station(rules.station)
    right = right_standby(told, kills, due=rules.due, at=file.at, max_age_h=rules.max_age_h)
    problem = judge_level(
        level, right=right, is_news_possible=rules.is_news_possible, is_news_due=rules.is_news_due
    )
    bulletin = history.bulletin_of(str(side["guid"]))
    if not problem and bulletin is None:
        return f"no record of its {level} bulletin"
    if not problem and bulletin and level == LAST_GOOD:
        return judge_stories(bulletin, right)
    if not problem and bulletin and level in NEWS and rules.voice not in ("", bulletin.voice):
        return f"read by {bulletin.voice} in place of {rules.voice}"
    return problem


def _check_ledger(level: str, rules: SlotRules, history: History) -> str:
    """Whether the ledger had that level in time, too; at the time of the database, whose clock is right."""
    changes = history.levels.get((rules.station, slot_name(rules.due)), ())
    known = [noted for at, noted in changes if at <= rules.at]
    noted = known[-1] if known else ""
    return "" if noted == level else f"{level} is on air, but the ledger has {noted or 'nothing'!r}"


def check_prepared(station: str, due: datetime, *, max_age_h: float, history: History, store: Store) -> str:
    """What is wrong with the prepared stand-by of a slot, as it is now; "" for nothing."""
    now = max(file.at for file in history.files)
    file = history.file_at(station, PREPARED, now)
    side = _read(store, file)
    if not file or side is None:
        return "no stand-by is prepared"
    if _due(side) != due:
        return f"the prepared stand-by is of {_due(side):%H:%M}"
    kills = [kill for kill in history.kills if kill.holds_for(station)]
    right = right_standby(history.of_station(station), kills, due=due, at=file.at, max_age_h=max_age_h)
    return (
        ""
        if side["level"] in right.levels
        else f"the prepared stand-by is {side['level']} in place of {right}"
    )


def check_kills(history: History, store: Store, found: Findings) -> None:
    """No text may be published after one of its stories was killed for its station; files on air and prepared, too."""
    for file in history.files:
        if file.name not in (ON_AIR, PREPARED) and not file.name.endswith(_TEXTS):
            continue
        data = store.get(file.sha256)
        if data is None:
            continue  # deleted or withdrawn
        texts = _texts_of(file, data, history)
        found.checked["texts"] += len(texts)
        for kill in history.kills:
            if kill.holds_for(file.station) and any(kill.tells(text) for text in texts):
                found.checked["texts told before their kill"] += 1
                if file.at > kill.at:
                    found.after_kill.append(
                        f"{file.station}/{file.name}: {kill.entry!r} published {file.at - kill.at} after its kill"
                    )


def _texts_of(file: File, data: bytes, history: History) -> list[str]:
    if not file.name.endswith(".json"):
        return [" ".join(data.decode("utf-8", "replace").split())]
    bulletin = history.bulletin_of(str(json.loads(data)["guid"]))
    return [f"{story.title} {story.words}" for story in bulletin.stories] if bulletin else []


def check_still_on_air(kill: Kill, done_at: datetime, history: History, store: Store) -> list[str]:
    """Files that still told a story when the command that killed it had ended."""
    stations = {file.station for file in history.files if kill.holds_for(file.station)}
    wrong = []
    for station in sorted(stations):
        for name in (ON_AIR, PREPARED):
            file = history.file_at(station, name, done_at)
            data = store.get(file.sha256) if file else None
            if file and data and any(kill.tells(text) for text in _texts_of(file, data, history)):
                wrong.append(f"{station}/{name}: {kill.entry!r} is there after its kill had ended")
    return wrong


def check_files(history: History, store: Store, found: Findings) -> None:
    """Each file that was ever published and still exists: content, length, slot; each current one must exist."""
    if not store:
        found.wrong_files.append("the store holds no published file")
    current = {(file.station, file.name): file.sha256 for file in history.files}
    seen = {(file.station, file.name, file.sha256) for file in history.files if file.sha256}
    for station, name, sha256 in sorted(seen):
        data = store.get(sha256)
        if data is None:
            if current[station, name] == sha256:
                found.wrong_files.append(f"{station}/{name}: its object is missing")
            continue
        found.checked["files"] += 1
        if hashlib.sha256(data).hexdigest() != sha256:
            found.wrong_files.append(f"{station}/{name}: has another content than its checksum says")
        elif name in (ON_AIR, PREPARED) and (problem := _check_side_file(station, data, history, store)):
            found.wrong_files.append(f"{station}/{name}: {problem}")


def _check_side_file(station: str, data: bytes, history: History, store: Store) -> str:
    side = json.loads(data)
    if side["station"] != station:
        return f"is of {side['station']}"
    if side["sha256"] not in store:
        return "names a sound that is not in the store"
    made = datetime.fromisoformat(side["made"])
    if abs(_due(side) - made) > _FAR:
        return f"made {made} for {_due(side)}"
    bulletin = history.bulletin_of(str(side["guid"]))
    is_whole = side["level"] in NEWS and bulletin is not None and bulletin.corrects is None
    return _check_length(store[side["sha256"]]) if is_whole else ""  # others may be shorter


def _check_length(sound: bytes) -> str:
    lasts_s = soundfile.info(io.BytesIO(sound)).duration
    return f"lasts {lasts_s:.2f} s" if abs(lasts_s - _LENGTH_S) > _TOLERANCE_S else ""


def _read(store: Store, file: File | None) -> dict[str, Any] | None:
    data = store.get(file.sha256) if file else None
    return json.loads(data) if data else None


def _due(side: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(side["due"]).astimezone(UTC)


def check_deliveries(playout: Mapping[str, Path], history: History, store: Store, found: Findings) -> None:
    """The playout's folder of each station has the file that is on air; a delivery takes a moment."""
    until, left = time.monotonic() + _DELIVERED_WITHIN_S, dict(playout)
    while left:
        left = {one: folder for one, folder in left.items() if _is_undelivered(one, folder, history, store)}
        if time.monotonic() > until:
            break
        time.sleep(0.5)
    found.checked["deliveries"] += len(playout) - len(left)
    found.other += [f"{one}: the playout's folder does not have the file on air" for one in left]


def _is_undelivered(station: str, folder: Path, history: History, store: Store) -> bool:
    side = _read(store, history.file_at(station, ON_AIR, datetime.now(UTC)))
    if side is None:
        return False
    sounds = [path for path in folder.glob("*.mp3") if not path.name.startswith(".")]
    return side["sha256"] not in {hashlib.sha256(path.read_bytes()).hexdigest() for path in sounds}

"""One hour of `bench.group_day`: edits, a prepared stand-by, the work for a slot under faults, and its checks."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.group_checks import Findings, SlotRules, check_prepared, check_slot
from bench.group_editor import Editor
from bench.group_faults import FAULTS, FEEDS_AWAY, FEEDS_LATE, NEWS, VOICE_AWAY, PlannedFault
from bench.group_processes import Group
from bench.performance.ways.feed_server import BEGIN
from bench.performance.ways.service import ask
from bench.turned_clock import TurnedClock
from tests.speech.engines.openai_server import SpeechServer

PREPARES = timedelta(minutes=45)
"""Time before the slot at which the clock lands first: the stand-by is prepared ten minutes after the slot before."""
AHEAD = timedelta(seconds=200)
"""Time before the slot at which the clock lands then: longer than the lead of the work."""
MARGIN = timedelta(seconds=61)
"""Time before the slot at which a stand-by goes on air (`margin_s`)."""
_LATE_S = 30.0
_PREPARED_WITHIN_S = 120.0
_LEAST_TRIES_S = 20.0
"""Time in which the group looks for news although no feed answers."""
_ENOUGH_S = 40.0
_ENOUGH_A_STATION_S = 4.0
"""Time without a fault in which the news of all stations must be ready."""


@dataclass(slots=True, kw_only=True)
class Hour:
    """What happens around one slot, and what came of it."""

    due: datetime
    faults: tuple[PlannedFault, ...] = ()
    source: str = NEWS
    """What fails outside the group."""
    kill: str = ""
    edit: str = ""
    is_prepared: bool = False
    """Whether the clock stays where stand-bys are prepared."""
    prepared: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    ready_s: float | None = None
    """Seconds from the begin of the work to the last bulletin; None: a stand-by was needed."""
    seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class Campaign:
    """Everything that an hour needs."""

    group: Group
    clock: TurnedClock
    feeds_port: int
    voice: SpeechServer
    profiles: Sequence[Path]
    max_ages_h: dict[str, float]
    voices: dict[str, str]
    """First voices of the stations."""
    editor: Editor
    found: Findings
    chance: random.Random

    def play(self, hour: Hour) -> None:
        """Play one hour until a little after its slot, and check it."""
        began = time.monotonic()
        number = round((hour.due - BEGIN) / timedelta(hours=1))
        ask(self.feeds_port, f"hour/{number}")
        self._set_sources(hour)
        if hour.edit and not self.editor.do(hour.edit, hour=number, chance=self.chance):
            hour.edit = ""
        if hour.is_prepared:
            self._prepare(hour)
        calm_at = self._work(hour, number)
        self.clock.jump(hour.due - timedelta(seconds=4))
        at = self.clock.moment_of(hour.due)
        while self.clock.now() < hour.due + timedelta(seconds=6):
            time.sleep(0.2)
        for member in self.group.members:
            self.group.turn_clock(member, 0.0)
        self._check(hour, at=at, calm_at=calm_at)
        hour.seconds = time.monotonic() - began

    def _set_sources(self, hour: Hour) -> None:
        """Let feeds and a voice be as the hour wants them, until the next hour."""
        ask(self.feeds_port, f"away/{int(hour.source in (FEEDS_AWAY, FEEDS_LATE))}")
        self.voice.mode = "500" if hour.source == VOICE_AWAY else "ok"

    def _prepare(self, hour: Hour) -> None:
        """Let the stand-bys be prepared, and look at each."""
        self.clock.jump(hour.due - PREPARES)
        until, problems = time.monotonic() + _PREPARED_WITHIN_S, dict.fromkeys(self.max_ages_h, "unknown")
        while problems and time.monotonic() < until:
            time.sleep(1.0)
            history, store = self.editor.history(), self.group.objects()
            problems = {
                station: problem
                for station in problems
                if (
                    problem := check_prepared(
                        station, hour.due, max_age_h=self.max_ages_h[station], history=history, store=store
                    )
                )
            }
        hour.prepared = len(self.max_ages_h) - len(problems)
        self.found.checked["prepared stand-bys"] += hour.prepared
        self.found.wrong_levels += [f"{one} {hour.due:%H:%M}: {text}" for one, text in problems.items()]

    def _work(self, hour: Hour, number: int) -> datetime:
        """Play the work under the hour's faults; the moment when the last of them had ended."""
        self.clock.jump(hour.due - AHEAD)
        began, is_away = time.monotonic(), hour.source == FEEDS_AWAY
        threads = [
            threading.Thread(
                target=self._plant, args=(fault, random.Random(self.chance.random())), daemon=True
            )
            for fault in hour.faults
        ]
        if hour.kill:
            kill = (hour, number, random.Random(self.chance.random()))
            threads.append(threading.Thread(target=self._kill, args=kill, daemon=True))
        if hour.source == FEEDS_LATE:
            threads.append(threading.Thread(target=self._bring_feeds, daemon=True))
        for thread in threads:
            thread.start()
        calm_at, is_swapping = datetime.now(UTC), False
        while self.clock.now() < hour.due - timedelta(seconds=4):
            time.sleep(0.5)
            if any(thread.is_alive() for thread in threads):
                calm_at = datetime.now(UTC)
            elif self._is_ready(hour, is_standby=is_away):
                hour.ready_s = None if is_away else time.monotonic() - began
                break
            elif is_away and not is_swapping and time.monotonic() > began + _LEAST_TRIES_S:
                self.clock.jump(hour.due - MARGIN)
                is_swapping = True
        for thread in threads:
            thread.join()
        return calm_at

    def _is_ready(self, hour: Hour, *, is_standby: bool) -> bool:
        """Whether every station has what it can have for the slot."""
        query = "SELECT count(*) FROM slots WHERE due = %s AND ((state = 'done' AND level IN ('fresh', 'partial')) OR (%s AND standby <> ''))"
        with suppress(Exception):
            due = hour.due.astimezone(UTC).replace(tzinfo=None)  # as the archive stores it
            return bool(self.group.sql(query, due, is_standby)[0][0] == len(self.profiles))
        return False

    def _plant(self, fault: PlannedFault, chance: random.Random) -> None:
        time.sleep(fault.after_s)
        FAULTS[fault.name](self.group, chance)

    def _kill(self, hour: Hour, number: int, chance: random.Random) -> None:
        time.sleep(chance.uniform(1.0, 12.0))
        if not self.editor.do(hour.kill, hour=number, chance=chance):
            hour.kill = ""  # nothing was on air

    def _bring_feeds(self) -> None:
        time.sleep(_LATE_S)
        ask(self.feeds_port, "away/0")

    def _check(self, hour: Hour, *, at: datetime, calm_at: datetime) -> None:
        history, store = self.editor.history(), self.group.objects()
        enough = timedelta(seconds=_ENOUGH_S + _ENOUGH_A_STATION_S * len(self.profiles))
        before = len(self.found.missed)
        for profile in self.profiles:
            away = self.voices[profile.stem] != "tone" and hour.source == VOICE_AWAY
            rules = SlotRules(
                station=profile.stem,
                due=hour.due,
                at=at,
                max_age_h=self.max_ages_h[profile.stem],
                is_news_possible=hour.source != FEEDS_AWAY,
                is_news_due=hour.source != FEEDS_AWAY and calm_at + enough < at,
                voice="tone" if away else "",
            )
            level = check_slot(rules, history, store, self.found)
            if level:
                hour.levels[level] += 1
        hour.missed = len(self.found.missed) - before

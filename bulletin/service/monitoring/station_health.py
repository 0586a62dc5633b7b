"""Ledger and archive -> StationHealth, for /readyz, the metrics and `bulletin status`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxState
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import BulletinError
from bulletin.model import Feed, Level, SlotRecord, SlotState
from bulletin.pipeline.read_json_of_on_air_files import on_air_kinds, read_on_air
from bulletin.runtime.latest_credible_time import latest_made
from bulletin.runtime.redact_secrets import hide
from bulletin.schedule.plan_slots import slots_of
from bulletin.station.build_components_from_profile import feeds_of
from bulletin.station.build_station_object import STATE

DAY = timedelta(hours=24)
GOOD = (Level.FRESH, Level.PARTIAL)
"""Levels of news; the others are stand-bys."""
TICK_AGE = timedelta(seconds=60)
"""Age of the last round at which the loop is dead: rounds come every five seconds and never wait for work."""
LITTLE_ROOM = 500 * 1024**2
"""Bytes: a day of an hourly station, all renditions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletTrouble:
    """Undelivered files of one of [[deliveries]]."""

    waiting: int = 0
    """Files behind a failure."""
    given_up: int = 0
    """Files given up, until `bulletin outbox` retries or drops them."""
    note: str = ""
    """The last error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationHealth:
    """The state of a station, for engineers."""

    station: str
    last: SlotRecord | None = None
    """The newest slot whose time has come."""
    last_good_at: datetime | None = None
    """The slot of the newest bulletin with news."""
    next_due: datetime | None = None
    levels: Mapping[Level, int] = field(default_factory=dict)
    """Slots met in the last 24 hours."""
    missed: int = 0
    """Slots missed in the last 24 hours."""
    late: int = 0
    """Slots met after their time."""
    engine: str = ""
    voice: str = ""
    """Voice of the last bulletin."""
    is_first_voice: bool = True
    """Whether it was the first of the chain."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds per stage of the last bulletin."""
    failing_feeds: Mapping[str, int] = field(default_factory=dict)
    """Name and failures in a row."""
    feeds: int = 0
    failing_outlets: Mapping[str, OutletTrouble] = field(default_factory=dict)
    """By the name of the delivery."""
    outlets: int = 0
    kill_list_doubt: str = ""
    """Why entries of the kill list may be missing; empty: none are."""
    missing: tuple[str, ...] = ()
    """Missing on-air renditions of the last slot: deleted, or their disk is gone."""
    trouble: str = ""
    """Why the state is not known; empty: it is known."""

    @property
    def is_ready(self) -> bool:
        """Whether the last slot has its on-air files."""
        return not self.trouble and not self.missing and (self.last is None or _has_sound(self.last))

    @property
    def met(self) -> int:
        """Slots of the last 24 hours that had a bulletin."""
        return sum(self.levels.values())


def read_health(
    archive: Archive, loaded: LoadedProfile, *, now: datetime, output: Path | None = None
) -> StationHealth:
    """
    The health of one station; an error is its `trouble`, not raised.

    With `output`, the folder of all stations, it is also checked that the last slot's on-air files are still there.
    """
    if output and not (output / STATE).is_dir():
        gone = "is not there any more (deleted, or its disk is not mounted?); the next slot makes it again if it can"
        return StationHealth(station=loaded.id, trouble=f"{output}: {gone}")
    try:
        return _look(archive, loaded, now, output)
    except BulletinError as error:
        return StationHealth(station=loaded.id, trouble=str(error))


def _look(archive: Archive, loaded: LoadedProfile, now: datetime, output: Path | None) -> StationHealth:
    ledger = SlotLedger(archive)
    rows = ledger.rows(since=now - DAY, until=now + DAY, station=loaded.id)
    past = [row for row in rows if row.due <= now]
    # an open slot has its stand-by on air
    levels = Counter(row.level or row.standby for row in past if _has_sound(row))
    last = archive.last_bulletin(loaded.id, until=latest_made(now))
    coming = slots_of(loaded, since=now, until=now + timedelta(days=8)) if loaded.profile.clock.slots else ()
    first_engine, _, first_voice = loaded.profile.speech.chain[0].partition(":")
    feeds = feeds_of(loaded)
    return StationHealth(
        station=loaded.id,
        last=past[-1] if past else None,
        missing=_missing(output / loaded.id, loaded, past[-1]) if output and past else (),
        last_good_at=last.at if last else None,
        next_due=coming[0].due if coming else None,
        levels={level: levels[level] for level in Level if levels[level]},
        missed=sum(row.state is SlotState.MISSED for row in past),
        late=sum(row.state is SlotState.DONE and not row.is_met for row in past),
        engine=last.engine if last else "",
        voice=last.voice if last else "",
        is_first_voice=last is None or (last.engine == first_engine and first_voice in ("", last.voice)),
        timings=last.timings if last else {},
        failing_feeds=_failing_feeds(archive, feeds),
        feeds=len(feeds),
        failing_outlets=_failing_outlets(archive, loaded.id),
        outlets=len(loaded.profile.deliveries),
        kill_list_doubt=archive.doubt,
    )


def _has_sound(record: SlotRecord) -> bool:
    return record.is_met or record.state is SlotState.DONE


def _missing(folder: Path, loaded: LoadedProfile, last: SlotRecord) -> tuple[str, ...]:
    """On-air renditions of a slot that the playout does not find."""
    if not _has_sound(last):
        return ()
    slots = slots_of(loaded, since=last.due, until=last.due + timedelta(seconds=1))
    outputs = slots[0].outputs if slots else ()  # the profile has changed since: nothing can be said
    kinds = [kind for kind in on_air_kinds(loaded.profile) if kind in outputs]
    return tuple(kind for kind, file in read_on_air(folder, kinds).items() if file is None)


def _failing_feeds(archive: Archive, feeds: Iterable[Feed]) -> dict[str, int]:
    memories = ((feed.name, archive.feed_memory(feed.url)) for feed in feeds)
    return {name: memory.failures for name, memory in memories if memory and memory.failures}


def _failing_outlets(archive: Archive, station: str) -> dict[str, OutletTrouble]:
    outlets: dict[str, OutletTrouble] = {}
    failing = set[str]()
    for piece in Outbox(archive).troubles(station):
        before, is_given_up = (
            outlets.get(piece.delivery, OutletTrouble()),
            piece.state is OutboxState.GIVEN_UP,
        )
        outlets[piece.delivery] = OutletTrouble(
            waiting=before.waiting + (piece.state is OutboxState.WAITING),
            given_up=before.given_up + is_given_up,
            note=piece.note or before.note,
        )
        if piece.tries or is_given_up:
            failing.add(piece.delivery)
    return {name: trouble for name, trouble in outlets.items() if name in failing}


def health_data(health: StationHealth, *, now: datetime) -> dict[str, object]:
    """Health as plain data, without secrets; ages in seconds, times in UTC."""
    last, facts = health.last, asdict(health)
    same = ("station", "engine", "voice", "failing_feeds", "feeds", "failing_outlets", "outlets", "missing")
    data = {name: facts[name] for name in (*same, "kill_list_doubt", "trouble")} | {
        "ready": health.is_ready,
        "last_slot": last
        and {"due": last.due.isoformat(), "state": last.state, "level": last.level, "note": last.note},
        "last_good_at": health.last_good_at and health.last_good_at.isoformat(),
        "last_good_age_s": health.last_good_at
        and round(max(0.0, (now - health.last_good_at).total_seconds())),
        "next_slot": health.next_due and health.next_due.isoformat(),
        "day": {"met": health.met, "missed": health.missed, "late": health.late, "levels": health.levels},
        "first_voice": health.is_first_voice,
        "stages_s": {name: round(seconds, 2) for name, seconds in health.timings.items()},
    }
    texts: dict[str, object] = hide.json(data)
    return texts

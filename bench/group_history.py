"""History of a group's database for `bench.group_day`: noted by triggers, at the clock of the database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bench.group_processes import Group
from bench.performance.ways.feed_server import ENTRIES, story

ALL = "*"
"""Station of a kill that holds for every station."""
FEEDS = 4
_ENTRIES = 2 * ENTRIES
"""Of a feed in a day, and more."""
ON_AIR, PREPARED = "fm.json", ".standby/fm.json"

_NOTE = """
CREATE TABLE bench_history (
  id serial PRIMARY KEY, what text, station text, name text, value text,
  at timestamptz NOT NULL DEFAULT clock_timestamp());
"""
_TRIGGER = """
CREATE FUNCTION bench_note_{what}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO bench_history (what, station, name, value) VALUES ('{what}', {values}); RETURN NULL; END $$;
CREATE TRIGGER bench_{what} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION bench_note_{what}();
"""
_NOTED = (
    ("file", "published_files", "INSERT OR UPDATE", "NEW.station, NEW.path, NEW.sha256"),
    ("gone", "published_files", "DELETE", "OLD.station, OLD.path, ''"),
    ("kill", "kills", "INSERT", "NEW.station, NEW.entry, ''"),
    (
        "bulletin",
        "bulletins",
        "INSERT",
        (
            "NEW.station, NEW.id::text, json_build_object('due', NEW.at, 'level', NEW.level, "
            "'voice', NEW.engine, 'corrects', NEW.corrects_id)::text"
        ),
    ),
    (
        "withdrawal",
        "bulletins",
        "UPDATE OF withdrawn_at",
        "NEW.station, NEW.id::text, NEW.withdrawn_at::text",
    ),
    ("telling", "tellings", "INSERT", "NEW.station, NEW.bulletin_id::text, NEW.title || E'\\n' || NEW.words"),
    (
        "slot",
        "slots",
        "UPDATE",
        (
            "NEW.station, to_char(NEW.due, 'YYYY-MM-DD\"T\"HH24:MI'), "
            "CASE WHEN NEW.state = 'done' THEN NEW.level ELSE NEW.standby END"
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as a bulletin told it."""

    title: str
    words: str

    @property
    def all_words(self) -> str:
        return f"{self.title} {self.words}"

    @property
    def deed(self) -> str:
        """The headline without its town and subject: reports of one deed in several towns are grouped as one affair."""
        return self.title.partition(" ")[2].partition(" ")[2]

    @property
    def town(self) -> str:
        """The first word of the headline; no other story of the same moment has it."""
        return self.title.split()[0]


@dataclass(slots=True, kw_only=True)
class Told:
    """A bulletin in the archive."""

    id: int
    station: str
    due: datetime
    level: str
    voice: str
    corrects: int | None
    recorded_at: datetime
    withdrawn_at: datetime | None = None
    stories: list[Story] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A published file from a moment on; without a checksum: it is deleted."""

    station: str
    name: str
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """A word, or a whole sentence of a withdrawn story, that no station may tell any more from `at` on."""

    station: str
    entry: str
    at: datetime

    def tells(self, text: str) -> bool:
        return re.search(rf"(?<!\w){re.escape(self.entry)}(?!\w)", text, re.IGNORECASE) is not None

    def may_block(self, story: Story) -> bool:
        """Whether a report of the same deed in the killed town may be in one group with the story."""
        return story.deed in _deeds_in(self.entry)

    def holds_for(self, station: str) -> bool:
        return self.station in (ALL, station)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything that was published, recorded and killed up to now; all moments are the database's."""

    told: tuple[Told, ...]
    files: tuple[File, ...]
    kills: tuple[Kill, ...]
    levels: Mapping[tuple[str, str], tuple[tuple[datetime, str], ...]]
    """By station and slot (`slot_name`), the levels that the ledger had, and since when."""
    ids: Mapping[str, int]
    """Bulletins by the ids of their episodes."""

    def bulletin_of(self, guid: str) -> Told | None:
        return next((one for one in self.told if one.id == self.ids.get(guid)), None)

    def of_station(self, station: str) -> list[Told]:
        return [one for one in self.told if one.station == station]

    def file_at(self, station: str, name: str, moment: datetime) -> File | None:
        """The file that listeners had at a moment."""
        known = [
            file for file in self.files if file.station == station and file.name == name and file.at <= moment
        ]
        return known[-1] if known and known[-1].sha256 else None


@cache
def _deeds_in(town: str) -> frozenset[str]:
    """What the feeds report of a town in a day."""
    titles = (story(feed, number)[0] for feed in range(FEEDS) for number in range(_ENTRIES))
    return frozenset(Story(title=one, words="").deed for one in titles if one.split()[0] == town)


def slot_name(due: datetime) -> str:
    return f"{due.astimezone(UTC):%Y-%m-%dT%H:%M}"


def begin_history(group: Group) -> None:
    """Let the database note from now on."""
    group.sql(
        _NOTE
        + "".join(
            _TRIGGER.format(what=what, table=table, event=event, values=values)
            for what, table, event, values in _NOTED
        )
    )


def keep_history(group: Group, path: Path) -> None:
    """Write it into a file, a row a line, for whoever looks for the cause of a finding."""
    rows = group.sql("SELECT at, what, station, name, value FROM bench_history ORDER BY at, id")
    path.write_text(
        "".join("\t".join(str(value).replace("\n", " / ") for value in row) + "\n" for row in rows),
        encoding="utf-8",
    )


def read_history(group: Group, *, sentences: Mapping[tuple[str, str], str]) -> History:
    """What was noted. `sentences` are the words in the place of an entry of the kill list that is a story's id."""
    rows = group.sql("SELECT what, station, name, value, at FROM bench_history ORDER BY at, id")
    ids = {
        target["guid"]: id_
        for id_, targets in group.sql("SELECT id, went_to FROM bulletins")
        for target in targets
    }
    levels: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
    for what, station, name, value, at in rows:
        if what == "slot":
            levels.setdefault((station, name), []).append((at, value or ""))
    return History(
        told=tuple(_bulletins(rows)),
        files=tuple(
            File(station=station, name=name, sha256=value, at=at)
            for what, station, name, value, at in rows
            if what in ("file", "gone")
        ),
        kills=tuple(
            Kill(station=station, entry=sentences.get((station, name), name), at=at)
            for what, station, name, _, at in rows
            if what == "kill"
        ),
        levels={key: tuple(changes) for key, changes in levels.items()},
        ids=ids,
    )


def _bulletins(rows: Iterable[tuple[Any, ...]]) -> Iterable[Told]:
    told: dict[int, Told] = {}
    for what, station, name, value, at in rows:
        if what == "bulletin":
            facts = json.loads(value)
            due = datetime.fromisoformat(facts["due"]).replace(tzinfo=UTC)
            told[int(name)] = Told(
                id=int(name),
                station=station,
                due=due,
                level=facts["level"],
                voice=facts["voice"],
                corrects=facts["corrects"],
                recorded_at=at,
            )
        elif what == "withdrawal" and int(name) in told:
            told[int(name)].withdrawn_at = at if value else None
        elif what == "telling" and int(name) in told:
            title, _, words = value.partition("\n")
            told[int(name)].stories.append(Story(title=title, words=" ".join(words.split())))
    return told.values()

"""Checks of what a group published, read from its database and its store by other code than its own."""

from __future__ import annotations

import hashlib
import io
import json
import re
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import soundfile

from bench.group_processes import Group

_HISTORY = """
CREATE TABLE bench_history (
  id serial PRIMARY KEY, what text, station text, name text, sha256 text,
  at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE FUNCTION bench_note_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO bench_history (what, station, name, sha256) VALUES ('file', NEW.station, NEW.path, NEW.sha256);
  RETURN NEW; END $$;
CREATE TRIGGER bench_file AFTER INSERT OR UPDATE ON published_files
  FOR EACH ROW EXECUTE FUNCTION bench_note_file();
CREATE FUNCTION bench_note_kill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO bench_history (what, station, name) VALUES ('kill', NEW.station, NEW.entry);
  RETURN NEW; END $$;
CREATE TRIGGER bench_kill AFTER INSERT ON kills FOR EACH ROW EXECUTE FUNCTION bench_note_kill();
"""
_TOLD = """
SELECT station, name, sha256, at FROM bench_history
WHERE what = 'file' AND (name = 'fm.json' OR name ~ '[.](vtt|srt|txt)$')
"""
_LENGTH_S = 30.0
_TOLERANCE_S = 0.03
_TRIES, _AGAIN_S = 12, 3.0
"""An editor whose command failed gives it again."""


class Checks:
    """Results of the checks; `wrong` and `after_kill` are sentences for the reader."""

    def __init__(self, group: Group, profiles: Path) -> None:
        self._group, self._profiles = group, sorted(profiles.glob("*.toml"))
        self.files_checked = 0
        self.wrong: list[str] = []
        self.after_kill: list[str] = []
        self.texts_checked = 0
        self.told_before_kill = 0
        """Texts with a story that was killed later: proof that the check can find one."""
        group.sql(_HISTORY)

    def is_ready(self, due: datetime) -> bool:
        """Whether every station has news for the slot."""
        query = (
            "SELECT count(*) FROM slots WHERE due = %s AND state = 'done' AND level IN ('fresh', 'partial')"
        )
        return self._group.sql(query, _naive(due))[0][0] == len(self._profiles)

    def slots(self, due: datetime) -> tuple[Counter[str], list[str]]:
        """Levels of the slots that were met in time, and the stations whose slot was not."""
        query = "SELECT station, state, level, ready_at, standby, standby_at FROM slots WHERE due = %s"
        levels: Counter[str] = Counter()
        rows = {row[0]: row[1:] for row in self._group.sql(query, _naive(due))}
        missed = []
        for profile in self._profiles:
            state, level, ready_at, standby, standby_at = rows.get(profile.stem, ("", "", None, "", None))
            if state == "done" and ready_at and ready_at <= _naive(due):
                levels[level] += 1
            elif standby and standby_at and standby_at <= _naive(due):
                levels[standby] += 1
            else:
                missed.append(f"{profile.stem} ({state or 'not planned'} {level or standby})")
        return levels, missed

    def kill(self, title: str) -> None:
        """Kill a story at every station with one command, as an editor does."""
        first = self._profiles[0]
        kill = ("kill", "add", title, str(first), "--all-stations")
        for _ in range(_TRIES):
            done = self._group.run(*kill, "--output", str(first.parent.parent / "editor"))
            if not done.returncode:
                return
            time.sleep(_AGAIN_S)
        self.wrong.append(f"kill of {title!r} failed: {done.stderr.strip()[-300:]}")

    def files(self) -> None:
        """Each file that was ever published and still exists: content, length, slot."""
        store = self._group.objects()
        if not store:
            self.wrong.append("the store holds no published file")
        rows = self._group.sql(
            "SELECT DISTINCT station, name, sha256 FROM bench_history WHERE what = 'file' AND station <> '.pinned'"
        )
        current = set(self._group.sql("SELECT station, path, sha256 FROM published_files"))
        for station, name, sha256 in rows:
            data = store.get(sha256)
            if data is None:
                if (station, name, sha256) in current:
                    self.wrong.append(f"{station}/{name}: its object is missing")
                continue
            self.files_checked += 1
            if hashlib.sha256(data).hexdigest() != sha256:
                self.wrong.append(f"{station}/{name}: has another content than its checksum says")
            if name == "fm.json":
                self._check_side_file(station, json.loads(data), store)
            elif name.endswith(".mp3") and not name.endswith("fm.mp3"):  # a stand-by may be shorter
                self._check_length(f"{station}/{name}", data)

    def _check_length(self, name: str, data: bytes) -> None:
        lasts_s = soundfile.info(io.BytesIO(data)).duration
        if abs(lasts_s - _LENGTH_S) > _TOLERANCE_S:
            self.wrong.append(f"{name}: lasts {lasts_s:.2f} s")

    def _check_side_file(self, station: str, side: dict[str, str], store: dict[str, bytes]) -> None:
        if side["station"] != station:
            self.wrong.append(f"{station}/fm.json: is of {side['station']}")
        if side["sha256"] not in store:
            self.wrong.append(f"{station}/fm.json: names a sound that is not in the store")
        elif side["level"] in ("fresh", "partial"):
            self._check_length(f"{station}/fm.mp3 ({side['guid']})", store[side["sha256"]])
        due, made = (datetime.fromisoformat(side[name]) for name in ("due", "made"))
        if abs((due - made).total_seconds()) > 3700:
            self.wrong.append(f"{station}/fm.json: made {made} for {due}")

    def killed(self) -> None:
        """Words of each bulletin that was published after one of its stories was killed; by its guid, on air too."""
        store = self._group.objects()
        kills = self._group.sql("SELECT name, at FROM bench_history WHERE what = 'kill'")
        words = self._words_by_guid()
        for station, name, sha256, published in self._group.sql(_TOLD):
            data = store.get(sha256)
            if data is None:
                continue  # withdrawn
            texts = [_plain(data)]
            if name == "fm.json":
                texts = words.get(json.loads(data)["guid"], [])
                if not texts and json.loads(data)["level"] not in ("evergreen", "ident"):
                    self.wrong.append(f"{station}/fm.json: no record of its words")
            self.texts_checked += len(texts)
            for entry, at in kills:
                told = any(re.search(rf"\b{re.escape(entry)}\b", text, re.IGNORECASE) for text in texts)
                if told and published > at:
                    self.after_kill.append(
                        f"{station}/{name}: {entry} published {published - at} after its kill"
                    )
                self.told_before_kill += told

    def _words_by_guid(self) -> dict[str, list[str]]:
        """Words of the stories of each bulletin, by the id of its episodes."""
        told: dict[int, list[str]] = {}
        for bulletin_id, words in self._group.sql("SELECT bulletin_id, words FROM tellings"):
            told.setdefault(bulletin_id, []).append(words)
        went_to = self._group.sql("SELECT id, went_to FROM bulletins")
        return {target["guid"]: told.get(id_, []) for id_, targets in went_to for target in targets}


def _plain(data: bytes) -> str:
    return " ".join(data.decode("utf-8", "replace").split())


def _naive(moment: datetime) -> datetime:
    """As the archive stores it."""
    return moment.astimezone(UTC).replace(tzinfo=None)

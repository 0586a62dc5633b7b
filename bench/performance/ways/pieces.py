"""Pieces of a bulletin in a process that has everything loaded: stations with the same feeds, one after another."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.performance.ways.feed_server import BEGIN
from bench.performance.ways.service import _memory_mb, _used_s, ask, lame_s, publisher
from bench.processes import QUICK, note, run_way
from bench.shared_body import joined_s, mix_all
from bulletin.archive.archive import Archive
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.audio.mixing.mix_shared_body import FOLDER
from bulletin.config.load_profile import load_profile
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.pieces.gather_and_choose import ask_feeds
from bulletin.pipeline.stage_timer import Listener
from bulletin.station.build_station_object import open_station

PROFILE = """\
name = "Valley Radio {number}"
time_zone = "UTC"
length = "{length}"
{feeds}
[fetch]
host_gap_s = 0
[speech]
chain = ["{voice}"]
[outputs]
make = ["podcast"]
"""
FEED = '[[feeds]]\nurl = "http://127.0.0.1:{port}/feed/{number}"\nname = "Feed {number}"\nprivate = true\n'
NOW = BEGIN + timedelta(minutes=1)


class StageCosts(Listener):
    """CPU seconds of each stage, of the process and its workers."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._began = 0.0

    def begin(self, stage: str) -> None:
        self._began = _used_s()

    def end(self, stage: str, seconds: float, summary: str) -> None:
        self.spent[f"{stage}_s"] = _used_s() - self._began


def pieces(folder: Path) -> None:
    """Note what each piece costs: the first reading, speech, and the medians of further stations."""
    quick = (folder / QUICK).exists()
    feeds, stations = (2, 3) if quick else (20, 12)
    with publisher(folder) as port:
        ask(port, "hour/0")
        text = "".join(FEED.format(port=port, number=number) for number in range(feeds))
        for number in range(stations):
            length, voice = ("0:30", "tone") if quick else ("2:00", "hibari")
            profile = PROFILE.format(number=number, feeds=text, length=length, voice=voice)
            (folder / f"{number}.toml").write_text(profile, encoding="utf-8")
        with Archive.open(folder / "output" / ".bulletin" / "archive.sqlite") as archive:
            work = _Work(folder, archive, port)
            _note_first(work, feeds)
            later = [work.make(number) for number in range(2, stations)]
    middle = {name: statistics.median(costs[name] for costs in later) for name in later[0]}
    note(folder, **middle, lame_s=lame_s(), memory_mb=_memory_mb())


class _Work:
    """Stations of one folder that share archive and answers."""

    def __init__(self, folder: Path, archive: Archive, port: int) -> None:
        self.folder, self.archive, self.port = folder, archive, port
        self.answers = ResponseCache(clock=NOW.timestamp)

    def make(self, number: int) -> dict[str, float]:
        """One bulletin of a station: CPU seconds of its stages, of the rest, and of the whole."""
        loaded = load_profile(str(self.folder / f"{number}.toml"))
        output, costs = self.folder / "output", StageCosts()
        with open_station(loaded, output=output, memory=self.archive):
            pass  # draws its pictures, once for all bulletins
        before = _used_s()
        with open_station(loaded, output=output, memory=self.archive, answers=self.answers) as station:
            opened_s = _used_s() - before
            run = make_bulletin(station, now=NOW, due=NOW, listener=costs)
        station_s = _used_s() - before
        stages_s = sum(costs.spent.values())
        (made,) = run.bulletin.renditions
        return {
            **costs.spent,
            "open_s": opened_s,
            "rest_s": station_s - opened_s - stages_s,
            "station_s": station_s,
            "length_s": made.duration_s,
            "file_bytes": float(_size(output / loaded.id, made.path)),
            "stories": float(sum(bool(passage.story_id) for passage in run.bulletin.aired)),
        }


def _size(folder: Path, path: Path) -> int:
    return (folder / path.name).stat().st_size if (folder / path.name).exists() else path.stat().st_size


def _note_first(work: _Work, feeds: int) -> None:
    """Reading of feeds without pages; the first bulletin, which reads all; then its speech again with a loaded voice."""
    loaded = load_profile(str(work.folder / "0.toml"))
    with open_station(loaded, output=work.folder / "asked") as station:
        ask_feeds(station.feeds, now=NOW, options=station.profile.fetch)  # the first loads the modules
        before = _used_s()
        ask_feeds(station.feeds, now=NOW, options=station.profile.fetch)
        feeds_s = _used_s() - before
    ask(work.port, "hour/0")
    first: Mapping[str, Any] = work.make(0)
    pages = ask(work.port, "hour/0").get("pages 200", 0)
    speech = work.folder / "output" / ".bulletin" / "speech"
    for part in [path for path in speech.iterdir() if path.is_dir()]:
        shutil.rmtree(part)
    second = work.make(1)
    spoken = list(speech.glob("*/*.wav"))
    note(
        work.folder,
        feed_s=feeds_s / feeds,
        page_s=max(0.0, first["gather_s"] - feeds_s) / max(1, pages),
        pages=pages,
        speech_s=second["speak_s"] / max(1, len(spoken)),
        sentences=len(spoken),
        sentence_bytes=statistics.mean(path.stat().st_size for path in spoken) if spoken else 0,
    )


def shared(folder: Path) -> None:
    """Note what a mix costs around a body that another station has mixed, and what a whole one costs."""
    quick = (folder / QUICK).exists()
    count, length, voice = (3, "0:40", "tone") if quick else (8, "2:00", "hibari")
    around, whole, store = mix_all(folder, count=count, length=length, voice=voice)
    bodies = sum(1 for _ in store.list(FOLDER))
    whole_s = statistics.median(mixed.seconds for mixed in whole)
    note(folder, joined_s=joined_s(around, bodies=bodies), whole_s=whole_s, bodies=bodies)


if __name__ == "__main__":
    run_way({"pieces": pieces, "shared": shared})

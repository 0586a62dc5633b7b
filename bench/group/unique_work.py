"""CPU seconds of a group's work when nothing is done twice: bulletins one after another in one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bench.group.cpu_seconds import CORES
from bench.group.feeds_and_profiles import serve_feeds, write_profiles
from bench.group.voices import VOICES
from bench.performance.ways.service import _used_s
from bulletin.archive.archive import Archive
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.config.load_profile import load_profile
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.station.build_station_object import open_station

ROOT = Path(__file__).parents[2]


def measure_unique_work(options: Namespace) -> list[dict[str, float]]:
    """
    CPU seconds of the first stations, which read and speak for all (`first_s`), and of each further one (`station_s`).

    In a process for each core at the same time, as the workers are: a core is slower while the others work. Each has a
    SQLite archive and a folder of its own; start-up and the loading of the voice are not counted. The stations are taken
    from the whole group, since a voice needs longer for "Station four hundred and twelve" than for "Station twelve".
    """
    with ThreadPoolExecutor(CORES) as pool:
        return list(pool.map(lambda _: _measure(options), range(CORES)))


def _measure(options: Namespace) -> dict[str, float]:
    count = min(options.sample, options.stations)
    numbers = [place * options.stations // count for place in range(count)]
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name, serve_feeds(now=now) as port:
        write_profiles(
            Path(name) / "feeds",
            port=port,
            stations=options.stations,
            length=options.length,
            voice=VOICES[options.voice],
            due=now,
        )
        command = [sys.executable, "-m", "bench.group.unique_work", name, *map(str, numbers)]
        environ = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environ, cwd=ROOT)
    spent: list[float] = json.loads(done.stdout.splitlines()[-1])
    # stations choose differently, so the first few speak what nobody has spoken yet
    later = spent[len(spent) // 2 :]
    station_s = sum(later) / len(later)
    return {"first_s": sum(spent) - station_s * len(spent), "station_s": station_s}


def make_alone(folder: Path, numbers: Sequence[int]) -> list[float]:
    """Bulletins of the stations with these numbers one after another; CPU seconds of each, without start-up."""
    now, answers = datetime.now(UTC), ResponseCache()
    spent: list[float] = []
    with Archive.open(folder / "out" / ".bulletin" / "archive.sqlite") as archive:
        for number in numbers:
            before = _used_s()
            loaded = load_profile(str(folder / "feeds" / f"st{number}.toml"))
            with open_station(loaded, output=folder / "out", memory=archive, answers=answers) as station:
                if not spent:  # loads every library and the voice
                    reader = station.readers[0]
                    reader.engine.synthesize("Good evening.", reader.voice, folder / "first.wav")
                    before = _used_s()
                make_bulletin(station, now=now, due=now)
            spent.append(_used_s() - before)
    return spent


if __name__ == "__main__":
    print(json.dumps(make_alone(Path(sys.argv[1]), [*map(int, sys.argv[2:])])))

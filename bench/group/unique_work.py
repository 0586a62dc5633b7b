"""
CPU seconds of a group's work when nothing is done twice: bulletins one after another in one process.

A group's unique work is shared work, which is done once, and the own work of each station: its choice, its script, its
opening and closing, its mix. Stations differ, so each new one brings some shared work, too. Three steps part the two:

1. A sample from the whole group, in which every feed of the group occurs, makes its bulletins: this takes the shared
   work of what they read and tell, and the own work of each.
2. The twin of each (`feeds_of`) makes its bulletin. It has the same feeds and tells the same stories, which the process
   has read, edited and spoken by now: so it takes its own work alone, `station_s`. The first step less `station_s` for
   each of its stations is the shared work, `first_s`.
3. What the whole group has spoken for its stories, and the sample has not, is spoken now: `more_s`. Editing of those
   stories is left out, so that the ideal is too short rather than too long.

The unique work is `first_s` + `more_s` + `station_s` times the stations.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.group.cpu_seconds import CORES
from bench.group.feeds_and_profiles import feeds_of, serve_feeds, write_profiles
from bench.group.voices import VOICES
from bench.performance.ways.service import _used_s
from bulletin.archive.archive import Archive
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.config.load_profile import load_profile
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.speech.cache.speak_into_cache import speak_into_cache
from bulletin.speech.cache.speech_cache import sentence_key
from bulletin.speech.phoneme_speech_engine_base import SPEECH_TURNS
from bulletin.station.build_station_object import Station, open_station

ROOT = Path(__file__).parents[2]


def measure_unique_work(options: Namespace, *, texts: Collection[str] = ()) -> list[dict[str, float]]:
    """
    `first_s`, `station_s` and `more_s`, once for each core; `texts` are the stories' sentences that the group spoke.

    In a process for each core at the same time, as the workers are: a core is slower while the others work. Each has a
    SQLite archive and a folder of its own; start-up and the loading of the voice are not counted. The stations are taken
    from the whole group, since a voice needs longer for "Station four hundred and twelve" than for "Station twelve".
    """
    with ThreadPoolExecutor(CORES) as pool:
        return list(pool.map(lambda _: _measure(options, texts), range(CORES)))


def draw_sample(*, stations: int, sample: int, length: str) -> list[int]:
    """
    Even numbers of stations, spread over the group, and further ones until each of its feeds occurs.

    >>> draw_sample(stations=4, sample=24, length="0:30")
    [0, 2]
    """
    pairs = max(1, stations // 2)
    count = min(sample, pairs)
    numbers = [2 * (place * pairs // count) for place in range(count)]
    missing = {feed for pair in range(pairs) for feed in feeds_of(2 * pair, length=length)}
    missing.difference_update(*(feeds_of(number, length=length) for number in numbers))
    for number in range(0, 2 * pairs, 2):
        if missing.intersection(own := feeds_of(number, length=length)):
            numbers.append(number)
            missing.difference_update(own)
    return numbers


def _measure(options: Namespace, texts: Collection[str]) -> dict[str, float]:
    numbers = draw_sample(stations=options.stations, sample=options.sample, length=options.length)
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name, serve_feeds(now=now) as port:
        write_profiles(
            Path(name) / "feeds",
            port=port,
            stations=max(2, options.stations),
            length=options.length,
            voice=VOICES[options.voice],
            due=now,
        )
        command = [sys.executable, "-m", "bench.group.unique_work", name]
        environ = os.environ | {"PYTHONPATH": str(ROOT)}
        asked = json.dumps({"numbers": numbers, "texts": sorted(texts)})
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, env=environ, cwd=ROOT, input=asked
        )
    spent: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return spent


def make_alone(folder: Path, numbers: Sequence[int], texts: Collection[str]) -> dict[str, float]:
    """The three steps; CPU seconds without start-up."""
    SPEECH_TURNS.limit(1)  # as in a worker: more sentences at a time than cores take more CPU time
    with Archive.open(folder / "out" / ".bulletin" / "archive.sqlite") as archive:
        opened = partial(_opened, folder, archive=archive, answers=ResponseCache())
        with opened(numbers[0]) as station:  # loads every library and the voice
            reader = station.readers[0]
            reader.engine.synthesize("Good evening.", reader.voice, folder / "first.wav")
        sample_s = sum(_make(opened(number)) for number in numbers)
        station_s = sum(_make(opened(number + 1)) for number in numbers) / len(numbers)
        with opened(numbers[0]) as station:
            before, spoken = _used_s(), _speak_rest(station, texts)
            more_s = _used_s() - before
    return {
        "first_s": sample_s - station_s * len(numbers),
        "station_s": station_s,
        "more_s": more_s,
        "more_sentences": spoken,
    }


@contextmanager
def _opened(folder: Path, number: int, *, archive: Archive, answers: ResponseCache) -> Iterator[Station]:
    loaded = load_profile(str(folder / "feeds" / f"st{number}.toml"))
    with open_station(loaded, output=folder / "out", memory=archive, answers=answers) as station:
        yield station


def _make(opened: AbstractContextManager[Station]) -> float:
    """CPU seconds of one bulletin, its profile and its station included."""
    before, now = _used_s(), datetime.now(UTC)
    with opened as station:
        make_bulletin(station, now=now, due=now)
    return _used_s() - before


def _speak_rest(station: Station, texts: Collection[str]) -> int:
    """Speak the sentences that are not in the cache yet; how many."""
    reader = station.readers[0]
    rest = [text for text in texts if not station.cache.has(sentence_key(text, reader))]
    for text in rest:
        speak_into_cache(text, reader=reader, cache=station.cache)
    return len(rest)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(make_alone(Path(sys.argv[1]), asked["numbers"], asked["texts"])))

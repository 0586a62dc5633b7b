"""
Processor time of a station that shares the desk's sound, against one that mixes its own; and proof by decoding.

    python -m bench.shared_body [--stations 20] [--voice hibari] [--length 2:00] [--keep FOLDER]

The demo is the desk; each station has its own name, frequencies, slogan and ident, and takes the desk's running order
(`[stories] running_order`). Sentences are spoken before the measurement. Each station mixes its MP3 twice, with the
store of bodies and without; CPU seconds are those of the whole process. Then every bulletin is decoded: its length,
its loudness, clicks within 0.1 s of a joint, and the difference of the middle from the body decoded alone.
"""

from __future__ import annotations

import argparse
import io
import math
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bulletin.audio.metering.detect_clicks import ClickFinder
from bulletin.audio.mixing.mix_shared_body import FOLDER, body_from_bytes
from bulletin.config.load_profile import load_profile
from bulletin.imaging.find_shipped_jingle_sets import default_jingles
from bulletin.model import Rendition, Spoken
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.mix_and_check_bulletin import mix_and_check_bulletin
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.pipeline.speak_draft import speak_draft
from bulletin.pipeline.write_run_record import RunRecorder
from bulletin.runtime.read_sound_file import Samples, read_sound
from bulletin.station.build_station_object import Station, open_station, overrides_from
from bulletin.storage.store_interface import Store

NOW = datetime(2026, 11, 24, 6, 52, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
NAMES = (
    "Hill FM",
    "Radio Wexcombe and the Valley",
    "Coast",
    "Northgate Community Radio",
    "Sound of the Seven Rivers",
)
SLOGANS = ("", "your town, your news", "more music, more news, more of the valley every hour")
STYLES = ("bright", "serious", "night", "local")
NEAR_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """One bulletin and the CPU seconds of its mix."""

    made: Rendition
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stations", type=int, default=20)
    parser.add_argument("--voice", default="hibari")
    parser.add_argument("--length", default="2:00")
    parser.add_argument("--keep", type=Path, help="folder for the MP3s")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        shared, own, store = mix_all(Path(name), count=args.stations, length=args.length, voice=args.voice)
        print_table(shared, own, bodies=list(decode_bodies(store)))
        if args.keep:
            args.keep.mkdir(parents=True, exist_ok=True)
            for number, mixed in enumerate(shared):
                shutil.copyfile(mixed.made.path, args.keep / f"station-{number:02}.mp3")


def mix_all(folder: Path, *, count: int, length: str, voice: str) -> tuple[list[Mixed], list[Mixed], Store]:
    """Each station's bulletin around the shared body, and mixed whole; the store that has the bodies."""
    shared, own, store = [], [], None
    for path in write_profiles(folder, count=count, length=length):
        with opened(path, folder, voice) as station:
            store = station.shared
            draft, spoken = speak(station, folder / "clips" / path.stem)
            shared.append(mix(station, draft, spoken, folder / "shared" / path.stem))
            alone = replace(station, shared=None)
            own.append(mix(alone, draft, spoken, folder / "own" / path.stem))
    assert store is not None
    return shared, own, store


def joined_s(shared: list[Mixed], *, bodies: int) -> float:
    """CPU seconds of a mix around a body that the store has, median: the dearest ones have made a body."""
    cheap = sorted(mixed.seconds for mixed in shared)[: len(shared) - bodies]
    return statistics.median(cheap) if cheap else float("nan")


def write_profiles(folder: Path, *, count: int, length: str) -> Iterator[Path]:
    """The demo as the desk, and stations that take its running order."""
    demo = load_profile("demo").path
    shutil.copytree(demo.parent, folder / "feeds")
    desk = folder / "feeds" / demo.name
    text = desk.read_text(encoding="utf-8")
    marked = text.replace("[stories]", '[stories]\nrunning_order = "demo"', 1)
    if marked == text:
        marked = f'{text}\n[stories]\nrunning_order = "demo"\n'
    desk.write_text(marked, encoding="utf-8")
    for number in range(count):
        path = folder / "feeds" / f"station-{number:02}.toml"
        ident = default_jingles(STYLES[number % len(STYLES)])["ident"]
        path.write_text(
            f'name = "{NAMES[number % len(NAMES)]}"\nfrequencies = ["{90 + number / 2:.1f}"]\nlength = "{length}"\n'
            f'slogan = "{SLOGANS[number % len(SLOGANS)]}"\n[stories]\nrunning_order = "demo"\n'
            f'[imaging]\nident = "{ident}"\n',
            encoding="utf-8",
        )
        yield path


def opened(path: Path, folder: Path, voice: str) -> AbstractContextManager[Station]:
    """The station of a profile, with one voice."""
    loaded = load_profile(str(path))
    return open_station(
        loaded, output=folder / "output", overrides=overrides_from(loaded.profile, voice=voice)
    )


def speak(station: Station, folder: Path) -> tuple[Draft, Spoken]:
    """The running order in the station's voice; sentences of the station before are in the cache."""
    folder.mkdir(parents=True)
    recorder = RunRecorder(station=station.words.id, began_at=NOW)
    draft = draft_bulletin(station, now=NOW, due=DUE, recorder=recorder)
    return speak_draft(
        station, draft, folder=folder, deadline=None, timer=recorder, redraft=lambda without: draft
    )


def mix(station: Station, draft: Draft, spoken: Spoken, folder: Path) -> Mixed:
    """The station's MP3, and the CPU seconds of mix and examination."""
    folder.mkdir(parents=True)
    began = time.process_time()
    bulletin = mix_and_check_bulletin(
        station, draft.script, spoken, folder=folder, audio_name="news.mp3", made_at=NOW, kinds=["podcast"]
    )
    return Mixed(made=bulletin.renditions[0], seconds=time.process_time() - began)


def decode_bodies(store: Store) -> Iterator[Samples]:
    """The bodies in the store, decoded alone."""
    for item in store.list(FOLDER):
        data = store.get(item.key)
        assert data is not None
        yield read_sound(io.BytesIO(body_from_bytes(data).data))[0]


def find_joint(sound: Samples, bodies: list[Samples]) -> tuple[int, int, float]:
    """Start and end of a body in a bulletin, in samples, and the largest difference of a sample from the body alone."""
    best = (0, 0, float("inf"))
    for body in bodies:
        for start in range(0, len(sound) - len(body), 1152):
            probe = slice(len(body) // 2, len(body) // 2 + 64)
            if np.array_equal(sound[start:][probe], body[probe]):
                difference = float(np.abs(sound[start : start + len(body)] - body).max())
                best = min(best, (start, start + len(body), difference), key=lambda found: found[2])
    return best


def print_table(shared: list[Mixed], own: list[Mixed], *, bodies: list[Samples]) -> None:
    """CPU seconds, and what the decoded files show."""
    print("station  shared  own   length s   LUFS    own part  middle differs  clicks at joints  faults")
    for number, (mixed, alone) in enumerate(zip(shared, own, strict=True)):
        sound, rate_hz = read_sound(mixed.made.path)
        start, end, difference = find_joint(sound, bodies)
        finder = ClickFinder(rate_hz=rate_hz)
        finder.feed(sound.mean(axis=1))
        joints = (start / rate_hz, end / rate_hz)
        clicks = sum(abs(at - joint) < NEAR_S for at in finder.times_s for joint in joints)
        faults = len(mixed.made.quality.faults) if mixed.made.quality else -1
        print(
            f"{number:7}  {mixed.seconds:6.2f} {alone.seconds:5.2f} {len(sound) / rate_hz:9.4f} "
            f"{mixed.made.loudness_lufs:7.2f} {1 - (end - start) / len(sound):9.0%} {difference:14.6f} "
            f"{clicks:17} {faults:7}"
        )
    once = joined_s(shared, bodies=len(bodies))
    whole = statistics.median(mixed.seconds for mixed in own)
    print(f"\nbodies: {len(bodies)} for {len(shared)} stations")
    print(f"own mix, median: {whole:.2f} CPU s")
    if not math.isnan(once):  # each station may have made a body
        print(f"body from the store, median: {once:.2f} CPU s, {once / whole:.2f} of an own mix")
    total = sum(mixed.seconds for mixed in shared) / sum(mixed.seconds for mixed in own)
    print(f"all stations, bodies included: {total:.2f} of own mixes")


if __name__ == "__main__":
    main()

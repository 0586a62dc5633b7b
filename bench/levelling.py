"""
Processor seconds that a group saves because each sentence is levelled once, when spoken; and what each mix still costs.

    python -m bench.levelling [--voice hibari] [--length 180]

Prints, for one bulletin of the demo: to trim and level its sentences, which happens once for all stations that share the
cache; to measure, level and limit its passages again in the mix, which happens for each mix; and the whole mix.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.performance.ways.mix import mix
from bulletin.audio.mixing import normalize_voice_loudness
from bulletin.config.load_profile import load_profile
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.speak_script import speak_script
from bulletin.speech.trim_and_level_speech import clean_speech
from bulletin.station.build_station_object import Station, open_station

_NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
_STEPS = ("_read_clip", "_measure_clip", "_level_clip")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--voice", default="hibari")
    parser.add_argument("--length", type=float, default=180.0, help="seconds")
    told = parser.parse_args()
    overrides = {"length": told.length, "stories": {"most": 8}, "speech": {"chain": (told.voice,)}}
    with (
        tempfile.TemporaryDirectory() as folder,
        open_station(load_profile("demo"), output=Path(folder), overrides=overrides) as station,
    ):
        measure(station, Path(folder), length_s=told.length)


def measure(station: Station, folder: Path, *, length_s: float) -> None:
    """Print the table for one bulletin of the station."""
    draft = draft_bulletin(station, now=_NOW, at="07:00")
    clips = folder / "clips"
    clips.mkdir()
    spoken = speak_script(draft.script, chain=station.readers, cache=station.cache, folder=clips)
    texts = {s.spoken for clip in spoken.clips for s in clip.passage.sentences if s.spoken}
    raw = folder / "raw"
    raw.mkdir()
    level_s = 0.0
    reader = station.readers[0]
    for number, text in enumerate(sorted(texts)):
        path = raw / f"{number}{reader.engine.suffix}"
        reader.engine.synthesize(text, voice=reader.voice, path=path)
        samples, rate_hz = read_sound(path)
        began = time.process_time()
        clean_speech(samples, rate_hz=rate_hz, text=text, pace_wps=reader.voice.pace_wps)
        level_s += time.process_time() - began
    job: dict[str, Any] = {
        "script": draft.script,
        "spoken": spoken,
        "jingles": station.jingles,
        "target_s": length_s,
    }
    mix(folder, job)  # imports, jingles
    parts = _watch_voice_track()
    mix_s = _cpu(lambda: mix(folder, job))
    again_s = sum(parts.values())
    print(
        f"bulletin of {length_s:.0f} s, {len(texts)} sentences, voice {reader.voice.name}: processor seconds"
    )
    print(f"  to trim and level the sentences, once for all stations   {level_s:7.3f}")
    print(
        f"  to read, level and limit the passages, for each mix      {again_s:7.3f}  ({again_s / mix_s:.1%} of the mix)"
    )
    print(f"  whole mix: music, loudness, encoding, examination        {mix_s:7.3f}")
    print(
        f"  levelled for each station instead                        {mix_s + level_s:7.3f}  ({1 + level_s / mix_s:.2f} times)"
    )


def _watch_voice_track() -> dict[str, float]:
    """Processor seconds of each step of the voice in a mix."""
    spent = dict.fromkeys(_STEPS, 0.0)
    for name in _STEPS:
        step = getattr(normalize_voice_loudness, name)

        def timed(*args: Any, _step: Callable[..., Any] = step, _name: str = name, **options: Any) -> Any:
            began = time.thread_time()
            try:
                return _step(*args, **options)
            finally:
                spent[_name] += time.thread_time() - began

        setattr(normalize_voice_loudness, name, timed)
    return spent


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()

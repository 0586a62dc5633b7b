"""Inputs of the mixes: the spoken clips, and the samples that our mix gives to LAME."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.performance.ways.mix import ALL, KBPS, load, mix
from bench.processes import QUICK, run_way

if TYPE_CHECKING:
    from bulletin.model import Bulletin


def prepare(folder: Path) -> None:
    """Speak, and lay the clips down for every way: as they are, and as 16-bit files in running order."""
    from datetime import UTC, datetime

    from bulletin.config.load_profile import load_profile
    from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
    from bulletin.speech.speak_script import speak_script
    from bulletin.station.build_station_object import open_station

    length_s, voice = (30.0, "tone") if (folder / QUICK).exists() else (180.0, "hibari")
    overrides = {"length": length_s, "stories": {"most": 8}, "speech": {"chain": (voice,)}}
    with open_station(load_profile("demo"), output=folder / "station", overrides=overrides) as station:
        draft = draft_bulletin(station, now=datetime(2026, 11, 24, 7, 0, tzinfo=UTC), at="07:00")
        clips = folder / "clips"
        clips.mkdir()
        spoken = speak_script(draft.script, chain=station.readers, cache=station.cache, folder=clips)
        job = {
            "script": draft.script,
            "spoken": spoken,
            "jingles": station.jingles,
            "target_s": length_s,
            "clips": [],
        }
    _save(folder, job)
    bulletin = _mix_and_lay_down(folder, job)
    by_passage = {clip.passage: clip.path for clip in spoken.clips}
    order = [
        (str(passage.role), _as_wav(by_passage[passage], clips, number))
        for number, passage in enumerate(bulletin.aired)
    ]
    bed = _as_wav(station.jingles.bed, clips, 900)
    sting = _as_wav(station.jingles.sting, clips, 901)
    (folder / "order.json").write_text(json.dumps({"clips": order, "bed": bed, "sting": sting}))
    story_count = sum(role == "story" for role, _ in order)
    print(f"{story_count} stories air, {bulletin.renditions[0].duration_s:.2f} s")


def lengthen(folder: Path) -> None:
    """The same stories repeated until an hour is full."""
    from dataclasses import replace

    job = load(folder)
    script, spoken = job["script"], job["spoken"]
    stories, clips = list(script.stories), list(spoken.clips)
    by_passage = {clip.passage: clip for clip in spoken.clips}
    for number in range(1, 3 if (folder / QUICK).exists() else 40):
        for item in script.stories:
            cut = item.cuts[-1]
            again = replace(cut, story_id=f"{cut.story_id}-{number}")
            article = replace(item.story.best, id=again.story_id)
            story = replace(item.story, articles=(article,))
            stories.append(replace(item, story=story, cuts=(again,), headline=None))
            clips.append(replace(by_passage[cut], passage=again))
    long = replace(script, stories=tuple(stories))
    job |= {
        "script": long,
        "spoken": replace(spoken, clips=tuple(clips)),
        "target_s": 90.0 if (folder / QUICK).exists() else 3600.0,
    }
    _save(folder, job)
    bulletin = _mix_and_lay_down(folder, job, has_three=False)
    print(f"{len(bulletin.aired)} passages air, {bulletin.renditions[0].duration_s:.2f} s")


def _as_wav(source: Path | None, folder: Path, number: int) -> str:
    import soundfile

    path = folder / f"plain{number:03}.wav"
    samples, rate_hz = soundfile.read(source)
    soundfile.write(path, samples, rate_hz, subtype="PCM_16")
    return str(path)


def _mix_and_lay_down(folder: Path, job: dict[str, Any], *, has_three: bool = True) -> Bulletin:
    """
    Mix the podcast, and before it all three, and keep the samples that LAME was given.

    Decoded from the file they would have lost what LAME takes off, and be quicker to encode again.
    """
    import numpy as np

    from bulletin.audio.formats import encoders
    from bulletin.audio.formats.mp3_encoder import Mp3Encoder, lame_gain
    from bulletin.runtime.read_sound_file import Samples

    suffix = "3" if has_three else ""

    class Tapped(Mp3Encoder):
        def __init__(self, file: Any, **settings: Any) -> None:
            super().__init__(file, **settings)
            kind = Path(file.name).stem.rpartition("-")[2]
            self._raw = (folder / f"{kind}{suffix}.raw").open("wb")

        def write(self, block: Samples) -> None:
            whole = np.rint(block * np.float32(32767.0 * lame_gain(KBPS)))
            self._raw.write(np.clip(whole, -32768, 32767).astype("<i2").tobytes())
            super().write(block)

        def close(self) -> None:
            self._raw.close()
            super().close()

    encoders.Mp3Encoder = Tapped  # type: ignore[misc]
    if has_three:
        mix(folder, job, ALL)
        suffix = ""
    return mix(folder, job)


def _save(folder: Path, job: dict[str, Any]) -> None:
    (folder / "job.pickle").write_bytes(pickle.dumps(job))


if __name__ == "__main__":
    run_way({"prepare": prepare, "lengthen": lengthen})

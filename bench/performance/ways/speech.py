"""A script spoken: ours, with levels, cache and clips, and the voice alone on the same sentences."""

from __future__ import annotations

import json
import pickle
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.processes import QUICK, note, run_way

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


def draft(folder: Path) -> None:
    """The script, and the sentences that its speech needs."""
    from bulletin.config.load_profile import load_profile
    from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
    from bulletin.speech.engines.hibari_offline_voice import HibariEngine
    from bulletin.station.build_station_object import open_station

    length_s = 30.0 if (folder / QUICK).exists() else 120.0
    overrides = {"length": length_s, "speech": {"chain": ("hibari",)}}
    with open_station(load_profile("demo"), output=folder / "station", overrides=overrides) as station:
        script = draft_bulletin(station, now=NOW, at="07:00").foreseen.script
    (folder / "script.pickle").write_bytes(pickle.dumps(script))
    sentences: list[str] = []
    say = HibariEngine.synthesize

    def tapped(self: HibariEngine, text: str, *args: Any) -> None:
        sentences.append(text)
        say(self, text, *args)

    HibariEngine.synthesize = tapped  # type: ignore[method-assign]
    ours(folder)
    (folder / "sentences.json").write_text(json.dumps(sentences), encoding="utf-8")


def ours(folder: Path) -> None:
    """From the first sentence, the voice's import and model included; the profile is not."""
    from bulletin.speech.cache.speech_cache import SpeechCache
    from bulletin.speech.speak_script import speak_script
    from bulletin.speech.voice_factory import build_chain

    script = pickle.loads((folder / "script.pickle").read_bytes())
    clips = folder / "clips"
    shutil.rmtree(clips, ignore_errors=True)
    shutil.rmtree(folder / "cache", ignore_errors=True)
    clips.mkdir()
    began = time.process_time()
    chain = build_chain(("hibari",), engines={}, speed=1.0, language="en-GB", phonemes={}, consents=())
    spoken = speak_script(script, chain=chain, cache=SpeechCache(folder / "cache"), folder=clips)
    spoken_s = sum(clip.duration_s for clip in spoken.clips)
    note(folder, cpu_s=time.process_time() - began, spoken_s=spoken_s, sentences=_count(folder / "cache"))


def _count(cache: Path) -> int:
    return sum(1 for _ in cache.glob("*/*.wav"))


def voice(folder: Path) -> None:
    """The embedded voice, its import and model included; the sound is thrown away."""
    sentences = json.loads((folder / "sentences.json").read_text(encoding="utf-8"))
    began = time.process_time()
    from hibari import Hibari

    model = Hibari(voice="heart", threads=1)
    for sentence in sentences:
        for _ in model.stream(sentence, speed=1.0, seed=0):
            pass
    note(folder, cpu_s=time.process_time() - began)


if __name__ == "__main__":
    run_way({"draft": draft, "ours": ours, "voice": voice})

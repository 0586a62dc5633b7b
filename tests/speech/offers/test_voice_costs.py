from __future__ import annotations

import json
from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError, SpeechError
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.engines.tone_for_tests import ToneEngine
from bulletin.speech.offers.voice_costs import (
    VoiceCost,
    doubt_of_cost,
    keep_cost,
    kept_costs,
    measure_cost,
)
from tests.support.factories import NOW


def cost(cpu_s_per_s: float, *, at_once: int = 2) -> VoiceCost:
    return VoiceCost(cpu_s_per_s=cpu_s_per_s, at_once=at_once, measured="2026-11-24")


def test_a_measured_cost_is_kept_for_this_machine(tmp_path: Path) -> None:
    engine = ToneEngine()
    measured = measure_cost(VoiceReader(engine=engine, voice=engine.voices()[0]), now=NOW)
    keep_cost("tone", measured, tmp_path)
    keep_cost("kokoro", cost(0.8), tmp_path)

    assert kept_costs(tmp_path) == {"tone": measured, "kokoro": cost(0.8)}
    assert 0 <= measured.cpu_s_per_s < 10

    path = tmp_path / "voice-costs.json"
    entries = json.loads(path.read_text())
    entries["kokoro"]["machine"] = "another"
    path.write_text(json.dumps(entries))
    assert set(kept_costs(tmp_path)) == {"tone"}


def test_a_damaged_record_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "voice-costs.json").write_text('{"kokoro": {"cpu_s_per_s": "fast"}, "tone": 3')

    assert kept_costs(tmp_path) == {}


def test_a_voice_whose_library_is_broken_is_an_error_with_a_remedy() -> None:
    class Broken(ToneEngine):
        def synthesize(self, *args: object) -> None:
            raise ValueError("numpy.dtype size changed")

    engine = Broken()
    with pytest.raises(EngineUnavailableError, match=r"cannot speak \(ValueError: .*install it again"):
        measure_cost(VoiceReader(engine=engine, voice=engine.voices()[0]), now=NOW)
    assert issubclass(EngineUnavailableError, SpeechError)


@pytest.mark.parametrize(
    ("cpu_s_per_s", "length_s", "doubt"),
    [
        (0.8, 120, ""),
        (0.8, 600, "too slow for the lead time: it needs about 336 s for a bulletin of 600 s"),
        (2.4, 30, "slower than real time on this machine (1.2 s for a second of speech)"),
    ],
)
def test_a_slow_voice_is_told(cpu_s_per_s: float, length_s: float, doubt: str) -> None:
    told = doubt_of_cost(cost(cpu_s_per_s), length_s=length_s, lead_s=234)

    assert told.startswith(doubt)
    assert bool(told) == bool(doubt)

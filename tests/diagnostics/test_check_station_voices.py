from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.diagnostics.check_station_voices import VoiceCheck
from bulletin.model.diagnostic_findings import Finding, Verdict
from bulletin.speech.offers.voice_costs import VoiceCost, keep_cost
from tests.support.factories import NOW


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULLETIN_DATA", str(tmp_path / "data"))


def findings(folder: Path, profile: str) -> list[Finding]:
    path = folder / "hill.toml"
    path.write_text(f'name = "Hill"\n{profile}', encoding="utf-8")
    check = VoiceCheck(loaded=load_profile(path), phonemes={}, sentence="This is Hill.", now=NOW)
    return list(check.findings())


def test_a_voice_of_another_language_is_refused_with_those_that_speak_it(tmp_path: Path) -> None:
    first, second = findings(tmp_path, 'language = "de"\n[speech]\nchain = ["hibari", "tone"]')

    assert (first.verdict, first.exit_code) == (Verdict.FAILURE, 3)
    assert first.message.startswith(
        "heart speaks en-US, and the station de; name another one in [speech]: gtts:com, "
    )
    assert second.verdict is Verdict.OK


def test_the_default_chain_is_no_mistake_of_the_profile(tmp_path: Path) -> None:
    verdicts = {finding.part: finding.verdict for finding in findings(tmp_path, 'language = "de"')}

    assert verdicts["voice hibari"] is not Verdict.OK


@pytest.mark.parametrize(
    ("cpu_s_per_s", "length", "message"),
    [(3.0, "2:00", "slower than real time on this machine"), (0.9, "10:00", "too slow for the lead time")],
)
def test_a_slow_voice_is_a_warning(tmp_path: Path, cpu_s_per_s: float, length: str, message: str) -> None:
    keep_cost("tone", VoiceCost(cpu_s_per_s=cpu_s_per_s, at_once=2, measured="2026-11-24"))

    ready, slow = findings(tmp_path, f'length = "{length}"\n[speech]\nchain = ["tone"]')

    assert ready.verdict is Verdict.OK
    assert slow.verdict is Verdict.WARNING
    assert slow.message.startswith(message)


def test_a_voice_that_is_not_installed_is_named_with_the_command_and_the_next_one_reads(
    tmp_path: Path,
) -> None:
    missing, ready = findings(tmp_path, '[speech]\nchain = ["hibari:emma", "tone"]')

    assert missing.verdict is Verdict.WARNING
    assert missing.message == "voice emma is not installed; run `bulletin voices install hibari:emma`"
    assert ready.verdict is Verdict.OK

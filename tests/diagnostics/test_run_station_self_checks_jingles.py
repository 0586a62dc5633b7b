"""Check of the station's jingles by `bulletin check`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.diagnostics.run_station_self_checks import check_station
from bulletin.model.diagnostic_findings import Finding, Verdict
from bulletin.runtime.read_sound_file import write_wav
from tests.audio.sounds import make_music


def check(tmp_path: Path, imaging: str) -> dict[str, list[Finding]]:
    profile = tmp_path / "hill.toml"
    profile.write_text(f'name = "Hill"\n[speech]\nchain = ["tone"]\n[imaging]\n{imaging}', encoding="utf-8")
    findings_by_part: dict[str, list[Finding]] = {}
    now = datetime(2026, 11, 24, 7, tzinfo=UTC)
    findings = check_station(load_profile(profile), output=tmp_path / "output", now=now, asks=False)
    for finding in findings:
        findings_by_part.setdefault(finding.part, []).append(finding)
    return findings_by_part


@pytest.mark.slow
def test_each_jingle_is_listed_with_the_start_of_speech(tmp_path: Path) -> None:
    findings = check(tmp_path, 'style = "night"\nident_mix_s = 3.5\nsport = "none"')

    assert [finding.message for finding in findings["jingle ident"]] == [
        "7.6 s long; speech starts over it at 3.5 s"
    ]
    assert [finding.message for finding in findings["jingle sport"]] == [
        "not named in the profile, so none is played"
    ]
    assert {
        finding.verdict for name in findings if name.startswith("jingle") for finding in findings[name]
    } == {Verdict.OK}


@pytest.mark.slow
def test_a_clipped_or_missing_jingle_is_a_warning(tmp_path: Path) -> None:
    write_wav(tmp_path / "loud.wav", (make_music(2.0) * 9.0).clip(-1.0, 1.0), rate_hz=44_100)
    findings = check(tmp_path, 'ident = "loud.wav"\nbed = "gone.wav"\n')

    loud_ident, missing_bed = findings["jingle ident"], findings["jingle bed"]
    assert [finding.verdict for finding in loud_ident] == [Verdict.WARNING, Verdict.OK]
    assert "loud.wav is clipped" in loud_ident[0].message
    assert [finding.verdict for finding in missing_bed] == [Verdict.WARNING]
    assert "no such file" in missing_bed[0].message


def test_an_incomplete_jingle_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "half.wav"
    write_wav(path, make_music(2.0), rate_hz=44_100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    incomplete, played = check(tmp_path, 'ident = "half.wav"')["jingle ident"]

    assert (incomplete.verdict, played.verdict) == (Verdict.WARNING, Verdict.OK)
    assert incomplete.message == "half.wav ends after 1.0 of 2.0 s; was it cut off while it was copied?"


def test_a_missing_folder_is_a_failure_with_its_line(tmp_path: Path) -> None:
    (only,) = check(tmp_path, 'folder = "nowhere"')["jingles"]

    assert (only.verdict, only.exit_code) == (Verdict.FAILURE, 3)
    assert "hill.toml:5: [imaging] 'folder':" in only.message
    assert "does not exist; paths are relative to the profile" in only.message

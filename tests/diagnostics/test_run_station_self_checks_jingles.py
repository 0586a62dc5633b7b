"""`bulletin check` listens to the station's jingles."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bulletin.config.load_profile import load_profile
from bulletin.diagnostics.run_station_self_checks import check_station
from bulletin.model.diagnostic_findings import Finding, Verdict
from bulletin.runtime.read_sound_file import write_wav
from tests.audio.sounds import make_music


def check(tmp_path: Path, imaging: str) -> dict[str, list[Finding]]:
    profile = tmp_path / "hill.toml"
    profile.write_text(f'name = "Hill"\n[speech]\nchain = ["tone"]\n[imaging]\n{imaging}', encoding="utf-8")
    found: dict[str, list[Finding]] = {}
    now = datetime(2026, 11, 24, 7, tzinfo=UTC)
    findings = check_station(load_profile(profile), output=tmp_path / "output", now=now, asks=False)
    for finding in findings:
        found.setdefault(finding.part, []).append(finding)
    return found


def test_it_tells_where_speech_starts_over_each(tmp_path: Path) -> None:
    found = check(tmp_path, 'style = "night"\nident_mix_s = 3.5\nsport = "none"')

    assert [one.message for one in found["jingle ident"]] == ["7.6 s long; the voice starts at 3.5 s"]
    assert [one.message for one in found["jingle sport"]] == ["not named in the profile, so none is played"]
    assert {one.verdict for name in found if name.startswith("jingle") for one in found[name]} == {Verdict.OK}


def test_what_is_clipped_or_gone_is_a_warning(tmp_path: Path) -> None:
    write_wav(tmp_path / "loud.wav", (make_music(2.0) * 9.0).clip(-1.0, 1.0), rate_hz=44_100)
    found = check(tmp_path, 'ident = "loud.wav"\nbed = "gone.wav"\n')

    loud, gone = found["jingle ident"], found["jingle bed"]
    assert [one.verdict for one in loud] == [Verdict.WARNING, Verdict.OK]
    assert "loud.wav is clipped" in loud[0].message
    assert [one.verdict for one in gone] == [Verdict.WARNING]
    assert "no such file" in gone[0].message


def test_what_breaks_off_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "half.wav"
    write_wav(path, make_music(2.0), rate_hz=44_100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    half, played = check(tmp_path, 'ident = "half.wav"')["jingle ident"]

    assert (half.verdict, played.verdict) == (Verdict.WARNING, Verdict.OK)
    assert half.message == "ident: half.wav ends after 1.0 of 2.0 s; was it cut off while it was copied?"


def test_a_folder_that_is_not_there_is_a_failure_with_its_line(tmp_path: Path) -> None:
    (only,) = check(tmp_path, 'folder = "nowhere"')["jingles"]

    assert (only.verdict, only.exit_code) == (Verdict.FAILURE, 3)
    assert "hill.toml:5: [imaging] 'folder':" in only.message
    assert "does not exist; paths are relative to the profile" in only.message

"""Check of opening, closing and ident words by `bulletin check`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.diagnostics.run_station_self_checks import check_station
from bulletin.model.diagnostic_findings import Finding, Verdict


def check(tmp_path: Path, script: str, imaging: str = "", *, chain: str = "tone") -> Finding:
    profile = tmp_path / "hill.toml"
    profile.write_text(
        'name = "Hill Radio"\nfrequencies = ["103.5", "105.3"]\nlength = "0:30"\n'
        f'[speech]\nchain = ["{chain}"]\n'
        f"[script]\n{script}\n[imaging]\n{imaging}\n",
        encoding="utf-8",
    )
    now = datetime(2026, 11, 24, 7, tzinfo=UTC)
    findings = check_station(load_profile(profile), output=tmp_path / "output", now=now, asks=False)
    return next(finding for finding in findings if finding.part == "opening and closing words")


@pytest.mark.slow
def test_the_words_over_the_ident_are_listed(tmp_path: Path) -> None:
    finding = check(tmp_path, "")

    assert finding.verdict is Verdict.OK
    assert (
        '"This is Hill Radio, on 103.5 and 105.3 FM." is spoken over the ident jingle, for '
        in finding.message
    )


@pytest.mark.slow
def test_words_longer_than_the_ident_are_a_warning(tmp_path: Path) -> None:
    words = (
        "This is {station}, the only station with news from every village in the valley, every hour, all day."
    )

    finding = check(tmp_path, f'ident = "{words}"')

    assert finding.verdict is Verdict.WARNING
    assert "shorten [script] ident" in finding.message


@pytest.mark.slow
@pytest.mark.parametrize(("script", "imaging"), [('ident = "none"', ""), ("", 'ident = "none"')])
def test_an_ident_without_words_and_words_without_an_ident_are_fine(
    tmp_path: Path, script: str, imaging: str
) -> None:
    assert check(tmp_path, script, imaging).verdict is Verdict.OK


@pytest.mark.slow
@pytest.mark.parametrize("key", ["ident", "opening", "closing"])
def test_an_unknown_field_is_a_failure_that_names_its_option(tmp_path: Path, key: str) -> None:
    finding = check(tmp_path, f'{key} = "Here is {{nobody}}."')

    assert finding.verdict is Verdict.FAILURE
    assert f"[script] {key}" in finding.message
    assert finding.exit_code == 3


def test_opening_words_that_leave_no_time_for_news_are_a_warning(tmp_path: Path) -> None:
    words = "Good morning from {station}, where we think that it is important to say a great deal first. " * 4

    finding = check(tmp_path, f'opening = "{words}"')

    assert finding.verdict is Verdict.WARNING
    assert "opening and closing take about" in finding.message


def test_a_wrong_voice_chain_is_reported_by_the_voices_only(tmp_path: Path) -> None:
    assert check(tmp_path, "", chain="nobody").verdict is Verdict.OK

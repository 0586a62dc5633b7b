"""Check of a station's own language folder by `bulletin check`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.diagnostics.run_station_self_checks import check_station
from bulletin.model.diagnostic_findings import Verdict

pytestmark = pytest.mark.slow


def test_a_language_folder_that_cannot_be_read_is_a_failure_and_the_checks_go_on(tmp_path: Path) -> None:
    profile, table = tmp_path / "sol.toml", tmp_path / "languages" / "es" / "words.toml"
    profile.write_text(
        'name = "Sol"\nlanguage = "es"\nlanguages = "languages"\nlength = "0:30"\n[speech]\nchain = ["tone"]\n'
    )
    table.parent.mkdir(parents=True)
    table.write_text('[words]\nto = "a\n')

    now = datetime(2026, 11, 24, 7, tzinfo=UTC)
    findings = check_station(load_profile(profile), output=tmp_path / "output", now=now, asks=False)

    [language] = [finding for finding in findings if finding.part == "language"]
    assert language.verdict is Verdict.FAILURE
    assert f"{table}:2: not valid TOML" in language.message
    assert any(finding.part == "encoders" for finding in findings)

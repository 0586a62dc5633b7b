"""Check of `[stories] running_order` by `bulletin check`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.diagnostics.run_station_self_checks import check_station
from bulletin.model.diagnostic_findings import Verdict

pytestmark = pytest.mark.slow


def check(
    tmp_path: Path, desk: str, *, language: str = "en-GB", own: str = "desk"
) -> list[tuple[Verdict, str]]:
    """Findings on the running order and the feeds of a station without feeds."""
    speech = '[speech]\nchain = ["tone"]\n'
    order = f'[stories]\nrunning_order = "{own}"\n' if own else ""
    (tmp_path / "desk.toml").write_text(f'name = "Desk"\n{order}{speech}', encoding="utf-8")
    path = tmp_path / "hill.toml"
    path.write_text(
        f'name = "Hill"\nlanguage = "{language}"\n[stories]\nrunning_order = "{desk}"\n{speech}',
        encoding="utf-8",
    )
    now = datetime(2026, 11, 24, 7, tzinfo=UTC)
    findings = check_station(load_profile(str(path)), output=tmp_path / "output", now=now, asks=False)
    return [(each.verdict, each.message) for each in findings if each.part in ("running order", "feeds")]


def test_a_station_that_takes_a_running_order_needs_no_feeds(tmp_path: Path) -> None:
    assert check(tmp_path, "desk") == [(Verdict.OK, "of desk")]


def test_a_desk_that_does_not_name_itself_is_a_warning(tmp_path: Path) -> None:
    ((verdict, message),) = check(tmp_path, "desk", own="")

    assert verdict is Verdict.WARNING
    assert 'write [stories] running_order = "desk" in desk.toml, too' in message


@pytest.mark.parametrize(
    ("desk", "language", "reason"),
    [
        ("nobody", "en-GB", "there is no profile nobody.toml beside it"),
        ("desk", "de", "the desk speaks en-GB"),
    ],
)
def test_a_desk_that_cannot_be_taken_is_a_failure(
    tmp_path: Path, desk: str, language: str, reason: str
) -> None:
    ((verdict, message),) = check(tmp_path, desk, language=language)

    assert verdict is Verdict.FAILURE
    assert reason in message

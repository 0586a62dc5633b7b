"""What `bulletin check` says of the database and the store of a station's group."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.diagnostics.run_station_self_checks import check_station
from bulletin.model.diagnostic_findings import Finding, Verdict
from tests.support.factories import NOW
from tests.support.free_ports import free_port

pytestmark = pytest.mark.slow
PROFILE = """\
name = "Hill"
[[feeds]]
url = "gazette.rss"
[speech]
chain = ["tone"]
[group]
database = "{database}"
store = "{store}"
"""


def check(folder: Path, *, database: str, store: str) -> Mapping[str, Finding]:
    """Findings by part."""
    path = folder / "hill.toml"
    path.write_text(PROFILE.format(database=database, store=store), encoding="utf-8")
    findings = check_station(load_profile(str(path)), output=folder / "output", now=NOW)
    return {finding.part: finding for finding in findings}


def test_database_and_store_of_a_group_are_parts_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    found = check(tmp_path, database="here", store=str(tmp_path / "store"))
    assert found["database"].verdict is found["store"].verdict is found["output"].verdict is Verdict.OK
    assert found["store"].message == str(tmp_path / "store")
    assert "no such file" in found["feed gazette"].message


def test_a_broken_store_is_no_fault_of_the_output(tmp_path: Path) -> None:
    found = check(tmp_path, database="here", store="/nowhere/at/all")
    assert found["store"].verdict is Verdict.FAILURE
    assert "no such folder" in found["store"].message
    assert "output" not in found


@pytest.mark.clients
def test_without_the_database_feeds_are_not_asked(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="pip install 'bulletin-radio[group]'")
    found = check(tmp_path, database=f"postgresql://127.0.0.1:{free_port()}/news", store=str(tmp_path))
    assert found["database"].verdict is Verdict.FAILURE
    assert (
        found["feeds"].message
        == "not asked: the group's turns at their hosts are in its database, which is not open"
    )
    assert "output" not in found

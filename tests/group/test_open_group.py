"""What a process of a group says when it opens the database."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.open_group import open_group
from tests.support.group_processes import GroupProcesses

psycopg = pytest.importorskip("psycopg", reason="pip install 'bulletin-radio[group]'")

pytestmark = pytest.mark.clients


def test_a_process_that_finds_few_connections_left_on_the_server_warns_with_the_remedy(
    tmp_path: Path, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    GroupProcesses(home=tmp_path, database=postgres_url).write(stations=1)
    profiles = GroupProfiles(names=[str(tmp_path / "feeds")])
    with open_group(profiles, output=tmp_path / "out") as group:
        spare = group.archive.spare_connections()
        assert spare
    assert "connections" not in caplog.text
    with ExitStack() as others:
        for _ in range(max(0, spare - 15)):
            others.enter_context(closing(psycopg.connect(postgres_url)))
        with open_group(profiles, output=tmp_path / "out"):
            pass
    assert "nearly out of connections" in caplog.text
    assert "raise its max_connections" in caplog.text

"""
Workers of two versions side by side: the first working one, from the repository's history, and today's with one more
migration.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest

import bulletin
from bulletin.archive.database.check_revision import REVISIONS
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.model import Level
from tests.support.group_processes import GroupProcesses, run_group
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.clients
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")

FIRST = "first-group-worker", "3be84efed9d5c4fe05d9880d1689729d1a9aa920"
"""Tag of the first version that had workers, and its commit, which a clone without tags has."""
ROOT = Path(bulletin.__file__).parent.parent
NEXT = f"{int(REVISIONS[-1]) + 1:04}"
MIGRATION = f'''
from alembic import op
from sqlalchemy import Column, Text

revision, down_revision = "{NEXT}", "{REVISIONS[-1]}"


def upgrade() -> None:
    op.create_table("moods", Column("name", Text, primary_key=True))
    for table in ("work", "slots", "bulletins"):
        op.add_column(table, Column("mood", Text, nullable=False, server_default="calm"))
'''


def check_out_first(to: Path) -> Path:
    """
    The first version, in a folder; skips the test where there is no history, as in a shallow clone.

    In CI that is a failure: a skipped test is seen only with `pytest -rs`.
    """
    for name in FIRST:
        with suppress(OSError):
            done = subprocess.run(
                ["git", "archive", name, "bulletin"], cwd=ROOT, capture_output=True, check=False
            )
            if done.returncode == 0:
                with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
                    tar.extractall(to, filter="data")
                return to
    missing = f"the history has no commit {FIRST[1]}: git fetch --unshallow --tags"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def copy_with_a_migration(to: Path) -> Path:
    """Today's version with a revision more."""
    shutil.copytree(ROOT / "bulletin", to / "bulletin", ignore=shutil.ignore_patterns("__pycache__"))
    database = to / "bulletin" / "archive" / "database"
    (database / "migrations" / "versions" / f"r{NEXT}_add_moods.py").write_text(MIGRATION, "utf-8")
    path = database / "check_revision.py"
    text = path.read_text("utf-8")
    last = f'"{REVISIONS[-1]}"'
    assert text.count(last) == 1
    path.write_text(text.replace(last, f'{last}, "{NEXT}"'), "utf-8")
    return to


def start(group: GroupProcesses, name: str, *words: str, version: Path) -> None:
    group.environment["PYTHONPATH"] = str(version)
    group.start(name, *words)


def registered(group: GroupProcesses) -> set[str]:
    with group.archive() as archive:
        return {worker.name for worker in WorkerLedger(archive, now=archive.now).workers()}


def test_the_first_worker_goes_on_beside_a_newer_one_that_migrates(
    tmp_path: Path, postgres_url: str, postgres_server: PostgresServer
) -> None:
    first, newer = check_out_first(tmp_path / "first"), copy_with_a_migration(tmp_path / "newer")
    database = postgres_url.partition("?")[0].rpartition("/")[2]
    (tmp_path / "home").mkdir()
    with run_group(tmp_path / "home", postgres_url) as group:
        due = group.write(stations=6)
        start(group, "old", "worker", version=first)
        group.wait(lambda: registered(group) == {"old"}, "the first version at work")
        start(group, "new", "worker", version=newer)
        group.wait(lambda: registered(group) == {"old", "new"}, "both versions at work")
        start(group, "old-planner", "plan", version=first)
        start(group, "new-planner", "plan", version=newer)
        rows = group.wait_until_done(due, stations=6)
        ended = {name: process.poll() for name, process in group.processes.items()}

    assert {row.level for row in rows} == {Level.FRESH}
    assert set(ended.values()) == {None}
    assert postgres_server.execute("SELECT version_num FROM alembic_version", database=database) == [(NEXT,)]
    owners = postgres_server.execute(
        "SELECT DISTINCT owner FROM work WHERE state = 'done'", database=database
    )
    assert set(owners) == {("old",), ("new",)}

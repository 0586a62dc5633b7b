"""docs/RUNBOOK.md: each command that is ours or PostgreSQL's runs as printed, in a group with a real database."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.postgres_server import PostgresServer, find_programs

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "RUNBOOK.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ ((?:bulletin|psql) .*)$", RUNBOOK, re.MULTILINE)
PROFILE = 'name = "Hill"\ntime_zone = "UTC"\n[speech]\nchain = ["tone"]\n[[feeds]]\nurl = "gazette.rss"\n'
NO_WORKER = "bulletin group status"
"""It says that nobody works, with exit code 1."""


@pytest.mark.clients
def test_commands_of_the_runbook_work_in_a_group(postgres_server: PostgresServer, tmp_path: Path):
    (tmp_path / "feeds").mkdir()
    for station in ("valley", "moor"):  # with one station alone, no command would have to name it
        (tmp_path / "feeds" / f"{station}.toml").write_text(PROFILE, "utf-8")
    (tmp_path / "feeds" / "gazette.rss").write_text(
        '<rss version="2.0"><channel><title>G</title><item><title>Bridge closes</title><guid>1</guid><description>The bridge closes on Monday, the council says.</description></item></channel></rss>',
        "utf-8",
    )
    group = f'[group]\nname = "north"\ndatabase = "env:GROUP_DATABASE"\nstore = "{tmp_path / "store"}"\n'
    (tmp_path / "feeds" / "group.toml").write_text(group, "utf-8")
    (tmp_path / "bulletin").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bulletin "$@"\n', "utf-8")
    (tmp_path / "bulletin").chmod(0o755)
    path = os.pathsep.join([str(tmp_path), str(find_programs()), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    environment["GROUP_DATABASE"] = postgres_server.make_archive()

    assert len(COMMANDS) > 8
    for command in COMMANDS:
        if command.startswith("bulletin group restore"):
            environment["GROUP_DATABASE"] = postgres_server.make_database()
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        text = done.stdout + done.stderr
        assert done.returncode == (1 if command == NO_WORKER else 0), (command, text)
        assert command != NO_WORKER or "! no worker is alive" in text, text


def test_the_runbook_stays_a_page_and_names_its_units():
    assert len(RUNBOOK.split()) < 1_000
    units = set(re.findall(r"\bbulletin-(?:worker@|planner|public)", RUNBOOK))
    files = {path.stem for path in (ROOT / "docs" / "deploy" / "group").glob("*.service")}

    assert units <= files

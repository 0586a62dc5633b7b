"""systemd unit, validated by systemd's own tools."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from bulletin.cli.main import cli

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
UNITS = sorted(DEPLOY.rglob("*.service"))

MOST_EXPOSED = 1.1
"""Of 10; a lower score would need a unit without network, and so without feeds."""

pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed"),
    pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem),
]


def analyze(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *map(str, args)], capture_output=True, text=True, check=False
    )


def test_the_unit_is_as_restricted_as_a_network_service_can_be(unit: Path):
    done = analyze("security", "--offline=true", unit)

    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert exposure, done.stdout + done.stderr
    assert float(exposure[1]) <= MOST_EXPOSED


def test_systemd_understands_every_line_of_the_unit(unit: Path, tmp_path: Path):
    program = tmp_path / "bulletin"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    copy = tmp_path / unit.name.replace("@.", "@1.")
    copy.write_text(unit.read_text().replace("/opt/bulletin/bin/bulletin", str(program)))

    done = analyze("verify", "--man=no", copy)

    complaints = [line for line in done.stderr.splitlines() if unit.stem in line]
    assert complaints == []


def test_the_service_is_started_again_for_ever_with_a_command_that_exists(unit: Path):
    text = unit.read_text()

    assert "Restart=always\n" in text
    assert "StartLimitIntervalSec=0\n" in text
    (line,) = re.findall(r"^ExecStart=/opt/bulletin/bin/bulletin (.*)$", text, re.MULTILINE)
    words, command = shlex.split(line), cli
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found, line
        command = found
    command.make_context(line, words)

"""systemd unit, validated by systemd's own tools."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "docs" / "deploy" / "bulletin.service"

MOST_EXPOSED = 1.1
"""Of 10; a lower score would need a unit without network, and so without feeds."""

pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed"),
]


def analyze(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *map(str, args)], capture_output=True, text=True, check=False
    )


def test_the_unit_is_as_restricted_as_a_network_service_can_be():
    done = analyze("security", "--offline=true", UNIT)

    exposure = re.search(r"Overall exposure level for bulletin.service: ([\d.]+)", done.stdout)
    assert exposure, done.stdout + done.stderr
    assert float(exposure[1]) <= MOST_EXPOSED


def test_systemd_understands_every_line_of_the_unit(tmp_path: Path):
    program = tmp_path / "bulletin"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "bulletin.service"
    unit.write_text(UNIT.read_text().replace("/opt/bulletin/bin/bulletin", str(program)))

    done = analyze("verify", "--man=no", unit)

    complaints = [line for line in done.stderr.splitlines() if str(unit) in line]
    assert complaints == []

"""The reference pages are up to date with the code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import bulletin
from bulletin.cli.main import COMMANDS

DOCS = Path(bulletin.__file__).parent.parent / "docs"


@pytest.mark.slow
def test_the_pages_are_not_stale() -> None:
    program = [sys.executable, str(DOCS / "generate_reference.py"), "--check"]
    done = subprocess.run(program, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.returncode == 0


def test_a_hidden_option_is_an_old_spelling() -> None:
    page = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")

    assert "`bulletin outbox --drop` is `bulletin outbox remove`." in page.partition("## Old spellings")[2]


def test_every_command_has_a_heading() -> None:
    page = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")

    assert [name for name in COMMANDS if f"### bulletin {name}\n" not in page] == []

"""Commands, options and exit codes named in the documents exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

import bulletin
from bulletin import errors
from bulletin.cli.main import cli

ROOT = Path(bulletin.__file__).parent.parent
ENGINEER = (ROOT / "docs" / "engineer.md").read_text(encoding="utf-8")
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def command_of(words: list[str]) -> click.Command | None:
    """ "feeds add URL" -> the command `feeds add`."""
    command: click.Command = cli
    for word in words:
        if not isinstance(command, click.Group):
            break
        below = command.get_command(click.Context(command), word)
        if below is None:
            return None if command is cli else command
        command = below
    return command


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_documented_option_exists(path: Path) -> None:
    wrong = []
    for written in re.findall(r"(?:`|bin/|\$ )bulletin ([a-z][^`\n|;#]*)", path.read_text(encoding="utf-8")):
        command = command_of(written.split())
        known = {option for parameter in command.params for option in parameter.opts} if command else set()
        wrong += [written] if command is None or set(re.findall(r"--[a-z-]+", written)) - known else []

    assert wrong == []


def test_the_table_lists_every_exit_code() -> None:
    table = ENGINEER.partition("| exit code | |")[2].partition("\n\n")[0]
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    ours = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.BulletinError)
    }

    assert listed == ours | {0, 2, 130}

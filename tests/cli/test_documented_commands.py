"""The commands, options and exit codes that the documents name are those that there are."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

import bulletin
from bulletin import errors
from bulletin.cli.main import cli

ROOT = Path(bulletin.__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def command_of(words: list[str]) -> click.Command | None:
    """ "feeds add URL" -> the command `feeds add`, "kill WORD" -> `kill add`; None for an unknown command."""
    command: click.Command = cli
    for word in words:
        if not isinstance(command, click.Group):
            break
        below = command.get_command(click.Context(command), word)
        if below is None and command is cli:
            return None
        command = below or command.get_command(click.Context(command), command.default)
    return command


def options_of(command: click.Command) -> set[str]:
    """Visible options; of a list those of all its verbs."""
    commands = command.commands.values() if isinstance(command, click.Group) else (command,)
    return {
        option
        for one in commands
        for param in one.params
        for option in param.opts
        if not getattr(param, "hidden", False)
    }


def test_the_readme_lists_every_command() -> None:
    listed = set(re.findall(r"^\| `bulletin (\w+)", README, re.MULTILINE))

    assert listed == set(cli.list_commands(click.Context(cli)))


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_option_of_a_command_is_one(path: Path) -> None:
    wrong = []
    for said in re.findall(r"(?:`|bin/|\$ )bulletin ([a-z][^`\n|;#]*)", path.read_text(encoding="utf-8")):
        command = command_of(said.split())
        known = options_of(command) if command else set()
        wrong += [said] if command is None or set(re.findall(r"--[a-z-]+", said)) - known else []

    assert wrong == []


def test_every_option_of_the_readmes_table_is_one() -> None:
    rows = re.findall(r"^\| `bulletin ([\w ]+?)(?: [\[A-Z-].*?)?` \| (.*) \|$", README, re.MULTILINE)
    wrong = {}
    for name, told in rows:
        command = command_of(name.split())
        assert command, name
        if unknown := set(re.findall(r"(?<=`)--[a-z-]+", told)) - options_of(command):
            wrong[name] = unknown

    assert len(rows) > 20
    assert wrong == {}


def test_the_readme_lists_every_exit_code() -> None:
    table = README.partition("| exit code | |")[2].partition("\n\n")[0]
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    ours = {
        one.exit_code
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.BulletinError)
    }

    assert listed == ours | {0, 2, 130}

"""
File names, messages and changelog lines drawn at random, for a reader who has never seen the project.

    BULLETIN_MESSAGES=messages.jsonl python -m pytest -p bench.record_messages
    python -m bench.reader_draw --seed 7 --recorded messages.jsonl > draw.txt

Drawn are messages that the tests provoked, one from each place in the code, as a user sees them, and the help of each
option. A message that is only a part of another one is left out. The same seed and record draw the same.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bulletin.cli.main import cli

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "bulletin"
_FEWEST_WORDS = 4
_MOST_CHARACTERS = 300
_TEST_FOLDER = re.compile(r"/tmp/pytest-of-[\w-]+(?:/pytest-\d+)?(?:/popen-gw\d+)?(?:/test_[\w-]+)?")
_INSTRUCTION = """\
For a reader who has never seen the project. Say in one line what each is for, and whether you understood
it at first sight: yes/no. Names, numbers and paths in the messages are those of tests."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw file names and messages for a new reader.")
    parser.add_argument("--seed", type=int, required=True, help="another seed draws other lines")
    parser.add_argument("--recorded", type=Path, required=True, help="written by bench.record_messages")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    paths = sorted(path for path in PACKAGE.rglob("*.py") if not path.name.startswith("__"))
    names = [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in paths]
    messages = sorted({*_recorded_messages(args.recorded), *_option_helps()})
    changes = re.findall("(?m)^- (.+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    print(_INSTRUCTION)
    for title, lines, count in (("Files", names, 40), ("Messages", messages, 40), ("Changelog", changes, 20)):
        print(f"\n{title} ({count} of {len(lines)})\n")
        for number, line in enumerate(rng.sample(lines, count), 1):
            print(f"{number:3}. {line}")


def _recorded_messages(path: Path) -> Iterator[str]:
    """The first message of each place in the code, without the folders of tests."""
    first: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        location, message = json.loads(line)
        clean = _TEST_FOLDER.sub("/home/you", message.replace(f"{ROOT}/", ""))
        lines = (" ".join(line.split()) for line in clean.splitlines())
        first.setdefault(location, " / ".join(lines)[:_MOST_CHARACTERS])
    whole = "\n".join(first.values())
    for message in first.values():
        is_part = whole.count(message) > list(first.values()).count(message)
        if not is_part and len(re.findall(r"(?<!\S)[\w\"'`.-]*[a-z]{2}", message)) >= _FEWEST_WORDS:
            yield message


def _option_helps() -> Iterator[str]:
    """Each option with its help, as `--help` prints it; an option that several commands share counts once."""
    seen: set[str] = set()

    def walk(command: Any, path: str) -> Iterator[str]:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                yield from walk(command.get_command(context, name), f"{path} {name}")
        for option in command.params:
            if (
                isinstance(option, click.Option)
                and option.help
                and not option.hidden
                and option.help not in seen
            ):
                seen.add(option.help)
                yield f"{path} {option.opts[0]}: {option.help}"

    yield from walk(cli, "bulletin")


if __name__ == "__main__":
    main()

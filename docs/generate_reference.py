"""Write docs/reference/commands.md and options.md from the code: `python docs/generate_reference.py`."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from bulletin.cli.main import COMMANDS, GROUPS, RENAMED, cli
from bulletin.config.describe_profile_options import field_docs, model_in
from bulletin.config.profile_options import Profile
from bulletin.config.tables.delivery_options import DELIVERY_KINDS

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Written by docs/generate_reference.py from the code; do not edit. -->\n"


def commands_page() -> str:
    """Every command with its arguments, options and help, in the groups of `bulletin --help`."""
    lines = [
        "# Commands",
        "",
        NOTE,
        "STATION is the name of a profile in `feeds/`, or its path; by default the only one there.",
        "Every command that takes it takes `--station STATION`, too.",
        "`bulletin --version` (`-V`) prints the version, `bulletin --verbose check` (or `-v`, `-vv`) logs to standard error.",
    ]
    for folder, heading in GROUPS.items():
        lines += ["", f"## {heading}"]
        for name in (name for name, (of, _) in COMMANDS.items() if of == folder):
            command = cli.get_command(click.Context(cli), name)
            assert command
            lines += _command_lines(command, f"bulletin {name}")
    old = ", ".join(f"`bulletin {name}` is `bulletin {new} {name}`" for name, new in RENAMED.items())
    return "\n".join([*lines, "", "## Old spellings", "", f"For one release: {old}.", *_old_options(), ""])


def _old_options() -> Iterator[str]:
    for name in sorted(COMMANDS):
        command = cli.get_command(click.Context(cli), name)
        for option, verb in getattr(command, "old_options", {}).items():
            yield f"`bulletin {name} {option}` is `bulletin {name} {verb}`."
        for below in getattr(command, "commands", {}).values():
            for param in below.params:
                if getattr(param, "hidden", False):
                    yield f"`bulletin {name} {param.opts[0]}` is `{param.help}`."


def _command_lines(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    yield from ("", f"### {path}")

    if not isinstance(command, click.Group):
        yield from ("", "```", f"{path} {' '.join(command.collect_usage_pieces(context))}", "```")
    yield from _help_lines(command.help or "")
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    if options:
        yield from ("", "| option | |", "|---|---|")
    for option in options:
        names, text = option.get_help_record(context) or ("", "")
        yield f"| `{_cell(names)}` | {_cell(text)} |"
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _command_lines(below, f"{path} {name}")


def _help_lines(text: str) -> Iterator[str]:
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b"):
            yield from ("", "```", *paragraph.splitlines()[1:], "```")
        else:
            yield from ("", " ".join(paragraph.split()))


def options_page() -> str:
    """Every option of a profile with type, default and meaning, table by table."""
    lines = ["# Options of a profile", "", NOTE, "Lengths are seconds unless the name says otherwise."]
    for header, model in _tables(Profile):
        lines += [
            "",
            f"## {header}",
            "",
            _doc(model),
            "",
            "| option | type | default | |",
            "|---|---|---|---|",
        ]
        texts = field_docs(model)
        for name, option in model.model_fields.items():
            if model_in(option.annotation):
                continue
            kind, default = _kind(option.annotation), _default(option)
            if name == "length":
                kind, default = "minutes and seconds", '`"2:00"`' if model is Profile else ""
            lines.append(f"| `{name}` | {_cell(kind)} | {_cell(default)} | {_cell(texts.get(name, ''))} |")
    return "\n".join([*lines, ""])


def _tables(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    if not path:
        yield "The station", model
    for name, option in model.model_fields.items():
        inner = model_in(option.annotation)
        if name == "deliveries":
            for kind, delivery in DELIVERY_KINDS.items():
                yield f'[[deliveries]] kind = "{kind}"', delivery
        elif inner:
            below = f"{path}.{name}".lstrip(".")
            yield f"[[{below}]]" if get_origin(option.annotation) is tuple else f"[{below}]", inner
            yield from _tables(inner, below)


def _doc(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _kind(annotation: Any) -> str:
    names = {str: "text", float: "number", int: "whole number", bool: "true or false"}
    if get_origin(annotation) is tuple:
        return f"list of {_kind(get_args(annotation)[0])}"
    choices = [value for value in get_args(annotation) if isinstance(value, str | int)]
    if choices:
        return ", ".join(f"`{value}`" if value != "" else '`""`' for value in choices)
    inner = [part for part in get_args(annotation) if part is not type(None)]
    if get_origin(annotation) is dict or "Mapping" in str(annotation):
        return "table"
    return _kind(inner[0]) if inner else names.get(annotation, getattr(annotation, "__name__", "text"))


def _default(option: Any) -> str:
    value = option.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "needed"
    if value is None:
        return ""
    shown = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
    if isinstance(shown, tuple | list):
        shown = "[" + ", ".join(f'"{item}"' for item in shown) + "]"
    elif isinstance(shown, str) and not isinstance(value, bool):
        shown = f'"{shown}"'
    return f"`{shown}`" if shown != {} else ""


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


PAGES = {"commands.md": commands_page, "options.md": options_page}


def main() -> int:
    """Write the pages; with --check only say whether they are stale."""
    stale = [name for name, page in PAGES.items() if _read(FOLDER / name) != page()]
    if "--check" in sys.argv:
        sys.stderr.write(
            "".join(f"{FOLDER / name}: stale; run docs/generate_reference.py\n" for name in stale)
        )
        return bool(stale)
    FOLDER.mkdir(exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8", newline="\n")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())

"""The answer of a command: lines, JSON or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import click


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a command answers: text, JSON (--json) or nothing (--quiet)."""

    as_json: bool
    quiet: bool

    @property
    def is_text(self) -> bool:
        """Whether a person reads it."""
        return not (self.as_json or self.quiet)

    def print(self, data: Mapping[str, Any], lines: Iterable[str]) -> None:
        """One JSON document, or the lines, or nothing."""
        if self.as_json:
            from bulletin.cli.output.json_output import print_json

            print_json(data)
        elif not self.quiet:
            for line in lines:
                click.echo(line)

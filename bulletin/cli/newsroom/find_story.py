"""Which story somebody means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bulletin.archive.ledgers.story_lookup import KnownStory

_SHOWN = 10


def one_story(found: Sequence[KnownStory], name: str, *, station: str) -> KnownStory:
    """The story that is meant. Raises UsageError where none is, or several are, with their ids."""
    if not found:
        raise click.UsageError(f'no story of {station} that is remembered has "{name}" in it')
    if len(found) > 1:
        lines = [f"  {one.id}  {one.title}" for one in found[:_SHOWN]]
        more = [f"  and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        head = f'"{name}" may be {len(found)} stories; name one by its id:'
        raise click.UsageError("\n".join([head, *lines, *more]))
    return found[0]

"""Feeds added to a profile's file, with all its comments left as they are."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from bulletin.config.load_profile import SHIPPED, load_profile, profile_folders
from bulletin.config.profile_template import quote
from bulletin.errors import ConfigError

Entry = Mapping[str, str | bool]
"""Options of one feed; empty ones and False are not written."""


def append_feeds(path: Path, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """
    Add a [[feeds]] table for each entry whose address is not there yet; say which were added.

    Raises ConfigError, with the file as it was, when the result would be no profile.
    """
    _refuse_shipped(path)
    known: set[str | bool] = {feed.url for feed in load_profile(str(path)).profile.feeds}
    fresh: dict[str | bool, Entry] = {}
    for entry in entries:
        if entry["url"] not in known:
            fresh.setdefault(entry["url"], entry)
    if fresh:
        _replace(path, path.read_text(encoding="utf-8-sig") + "".join(map(_table, fresh.values())))
    return tuple(fresh.values())


def _table(entry: Entry) -> str:
    lines = [
        f"{key} = {quote(value) if isinstance(value, str) else 'true'}"
        for key, value in entry.items()
        if value
    ]
    return "\n".join(["", "[[feeds]]", *lines, ""])


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f"part-{path.name}")
    try:
        part.touch()
        shutil.copymode(path, part)
        part.write_text(text, encoding="utf-8")
        load_profile(str(part))
        part.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error
    except ConfigError as error:
        raise ConfigError(str(error).replace("part-", "", 1)) from error
    finally:
        part.unlink(missing_ok=True)


def _refuse_shipped(path: Path) -> None:
    """A profile inside the installed package would be lost at the next update."""
    shipped = profile_folders()[-1]
    if path.stem in SHIPPED and shipped.name == "_feeds" and path.resolve().is_relative_to(shipped.resolve()):
        raise ConfigError(
            f"{path.name} came with the program; `bulletin init` writes a profile of your own to add feeds to"
        )

"""Feeds added to and removed from the text of a profile; its comments stay."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from bulletin.config.load_profile import SHIPPED, load_profile, profile_folders
from bulletin.config.profile_template import quote
from bulletin.config.toml_line_numbers import table_lines
from bulletin.errors import ConfigError

Entry = Mapping[str, str | bool]
"""Options of one feed; empty ones and False are not written."""


def append_feeds(path: Path, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """
    Add a [[feeds]] table for each entry with a new address; the entries that were added.

    Raises ConfigError, and leaves the file as it is, when the result would not be a valid profile.
    """
    _refuse_shipped(path)
    known: set[str | bool] = {feed.url for feed in load_profile(str(path)).profile.feeds}
    fresh: dict[str | bool, Entry] = {}
    for entry in entries:
        if entry["url"] not in known:
            fresh.setdefault(entry["url"], entry)
    if fresh:
        replace_profile(path, path.read_text(encoding="utf-8-sig") + "".join(map(_table, fresh.values())))
    return tuple(fresh.values())


def remove_feed(path: Path, name: str) -> str:
    """
    Remove the [[feeds]] table of the feed with that name or address; its address.

    Raises ConfigError, and leaves the file as it is, for an unknown feed.
    """
    _refuse_shipped(path)
    feeds = load_profile(str(path)).profile.feeds
    number = next((n for n, feed in enumerate(feeds) if name in (feed.name, feed.url)), None)
    text = path.read_text(encoding="utf-8-sig")
    lines = text.splitlines(keepends=True)
    first, end = table_lines(text, ("feeds", number)) if number is not None else (0, 0)
    if number is None or not first:
        known = ", ".join(feed.name or feed.url for feed in feeds) or "none"
        raise ConfigError(f'{path}: no [[feeds]] table with the name or address "{name}" (known: {known})')
    replace_profile(path, "".join((*lines[: first - 1], *lines[end:])))
    return feeds[number].url


def _table(entry: Entry) -> str:
    texts = {key: quote(value) if isinstance(value, str) else "true" for key, value in entry.items() if value}
    return "\n".join(["", "[[feeds]]", *(f"{key} = {text}" for key, text in texts.items()), ""])


def replace_profile(path: Path, text: str) -> None:
    """
    Write a profile, if `text` is a valid one; the permissions of an older file stay.

    Raises ConfigError, and leaves the file as it is, when it is invalid or cannot be written.
    """
    part = path.with_name(f"part-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
        if path.exists():
            shutil.copymode(path, part)
        part.write_text(text, encoding="utf-8")
        load_profile(str(part))  # a wrong answer raises before anything is replaced
        part.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror}); choose another folder") from error
    except ConfigError as error:
        raise ConfigError(f"{str(error).replace('part-', '', 1)}; the profile was not saved") from error
    finally:
        part.unlink(missing_ok=True)


def _refuse_shipped(path: Path) -> None:
    """A profile inside the installed package would be lost at the next update."""
    shipped = profile_folders()[-1]
    if path.stem in SHIPPED and shipped.name == "_feeds" and path.resolve().is_relative_to(shipped.resolve()):
        raise ConfigError(
            f"{path.name} is part of the program; `bulletin init` writes a profile of your own to add feeds to"
        )

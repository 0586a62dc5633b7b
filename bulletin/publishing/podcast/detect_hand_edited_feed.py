"""feed.xml -> whether it was edited by hand since it was written; edited copies are kept aside."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from bulletin.publishing.atomic_file_batch import Batch, cannot_write, delete_file

ASIDE = ".edited-"
"""Part of a copy's name, after the feed's own."""
EDITED = (
    "the podcast feed was edited by hand; it is rewritten from the archive, and the edited copy kept beside it "
    f"(feed.xml{ASIDE}...); change [outputs.podcast] instead, or remove an episode with `bulletin kill`"
)
"""Note for the user."""

_ASIDE_KEPT = 5
_GUID = re.compile(rb"<guid[^>]*>([^<]{1,500})<")
_ITEM = re.compile(rb"\s*<item[ >].*?(?:</item>|\Z)", re.DOTALL)
_MARK = re.compile(rb"<!-- bulletin ([0-9a-f]{32}) -->\n\Z")


def seal_feed(feed: bytes) -> bytes:
    """The feed with its checksum in a comment at its end."""
    return feed + f"<!-- bulletin {_sum(feed)} -->\n".encode("ascii")


def is_tampered(feed: bytes) -> bool:
    """Whether it has a checksum, but a wrong one. Feeds of older versions have none."""
    return has_valid_checksum(feed) is False


def is_edited(path: Path) -> bool:
    """Whether the file exists and has no right checksum."""
    with suppress(OSError):
        feed = path.read_bytes()
        return bool(feed) and not has_valid_checksum(feed)
    return False


def has_valid_checksum(feed: bytes) -> bool | None:
    """Whether it has the right checksum at its end; None where it has none."""
    mark = _MARK.search(feed)
    return mark and mark[1].decode("ascii") == _sum(feed[: mark.start()])


def keep_edited(files: Batch, name: str, *, is_gone: Callable[[str], bool], now: datetime) -> None:
    """
    Copy the edited feed before it is overwritten; only the newest few copies stay.

    Items of withdrawn episodes (`is_gone` by guid) are left out. The copy has a suffix that is never served.
    """
    path = files.folder / name
    try:
        redacted = _without(path.read_bytes(), is_gone)
    except OSError as error:
        raise cannot_write(path, error) from error
    if redacted:
        files.put(f"{name}{ASIDE}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", redacted)
    for old in _copies(files.folder, name)[: 1 - _ASIDE_KEPT]:
        delete_file(files.folder, old.name)


def redact_edited(files: Batch, name: str, *, is_gone: Callable[[str], bool]) -> None:
    """Remove withdrawn episodes from the copies."""
    for copy in _copies(files.folder, name):
        with suppress(OSError):
            before = copy.read_bytes()
            redacted = _without(before, is_gone)
            if not redacted:
                delete_file(files.folder, copy.name)
            elif redacted != before:
                files.put(copy.name, redacted)


def _copies(folder: Path, name: str) -> list[Path]:
    """Oldest first."""
    return sorted(folder.glob(f"{name}{ASIDE}*"))


def _without(feed: bytes, is_gone: Callable[[str], bool]) -> bytes:
    """The feed without withdrawn items; b"" where they cannot be removed."""
    gone = [guid for guid in set(_GUID.findall(feed)) if is_gone(unescape(guid.decode("utf-8", "replace")))]
    if not gone:
        return feed
    rest = _ITEM.sub(lambda item: b"" if any(guid in item[0] for guid in gone) else item[0], feed)
    return b"" if any(guid in rest for guid in gone) else rest


def _sum(feed: bytes) -> str:
    return hashlib.sha256(feed).hexdigest()[:32]

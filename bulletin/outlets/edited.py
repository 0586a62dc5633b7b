"""A feed as it was written -> whether somebody has changed it since, and what he wrote, kept aside."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bulletin.outlets.files import Batch

ASIDE = ".edited-"
"""In the name of a copy, after the feed's own."""
EDITED = (
    "the feed was changed by other hands: it is written again from the archive, and what lay there is kept beside it "
    f"(feed.xml{ASIDE}...); its options stand in [outputs.podcast], and `bulletin kill` takes an episode out"
)
"""For people."""

_ASIDE_KEPT = 5
_MARK = re.compile(rb"<!-- bulletin ([0-9a-f]{32}) -->\n\Z")
_MARK_BYTES = 51


def seal_feed(feed: bytes) -> bytes:
    """The feed with a sum of itself as a comment at its end; readers of XML pass over it."""
    return feed + f"<!-- bulletin {_sum(feed)} -->\n".encode("ascii")


def is_sealed(feed: bytes) -> bool:
    """Whether it is just as it was written. What was written by an older Bulletin has no seal."""
    mark = _MARK.search(feed[-_MARK_BYTES:])
    return mark is not None and mark[1].decode("ascii") == _sum(feed[: -len(mark[0])])


def is_tampered(feed: bytes) -> bool:
    """Whether it has a seal, and not its own."""
    return _MARK.search(feed[-_MARK_BYTES:]) is not None and not is_sealed(feed)


def is_edited(path: Path) -> bool:
    """Whether a feed lies there that is not just as it was written."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return bool(data) and not is_sealed(data)


def keep_edited(files: Batch, name: str, *, now: datetime) -> Path:
    """
    Have a copy of what lies there, before it is written again; the newest few stay.

    Its name ends in nothing that is served, so no reader takes it for a feed.
    """
    path = files.folder / name
    copy = f"{name}{ASIDE}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    files.copy(copy, path)
    for old in sorted(files.folder.glob(f"{name}{ASIDE}*"))[: 1 - _ASIDE_KEPT]:
        with suppress(OSError):
            old.unlink()
    return files.folder / copy


def _sum(feed: bytes) -> str:
    return hashlib.sha256(feed).hexdigest()[:32]

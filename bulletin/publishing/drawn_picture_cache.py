"""Cache of drawn pictures: a station shows the same one every hour."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import RLock

from bulletin import __version__
from bulletin.runtime.files.atomic_write import atomic_file

_FORMATS = ((b"\xff\xd8", b"\xff\xd9"), (b"\x89PNG\r\n", b"IEND\xaeB`\x82"))
"""First and last bytes of a complete JPEG, and of a complete PNG."""
_drawing = RLock()
"""One picture at a time: artwork of 3,000 pixels takes 100 MB while it is drawn."""
_WEBP_HEAD = 8
"""Bytes of a WebP that its own length, from the fifth byte on, does not count."""


def keep_picture(folder: Path, *, of: object, draw: Callable[[], bytes], suffix: str = ".jpg") -> bytes:
    """
    The JPEG, PNG or WebP of `draw`, which depends only on `of`; from `folder` if it was drawn before.

    A truncated file is drawn again; a folder that cannot be written is ignored.
    """
    digest = hashlib.sha256(f"{__version__} {of!r}".encode()).hexdigest()
    path = folder / f"{digest[:24]}{suffix}"
    with suppress(OSError):
        picture = path.read_bytes()
        if _is_complete(picture):
            return picture
    with _drawing:
        picture = draw()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_file(path) as part:
            part.write_bytes(picture)
    return picture


def _is_complete(picture: bytes) -> bool:
    if picture[:4] == b"RIFF":
        return int.from_bytes(picture[4:_WEBP_HEAD], "little") == len(picture) - _WEBP_HEAD
    return any(picture.startswith(start) and picture.endswith(end) for start, end in _FORMATS)

"""Cache of drawn pictures: a station shows the same one every hour."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bulletin import __version__
from bulletin.runtime.files.atomic_write import atomic_file

_STARTS, _ENDS = b"\xff\xd8", b"\xff\xd9"
"""First and last bytes of a complete JPEG."""


def keep_picture(folder: Path, *, of: object, draw: Callable[[], bytes]) -> bytes:
    """
    The JPEG of `draw`, which depends only on `of`; from `folder` if it was drawn before.

    A truncated file is drawn again; a folder that cannot be written is ignored.
    """
    digest = hashlib.sha256(f"{__version__} {of!r}".encode()).hexdigest()
    path = folder / f"{digest[:24]}.jpg"
    with suppress(OSError):
        picture = path.read_bytes()
        if picture.startswith(_STARTS) and picture.endswith(_ENDS):
            return picture
    picture = draw()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_file(path) as part:
            part.write_bytes(picture)
    return picture

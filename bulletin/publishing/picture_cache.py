"""What a picture is made of -> the picture, drawn once and kept: a station shows the same one every hour."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bulletin import __version__

_STARTS, _ENDS = b"\xff\xd8", b"\xff\xd9"
"""Of a whole JPEG."""


def keep_picture(folder: Path, *, of: object, draw: Callable[[], bytes]) -> bytes:
    """
    The JPEG that `draw` makes, which depends on nothing but `of`; from `folder` when it was made before.

    A file there that is torn is drawn again, and a folder that cannot be written is done without.
    """
    words = f"{__version__} {of!r}".encode()
    path = folder / f"{hashlib.sha256(words).hexdigest()[:24]}.jpg"
    with suppress(OSError):
        picture = path.read_bytes()
        if picture.startswith(_STARTS) and picture.endswith(_ENDS):
            return picture
    picture = draw()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"part-{path.name}")
        part.write_bytes(picture)
        part.replace(path)
    return picture

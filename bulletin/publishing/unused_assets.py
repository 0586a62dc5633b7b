"""Public folder -> assets with a content hash in their name that no page or feed references."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

_PAGE_ASSETS = r"(?:page|icon|cover)-[0-9a-f]{8}\.(?:css|js|svg|jpg)"
_ARTWORK = r"artwork-[0-9a-f]{8}\.(?:jpg|png)"


def unnamed_assets(folder: Path, *, used: Collection[str]) -> tuple[str, ...]:
    """Style sheets, scripts and pictures that no HTML page references."""
    return _unnamed(folder, _PAGE_ASSETS, used, (*folder.glob("*.html"), *folder.glob("*/*.html")))


def unnamed_artwork(folder: Path, *, used: Collection[str]) -> tuple[str, ...]:
    """Artwork that neither the feed nor its older pages reference."""
    return _unnamed(folder, _ARTWORK, used, folder.glob("*.xml"))


def _unnamed(folder: Path, pattern: str, used: Collection[str], readers: Iterable[Path]) -> tuple[str, ...]:
    """Usually there is no candidate, and then no page is read."""
    with os.scandir(folder) as entries:
        unused = {entry.name for entry in entries if re.fullmatch(pattern, entry.name)} - set(used)
    for reader in readers if unused else ():
        with suppress(OSError):
            unused -= set(re.findall(pattern, reader.read_text("utf-8", "replace")))
        if not unused:
            break
    return tuple(sorted(unused))

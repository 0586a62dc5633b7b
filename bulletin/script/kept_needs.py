"""A file <-> what expressions need, so that the next process does not compile what would find nothing."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from bulletin.script import needs, rare
from bulletin.script.needs import Needs
from bulletin.script.sealed import read_sealed, seal


@contextmanager
def needs_kept_in(path: Path) -> Iterator[None]:
    """
    What earlier runs found out is known within; what was asked within is known to later ones.

    A file that is missing, damaged, another Python's or another version's is made again, and one that cannot
    be written is done without: it changes how long words take, never the words.
    """
    maker = _maker()
    known: Mapping[str, Needs] = read_sealed(path, maker=maker) if maker else {}
    rare.recall(known)
    yield
    if maker and rare.is_news(known):
        with suppress(OSError):
            _write(path, maker)


def _maker() -> str:
    """What the needs depend on besides the expressions: who parses them, and our rules."""
    try:
        rules = Path(needs.__file__).read_bytes()
    except OSError:
        return ""
    return f"{sys.version} {hashlib.sha256(rules).hexdigest()}"


def _write(path: Path, maker: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # One name for all: what a killed process left is overwritten, and of two that write at once the seal is wrong.
    part = path.with_name(f"part-{path.name}")
    try:
        # whoever cannot write must not find out in vain
        with part.open("w", encoding="utf-8") as file:
            body = json.dumps(rare.find_out_all(), separators=(",", ":"))
            file.write(seal(body, maker=maker))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

"""Answers that were looked at, kept on disk: a story is not written anew every hour."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bulletin.runtime.files.atomic_write import write_atomically

log = logging.getLogger(__name__)

KEPT_S = 3 * 86_400.0
"""No story is told for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedAnswer:
    """How the rewriter ended for one article."""

    answer: str
    """As the model gave it; empty: refused."""
    reason: str = ""
    """Why it was refused."""


class AnswerCache:
    """A folder of small files. It is a convenience: when it cannot be read or written, the model is asked again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> CachedAnswer | None:
        """What is kept under a key; a damaged file is none."""
        try:
            found = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
            return CachedAnswer(answer=str(found["answer"]), reason=str(found["reason"]))
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None

    def put(self, key: str, kept: CachedAnswer) -> None:
        """Keep it, whole or not at all, and let go of what is old."""
        data = json.dumps({"answer": kept.answer, "reason": kept.reason}, ensure_ascii=False)
        try:
            write_atomically(self._folder / f"{key}.json", data)
        except OSError as error:
            log.warning(
                "rewritten story cannot be kept, going on without: folder=%s: %s", self._folder, error
            )
        self._prune()

    def _prune(self) -> None:
        with contextlib.suppress(OSError):
            for path in list(self._folder.glob("*")):
                with contextlib.suppress(OSError):  # another process was quicker
                    if time.time() - path.stat().st_mtime > KEPT_S:
                        path.unlink()


def make_key(*parts: str | Sequence[str]) -> str:
    """The name for one article, one model and one way of asking it."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

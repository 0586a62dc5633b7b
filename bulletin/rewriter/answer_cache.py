"""Key of an article and a model -> CachedAnswer on disk, so that a story is not rewritten every hour."""

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
"""Seconds; no story airs for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedAnswer:
    """Result of the rewriter for one article."""

    answer: str
    """Text of the model; empty: refused."""
    reason: str = ""
    """Reason of a refusal."""


class AnswerCache:
    """Folder of small files; where it cannot be read or written, the model is asked again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> CachedAnswer | None:
        """Read the answer under a key; None without one or with a damaged file."""
        try:
            entry = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
            return CachedAnswer(answer=str(entry["answer"]), reason=str(entry["reason"]))
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None

    def put(self, key: str, answer: CachedAnswer) -> None:
        """Write an answer atomically, and delete the old ones."""
        data = json.dumps({"answer": answer.answer, "reason": answer.reason}, ensure_ascii=False)
        try:
            write_atomically(self._folder / f"{key}.json", data)
        except OSError as error:
            log.warning("rewritten story not cached, check the folder: folder=%s: %s", self._folder, error)
        self._prune()

    def _prune(self) -> None:
        with contextlib.suppress(OSError):
            for path in list(self._folder.glob("*")):
                with contextlib.suppress(OSError):  # another process was quicker
                    if time.time() - path.stat().st_mtime > KEPT_S:
                        path.unlink()


def make_key(*parts: str | Sequence[str]) -> str:
    """Hash one article, one model and one prompt into a file name."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

"""Key of an article and a model -> its answer on disk, so that a story is not rewritten every hour."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Sequence
from pathlib import Path

from bulletin.runtime.files.atomic_write import write_atomically

log = logging.getLogger(__name__)

KEPT_S = 3 * 86_400.0
"""Seconds; no story airs for longer."""


class AnswerCache:
    """Folder of small files; if it cannot be read or written, the model is asked again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> tuple[str, str] | None:
        """Read the answer and the reason of a refusal; None without one or with a damaged file."""
        try:
            entry = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
            return str(entry["answer"]), str(entry["reason"])
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None

    def put(self, key: str, *, answer: str, reason: str = "") -> None:
        """Write an answer atomically, empty for a refusal with its reason, and delete the old ones."""
        data = json.dumps({"answer": answer, "reason": reason}, ensure_ascii=False)
        try:
            write_atomically(self._folder / f"{key}.json", data)
        except OSError as error:
            log.warning("rewritten story not cached, asked again later: folder=%s: %s", self._folder, error)
        for path in self._folder.glob("*"):
            with contextlib.suppress(OSError):  # another process was quicker
                if time.time() - path.stat().st_mtime > KEPT_S:
                    path.unlink()


def make_key(*parts: str | Sequence[str]) -> str:
    """Hash one article, one model and one prompt into a file name."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

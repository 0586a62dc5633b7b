"""Cache of spoken sentences on disk: cleaned speech by engine, voice, options and text."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import os
import time
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path

from bulletin.errors import AudioError
from bulletin.model import Voice
from bulletin.runtime.sound_file import Samples, read_sound, write_wav

log = logging.getLogger(__name__)

_PART_IS_STALE_S = 3600.0
_WORDS_REMEMBERED = 5000


class SpeechCache:
    """
    A folder that several processes may use at once.

    An entry is `<two letters>/<key>-<checksum>.wav`, complete or missing; the checksum in its name detects
    damage. A damaged entry is set aside and counts as a miss. When the cache cannot be written, speech
    goes on without it.
    """

    def __init__(self, folder: Path, *, limit_mb: float = 500.0) -> None:
        self._folder = folder
        self._limit_bytes = limit_mb * 1e6

    def get(self, key: str) -> tuple[Samples, int] | None:
        """Mono samples and their rate in Hz, or None."""
        for path in self._entries(key):
            try:
                data = path.read_bytes()
                if f"{zlib.crc32(data):08x}" != path.stem.rpartition("-")[2]:
                    raise AudioError(f"{path}: checksum differs")
                samples, rate_hz = read_sound(io.BytesIO(data), name=str(path))
            except (AudioError, OSError) as error:
                self._set_aside(path, error)
                continue
            with contextlib.suppress(OSError):
                os.utime(path)  # pruning deletes the least recently used first
            return samples[:, 0], rate_hz
        return None

    def put(self, key: str, samples: Samples, *, rate_hz: int) -> None:
        """Store one sentence atomically; a cache that cannot be written is only logged."""
        if not self._limit_bytes:
            return
        folder = self._folder / key[:2]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _part_in(folder) as part:
                write_wav(part, samples, rate_hz=rate_hz)
                checksum = zlib.crc32(part.read_bytes())
                _settle(part, folder / f"{key}-{checksum:08x}.wav")
        except (AudioError, OSError) as error:
            log.warning("speech cache cannot be written, going on without: folder=%s: %s", folder, error)

    def prune(self) -> int:
        """Delete abandoned parts, then the least recently used entries over the limit; return the bytes freed."""
        removed, entries = 0, []
        for path, used_s, size in self._files():
            if path.name.startswith("part-"):
                if time.time() - used_s > _PART_IS_STALE_S:
                    removed += _remove(path, size)
            else:
                entries.append((used_s, size, path))
        over = sum(size for _, size, _ in entries) - self._limit_bytes
        for _, size, path in sorted(entries):
            if over <= 0:
                break
            over -= size
            removed += _remove(path, size)
        return removed

    def pace(self, voice: Voice, *, fingerprint: str = "") -> float | None:
        """Measured words a second of `voice`; None when it has not spoken yet."""
        known = self._paces().get(_pace_key(voice, fingerprint))
        return known["words"] / known["seconds"] if known else None

    def letters_pace(self, voice: Voice, *, fingerprint: str = "") -> float | None:
        """Measured letters a second, or None; durations depend on letters more than on words."""
        known = self._paces().get(_pace_key(voice, fingerprint))
        return known["letters"] / known["seconds"] if known and known["letters"] else None

    def learn_pace(
        self, voice: Voice, *, words: int, seconds: float, letters: int = 0, fingerprint: str = ""
    ) -> None:
        """Add a measurement; older ones count less and less."""
        if not words or seconds <= 0:
            return
        paces = self._paces()
        key = _pace_key(voice, fingerprint)
        known = paces.get(key, {"words": 0.0, "seconds": 0.0, "letters": 0.0})
        if letters and not known["letters"]:  # stored before letters were counted
            known = {"words": 0.0, "seconds": 0.0, "letters": 0.0}
        share = min(1.0, max(0.0, _WORDS_REMEMBERED - words) / known["words"]) if known["words"] else 0.0
        new = {"words": words, "seconds": seconds, "letters": letters}
        paces[key] = {name: known[name] * share + value for name, value in new.items()}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with _part_in(self._folder) as part:
                part.write_text(json.dumps(paces, indent=1, sort_keys=True), encoding="utf-8")
                _settle(part, self._folder / "pace.json")
        except OSError as error:
            log.warning("pace cannot be remembered: folder=%s: %s", self._folder, error)

    def _entries(self, key: str) -> list[Path]:
        try:
            paths = [*(self._folder / key[:2]).iterdir()]
        except OSError:
            return []
        # not glob, which compiles a pattern for each sentence
        return sorted(path for path in paths if path.name.startswith(f"{key}-") and path.suffix == ".wav")

    def _files(self) -> Iterator[tuple[Path, float, int]]:
        parts_of_paces = self._folder.glob("part-*")
        for path in (*self._folder.glob("*/*"), *parts_of_paces):
            with contextlib.suppress(OSError):  # another process has deleted it
                status = path.stat()
                yield path, status.st_mtime, status.st_size

    def _set_aside(self, path: Path, error: Exception) -> None:
        log.warning("damaged speech set aside: %s: %s", path.name, error)
        aside = self._folder / "damaged"
        with contextlib.suppress(OSError):
            aside.mkdir(exist_ok=True)
            path.replace(aside / path.name)

    def _paces(self) -> dict[str, dict[str, float]]:
        try:
            stored = json.loads((self._folder / "pace.json").read_text(encoding="utf-8"))
            return {
                str(key): {
                    "words": float(value["words"]),
                    "seconds": float(value["seconds"]),
                    "letters": float(value.get("letters", 0.0)),
                }
                for key, value in stored.items()
                if float(value["words"]) > 0 and float(value["seconds"]) > 0
            }
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {}


def make_key(*, engine: str, voice: str, options: str, text: str) -> str:
    """Cache key of one sentence of one voice."""
    whole = json.dumps([engine, voice, options, text], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def _pace_key(voice: Voice, fingerprint: str) -> str:
    return f"{voice.engine}/{voice.name}/{fingerprint}"


@contextlib.contextmanager
def _part_in(folder: Path) -> Iterator[Path]:
    """Path of a temporary file, deleted afterwards unless it was renamed."""
    part = folder / f"part-{uuid.uuid4().hex}"
    try:
        yield part
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _settle(part: Path, path: Path) -> None:
    """Rename after fsync, so that the file is complete even after a power cut."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    try:
        part.replace(path)
    except PermissionError:
        # Windows does not replace a file in use, which holds the same sentence.
        if not path.exists():
            raise


def _remove(path: Path, size: int) -> int:
    try:
        path.unlink()
    except OSError:
        return 0
    return size

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
from collections.abc import Mapping
from pathlib import Path

from bulletin.errors import AudioError, StoreError
from bulletin.model import Voice
from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.runtime.read_sound_file import Samples, read_sound, wav_of
from bulletin.speech.cache.shared_speech import SharedSpeech
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.measure_reading_pace import LETTERS_A_WORD
from bulletin.speech.trim_and_level_speech import CLEAN_VERSION

log = logging.getLogger(__name__)

_PRUNE_EVERY_S = 600.0
_PART = "part-"
"""Beginning of the name of an entry that a process is writing."""
_WORDS_REMEMBERED = 5000
_NOTHING_SPOKEN = {"words": 0.0, "seconds": 0.0, "letters": 0.0}


class SpeechCache:
    """
    A folder that several processes may use at the same time; in a group, before the store `shared` by all machines.

    An entry is `<two letters>/<key>-<checksum>.wav`, complete or missing; the checksum in its name detects
    damage. A damaged entry is deleted and counts as a miss. When the cache cannot be written, speech
    goes on without it. Failures of the store raise StoreError.
    """

    def __init__(self, folder: Path, *, limit_mb: float = 500.0, shared: SharedSpeech | None = None) -> None:
        self._folder = folder
        self._limit_bytes = limit_mb * 1e6
        self._shared = shared

    def get(self, key: str) -> tuple[Samples, int] | None:
        """Mono samples and their rate in Hz, or None."""
        if entry := self._get(key):
            return entry
        if not self._shared or not (wav := self._shared.get(key)):
            return None
        try:
            samples, rate_hz = read_sound(io.BytesIO(wav), name=key)
        except AudioError as error:
            log.warning("damaged speech deleted from the store: %s", error)
            self._shared.forget(key)
            return None
        self._keep(key, wav)
        return samples[:, 0], rate_hz

    def _get(self, key: str) -> tuple[Samples, int] | None:
        for path in (self._folder / key[:2]).glob(f"{key}-*.wav"):
            try:
                data = path.read_bytes()
                if f"{zlib.crc32(data):08x}" != path.stem.rpartition("-")[2]:
                    raise AudioError(f"{path}: checksum differs")
                samples, rate_hz = read_sound(io.BytesIO(data), name=str(path))
            except (AudioError, OSError) as error:
                log.warning("damaged speech deleted from the cache: %s", error)
                _delete(path)
                continue
            with contextlib.suppress(OSError):
                os.utime(path)  # pruning deletes the least recently used first
            return samples[:, 0], rate_hz
        return None

    def has(self, key: str) -> bool:
        """
        Whether an entry is there, perhaps a damaged one: without reading it.

        In a group, for every machine: what is in the folder alone, since the store has deleted it, is put there again.
        """
        if not self._shared:
            return any((self._folder / key[:2]).glob(f"{key}-*.wav"))
        if self._shared.has(key):
            return True
        if entry := self._get(key):
            samples, rate_hz = entry
            self.put_new(key, samples, rate_hz=rate_hz)
        return entry is not None

    def forget(self, key: str) -> None:
        """Delete an entry: its sound does not fit any more."""
        for path in (self._folder / key[:2]).glob(f"{key}-*.wav"):
            _delete(path)
        if self._shared:
            self._shared.forget(key)

    def put_new(self, key: str, samples: Samples, *, rate_hz: int) -> tuple[Samples, int]:
        """
        Store one sentence; if another machine has stored it meanwhile, its sound stays.

        Returns the sound that all machines use, and its rate in Hz: so stations of a group sound the same, and share
        mixed sound.
        """
        wav = wav_of(samples, rate_hz=rate_hz) if self._shared or self._limit_bytes else b""
        kept = self._shared.put_new(key, wav) if self._shared else wav
        self._keep(key, kept)
        if kept == wav:
            return samples, rate_hz
        theirs, rate_hz = read_sound(io.BytesIO(kept), name=key)
        return theirs[:, 0], rate_hz

    def put(self, key: str, samples: Samples, *, rate_hz: int) -> None:
        """Store one sentence in the place of an earlier sound."""
        wav = wav_of(samples, rate_hz=rate_hz) if self._shared or self._limit_bytes else b""
        if self._shared:
            self._shared.replace(key, wav)
        self._keep(key, wav)

    def _keep(self, key: str, wav: bytes) -> None:
        """Write one entry of the folder atomically; a folder that cannot be written is only logged."""
        if not self._limit_bytes:
            return
        folder = self._folder / key[:2]
        part = folder / f"{_PART}{uuid.uuid4().hex}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(wav)
            path = folder / f"{key}-{zlib.crc32(wav):08x}.wav"
            part.replace(path)
            for earlier in {*folder.glob(f"{key}-*.wav")} - {path}:
                _delete(earlier)
        except OSError as error:
            log.warning("speech cache cannot be written, going on without: folder=%s: %s", folder, error)
        finally:
            _delete(part)

    def prune_if_due(self) -> None:
        """`prune`, once in ten minutes for all runs: it looks at every entry, of which a group has thousands."""
        stamp = self._folder / "pruned"
        with contextlib.suppress(OSError):
            if 0.0 <= time.time() - stamp.stat().st_mtime < _PRUNE_EVERY_S:
                return
        with contextlib.suppress(OSError):
            stamp.touch()
        self.prune()

    def prune(self) -> None:
        """Delete the least recently used entries over the limit; what another process is writing stays."""
        files, left_before = [], time.time() - _PRUNE_EVERY_S
        for path in self._folder.glob("*/*"):
            with contextlib.suppress(OSError):  # another process has deleted it
                status = path.stat()
                if not path.name.startswith(_PART) or status.st_mtime < left_before:
                    files.append((status.st_mtime, status.st_size, path))
        over = sum(size for _, size, _ in files) - self._limit_bytes
        for _, size, path in sorted(files):
            if over <= 0:
                break
            over -= size
            _delete(path)

    def pace(self, voice: Voice, *, fingerprint: str = "", unit: str = "words") -> float | None:
        """
        Measured words a second of `voice`, or letters; None when it has not spoken yet.

        Durations depend on letters more than on words.
        """
        key = _pace_key(voice, fingerprint)
        known = self._paces().get(key) or self._shared_pace(key) or _NOTHING_SPOKEN
        return known[unit] / known["seconds"] if known[unit] else None

    def learn_pace(
        self, voice: Voice, *, words: int, seconds: float, letters: int = 0, fingerprint: str = ""
    ) -> None:
        """Add a measurement; older ones count less and less."""
        if not words or seconds <= 0:
            return
        paces = self._paces()
        key = _pace_key(voice, fingerprint)
        known = paces.get(key, _NOTHING_SPOKEN)
        if letters and not known["letters"]:  # stored before letters were counted
            known = _NOTHING_SPOKEN
        share = min(1.0, max(0.0, _WORDS_REMEMBERED - words) / known["words"]) if known["words"] else 0.0
        new = {"words": words, "seconds": seconds, "letters": letters}
        paces[key] = {name: known[name] * share + value for name, value in new.items()}
        try:
            write_atomically(self._folder / "pace.json", json.dumps(paces, indent=1, sort_keys=True))
        except OSError as error:
            log.warning(
                "voice speed not saved, bulletin lengths less exact: folder=%s: %s", self._folder, error
            )
        if self._shared:
            try:
                self._shared.learn_pace(key, paces[key])
            except StoreError as error:  # another bulletin shares it
                log.warning("voice speed not shared with the other machines: %s", error)

    def _shared_pace(self, key: str) -> Mapping[str, float]:
        try:
            return self._shared.pace(key) if self._shared else {}
        except StoreError as error:
            log.warning("voice speed of the other machines unknown, bulletin lengths less exact: %s", error)
            return {}

    def _paces(self) -> dict[str, dict[str, float]]:
        try:
            stored = json.loads((self._folder / "pace.json").read_text(encoding="utf-8"))
            paces = {
                key: {name: float(value.get(name, 0.0)) for name in _NOTHING_SPOKEN}
                for key, value in stored.items()
            }
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return {}
        return {key: pace for key, pace in paces.items() if pace["words"] > 0 and pace["seconds"] > 0}


def make_key(*, engine: str, voice: str, options: str, text: str) -> str:
    """Cache key of one sentence of one voice."""
    whole = json.dumps([engine, voice, options, text], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def sentence_key(text: str, reader: VoiceReader) -> str:
    """Cache key of one sentence, as cleaned speech of that reader."""
    return make_key(
        engine=reader.engine.name,
        voice=reader.voice.name,
        options=f"{reader.engine.fingerprint} clean={CLEAN_VERSION}",
        text=text,
    )


def expected_pace(reader: VoiceReader, *, cache: SpeechCache) -> float:
    """Words a second: measured in earlier bulletins, else the engine's figure."""
    return cache.pace(reader.voice, fingerprint=reader.engine.fingerprint) or reader.voice.pace_wps


def expected_letters(reader: VoiceReader, *, cache: SpeechCache) -> float:
    """Letters a second: measured in earlier bulletins, else from the engine's words a second."""
    measured = cache.pace(reader.voice, fingerprint=reader.engine.fingerprint, unit="letters")
    return measured or reader.voice.pace_wps * LETTERS_A_WORD


def _pace_key(voice: Voice, fingerprint: str) -> str:
    return f"{voice.engine}/{voice.name}/{fingerprint}"


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)

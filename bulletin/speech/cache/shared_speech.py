"""Spoken sentences in the store of a group: each is spoken once, by whichever machine is first."""

from __future__ import annotations

import hashlib
import json
import logging
import time
import zlib
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from bulletin.storage.recent_keys import RecentKeys
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

FOLDER = "speech"
"""Folder of the store's keys."""
_CHECKSUM = 8
"""Characters of the checksum behind the sound."""
_HEADERS = {"Content-Type": "application/octet-stream"}
_PACE_CHANGE, _PACE_KEPT_S = 0.05, 600.0
"""A measured pace that differs less from the stored one is not stored; a stored one is read again after this time."""
_PACES: WeakKeyDictionary[Store, dict[str, tuple[float, Mapping[str, float]]]] = WeakKeyDictionary()
"""Store -> voice -> when its pace was read, and the pace, for all stations of this process."""
_SEEN = RecentKeys()
"""
Sentences, for all stations of this process. They are deleted from the store after a week; one that goes within this
hour is spoken by the mix.
"""


class SharedSpeech:
    """
    WAV files under `speech/<two letters>/<key>.wav`, each followed by its checksum.

    The first machine that puts a sentence wins; the others take its sound. Raises StoreError: without the store
    no bulletin of a group is published either, so the work is tried again later.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._paces = _PACES.setdefault(store, {})

    def get(self, key: str) -> bytes | None:
        """WAV file of a sentence, or None; a damaged one is deleted and counts as missing."""
        stored = self._store.get(_path(key))
        if stored is None:
            return None
        wav = stored[:-_CHECKSUM]
        if stored[-_CHECKSUM:] == _checksum(wav):
            return wav
        log.warning("damaged speech deleted from the store: store=%s key=%s", self._store.label, key)
        self.forget(key)
        return None

    def has(self, key: str) -> bool:
        """Whether a sentence is there, perhaps a damaged one: without reading it. Asked once an hour."""
        if _SEEN.has(self._store, key):
            return True
        if is_there := self._store.exists(_path(key)):
            _SEEN.add(self._store, [key])
        return is_there

    def put_new(self, key: str, wav: bytes) -> bytes:
        """Store a spoken sentence; return the sound that all machines use, which another one may have stored first."""
        if self._store.put_new(_path(key), wav + _checksum(wav), headers=_HEADERS):
            return wav
        return self.get(key) or wav

    def replace(self, key: str, wav: bytes) -> None:
        """Store a sentence in the place of an earlier sound."""
        self._store.put(_path(key), wav + _checksum(wav), headers=_HEADERS)

    def forget(self, key: str) -> None:
        """Delete a sentence: its sound does not fit any more."""
        _SEEN.forget(self._store, key)
        self._store.delete(_path(key))

    def pace(self, voice: str) -> Mapping[str, float]:
        """Measured words, letters and seconds of a voice; empty if no machine has measured it."""
        read_at, known = self._paces.get(voice, (float("-inf"), {}))
        if not known or time.monotonic() > read_at + _PACE_KEPT_S:
            stored = self._store.get(_pace_path(voice))
            known = _parse_pace(stored) if stored else {}
            self._paces[voice] = time.monotonic(), known
        return known

    def learn_pace(self, voice: str, measured: Mapping[str, float]) -> None:
        """
        Share the pace that this machine has measured, if the stored one differs.

        A voice has one small object that hardly ever changes, so hundreds of stations do not wait for one another.
        """
        known = self.pace(voice)
        if known and abs(_letters_per_s(measured) / _letters_per_s(known) - 1) < _PACE_CHANGE:
            return
        self._paces[voice] = time.monotonic(), dict(measured)
        self._store.put(_pace_path(voice), json.dumps(measured, sort_keys=True).encode())


def _path(key: str) -> str:
    return f"{FOLDER}/{key[:2]}/{key}.wav"


def _pace_path(voice: str) -> str:
    return f"pace/{hashlib.sha256(voice.encode()).hexdigest()}.json"


def _checksum(wav: bytes) -> bytes:
    return b"%08x" % zlib.crc32(wav)


def _letters_per_s(pace: Mapping[str, float]) -> float:
    return max(1.0, pace["letters"] or pace["words"]) / pace["seconds"]


def _parse_pace(stored: bytes) -> dict[str, float]:
    try:
        pace = {name: float(value) for name, value in json.loads(stored).items()}
        return pace if pace["words"] > 0 and pace["seconds"] > 0 and pace["letters"] >= 0 else {}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}

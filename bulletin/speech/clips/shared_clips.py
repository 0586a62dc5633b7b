"""Recorded clips in the store of a group: uploaded at one machine, aired by all."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from pathlib import Path

from bulletin.errors import StoreError, explain_os_errors, find_write_remedy
from bulletin.model import RecordedClip
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.speech.clips.clip_folder import is_undamaged
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

RECORDINGS = "recordings"
"""Folder of the store's keys."""


def share_clip(clip: RecordedClip, *, folder: Path, store: Store) -> None:
    """Store a clip that was imported into `folder`, with its side file. Raises StoreError."""
    for path in (folder / clip.file_name, (folder / clip.file_name).with_suffix(".json")):
        with explain_os_errors(StoreError, f"{path}: the recording cannot be read", "upload it again"):
            data = path.read_bytes()
        if path.suffix == ".wav":
            store.put_new(_key(path.name), data)
        else:  # the same sound may come with other words
            store.put(_key(path.name), data)


def fetch_clips(clips: Iterable[RecordedClip], *, folder: Path, store: Store) -> None:
    """
    Fetch the clips that `folder` lacks. Raises StoreError; one that the store lacks or has damaged stays missing.
    """
    for clip in clips:
        if not is_undamaged(folder / clip.file_name, clip.sha256):
            fetch_clip(clip.sha256, folder=folder, store=store)


def fetch_clip(sha256: str, *, folder: Path, store: Store) -> None:
    """Fetch one clip and its side file, if the store has both. Raises StoreError."""
    sound = store.get(_key(f"{sha256}.wav"))
    facts = store.get(_key(f"{sha256}.json"))
    if sound is None or facts is None:
        log.warning("recorded clip missing in the store: store=%s clip=%s", store.label, sha256)
        return
    if hashlib.sha256(sound).hexdigest() != sha256:
        log.warning("recorded clip damaged in the store: store=%s clip=%s", store.label, sha256)
        return
    with explain_os_errors(StoreError, f"{folder}: a recording cannot be written", find_write_remedy):
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in ((f"{sha256}.wav", sound), (f"{sha256}.json", facts)):
            with atomic_file(folder / name) as part:
                part.write_bytes(data)


def _key(name: str) -> str:
    return f"{RECORDINGS}/{name[:2]}/{name}"

"""Installation of one of hibari's voices from the hub: resumable, verified, complete or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.runtime.installing.disk_space import remedy_for_write_error, require_writable
from bulletin.runtime.installing.verified_files import Progress, VerifiedFile, fault_of
from bulletin.speech.installing.download_file import download_file
from bulletin.speech.installing.hibari_files import (
    HubVoice,
    find_in_registry,
    hibari_folder,
    read_record,
    record_path,
    source_of_hash,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledHibariVoice:
    """A voice that is there and verified."""

    path: Path
    sha256: str
    told_by: str
    """Who named the hash."""


def install_hibari_voice(
    name: str,
    folder: Path | None = None,
    *,
    now: datetime,
    progress: Progress,
    voice: HubVoice | None = None,
    silence_s: float = 30.0,
) -> InstalledHibariVoice:
    """
    Install hibari's voice `name` in `folder`, by default the user's data folder; repair a damaged one.

    The hash comes from the registry in hibari's package, or where that names none from this first download; it is
    recorded and verified whenever the voice is loaded. A file that was copied into the folder by hand is recorded
    without a download. Raises EngineUnavailableError with the remedy; then nothing is installed.
    """
    place = hibari_folder(folder)
    voice = voice or find_in_registry(name)
    try:
        place.mkdir(parents=True, exist_ok=True)
        require_writable(place)
        with hold(place / "install.lock"):
            file = _bring(name, voice, place, progress=progress, silence_s=silence_s)
            record = {"voice": name, "file": file.name, "size": file.size, "sha256": file.sha256}
            record |= {"url": voice.url, "hash": source_of_hash(voice), "installed": now.isoformat()}
            write_atomically(record_path(place, name), json.dumps(record, indent=1) + "\n")
    except LockedError as error:
        raise EngineUnavailableError("hibari: another installation is running; wait for its end") from error
    except EngineUnavailableError as error:
        by_hand = f"without the hub, copy the file to {place / voice.file.name} and run the command again"
        raise EngineUnavailableError(f"hibari: {error}; {by_hand}") from error
    except OSError as error:
        raise EngineUnavailableError(
            f"hibari: cannot be written to {place} ({error}); {remedy_for_write_error(error, needed_mb=10)}"
        ) from error
    return InstalledHibariVoice(path=place / file.name, sha256=file.sha256, told_by=source_of_hash(voice))


def _bring(name: str, voice: HubVoice, place: Path, *, progress: Progress, silence_s: float) -> VerifiedFile:
    """The verified file in its place, downloaded if it is missing or damaged."""
    expected = voice.file
    if not expected.sha256:
        expected = read_record(place, name) or expected
    if expected.sha256 and not fault_of(place, expected):
        return expected
    part = place / f"part-{voice.file.name}"
    sha256 = download_file(
        voice.url, part, size=expected.size, sha256=expected.sha256, progress=progress, silence_s=silence_s
    )
    part.replace(place / expected.name)
    return VerifiedFile(name=expected.name, size=expected.size, sha256=sha256)

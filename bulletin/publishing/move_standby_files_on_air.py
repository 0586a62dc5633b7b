"""Prepared stand-by -> on-air file, by renaming, which needs no disk space."""

from __future__ import annotations

import errno
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from bulletin.errors import OutletError
from bulletin.publishing.atomic_file_batch import Batch, cannot_write, delete_file, measure, sync_folder
from bulletin.publishing.json_sidecar_file import SideFile, read_side
from bulletin.runtime.files.file_permissions import publish

_PREPARED, _PULLED = "standby", "pull"
"""Folders in the private state folder, each with a folder for each station."""
CONVERTED = "converted"
"""Folder of converted sounds for the pull endpoint."""
SOUNDS = (".mp3", ".wav", ".flac", ".opus")
FLASH = "flash.json"
"""Flash Briefing beside the speaker's sound."""


def prepared_folder(state: Path, station: str) -> Path:
    """
    Private folder of the stand-by for the next slot, with the file names of the on-air files (fm.wav, fm.json).

    No web server, delivery or stream gets it before its slot. Writers hold the station's publish lock.
    """
    return state / _PREPARED / station


def pulled_folder(state: Path, station: str) -> Path:
    """Private folder of the stand-by for the pull endpoint, and of its converted sounds."""
    return state / _PULLED / station


def discard_stand_bys(state: Path, station: str) -> None:
    """
    Delete all stand-bys that are not public yet: they may contain a killed story. The caller holds the publish lock.

    Raises OutletError.
    """
    for path in _waiting_files(state, station):
        delete_file(path.parent, path.name)


def stations_with_stand_bys(state: Path) -> tuple[str, ...]:
    """Stations of this machine that have a stand-by which is not public yet."""
    folders = (folder for kind in (_PREPARED, _PULLED) for folder in (state / kind).glob("*"))
    return tuple(sorted({folder.name for folder in folders if _waiting_files(state, folder.name)}))


def has_older_stand_by(state: Path, station: str, than: Path) -> bool:
    """Whether a stand-by is older than the last change of file `than`, by modification times."""
    changed = than.stat().st_mtime_ns
    return any(path.stat().st_mtime_ns < changed for path in _waiting_files(state, station))


def _waiting_files(state: Path, station: str) -> list[Path]:
    pulled = pulled_folder(state, station)
    folders = (prepared_folder(state, station), pulled, pulled / CONVERTED)
    return [path for folder in folders for path in folder.glob("*") if path.is_file()]


def discard_prepared(folder: Path) -> None:
    """Delete the stand-by in its `prepared_folder`. The caller holds the publish lock. Raises OutletError."""
    for path in folder.glob("*"):
        delete_file(folder, path.name)


def move_in(aside: Path, folder: Path, *, kind: str) -> None:
    """
    Rename the prepared files of one rendition into the public folder: the sound, then its side file.

    A second call completes a call that was killed. The caller holds the publish lock. Raises OutletError.
    """
    audio = _audio(aside, kind)
    flash = [FLASH] if kind == "speaker" else []
    for name in (audio, *flash, f"{kind}.json"):
        if (aside / name).is_file():
            _move(aside / name, folder)
        elif name == FLASH and not _is_briefing_of(
            folder / FLASH, SideFile.read(aside / f"{kind}.json").guid
        ):
            delete_file(folder, FLASH)
    delete_other_sounds(folder, kind, audio)
    sync_folder(folder)
    sync_folder(aside)


def is_half_in(aside: Path, folder: Path, *, kind: str) -> bool:
    """Whether a swap was interrupted after the sound and before its side file."""
    audio = _audio(aside, kind)
    if not audio or (aside / audio).is_file():
        return False
    with suppress(OutletError):
        return measure(folder / audio)[0] == SideFile.read(aside / f"{kind}.json").sha256
    return False


def delete_other_sounds(folder: Path, stem: str, audio: str) -> None:
    """Delete sounds of other formats, which would otherwise air for ever. Raises OutletError."""
    for name in (f"{stem}{suffix}" for suffix in SOUNDS):
        if name != audio:
            delete_file(folder, name)


def _is_briefing_of(flash: Path, guid: str) -> bool:
    """Whether flash.json belongs to that bulletin: it may have been renamed before the process was killed."""
    return str(read_side(flash).get("uid", "")).endswith(f":{quote(guid)}")


def _audio(aside: Path, kind: str) -> str:
    return Path(SideFile.read(aside / f"{kind}.json").audio).name


def _move(source: Path, folder: Path) -> None:
    target = folder / source.name
    publish(source)  # a starting service may have made it private
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise cannot_write(target, error) from error
        with Batch(folder) as files:  # the public folder is another file system: this needs room there
            files.copy(source.name, source)
            files.commit()
        delete_file(source.parent, source.name)

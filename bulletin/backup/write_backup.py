"""Profiles and output folder -> one backup file, written atomically."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bulletin import __version__
from bulletin.archive.database.check_revision import REVISIONS
from bulletin.archive.repair.daily_copies import copy_archive
from bulletin.backup.back_up_group import OBJECTS_FILE, check_one_group, copy_group_archive
from bulletin.backup.backup_manifest import (
    CLIP_FILES,
    MANIFEST,
    PROFILES,
    SPEECH,
    STATE_FILES,
    BackupError,
    Manifest,
    measure,
    open_backup,
)
from bulletin.backup.clips_of_group import fetch_named_clips
from bulletin.backup.pack_profile_without_secrets import PackedProfile, pack_group_file, pack_profile
from bulletin.config.load_profile import LoadedProfile
from bulletin.runtime.count_days_by_uptime import UPTIME_FILE
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.speech.clips.clip_folder import CLIPS
from bulletin.station.build_station_object import ARCHIVE, STATE
from bulletin.station.open_archive import open_archive, open_archive_of

_NOT_BESIDE = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".lock")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenBackup:
    """Result of a backup."""

    manifest: Manifest
    bytes: int


def write_backup(
    loaded: Sequence[LoadedProfile], *, output: Path, file: Path, speech: bool, now: datetime
) -> WrittenBackup:
    """
    Back up the archive of `output` and the profiles with the files that they name; a service may be running.

    Of a group, its database, and every recorded clip that it names: those of other machines come from the store. A clip
    that is missing there, too, or a store that is away, is named in the manifest's `left_out`. The file is private (0600)
    and replaces an older backup. Raises BackupError, ArchiveError, OutletError.
    """
    _check_place(file)
    packed = [_pack(profile) for profile in loaded]
    folders = dict.fromkeys(profile.path.parent for profile in loaded)
    group_files = [packed_file for folder in folders if (packed_file := pack_group_file(folder))]
    try:
        with (
            atomic_file(file) as part,
            tempfile.TemporaryDirectory(prefix="backup-", dir=file.absolute().parent) as scratch,
        ):
            sources, missing = _sources(
                loaded, packed, group_files, output=output, speech=speech, scratch=Path(scratch)
            )
            left_out = tuple(line for profile in packed for line in profile.left_out) + missing
            manifest = _manifest(loaded, packed, group_files, sources, left_out=left_out, now=now)
            _write(part, manifest, sources)
    except FileNotFoundError as error:
        raise BackupError(f"{error.filename}: was deleted during the backup; run the backup again") from error
    except OSError as error:
        raise BackupError(
            f"{file}: cannot be written ({error.strerror or error}); name another place"
        ) from error
    return WrittenBackup(manifest=manifest, bytes=file.stat().st_size)


def _check_place(file: Path) -> None:
    """Refuse to overwrite anything but a backup: a typing error must not cost a profile."""
    if not file.absolute().parent.is_dir():
        raise BackupError(f"{file}: its folder does not exist; create it, or name another")
    if not file.exists():
        return
    try:
        with open_backup(file):
            pass
    except BackupError as error:
        raise BackupError(f"{file}: exists and is not a backup; name another file, or delete it") from error


def _pack(loaded: LoadedProfile) -> PackedProfile:
    try:
        return pack_profile(loaded)
    except OSError as error:
        raise BackupError(
            f"{loaded.path}: cannot be read completely ({error}); give this user read permission"
        ) from error


def _sources(
    loaded: Sequence[LoadedProfile],
    packed: Sequence[PackedProfile],
    group_files: Sequence[PackedProfile],
    *,
    output: Path,
    speech: bool,
    scratch: Path,
) -> tuple[dict[str, Path], tuple[str, ...]]:
    """
    Name in the backup -> file with the content, and a line for each recorded clip that is missing.

    Profiles, archive and the clips of other machines are written into `scratch` first.
    """
    sources: dict[str, Path] = {}
    for profile in (*packed, *group_files):
        text = scratch / f"profile-{len(sources)}"
        text.write_text(profile.text, encoding="utf-8")
        for name, path in ({f"{PROFILES}/{profile.name}": text} | profile.files).items():
            if name in sources and sources[name].read_bytes() != path.read_bytes():
                raise BackupError(
                    f"{sources[name]} and {path}: two files have the same name; back up the stations one by one"
                )
            sources[name] = path
    from_archive, missing = _archive_sources(loaded, output=output, scratch=scratch)
    named = {CLIP_FILES: output / STATE / CLIPS} | ({SPEECH: output / STATE / SPEECH} if speech else {})
    for name, folder in named.items():
        sources |= {f"{name}/{path.relative_to(folder).as_posix()}": path for path in _cached(folder)}
    return sources | from_archive, missing  # a clip from the store in place of a damaged one of this machine


def _archive_sources(
    loaded: Sequence[LoadedProfile], *, output: Path, scratch: Path
) -> tuple[dict[str, Path], tuple[str, ...]]:
    copied, objects = scratch / ARCHIVE, scratch / "objects"
    if check_one_group(loaded):
        with open_archive_of(loaded[0], output=output) as archive:
            named = copy_group_archive(archive, copied, objects=objects, scratch=scratch)
        group, folder = loaded[0].profile.group, scratch / CLIPS
        clips, missing = fetch_named_clips(named, group=group, output=output, to=folder)
        return {f"{STATE_FILES}/{ARCHIVE}": copied, OBJECTS_FILE: objects} | clips, missing
    if not (output / STATE / ARCHIVE).is_file():
        raise BackupError(
            f"{output}: has no archive, so no bulletin was made there; name the folder with --output"
        )
    with open_archive(output) as opened:  # migrated, and with the rows of its fallback
        copy_archive(opened.path, copied)
    # copied, for they may change while they are packed
    beside = {path.name: Path(shutil.copyfile(path, scratch / path.name)) for path in _beside(output / STATE)}
    return {f"{STATE_FILES}/{ARCHIVE}": copied} | {
        f"{STATE_FILES}/{name}": path for name, path in beside.items()
    }, ()


def _beside(state: Path) -> Iterator[Path]:
    """Files that belong to the archive: the sealed kill list and the log of working days."""
    for path in sorted(state.glob(f"{Path(ARCHIVE).stem}.*")):
        if path.is_file() and not path.name.endswith(_NOT_BESIDE) and ".corrupt-" not in path.name:
            yield path
    if (state / UPTIME_FILE).is_file():
        yield state / UPTIME_FILE


def _cached(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("part-") and "damaged" not in path.parts:
            yield path


def _manifest(
    loaded: Sequence[LoadedProfile],
    packed: Sequence[PackedProfile],
    group_files: Sequence[PackedProfile],
    sources: dict[str, Path],
    *,
    left_out: tuple[str, ...],
    now: datetime,
) -> Manifest:
    files: dict[str, tuple[str, int]] = {}
    for name, path in tuple(sources.items()):
        try:
            with path.open("rb") as content:
                files[name] = measure(content)
        except FileNotFoundError:  # cached speech may be pruned at any moment
            del sources[name]
    return Manifest(
        bulletin=__version__,
        revision=REVISIONS[-1],
        made=now.isoformat(timespec="seconds"),
        stations=tuple(profile.id for profile in loaded),
        profiles=tuple(profile.name for profile in packed),
        secrets=tuple(secret for profile in (*packed, *group_files) for secret in profile.secrets),
        left_out=left_out,
        files=files,
    )


def _write(part: Path, manifest: Manifest, sources: Mapping[str, Path]) -> None:
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "w+b") as out:
        with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT) as tar:
            head = manifest.to_json()
            tar.addfile(_member(MANIFEST, len(head)), io.BytesIO(head))
            for name, path in sources.items():
                sha256, size = manifest.files[name]
                with path.open("rb") as content:
                    tar.addfile(_member(name, size), content)
                    content.seek(0)
                    if measure(content) != (sha256, size):
                        raise BackupError(f"{path}: changed during the backup; run the backup again")
        out.flush()
        os.fsync(out.fileno())


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member

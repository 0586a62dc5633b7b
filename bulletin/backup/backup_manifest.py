"""Table of contents of a backup file, and reading it without trust."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Annotated, Any

from pydantic import AfterValidator, TypeAdapter
from pydantic_core import from_json

from bulletin.archive.database.check_revision import REVISIONS
from bulletin.config.toml_line_numbers import Key
from bulletin.errors import ArchiveError

FORMAT = 1
MANIFEST = "manifest.json"
PROFILES, STATE_FILES, SPEECH, CLIP_FILES, GROUP_FILES = "profiles", "state", "speech", "clips", "group"
"""Folders in the file: profiles with their files, private files of the output folder, cached speech, recorded clips, list of a group's objects."""
_MOST_MANIFEST = 64 * 2**20


class BackupError(ArchiveError):
    """A backup cannot be written or restored."""


def safe_name(name: str) -> str:
    """The name unchanged. Raises ValueError for a name that points outside the folder."""
    parts = PurePosixPath(name).parts
    is_bad = not parts or name.startswith("/") or "\\" in name or "\0" in name or ":" in parts[0]
    if is_bad or any(part in ("..", ".") for part in name.split("/")):
        raise ValueError(f'"{name}" points outside the folder of the backup')
    return name


SafeName = Annotated[str, AfterValidator(safe_name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A plain-text secret of a profile; the backup has the name of a variable instead."""

    profile: SafeName
    """The file's name."""
    key: Key
    variable: str
    about: str = ""
    """Name of its delivery or feed, whose position may differ elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The table of contents."""

    bulletin: str
    """Version of the program."""
    revision: str
    """Revision of the archive."""
    made: str
    """ISO 8601, UTC."""
    stations: tuple[str, ...]
    profiles: tuple[str, ...]
    """File names of their profiles, in the same order."""
    secrets: tuple[Secret, ...] = ()
    left_out: tuple[str, ...] = ()
    """Files to be copied by hand, with the reason."""
    files: Mapping[SafeName, tuple[str, int]]
    """Name in the backup -> SHA-256 in hex, and bytes."""

    format: int = FORMAT

    def to_json(self) -> bytes:
        return _MANIFEST.dump_json(self, indent=1)


_MANIFEST = TypeAdapter(Manifest)


def parse_manifest(data: bytes, *, name: str) -> Manifest:
    """Raises BackupError for a damaged one, or one of a newer Bulletin."""
    try:
        content = from_json(data)  # with a limit of depth
        if content["format"] > FORMAT:
            raise BackupError(
                f"{name}: was written by a newer Bulletin (format {content['format']}); update Bulletin first"
            )
        manifest = _MANIFEST.validate_python(content)
        datetime.fromisoformat(manifest.made).astimezone(UTC)
        for file in (f"{STATE_FILES}/archive.sqlite", *(f"{PROFILES}/{file}" for file in manifest.profiles)):
            manifest.files[file]  # KeyError when it is missing
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise BackupError(
            f"{name}: is not a Bulletin backup, or its table of contents is damaged; use another backup"
        ) from error
    if manifest.revision not in REVISIONS:
        raise BackupError(
            f"{name}: the backup was made by a newer Bulletin ({manifest.bulletin}); update Bulletin first"
        )
    return manifest


@contextmanager
def open_backup(path: Path) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """The file and its table of contents, which comes first. Raises BackupError."""
    try:
        with tarfile.open(path, "r:gz") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST or first.size > _MOST_MANIFEST:
                raise BackupError(
                    f"{path}: is not a Bulletin backup; name a file that `bulletin backup` wrote"
                )
            yield tar, parse_manifest(_content(tar, first).read(), name=str(path))
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BackupError(
            f"{path}: is damaged, or not a Bulletin backup ({error}); use another backup"
        ) from error
    except OSError as error:
        raise BackupError(f"{path}: cannot be read ({error.strerror or error})") from error


def unpack(tar: tarfile.TarFile, manifest: Manifest, *, to: Path, name: str) -> None:
    """
    Write the files of the table of contents below `to`, and nothing else.

    Raises BackupError for a file that is missing, changed, or outside of the folder; OSError.
    """
    left = dict(manifest.files)
    for member in tar:
        if member.name == MANIFEST:
            continue
        try:
            sha256, size = left.pop(member.name)
        except KeyError as error:
            raise BackupError(f"{name}: unexpected file {member.name!r}; use another backup") from error
        if not member.isreg() or member.size != size:
            raise BackupError(f"{name}: {member.name} in it has a wrong size or type; use another backup")
        path = to / member.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x+b") as out:
            shutil.copyfileobj(_content(tar, member), out)
            out.seek(0)
            if measure(out)[0] != sha256:
                raise BackupError(f"{name}: {member.name} is damaged; use another backup")
    if left:
        raise BackupError(f"{name}: the backup is incomplete, files missing: {len(left)}; use another backup")


def measure(source: IO[bytes]) -> tuple[str, int]:
    """SHA-256 in hex and number of bytes, from the current position to the end."""
    return hashlib.file_digest(source, "sha256").hexdigest(), source.tell()  # type: ignore[arg-type]


def value_at(raw: Any, key: Sequence[str | int]) -> Any:
    """The value at a key of a TOML document; None when there is none."""
    for part in key:
        try:
            raw = raw[part]
        except (KeyError, IndexError, TypeError):
            return None
    return raw


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member) if member.isreg() else None
    if content is None:
        raise BackupError(f"{member.name!r} is not a regular file")
    return content

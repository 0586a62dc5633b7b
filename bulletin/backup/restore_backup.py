"""Backup file -> profiles and output folder of a station, all or nothing."""

from __future__ import annotations

import filecmp
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bulletin.archive.database import newsroom_tables, tables
from bulletin.archive.database.check_database_damage import CorruptArchiveError, check_copy
from bulletin.archive.repair.salvage_readable_rows import salvage
from bulletin.backup.backup_manifest import (
    CLIP_FILES,
    PROFILES,
    SPEECH,
    STATE_FILES,
    BackupError,
    Manifest,
    Secret,
    open_backup,
    unpack,
)
from bulletin.backup.pack_profile_without_secrets import same_secret, set_value
from bulletin.config.load_group_file import GROUP_FILE
from bulletin.config.load_profile import load_profile
from bulletin.errors import ArchiveError, BulletinError, RunningError
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.runtime.files.file_permissions import make_public, publish
from bulletin.runtime.files.scratch_folder import PREFIX, is_at_work
from bulletin.runtime.files.toml_reader import parse_toml
from bulletin.speech.clips.clip_folder import CLIPS
from bulletin.station.build_station_object import ARCHIVE, STATE, make_folder, make_state

_STAGE = "restore-"
_LOCK = "restore.lock"
_LOCK_WAIT_S = 2.0
"""Seconds to wait for a lock: another process may only be checking it."""
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredBackup:
    """Result of a restore."""

    manifest: Manifest
    profiles: tuple[Path, ...]
    missing: tuple[str, ...]
    """Secrets whose variable is not set: file, line, key and variable."""


_Move = tuple[Path, Path]
"""A staged file and its target; where no file is staged, the target is deleted."""


def restore_backup(file: Path, *, profiles: Path, output: Path, replace: bool) -> RestoredBackup:
    """
    Restore profiles with the files that they name into `profiles`, and the archive into `output`.

    Present files are replaced only with `replace`; a profile then keeps the secrets of the present one, and
    stories that were killed since stay killed, and so do the newsroom's users. Raises BackupError, RunningError while a service or run is at
    work in `output`, OutletError when a folder cannot be written.
    """
    with ExitStack() as stack:
        tar, manifest = stack.enter_context(open_backup(file))
        make_state(output)
        make_folder(profiles)
        stack.enter_context(_all_locks_held(output / STATE))
        for folder in (profiles, output / STATE):
            for leftover in folder.glob(f"{_STAGE}*/"):  # leftover of a crashed restore
                shutil.rmtree(leftover, ignore_errors=True)
        try:
            above, below = (
                Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=_STAGE, dir=folder)))
                for folder in (profiles, output / STATE)
            )
            unpack(tar, manifest, to=below / "new", name=str(file))
            missing = _prepare_profiles(below / "new" / PROFILES, manifest, profiles)
            _prepare_archive(below / "new" / STATE_FILES / ARCHIVE, output / STATE / ARCHIVE, file)
            # staged beside the profiles: the archive may be on another disk
            shutil.copytree(below / "new" / PROFILES, above / "new")
            moves = [
                *_moves(above / "new", profiles),
                # the old log goes: SQLite would apply it to the new archive
                *((below / f"no{tail}", output / STATE / f"{ARCHIVE}{tail}") for tail in ("-wal", "-shm")),
                *_moves(below / "new" / STATE_FILES, output / STATE),
            ]
            _refuse_losses([target for _, target in moves if target.exists()], replace=replace)
            _move_all(moves)
            _add_named_by_content(below / "new" / SPEECH, output / STATE / SPEECH)
            _add_named_by_content(below / "new" / CLIP_FILES, output / STATE / CLIPS)
        except (OSError, sqlite3.Error) as error:
            raise BackupError(f"{file}: not restored, nothing changed ({error}); try another --to") from error
    restored = tuple(profiles / name for name in manifest.profiles)
    return RestoredBackup(manifest=manifest, profiles=restored, missing=missing)


@contextmanager
def _all_locks_held(state: Path) -> Iterator[None]:
    """Hold every lock of the folder. Raises RunningError while a service or run is at work there."""
    with ExitStack() as stack:
        for lock in sorted({state / _LOCK, *state.glob("*.lock")}):
            try:
                stack.enter_context(hold(lock, wait_s=_LOCK_WAIT_S))
            except LockedError as error:
                raise _is_running(state) from error
        if any(is_at_work(run.name, folder=state) for run in state.glob(f"{PREFIX}*/")):
            raise _is_running(state)
        yield


def _is_running(state: Path) -> RunningError:
    return RunningError(f"{state.parent}: a service or a run is using this folder; stop it, then restore")


def _prepare_profiles(new: Path, manifest: Manifest, profiles: Path) -> tuple[str, ...]:
    """Give each profile the secrets of the present one; return the variables still missing. Raises BackupError."""
    missing: list[str] = []
    for path in new.rglob("*"):
        if path.is_file():
            publish(path)
    group_files = [name for name in (GROUP_FILE,) if (new / name).exists()]
    for name in (*group_files, *manifest.profiles):
        path, target = new / name, profiles / name
        secrets = [secret for secret in manifest.secrets if secret.profile == name]
        path.write_text(_with_secrets(path, secrets, target), encoding="utf-8")
        if name in group_files:
            if secrets:
                path.chmod(0o600)
            continue
        try:
            loaded = load_profile(str(path), only_looks=True)
        except BulletinError as error:
            raise BackupError(f"a profile in the backup is no longer valid: {error}") from error
        missing += [unset.message.replace(str(new), str(profiles)) for unset in loaded.unset]
        if loaded.plain:
            path.chmod(0o600)
    return tuple(missing)


def _with_secrets(path: Path, secrets: Sequence[Secret], before: Path) -> str:
    text = path.read_text(encoding="utf-8")
    try:
        raw = parse_toml(before.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):  # missing or unreadable
        return text
    for secret in secrets:
        if value := same_secret(raw, secret):
            text = set_value(text, secret.key, value, path=path)
    return text


def _prepare_archive(new: Path, before: Path, file: Path) -> None:
    """Check the archive, and add the kills since the backup. Raises BackupError."""
    try:
        check_copy(new)
    except CorruptArchiveError as error:
        raise BackupError(f"{file}: the archive in this backup is damaged; use another backup") from error
    except ArchiveError as error:
        raise BackupError(
            f"{file}: the backup was made by a newer Bulletin; update Bulletin first"
        ) from error
    for path in new.parent.iterdir():
        if path != new and (before.parent / path.name).exists():
            path.unlink()  # kills since the backup stay
    if before.is_file():
        salvage(before, new, only=(tables.kills,))
        _keep_users(before, new)
        with suppress(sqlite3.Error), closing(sqlite3.connect(before)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # then it is complete without its log


def _keep_users(before: Path, new: Path) -> None:
    """
    Keep the present users: one who was removed since the backup does not come back, nor does an old password.

    Without a present user those of the backup stay. Every browser signs in again.
    """
    with suppress(sqlite3.Error):
        with closing(sqlite3.connect(before)) as db:
            (count,) = db.execute("SELECT count(*) FROM newsroom_users").fetchone()
        with closing(sqlite3.connect(new)) as db, db:
            db.execute("DELETE FROM newsroom_sessions WHERE kind = 'browser' OR ?", (count > 0,))
            db.execute("DELETE FROM newsroom_users WHERE ?", (count > 0,))
        if count:
            salvage(before, new, only=(newsroom_tables.newsroom_users, newsroom_tables.newsroom_sessions))


def _moves(new: Path, target: Path) -> Iterator[_Move]:
    """Moves of the files below `new` that the folder `target` lacks or holds with other content."""
    for path in sorted(new.rglob("*")):
        present = target / path.relative_to(new)
        if path.is_file() and not (present.is_file() and filecmp.cmp(path, present, shallow=False)):
            yield path, present


def _refuse_losses(there: Sequence[Path], *, replace: bool) -> None:
    if there and not replace:
        more = f" and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
        raise BackupError(
            f"{', '.join(str(path) for path in there[:_SHOWN])}{more}: exists; restore into another folder "
            "with --to, or replace it with --replace"
        )


def _move_all(moves: Sequence[_Move]) -> None:
    """Do all moves, or undo them. Raises OSError."""
    with ExitStack() as on_error:
        for staged, target in moves:
            on_error.callback(_undo, staged, target)
            _move(staged, target)
        on_error.pop_all()


def _old(staged: Path) -> Path:
    """Path at which the present file is kept until all moves are done."""
    return staged.with_name(f"{staged.name}.old")


def _undo(staged: Path, target: Path) -> None:
    if _old(staged).exists():
        _old(staged).replace(target)
    elif not staged.exists():
        target.unlink(missing_ok=True)


def _move(staged: Path, target: Path) -> None:
    """Replace a file so that a crash leaves either the old or the new one."""
    if target.exists():
        try:
            _old(staged).hardlink_to(target)
        except OSError:
            target.replace(_old(staged))
    if staged.exists():
        make_public(target.parent)
        staged.replace(target)
    else:
        target.unlink(missing_ok=True)


def _add_named_by_content(new: Path, target: Path) -> None:
    """Add cached speech or recorded clips; present files stay, for a name identifies its sentence or its sound."""
    for path in sorted(new.rglob("*")) if new.is_dir() else ():
        to = target / path.relative_to(new)
        if path.is_file() and not to.exists():
            to.parent.mkdir(parents=True, exist_ok=True)
            path.replace(to)

"""Profile of a station: its text for a browser, the check with line numbers, and saving without losing a change."""

from __future__ import annotations

import hashlib
import re
import shutil
import tomllib
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bulletin.backup.backup_manifest import BackupError
from bulletin.backup.pack_profile_without_secrets import set_value
from bulletin.config.change_profile_options import Value, change_options
from bulletin.config.explain_profile_errors import explain_syntax
from bulletin.config.find_doubtful_options import doubts_of
from bulletin.config.load_profile import SHIPPED, LoadedProfile, load_profile, locate_option, profile_folders
from bulletin.config.toml_line_numbers import Key, dotted, line_of
from bulletin.errors import BulletinError, ConfigError, NewsroomError, explain_os_errors, find_write_remedy
from bulletin.newsroom.actions.refuse_machine_options import refuse_machine_options, texts_of
from bulletin.newsroom.actions.refuse_moved_secrets import place_of
from bulletin.newsroom.desk import Desk
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.files.toml_reader import parse_toml
from bulletin.station import build_components_from_profile as components

_MOST_BYTES = 400_000
_LOCK_WAIT_S = 5.0
_KEPT = "(kept secret {})"
"""Stands in a browser where the file holds a secret."""
_UNSET = re.compile(r"environment variable \w+ is not set")
"""Only the service needs it, so it keeps nobody from saving."""
_KEPT_TEXT = re.compile(r"\(kept secret (\d+)\)")


class ProfileConflictError(NewsroomError):
    """The profile was changed by somebody else since it was read; nothing of either change is lost."""

    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileText:
    """The profile as a browser gets it."""

    text: str
    """Secrets that stand in the file are replaced by "(kept secret 1)"."""
    version: str
    """Of the file; a save names the version that it changes."""
    raw: Mapping[str, Any]
    """The parsed text, with secrets; it never leaves the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFinding:
    """Something that is wrong or doubtful in a profile."""

    line: int
    """From 1; 0: of no single line."""
    message: str
    is_error: bool


def read_profile_text(desk: Desk) -> ProfileText:
    """The profile's text and version. Raises NewsroomError, ConfigError."""
    text = _read(desk.loaded.path)
    raw = _parse(desk.loaded.path, text)
    masked = text
    for number, plain in enumerate(current_profile(desk.loaded).plain, 1):
        try:
            masked = set_value(masked, plain.key, _KEPT.format(number), path=desk.loaded.path)
        except BackupError as error:
            line = line_of(text, plain.key)
            raise NewsroomError(
                f"{desk.loaded.path.name}:{line}: a secret is written in a way that cannot be hidden from the browser; "
                'write it as key = "..." on one line, or as "env:NAME"'
            ) from error
    return ProfileText(text=masked, version=_version(text), raw=raw)


def profile_version(desk: Desk) -> str:
    """Version of the profile's file, for a form that changes it."""
    return _version(_read(desk.loaded.path))


def check_profile_text(desk: Desk, *, text: str) -> tuple[ProfileFinding, ...]:
    """
    What is wrong with a text of the profile, with its lines, as `bulletin check` says it; nothing is saved.

    No server is asked and no voice speaks.
    """
    findings: list[ProfileFinding] = []
    try:
        whole = _with_secrets(desk, _clean(text))
        refuse_machine_options(read_profile_text(desk).raw, _parse(desk.loaded.path, whole))
        with _candidate(desk.loaded.path, whole) as loaded:
            findings += _warnings(loaded)
    except BulletinError as error:
        findings += explain_error(desk, error)
    return tuple(sorted(findings, key=lambda finding: (not finding.is_error, finding.line)))


def save_profile_text(desk: Desk, *, text: str, seen: str) -> ProfileText:
    """
    Check a text and save it in place of the profile's; `seen` is the version on which it is based.

    Saved whole or not at all, with the file's permissions; kept secrets stay. Raises ProfileConflictError where
    the file was changed since, ConfigError with lines, NewsroomError.
    """
    return change_profile(
        desk, lambda old: _with_secrets(desk, _clean(text)), seen=seen, action="save profile"
    )


def save_profile_options(desk: Desk, *, changes: Mapping[Key, Value | None], seen: str) -> ProfileText:
    """
    Change single options, as a form does; comments and all else stay. Raises as `save_profile_text`.
    """
    return change_profile(desk, lambda old: change_options(old, changes), seen=seen, action="save profile")


def change_profile(
    desk: Desk, change: Callable[[str], str], *, seen: str, action: str, note: str = ""
) -> ProfileText:
    """
    Save the profile with a changed text, under a lock, and record it in the audit.

    An empty `seen` changes whatever stands there: for a change that names what it adds or removes. Raises
    ProfileConflictError, ConfigError, NewsroomError.
    """
    path = desk.loaded.path
    _refuse_shipped(path)
    desk.state.mkdir(parents=True, exist_ok=True)
    with hold(desk.state / f"{desk.station}.profile.lock", wait_s=_LOCK_WAIT_S):
        old = _read(path)
        if seen and seen != _version(old):
            raise ProfileConflictError(
                f"{path.name} was changed by somebody else since you read it; your text is not lost: it is below. "
                "Look at what changed, then save again"
            )
        new = change(old)
        if new != old:
            refuse_machine_options(_parse(path, old), _parse(path, new))
            with _candidate(path, new) as loaded:
                _build_parts(loaded)
            # first: a change that cannot be recorded is not made
            desk.audit(action, note or f"{path.name}: {_count(old, new)} lines changed")
            _replace(path, new)
    return read_profile_text(desk)


def current_profile(loaded: LoadedProfile) -> LoadedProfile:
    """The profile as its file is now; with a mistake in it, as it was loaded."""
    try:
        status = loaded.path.stat()
        return _loaded_once(loaded.path, status.st_mtime_ns, status.st_size)
    except (OSError, ConfigError):
        return loaded


@lru_cache(maxsize=32)
def _loaded_once(path: Path, mtime_ns: int, size: int) -> LoadedProfile:
    return load_profile(str(path), only_looks=True)


def _with_secrets(desk: Desk, text: str) -> str:
    """
    The text with the kept secrets in their places.

    Raises NewsroomError for one that is not known, and for one in another option, which might show it: a name is public.
    """
    secrets = {str(number): plain for number, plain in enumerate(current_profile(desk.loaded).plain, 1)}
    raw = _parse(desk.loaded.path, text)
    for key, value in texts_of(raw):
        if match := _KEPT_TEXT.fullmatch(value):
            if match[1] not in secrets:
                raise NewsroomError(
                    f'"{value}" stands for no secret of this profile; write the secret itself'
                )
            secret = secrets[match[1]]
            if place_of(key) != place_of(secret.key):
                raise NewsroomError(
                    f'{dotted(key)}: "{value}" can stand only in {dotted(secret.key)}; write another value'
                )
            text = set_value(text, key, secret.value, path=desk.loaded.path)
    return text


@contextmanager
def _candidate(path: Path, text: str) -> Iterator[LoadedProfile]:
    """The text as a loaded profile, from a file beside the profile: its other files are relative to it."""
    part = path.with_name(f"part-{uuid.uuid4().hex[:12]}-{path.name}")
    try:
        with explain_os_errors(NewsroomError, f"{path.name}: not saved", find_write_remedy):
            part.touch(mode=0o600)
            part.write_text(text, encoding="utf-8")
        try:
            yield load_profile(str(part), only_looks=True)
        except ConfigError as error:  # also one of the block
            raise ConfigError(
                str(error).replace(str(part), path.name).replace(part.name, path.name)
            ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _build_parts(loaded: LoadedProfile) -> None:
    """Build the parts whose faults only show then. Raises ConfigError with file and line."""
    profile, folder = loaded.profile, loaded.path.parent
    with locate_option(loaded.path):
        words = components.build_words(profile, station_id=loaded.id, folder=folder)
        components.build_phrases(words)
        components.build_lexicon(profile.pronunciations, profile.lexicon, words=words, profile=loaded.path)
        components.build_feeds(profile.feeds, profile.opml, words=words, folder=folder)
        components.build_jingles(profile.imaging, folder=folder, cache_folder=None)


def _warnings(loaded: LoadedProfile) -> Iterator[ProfileFinding]:
    _build_parts(loaded)
    text = loaded.path.read_text(encoding="utf-8")
    for unset in loaded.unset:
        message = f"environment variable {unset.name} is not set here; the service needs it"
        yield ProfileFinding(line=line_of(text, unset.key), message=message, is_error=False)
    for part, message in doubts_of(loaded.profile):
        yield ProfileFinding(line=0, message=f"{part}: {message}", is_error=False)


def explain_error(desk: Desk, error: BulletinError) -> tuple[ProfileFinding, ...]:
    """An error of a save as findings with their lines."""
    return tuple(_findings(desk.loaded.path, error))


def _findings(path: Path, error: BulletinError) -> Iterator[ProfileFinding]:
    for message in str(error).splitlines():
        match = re.match(rf"(?:.*/)?{re.escape(path.name)}:(\d+): ", message)
        line = int(match[1]) if match else 0
        words = message[match.end() :] if match else message
        yield ProfileFinding(line=line, message=words, is_error=not _UNSET.search(words))


def _read(path: Path) -> str:
    with explain_os_errors(NewsroomError, f"{path.name}: the profile cannot be read"):
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise NewsroomError(
                f"{path.name}: is not UTF-8 text; save the file as UTF-8 on the station's computer"
            ) from error


def _parse(path: Path, text: str) -> Mapping[str, Any]:
    try:
        parsed: Mapping[str, Any] = parse_toml(text)
        return parsed
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(explain_syntax(Path(path.name), text, error)) from error


def _replace(path: Path, text: str) -> None:
    kept = path.resolve()  # a link stays a link
    with (
        explain_os_errors(NewsroomError, f"{path.name}: not saved, the old profile stays", find_write_remedy),
        atomic_file(kept) as part,
    ):
        part.touch(mode=0o600)
        shutil.copymode(kept, part)
        part.write_text(text, encoding="utf-8")


def _clean(text: str) -> str:
    """Raises NewsroomError for a text that no profile has: too long, or with control characters."""
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    if len(text.encode()) > _MOST_BYTES:
        raise NewsroomError(f"the profile is longer than {_MOST_BYTES // 1000} kB, so it was not saved")
    return text


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _count(old: str, new: str) -> int:
    before, after = set(old.splitlines()), set(new.splitlines())
    return len(before ^ after)


def _refuse_shipped(path: Path) -> None:
    shipped = profile_folders()[-1]
    if path.stem in SHIPPED and path.resolve().is_relative_to(shipped.resolve()):
        raise NewsroomError(
            f"{path.name} is part of the program; `bulletin init` writes a profile of your own, which can be changed here"
        )

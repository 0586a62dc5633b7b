"""Bulletin and [credentials] -> the same, its MP3s signed with Content Credentials (C2PA)."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bulletin.audio.formats.sign_mp3_with_c2pa import Seal, check_seal, sign_file
from bulletin.config.load_profile import LoadedProfile, locate_option
from bulletin.config.profile_options import Profile
from bulletin.errors import AudioError, ConfigError, OutletError, explain_os_errors
from bulletin.model import Bulletin, Rendition
from bulletin.publishing.atomic_file_batch import Batch, check_folder, measure

log = logging.getLogger(__name__)

SIGNED = "signed"
"""Folder of signed corrections that are not published at every outlet yet, a folder for each station."""


def seal_of(profile: Profile, *, folder: Path) -> Seal | None:
    """Certificate and key; None for a station that does not sign. Raises ConfigError."""
    options = profile.credentials
    if not options.certificate:
        return None
    return Seal(
        certificate=_read(options.certificate, folder, "certificate"),
        key=options.key if "-----BEGIN" in options.key else _read(options.key, folder, "key"),
        algorithm=options.algorithm,
        timestamps=options.timestamps,
    )


def check_credentials(loaded: LoadedProfile) -> None:
    """Raise ConfigError or AudioError, with the remedy, if signing would fail."""
    with locate_option(loaded.path, "credentials"):
        seal = seal_of(loaded.profile, folder=loaded.path.parent)
    if seal:
        check_seal(seal)


def sign_bulletin(bulletin: Bulletin, profile: Profile, *, folder: Path) -> Bulletin:
    """
    Sign the MP3s in place, before the outlets measure them.

    Where signing fails the bulletin stays unsigned, with a note: an expired certificate must not silence a station.
    """
    try:
        seal = seal_of(profile, folder=folder)
        if seal is None:
            return bulletin
        voice = f"{bulletin.voice.engine} {bulletin.voice.name}"
        if bulletin.likeness:
            voice += f"; {bulletin.likeness.rstrip('.')}"
        for made in bulletin.renditions:
            if made.path.suffix == ".mp3":
                people = tuple(dict.fromkeys(_people(made)))
                sign_file(made.path, seal, title=bulletin.script.title, voice=voice, recorded=people)
    except (AudioError, ConfigError, OSError) as error:
        log.error("published without Content Credentials: error=%s", error)
        return replace(bulletin, notes=(*bulletin.notes, f"no Content Credentials: {error}"))
    return bulletin


def _people(made: Rendition) -> Iterator[str]:
    """Names of those whose recorded voices are heard in a rendition."""
    for recording in (recording for passage in made.aired for recording in passage.recordings):
        yield recording.speaker or recording.source_name or "a person"


def sign_once(bulletin: Bulletin, profile: Profile, *, folder: Path, kept: Path) -> Bulletin:
    """
    `sign_bulletin`, with the same bytes for the same sound however often it is repeated.

    No two signatures are equal, and a correction is identified by its sound. So the files, signed or not, are
    kept in `kept` before any is published, until the caller deletes that folder. Raises OutletError where it
    cannot be written or read.
    """
    if not profile.credentials.certificate:
        return bulletin
    paths = [made.path for made in bulletin.renditions if made.path.suffix == ".mp3"]
    names = [(path, f"{measure(path)[0]}.mp3") for path in paths]
    if not all((kept / name).is_file() for _, name in names):
        bulletin = sign_bulletin(bulletin, profile, folder=folder)
        # files that exist already stay: they may be published
        check_folder(kept, room_bytes=0, is_private=True)
        with Batch(kept, is_private=True) as files:
            for path, name in names:
                if not (kept / name).is_file():
                    files.copy(name, path)
            files.commit()
    with explain_os_errors(
        OutletError, f"{kept}: cannot be read", "give this user read permission, then repeat the command"
    ):
        for path, name in names:
            shutil.copyfile(kept / name, path)
    return bulletin


def _read(name: str, folder: Path, option: str) -> str:
    path = folder / name
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"[credentials] {option}: {path} cannot be read as PEM ({error}); save it as PEM"
        ) from error
    if "-----BEGIN" not in text:
        raise ConfigError(f"[credentials] {option}: {path} is not a PEM file; save it as PEM")
    return text

"""A station's [credentials] -> its bulletins signed, last of all that is done to them."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bulletin.audio.formats.c2pa import Seal, check_seal, sign_file
from bulletin.config.load_profile import LoadedProfile, blame
from bulletin.config.profile_options import Profile
from bulletin.errors import AudioError, ConfigError, OutletError
from bulletin.model import Bulletin
from bulletin.publishing.atomic_files import Batch, check_folder, measure

log = logging.getLogger(__name__)

SIGNED = "signed"
"""Folder of corrections that are signed and not yet out everywhere, a folder for each station."""


def seal_of(profile: Profile, *, folder: Path) -> Seal | None:
    """What it signs with; None for a station that doesn't. Raises ConfigError."""
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
    """Raise ConfigError or AudioError, with the remedy, where nothing could be signed."""
    with blame(loaded.path, "credentials"):
        seal = seal_of(loaded.profile, folder=loaded.path.parent)
    if seal:
        check_seal(seal)


def sign_bulletin(bulletin: Bulletin, profile: Profile, *, folder: Path) -> Bulletin:
    """
    Sign its MP3s where they lie, before they are measured for the feed.

    What cannot be signed goes out unsigned, and says so: a certificate that has run out must not silence a
    station.
    """
    try:
        seal = seal_of(profile, folder=folder)
        if seal is None:
            return bulletin
        voice = f"{bulletin.voice.engine} {bulletin.voice.name}"
        for made in bulletin.renditions:
            if made.path.suffix == ".mp3":
                sign_file(made.path, seal, title=bulletin.script.title, voice=voice)
    except (AudioError, ConfigError, OSError) as error:
        log.error("goes out without Content Credentials: %s", error)
        return replace(bulletin, notes=(*bulletin.notes, f"no Content Credentials: {error}"))
    return bulletin


def sign_once(bulletin: Bulletin, profile: Profile, *, folder: Path, kept: Path) -> Bulletin:
    """
    `sign_bulletin`, with the same bytes whenever it is asked again for the same sound.

    A signature is never the same twice, and a correction is known by its sound: what was decided for it, signed
    or not, stays in `kept` before any of it goes out, until the caller deletes that folder. Raises OutletError
    where it cannot be kept.
    """
    if not profile.credentials.certificate:
        return bulletin
    names = [
        (made.path, f"{measure(made.path)[0]}.mp3")
        for made in bulletin.renditions
        if made.path.suffix == ".mp3"
    ]
    if not all((kept / name).is_file() for _, name in names):
        bulletin = sign_bulletin(bulletin, profile, folder=folder)
        _keep(names, kept)
    try:
        for path, name in names:
            shutil.copyfile(kept / name, path)
    except OSError as error:
        raise OutletError(
            f"{kept}: cannot be read ({error.strerror or error}); allow it, and ask again"
        ) from error
    return bulletin


def _keep(names: Sequence[tuple[Path, str]], kept: Path) -> None:
    """What is there already stays: it may be out."""
    check_folder(kept, room_bytes=0, is_private=True)
    with Batch(kept, is_private=True) as files:
        for path, name in names:
            if not (kept / name).is_file():
                files.copy(name, path)
        files.commit()


def _read(name: str, folder: Path, option: str) -> str:
    path = folder / name
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"[credentials] {option}: {path} cannot be read as PEM ({error})") from error
    if "-----BEGIN" not in text:
        raise ConfigError(f"[credentials] {option}: {path} is no PEM")
    return text

"""Jingles of a station: uploaded after a check of their content, removed, and their mix points."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.audio.music.load_jingles import REFERENCE_LUFS, StationJingles, load_jingles
from bulletin.config.change_profile_options import change_options
from bulletin.errors import AudioError, NewsroomError, explain_os_errors, find_write_remedy
from bulletin.imaging.find_shipped_jingle_sets import JINGLES
from bulletin.newsroom.actions.change_profile import ProfileText, change_profile
from bulletin.newsroom.desk import Desk
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.read_sound_file import sound_shape

MOST_BYTES = 60_000_000
"""A bed of three minutes as 24-bit WAV at 48 kHz takes 52 MB."""
_LONGEST_MIX_S = 60.0
_FOLDER = "jingles"
"""Folder beside the profile for uploaded jingles."""
_MAGIC = {
    ".wav": ((0, b"RIFF"), (8, b"WAVE")),
    ".flac": ((0, b"fLaC"),),
    ".ogg": ((0, b"OggS"),),
}
"""Suffix -> bytes at the start of such a file; the browser's name and type of an upload do not count."""
_MIXED_HZ = 44_100
_MOST_HZ, _MOST_CHANNELS = 96_000, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedJingle:
    """Result of an upload."""

    name: str
    file: Path
    notes: tuple[str, ...]
    """Defects that do not keep it off the air: clipped, longer than what airs."""


def upload_jingle(desk: Desk, *, jingle: str, file: Path, seen: str = "") -> UploadedJingle:
    """
    Take an uploaded sound as a jingle: checked as the mixer reads it, stored beside the profile, named in it.

    Its name is made here from its content; nothing of the uploaded name is used. Raises NewsroomError for a wrong
    jingle or a file that is too large, AudioError for one that is no sound, silent, damaged or mislabelled.
    """
    _check_name(jingle)
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise NewsroomError(
                f"the file has {size / 1e6:.0f} MB; a jingle takes {MOST_BYTES // 1_000_000} MB at most: send FLAC or MP3"
            )
        suffix = _suffix(file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:10]
    except OSError as error:
        raise AudioError(f"{file.name}: cannot be read ({error.strerror}); name another file") from error
    folder = desk.loaded.path.parent / _FOLDER
    target = folder / f"{desk.station}-{jingle}-{digest}{suffix}"
    with explain_os_errors(NewsroomError, f"{target.name}: the jingle was not stored", find_write_remedy):
        folder.mkdir(exist_ok=True)
        with atomic_file(target) as part:
            named = part.with_name(f"{part.name}{suffix}")  # decoders look at the suffix
            try:
                shutil.copyfile(file, named)
                notes = _check_sound(jingle, named)
                named.replace(part)
            finally:
                named.unlink(missing_ok=True)
    path = target.relative_to(desk.loaded.path.parent).as_posix()
    change_profile(
        desk,
        lambda text: change_options(text, {("imaging", jingle): path, **_no_mix(jingle)}),
        seen=seen,
        action="upload jingle",
        note=f"{jingle}: {target.name}",
    )
    return UploadedJingle(name=jingle, file=target, notes=notes)


def reset_jingle(desk: Desk, *, jingle: str, seen: str = "") -> ProfileText:
    """Use the jingle of the folder or of the built-in set again. The uploaded file stays on the disk."""
    _check_name(jingle)
    return change_profile(
        desk,
        lambda text: change_options(text, {("imaging", jingle): None, **_no_mix(jingle)}),
        seen=seen,
        action="reset jingle",
        note=jingle,
    )


def set_mix_point(desk: Desk, *, jingle: str, mix_s: float | None, seen: str = "") -> ProfileText:
    """
    Set the second of a jingle from which speech may run over it; None: detected again.

    Raises NewsroomError for a jingle without a mix point, and a second out of 0 to 60.
    """
    _check_name(jingle)
    if jingle == "bed":
        raise NewsroomError("the bed has no mix point: it runs under the headlines")
    if mix_s is not None and not 0 <= mix_s <= _LONGEST_MIX_S:
        raise NewsroomError(f"a mix point lies from 0 to {_LONGEST_MIX_S:.0f} seconds after the start")
    value = None if mix_s is None else round(mix_s, 2)
    return change_profile(
        desk,
        lambda text: change_options(text, {("imaging", f"{jingle}_mix_s"): value}),
        seen=seen,
        action="set mix point",
        note=f"{jingle}: {'detected' if value is None else f'{value:g} s'}",
    )


def _no_mix(jingle: str) -> dict[tuple[str | int, ...], None]:
    """The old mix point belongs to the old sound."""
    return {} if jingle == "bed" else {("imaging", f"{jingle}_mix_s"): None}


def _check_name(jingle: str) -> None:
    if jingle not in JINGLES:
        raise NewsroomError(f'"{jingle[:40]}" is not a jingle; known: {", ".join(JINGLES)}')


def _suffix(file: Path) -> str:
    """Suffix by the content. Raises AudioError for a file that is none of the formats."""
    with file.open("rb") as opened:
        head = opened.read(16)
    for suffix, marks in _MAGIC.items():
        if all(head[at : at + len(mark)] == mark for at, mark in marks):
            return suffix
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0):
        return ".mp3"
    raise AudioError(
        "the file is no WAV, FLAC, OGG or MP3, whatever its name says; save the sound as one of them"
    )


def _check_sound(jingle: str, path: Path) -> tuple[str, ...]:
    """Prepare it as the mixer does; the notes. Raises AudioError with the uploaded file unnamed."""
    try:
        rate_hz, channels = sound_shape(path)
        if (
            channels > _MOST_CHANNELS or rate_hz > _MOST_HZ
        ):  # a file of a megabyte would take gigabytes of memory
            raise AudioError(
                f"the file has {channels} channels at {rate_hz} Hz; save it as mono or stereo, at 48000 Hz"
            )
        options: dict[str, Any] = {jingle: path}
        loaded = load_jingles(StationJingles(**options), rate_hz=_MIXED_HZ, voice_lufs=REFERENCE_LUFS)
    except AudioError as error:
        raise AudioError(str(error).replace(str(path), "the file").replace(path.name, "the file")) from error
    notes = tuple(note.replace(str(path), "the file").replace(path.name, "the file") for note in loaded.notes)
    if not loaded.jingles:
        raise AudioError("; ".join(notes).removeprefix(f"without {jingle}: ") or "the file cannot be used")
    return notes

"""Foreign recording -> RecordedClip in the folder of clips: the entry of this package."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bulletin.errors import explain_os_errors, find_write_remedy
from bulletin.language.split_sentences import storable
from bulletin.model import RecordedClip
from bulletin.speech.clips.clip_folder import PART, hash_file, keep_clip
from bulletin.speech.clips.decode_with_pyav import check_pyav
from bulletin.speech.clips.import_sound import ImportJob, run_import
from bulletin.speech.clips.recording_checks import (
    HEAD_BYTES,
    MOST_CLIP_S,
    RecordingError,
    check_is_complete,
    check_size,
    check_type,
)
from bulletin.speech.clips.reduce_noise import check_noise_reduction
from bulletin.speech.clips.sniff_sound_type import SoundType, is_mislabelled
from bulletin.speech.clips.transcribe_recording import check_recogniser, transcribe_recording

_MOST_WORDS = 6000
"""Characters of what is said in a clip: more than three minutes hold."""


def import_recording(
    source: Path | bytes,
    *,
    folder: Path,
    name: str = "",
    words: str = "",
    speaker: str = "",
    credit: str = "",
    rights: str = "",
    most_s: float = MOST_CLIP_S,
    may_cut: bool = False,
    reduces_noise: bool = False,
    transcribes_in: str = "",
) -> RecordedClip:
    """
    Check a recording, trim its silence, level it to the voice and store it in `folder` as mono WAV.

    `source` is a file or its bytes; its type is told by its content, never by the `name` (default: the file's).
    `most_s` is the room for it in the bulletin: a longer one is refused, or cut at a breath if it `may_cut`.
    `transcribes_in` is a language ("en-GB") whose recogniser finds the words, if none are given.
    A file that was cut off is refused. What was changed is in the clip's `notes`. Raises RecordingError (exit code 6) with the remedy; then nothing is stored.
    """
    name = name or (source.name if isinstance(source, Path) else "recording")
    given = words.strip()
    if transcribes_in and not given:
        check_recogniser()
    if reduces_noise:
        check_noise_reduction()
    with _naming(name), explain_os_errors(RecordingError, str(folder), find_write_remedy):
        folder.mkdir(parents=True, exist_ok=True)
        with _as_file(source, folder=folder) as path, _part_file(folder, ".wav") as target:
            kind = _check_file(path)
            job = ImportJob(
                source=str(path.absolute()),
                target=str(target.absolute()),
                kind=kind,
                most_s=min(most_s, MOST_CLIP_S),
                may_cut=may_cut,
                reduces_noise=reduces_noise,
            )
            sound = run_import(job)
            if transcribes_in and not given:
                words = transcribe_recording(target, language=transcribes_in)
            notes = [*sound.notes, *_notes_on_words(words, is_recognised=bool(transcribes_in and not given))]
            if is_mislabelled(name, kind):
                notes.append(f"its content is {kind}, in spite of its name")
            if sound.is_cut and given:
                notes.append("its words may go on after the cut: shorten them")
            clip = RecordedClip(
                sha256=hash_file(target),
                duration_s=round(sound.duration_s, 6),
                words=_clean(words, most=_MOST_WORDS),
                speaker=_clean(speaker),
                credit=_clean(credit),
                rights=_clean(rights),
                source_name=_clean(Path(name.replace("\\", "/")).name),
                notes=tuple(notes),
            )
            keep_clip(target, clip, folder=folder)
    return clip


def _notes_on_words(words: str, *, is_recognised: bool) -> tuple[str, ...]:
    if not is_recognised:
        return ()
    return ("its words were recognised: check them" if words.strip() else "no word was recognised in it",)


def _clean(text: str, *, most: int = 200) -> str:
    """One line of at most `most` characters, without characters that no page shows and no database stores."""
    printable = "".join(char if char.isprintable() else " " for char in storable(text))
    return " ".join(printable.split())[:most]


def _check_file(path: Path) -> SoundType:
    """Type of sound of a file. Raises RecordingError."""
    if path.is_dir():
        raise RecordingError("is a folder; name a sound file")
    try:
        size_bytes = path.stat().st_size
        check_size(size_bytes)
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise RecordingError("no such file; check the path") from error
    except PermissionError as error:
        raise RecordingError("cannot be read; give this user read permission") from error
    check_is_complete(head, size_bytes)
    kind = check_type(head)
    if kind.needs_pyav:
        check_pyav()
    return kind


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """Put the file's name before the message."""
    try:
        yield
    except RecordingError as error:
        message = str(error)
        raise RecordingError(message if message.startswith(f"{name}:") else f"{name}: {message}") from error


@contextmanager
def _as_file(source: Path | bytes, *, folder: Path) -> Iterator[Path]:
    """The source as a file; bytes are written into a part file that is deleted afterwards. Raises OSError."""
    if isinstance(source, Path):
        yield source
        return
    with _part_file(folder, ".upload") as path:
        path.write_bytes(source)
        yield path


@contextmanager
def _part_file(folder: Path, suffix: str) -> Iterator[Path]:
    """A new empty file in `folder` that is deleted afterwards, unless it was moved away. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=PART, suffix=suffix, dir=folder)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)

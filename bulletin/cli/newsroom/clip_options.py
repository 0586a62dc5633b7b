"""Options of a recorded clip, and the import of the file that they name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import Any

import click

from bulletin.model import AttachedClip
from bulletin.newsroom.actions.attach_clips import ClipDetails, import_clip
from bulletin.newsroom.desk import Desk

_FLAGS = {
    "before": ("--in", "Newsreader's words before the clip."),
    "after": ("--out", "Newsreader's words after the clip."),
    "words": ("--words", "What is said in the clip, for the transcript."),
    "speaker": ("--speaker", "Who speaks in the clip, for its chapter."),
    "credit": ("--clip-credit", "Who recorded the clip, for the notes."),
    "rights": ("--clip-rights", "Rights in the clip, for the notes."),
    "may_cut": ("--may-cut", "Cut a clip that is too long at a breath."),
    "reduces_noise": ("--reduce-noise", "Reduce the noise behind the voice."),
    "transcribes": ("--transcribe", "Recognise the words of the clip; check them."),
}
"""Field of ClipDetails -> its option and help."""


def details_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a clip to a command, which gets them as `details`."""

    @wraps(function)
    def command(*args: Any, **values: Any) -> Any:
        details = ClipDetails(
            **{field.name: values.pop(f"clip_{field.name}") for field in fields(ClipDetails)}
        )
        return function(*args, details=details, **values)

    for name, (flag, text) in reversed(_FLAGS.items()):
        default = getattr(ClipDetails(), name)
        option = click.option(flag, f"clip_{name}", default=default, is_flag=default is False, help=text)
        command = option(command)
    return command


def clip_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same with --clip, as `clip_file` and `clip`. Without --clip the others are refused."""

    @wraps(function)
    def command(*args: Any, clip_file: Path | None, details: ClipDetails, **values: Any) -> Any:
        unused = [flag for name, (flag, _) in _FLAGS.items() if getattr(details, name)]
        if clip_file is None and unused:
            raise click.UsageError(f"{', '.join(unused)} without --clip: name the recording with --clip FILE")
        return function(*args, clip_file=clip_file, clip=details, **values)

    return click.option(
        "--clip",
        "clip_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Recorded voice: WAV, MP3, FLAC, Ogg, M4A or WebM.",
    )(details_options(command))


def store_clip(file: Path | None, clip: ClipDetails, desk: Desk) -> AttachedClip | None:
    """Import the recording into the folder of clips; None without one. Raises RecordingError."""
    if file is None:
        return None
    recording = import_clip(desk, file, name=file.name, details=clip)
    before, after = (" ".join(words.split()) for words in (clip.before, clip.after))
    return AttachedClip(recording=recording, before=before, after=after)

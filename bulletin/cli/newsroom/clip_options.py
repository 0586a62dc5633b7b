"""Options of a recorded clip, and the import of the file that they name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any

import click

from bulletin.cli.output.text_or_json_answer import StationCall
from bulletin.model import AttachedClip
from bulletin.speech.clips.clip_folder import CLIPS
from bulletin.speech.clips.import_recording import import_recording
from bulletin.speech.clips.recording_checks import most_clip_s
from bulletin.station.build_station_object import STATE, make_state


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipOptions:
    """Values of the options; without a `file` there is no clip."""

    file: Path | None
    before: str
    after: str
    words: str
    speaker: str
    credit: str
    rights: str
    may_cut: bool
    reduce_noise: bool
    transcribe: bool


_OPTIONS = (
    click.option(
        "--clip",
        "clip_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Recorded voice: WAV, MP3, FLAC, Ogg, M4A or WebM.",
    ),
    click.option("--in", "clip_before", default="", help="Newsreader's words before the clip."),
    click.option("--out", "clip_after", default="", help="Newsreader's words after the clip."),
    click.option("--words", "clip_words", default="", help="What is said in the clip, for the transcript."),
    click.option("--speaker", "clip_speaker", default="", help="Who speaks in the clip, for its chapter."),
    click.option("--clip-credit", "clip_credit", default="", help="Who recorded the clip, for the notes."),
    click.option("--clip-rights", "clip_rights", default="", help="Rights in the clip, for the notes."),
    click.option("--may-cut", "clip_may_cut", is_flag=True, help="Cut a clip that is too long at a breath."),
    click.option(
        "--reduce-noise", "clip_reduce_noise", is_flag=True, help="Reduce the noise behind the voice."
    ),
    click.option(
        "--transcribe", "clip_transcribe", is_flag=True, help="Recognise the words of the clip; check them."
    ),
)


def clip_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a clip to a command, which gets them as `clip`."""

    @wraps(function)
    def command(*args: Any, **values: Any) -> Any:
        names = (field.name for field in fields(ClipOptions))
        clip = ClipOptions(**{name: values.pop(f"clip_{name}") for name in names})
        if clip.file is None and (unused := _unused(clip)):
            raise click.UsageError(f"{', '.join(unused)} without --clip: name the recording with --clip FILE")
        return function(*args, clip=clip, **values)

    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _unused(clip: ClipOptions) -> list[str]:
    flags = {
        "--in": clip.before,
        "--out": clip.after,
        "--words": clip.words,
        "--speaker": clip.speaker,
        "--clip-credit": clip.credit,
        "--clip-rights": clip.rights,
        "--may-cut": clip.may_cut,
        "--reduce-noise": clip.reduce_noise,
        "--transcribe": clip.transcribe,
    }
    return [flag for flag, value in flags.items() if value]


def attach_clip(clip: ClipOptions, call: StationCall) -> AttachedClip | None:
    """Import the recording into the folder of clips; None without one. Raises RecordingError."""
    if clip.file is None:
        return None
    make_state(call.output)
    recording = import_recording(
        clip.file,
        folder=call.output / STATE / CLIPS,
        words=clip.words,
        speaker=clip.speaker,
        credit=clip.credit,
        rights=clip.rights,
        most_s=most_clip_s(call.loaded.profile.length),
        may_cut=clip.may_cut,
        reduces_noise=clip.reduce_noise,
        transcribes_in=call.loaded.profile.language if clip.transcribe else "",
    )
    before, after = (" ".join(words.split()) for words in (clip.before, clip.after))
    return AttachedClip(recording=recording, before=before, after=after)

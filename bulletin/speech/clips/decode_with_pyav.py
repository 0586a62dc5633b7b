"""M4A/AAC and WebM/Opus -> blocks of samples; the only module that knows PyAV, in the importer process only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bulletin.runtime.read_sound_file import Samples
from bulletin.runtime.suggest_install_command import command_for_extra
from bulletin.speech.clips.recording_checks import RecordingError, check_is_all

if TYPE_CHECKING:
    # The extra "clips" may be missing.
    import av.container

_FORMATS = "mov,matroska,aac"
"""Demuxers that a file of a stranger may use; FFmpeg has hundreds, some of which open other files."""
_LEAST_SHARE = 0.5
"""Least part of the packets that must decode: a damaged packet is left out, a damaged file refused."""


def check_pyav() -> None:
    """Raise RecordingError with the remedy when PyAV is not installed."""
    try:
        import av  # noqa: F401
    except ImportError as error:
        raise RecordingError(
            f'this type needs the extra "clips" (PyAV); {command_for_extra("clips")}, or save as WAV, MP3, FLAC or Ogg'
        ) from error


def read_with_pyav(path: Path) -> Iterator[tuple[Samples, int]]:
    """
    Decode the first sound track to float32 of shape (frames, channels), and its rate in Hz, packet by packet.

    Raises RecordingError for a file without sound and for a damaged one.
    """
    check_pyav()
    import av

    with path.open("rb") as file:
        try:
            with av.open(file, mode="r", options={"format_whitelist": _FORMATS}) as container:
                if not container.streams.audio:
                    raise RecordingError("there is no sound track in it; record again")
                yield from _decode(container)
        except (av.FFmpegError, EOFError, IndexError, ValueError) as error:
            raise RecordingError(
                f"it is damaged or incomplete, and cannot be decoded ({_reason(error)}); copy or upload it again"
            ) from error


def _decode(container: av.container.InputContainer) -> Iterator[tuple[Samples, int]]:
    import av

    good = bad = 0
    read_s = 0.0
    is_estimated = container.format.name == "aac"
    announced_s = 0.0 if is_estimated else (container.duration or 0) / av.time_base
    resampler = av.AudioResampler(format="fltp")
    for packet in container.demux(container.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            bad += 1
            continue
        good += 1
        for frame in frames:
            for planar in resampler.resample(frame):
                read_s += planar.samples / planar.sample_rate
                yield np.ascontiguousarray(planar.to_ndarray().T, dtype=np.float32), planar.sample_rate
    if good <= bad or good < _LEAST_SHARE * (good + bad):
        raise RecordingError("it is damaged: most of its sound cannot be decoded; copy or upload it again")
    check_is_all(read_s, announced_s, is_certain=not bad)


def _reason(error: BaseException) -> str:
    return (
        str(getattr(error, "strerror", "") or error).splitlines()[0][:120]
        if str(error)
        else "no reason given"
    )

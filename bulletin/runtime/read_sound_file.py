"""Sound files in and out: the only module that knows soundfile (libsndfile)."""

from __future__ import annotations

import io
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
import numpy.typing as npt
import soundfile

from bulletin.errors import AudioError
from bulletin.runtime.mp3_frames import is_mp3, with_length

Samples = npt.NDArray[np.float32]
"""Shape (frames,) for mono or (frames, channels); full scale is 1.0."""
Compression = Literal["flac", "opus"]

_NEVER_MP3 = (".wav", ".flac", ".ogg", ".opus")
_MPG123_MESSAGE = re.compile(
    rb"^(?:\[[^\]\n]*libmpg123/[^\n]*|(?:Note|Warning): (?:Illegal Audio|Xing stream size|Trying to|Skipped|Hit end|Real sample)[^\n]*)\n?",
    re.MULTILINE,
)
_STDERR_LOCK = threading.Lock()
_ERRORS = (soundfile.LibsndfileError, OSError, RuntimeError, ValueError)


def read_sound(source: Path | IO[bytes], *, name: str = "") -> tuple[Samples, int]:
    """
    Decode WAV, FLAC, OGG or MP3 to float32 of shape (frames, channels), and its rate in Hz.

    Raises AudioError, with the file's name, for anything that is not sound.
    """
    with _reading(source, name), _mpg123_silenced(source):
        samples, rate_hz = soundfile.read(_whole(source), dtype="float32", always_2d=True)
    return samples, int(rate_hz)


def read_blocks(path: Path, *, block_s: float = 10.0) -> Iterator[tuple[Samples, int]]:
    """
    Decode a file block by block: float32 of shape (frames, channels), and the rate in Hz, each time.

    Raises AudioError, with the file's name, for anything that is not sound, also in its middle.
    """
    with _reading(path):
        with _mpg123_silenced(path):
            file = soundfile.SoundFile(_whole(path))
        with file:
            count = max(1, round(block_s * file.samplerate))
            while True:
                with _mpg123_silenced(path):
                    samples = file.read(count, dtype="float32", always_2d=True)
                if not len(samples):
                    return
                yield samples, int(file.samplerate)


def sound_frames(path: Path) -> int:
    """Number of frames that the file's header gives. Raises AudioError."""
    with _reading(path), _mpg123_silenced(path):
        return int(soundfile.info(path).frames)


def sound_shape(path: Path) -> tuple[int, int]:
    """Rate in Hz, and channels, that the file's header gives. Raises AudioError."""
    with _reading(path), _mpg123_silenced(path):
        info = soundfile.info(path)
        return int(info.samplerate), int(info.channels)


def write_wav(path: Path, samples: Samples, *, rate_hz: int) -> None:
    """Write 32-bit float WAV; the caller gives a `part-` name and renames it."""
    with _writing(path):
        soundfile.write(path, samples, rate_hz, format="WAV", subtype="FLOAT")


def wav_of(samples: Samples, *, rate_hz: int) -> bytes:
    """Content of a 32-bit float WAV file."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format="WAV", subtype="FLOAT")
    return file.getvalue()


def write_flac(path: Path, samples: Samples, *, rate_hz: int, tags: Mapping[str, str] | None = None) -> None:
    """
    Write 16-bit FLAC, rounded to the nearest step; the caller gives a `part-` name and renames it.

    `tags` are Vorbis comments that libsndfile knows: title, artist, album, comment, copyright, license, date.
    """
    pcm = np.clip(np.rint(samples * 32768.0), -32768, 32767).astype(np.int16)
    with _writing(path), _open_writer(path, pcm, rate_hz, "FLAC", "PCM_16", tags=tags) as file:
        file.write(pcm)


def write_ogg(
    path: Path, samples: Samples, *, rate_hz: int, quality: float = 0.5, tags: Mapping[str, str] | None = None
) -> None:
    """
    Write Ogg Vorbis of the same length to the sample; the caller gives a `part-` name and renames it.

    `quality` goes from 0 to 1: 0.5 is about 160 kbit/s. `tags` as in `write_flac`. Its bytes differ each
    time, by the stream's random number.
    """
    level = 1.0 - quality
    with (
        _writing(path),
        _open_writer(path, samples, rate_hz, "OGG", "VORBIS", level=level, tags=tags) as file,
    ):
        # By the second: libsndfile's Vorbis encoder puts a whole write on the stack.
        for start in range(0, len(samples), rate_hz):
            file.write(samples[start : start + rate_hz])


def _open_writer(
    path: Path,
    samples: Any,
    rate_hz: int,
    form: str,
    subtype: str,
    *,
    level: float | None = None,
    tags: Mapping[str, str] | None,
) -> Any:
    """`samples` give the number of channels."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    file = soundfile.SoundFile(path, "w", rate_hz, channels, subtype, format=form, compression_level=level)
    for name, value in (tags or {}).items():
        setattr(file, name, value)
    return file


class SoundWriter:
    """
    Writes FLAC of 16 or 24 bits, or Opus in Ogg, block by block; the caller gives a `part-` name.

    `kbps` is Opus's alone. libsndfile lets it be set from 6 to 256 for each channel, as the mean of a
    variable rate (Opus cannot be held constant there); FLAC's effort stays the library's.
    """

    def __init__(
        self,
        path: Path,
        *,
        kind: Compression,
        rate_hz: int,
        channels: int,
        bits: int = 16,
        kbps: int = 128,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self._path = path
        empty = np.empty((0, channels))
        with _writing(path):
            if kind == "opus":
                level = min(1.0, max(0.0, (256.0 - kbps / channels) / 250.0))
                self._file = _open_writer(path, empty, rate_hz, "OGG", "OPUS", level=level, tags=tags)
            else:
                self._file = _open_writer(path, empty, rate_hz, "FLAC", f"PCM_{bits}", tags=tags)

    def write(self, block: npt.NDArray[np.float32 | np.int16 | np.int32]) -> None:
        """Whole numbers use their type's full scale. Raises AudioError."""
        with _writing(self._path):
            self._file.write(block)

    def close(self) -> None:
        """Finish the file. Raises AudioError."""
        with _writing(self._path):
            self._file.close()


def _whole(source: Path | IO[bytes]) -> Path | IO[bytes]:
    """The source, but an MP3 file with the number of its frames, without which only a part is read."""
    if not isinstance(source, Path) or source.suffix.lower() in _NEVER_MP3:
        return source
    with source.open("rb") as file:
        if not is_mp3(file.read(3)):
            return source
    data = source.read_bytes()
    whole = with_length(data)
    return source if whole is data else io.BytesIO(whole)


@contextmanager
def _mpg123_silenced(source: Path | IO[bytes]) -> Iterator[None]:
    """
    Keep libmpg123's messages about a damaged MP3 off the terminal.

    libmpg123 writes them to descriptor 2, and neither libsndfile nor its environment has a switch for them.
    So the descriptor leads into a file while an MP3 is decoded, and only then; other output there is passed
    on afterwards.
    """
    if isinstance(source, Path):
        never_mp3 = source.suffix.lower() in _NEVER_MP3
    else:
        never_mp3 = source.read(4) in (b"RIFF", b"fLaC", b"OggS")
        source.seek(0)
    if never_mp3:
        yield
        return
    with _STDERR_LOCK, ExitStack() as stack:
        # without standard error, or on a full disk, libmpg123 prints its messages
        with suppress(OSError):
            file = stack.enter_context(tempfile.TemporaryFile(buffering=0))
            terminal = os.dup(2)
            stack.callback(_restore_stderr, terminal, file)
            os.dup2(file.fileno(), 2)
        yield


def _restore_stderr(terminal: int, file: IO[bytes]) -> None:
    os.dup2(terminal, 2)
    os.close(terminal)
    file.seek(0)
    if others := _MPG123_MESSAGE.sub(b"", file.read()):
        os.write(2, others)


@contextmanager
def _reading(source: Path | IO[bytes], name: str = "") -> Iterator[None]:
    """Errors of the library become AudioError."""
    try:
        yield
    except _ERRORS as error:
        label = name or str(source)
        # libsndfile says "System error" of a missing file, and "does not exist" of an MP3 without a frame.
        if isinstance(source, Path) and source.is_dir():
            raise AudioError(f"{label}: is a folder; name a sound file") from error
        if isinstance(source, Path) and not source.exists():
            raise AudioError(f"{label}: no such file; check the path") from error
        why = "" if "does not exist" in str(error) else f" ({error})"
        raise AudioError(f"{label}: cannot be read as sound{why}; save as WAV, FLAC, OGG or MP3") from error


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Errors of the library become AudioError; on a full disk soundfile raises AssertionError."""
    try:
        yield
    except (*_ERRORS, AssertionError) as error:
        # libsndfile says only "System error"
        is_there = path.parent.is_dir()
        remedy = "free some space or allow writing in its folder" if is_there else "create its folder"
        raise AudioError(f"{path}: cannot be written; {remedy}, or choose another folder") from error


def to_mono(samples: Samples) -> Samples:
    """Average the channels: (frames, channels) -> (frames,)."""
    mono: Samples = samples if samples.ndim == 1 else samples.mean(axis=1, dtype=np.float32)
    return mono

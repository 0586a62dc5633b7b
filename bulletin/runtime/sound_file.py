"""Sound files in and out: the only file that knows soundfile (libsndfile)."""

from __future__ import annotations

import atexit
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Literal

import numpy as np
import numpy.typing as npt
import soundfile

from bulletin.errors import AudioError

Samples = npt.NDArray[np.float32]
"""Shape (frames,) for mono or (frames, channels); full scale is 1.0."""
Compression = Literal["flac", "opus"]


_NEVER_MP3 = (".wav", ".flac", ".ogg", ".opus")
_CHATTER = re.compile(
    rb"^(?:\[[^\]\n]*libmpg123/[^\n]*|(?:Note|Warning): (?:Illegal Audio|Xing stream size|Trying to|Skipped|Hit end|Real sample)[^\n]*)\n?",
    re.MULTILINE,
)


def read_sound(source: Path | IO[bytes], *, name: str = "") -> tuple[Samples, int]:
    """
    Decode WAV, FLAC, OGG or MP3 to float32 of shape (frames, channels), and its rate in Hz.

    Raises AudioError, with the file's name, for anything that is not sound.
    """
    label = name or str(source)
    try:
        with _hushed(source), _of_the_system(source) as given:
            samples, rate_hz = soundfile.read(given, dtype="float32", always_2d=True, closefd=False)
    except (soundfile.LibsndfileError, OSError, RuntimeError, ValueError) as error:
        raise _no_sound(label, source, error) from error
    return samples, int(rate_hz)


@contextmanager
def _of_the_system(source: Path | IO[bytes]) -> Iterator[Path | IO[bytes] | int]:
    """Bytes in memory as a file that C reads by itself: a Ctrl-C while it calls back is lost, and the sound cut short."""
    if isinstance(source, Path) or not hasattr(os, "memfd_create"):
        yield source
        return
    with os.fdopen(os.memfd_create("sound"), "w+b", buffering=0) as file:
        file.write(source.read())
        file.seek(0)
        yield file.fileno()


def read_blocks(path: Path, *, block_s: float = 10.0) -> Iterator[tuple[Samples, int]]:
    """
    Decode a file piece by piece: float32 of shape (frames, channels), and the rate in Hz, each time.

    Raises AudioError, with the file's name, for anything that is not sound, also in its middle.
    """
    try:
        with _hushed(path):
            file = _Straight(path)
        with file:
            count = max(1, round(block_s * file.samplerate))
            while True:
                with _hushed(path):
                    samples = file.read(count, dtype="float32", always_2d=True)
                if not len(samples):
                    return
                yield samples, int(file.samplerate)
    except (soundfile.LibsndfileError, OSError, RuntimeError, ValueError) as error:
        raise _no_sound(str(path), path, error) from error


class _Straight(soundfile.SoundFile):  # type: ignore[misc]
    """
    Read from start to end: soundfile goes to where it is already after every read of what can be sought in.

    In an MP3 that is a real search, after which frames are decoded once more: a twelfth of the decoding.
    """

    def seekable(self) -> bool:
        return False


def sound_length_s(path: Path) -> float:
    """How long a file says that it is, in seconds, from its header alone. Raises AudioError."""
    try:
        with _hushed(path):
            return float(soundfile.info(path).duration)
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        raise AudioError(f"{path}: cannot be read as sound ({error})") from error


def sound_frames(path: Path) -> int:
    """How many frames a file says that it holds, from its header alone. Raises AudioError."""
    try:
        with _hushed(path):
            return int(soundfile.info(path).frames)
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        raise AudioError(f"{path}: cannot be read as sound ({error})") from error


def write_wav(path: Path, samples: Samples, *, rate_hz: int) -> None:
    """Write 32-bit float WAV; the caller gives a `part-` name and renames it."""
    try:
        soundfile.write(path, samples, rate_hz, format="WAV", subtype="FLOAT")
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        raise _not_written(path, error) from error


def write_flac(path: Path, samples: Samples, *, rate_hz: int, tags: Mapping[str, str] | None = None) -> None:
    """
    Write 16-bit FLAC, rounded to the nearest step; the caller gives a `part-` name and renames it.

    `tags` are Vorbis comments that libsndfile knows: title, artist, album, comment, copyright, license, date.
    """
    whole = np.clip(np.rint(samples * 32768.0), -32768, 32767).astype(np.int16)
    channels = 1 if whole.ndim == 1 else whole.shape[1]
    try:
        with soundfile.SoundFile(path, "w", rate_hz, channels, "PCM_16", format="FLAC") as file:
            for name, value in (tags or {}).items():
                setattr(file, name, value)
            file.write(whole)
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        raise _not_written(path, error) from error


def write_ogg(
    path: Path,
    samples: Samples,
    *,
    rate_hz: int,
    quality: float = 0.5,
    tags: Mapping[str, str] | None = None,
) -> None:
    """
    Write Ogg Vorbis of the same length to the sample; the caller gives a `part-` name and renames it.

    `quality` goes from 0 to 1: 0.5 is about 160 kbit/s. `tags` as in `write_flac`. Its bytes differ each
    time, by the stream's random number.
    """
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    try:
        with soundfile.SoundFile(
            path, "w", rate_hz, channels, "VORBIS", format="OGG", compression_level=1.0 - quality
        ) as file:
            for name, value in (tags or {}).items():
                setattr(file, name, value)
            # By the second: libsndfile's Vorbis lays a whole write on the stack.
            for start in range(0, len(samples), rate_hz):
                file.write(samples[start : start + rate_hz])
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        raise _not_written(path, error) from error


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
        form, subtype = ("OGG", "OPUS") if kind == "opus" else ("FLAC", f"PCM_{bits}")
        level = None
        if kind == "opus":
            level = min(1.0, max(0.0, (256.0 - kbps / channels) / 250.0))
        try:
            self._file = soundfile.SoundFile(
                path, "w", rate_hz, channels, subtype, format=form, compression_level=level
            )
            for name, value in (tags or {}).items():
                setattr(self._file, name, value)
        except (soundfile.LibsndfileError, OSError, RuntimeError, ValueError) as error:
            raise _not_written(path, error) from error

    def write(self, block: npt.NDArray[np.float32 | np.int16 | np.int32]) -> None:
        """Whole numbers use their type's full scale. Raises AudioError."""
        try:
            self._file.write(block)
        except (soundfile.LibsndfileError, OSError, RuntimeError, AssertionError) as error:
            # libsndfile writes less on a full disk, which soundfile asserts it does not
            raise _not_written(self._path, error) from error

    def close(self) -> None:
        """Finish the file."""
        try:
            self._file.close()
        except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
            raise _not_written(self._path, error) from error


class _Hush:
    """
    Keeps from the terminal what libmpg123 prints of a damaged MP3: libsndfile has no switch for it.

    It goes to descriptor 2, which for the length of a call leads into a file. What others wrote there
    meanwhile is handed on; threads that read at the same time share it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._file: IO[bytes] | None = None
        self._terminal: int | None = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._begin()
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._end()

    def _begin(self) -> None:
        try:
            if not self._file:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - kept for the next call
                atexit.register(self._file.close)
            self._terminal = os.dup(2)
            os.dup2(self._file.fileno(), 2)
        except OSError:
            # A service without standard error, or a full disk: then it prints.
            self._terminal = None

    def _end(self) -> None:
        if self._terminal is None or self._file is None:
            return
        os.dup2(self._terminal, 2)
        os.close(self._terminal)
        if self._file.tell():
            self._file.seek(0)
            others = _CHATTER.sub(b"", self._file.read())
            self._file.seek(0)
            self._file.truncate()
            if others:
                os.write(2, others)


_HUSH = _Hush()


def _hushed(source: Path | IO[bytes]) -> AbstractContextManager[None]:
    if isinstance(source, Path) and source.suffix.lower() in _NEVER_MP3:
        return nullcontext()
    return _HUSH


def _no_sound(label: str, source: object, error: Exception) -> AudioError:
    """libsndfile says "System error" of a file that is not there."""
    if isinstance(source, Path) and source.is_dir():
        return AudioError(f"{label}: is a folder; name a sound file")
    if isinstance(source, Path) and not source.exists():
        return AudioError(f"{label}: there is no such file")
    # It also says of any MP3 without a frame that it does not exist.
    why = "" if "does not exist" in str(error) else f" ({error})"
    return AudioError(f"{label}: cannot be read as sound{why}; use WAV, FLAC, OGG or MP3")


def _not_written(path: Path, error: Exception) -> AudioError:
    """libsndfile says "System error" of a full disk too."""
    return AudioError(f"{path}: cannot be written ({error}); free some space or choose another folder")


def to_mono(samples: Samples) -> Samples:
    """Average the channels: (frames, channels) -> (frames,)."""
    if samples.ndim == 1:
        return samples
    if samples.shape[1] == 1:
        return samples[:, 0]
    mono: Samples = samples.mean(axis=1, dtype=np.float32)
    return mono

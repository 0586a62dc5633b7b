"""
Importer process: foreign recording -> levelled WAV, in a process with limits of memory, time and file size.

Both sides of the pipe are in this file: `run_importer` here, `main` there. A bomb ends the process, not the
service; docs/decisions/0066-recorded-clips.md says why it is not the parser process of the feeds.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import wave
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from bulletin.errors import BulletinError
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.clips.cut_at_breath import cut_at_breath
from bulletin.speech.clips.decode_recording import RATE_HZ, decode_recording
from bulletin.speech.clips.level_recording import level_recording, mix_to_mono
from bulletin.speech.clips.recording_checks import RecordingError, check_length, check_sound, too_long
from bulletin.speech.clips.sniff_sound_type import SoundType
from bulletin.speech.clips.trim_recording import trim_recording

_MEMORY_BYTES = 2_000_000_000
_CPU_S = 90.0
"""Ten minutes of stereo take five seconds to decode."""
_WITHIN_S = 300.0
"""Wall time on a busy machine."""
_MOST_OUTPUT_BYTES = 400_000_000
_BOOT = "import sys; sys.path[:] = {path!r}; from bulletin.speech.clips.importer_process import main; main()"
_MOST_ANSWER = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """Order for the importer process."""

    source: str
    target: str
    """Path of the WAV file to write."""
    kind: SoundType
    most_s: float
    may_cut: bool
    reduce_noise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSound:
    """Result of the importer process."""

    duration_s: float
    notes: tuple[str, ...] = ()


def run_importer(job: ImportJob) -> ImportedSound:
    """Do the job in a process of its own. Raises RecordingError, also where the process had to be stopped."""
    command = [sys.executable, "-X", "utf8", "-c", _BOOT.format(path=sys.path)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asdict(job)).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_WITHIN_S,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RecordingError(
            f"not decoded within {_WITHIN_S:.0f} s: this machine is too busy; try again later"
        ) from error
    except OSError as error:
        raise RecordingError(
            f"the importer's process cannot be started ({error.strerror or error}); try again later"
        ) from error
    return _parse_answer(done.stdout[:_MOST_ANSWER], done.returncode)


def _parse_answer(answer: bytes, code: int) -> ImportedSound:
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        facts = json.loads(answer)
        if refused := facts.get("refused"):
            raise RecordingError(str(refused)[:500])
        notes = tuple(str(note)[:200] for note in facts["notes"])
        return ImportedSound(duration_s=float(facts["duration_s"]), notes=notes)
    if code == -getattr(signal, "SIGPROF", 0):
        why = f"takes more than {_CPU_S:.0f} s of processor time"
    else:
        why = "needs too much memory or crashes the decoder"
    raise RecordingError(f"the file is damaged or made to do harm: reading it {why}; save it again as WAV")


def main() -> None:
    """Do the job of standard input: the main function of the process."""
    job_facts: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    answer_to = os.fdopen(os.dup(1), "wb")
    sys.stdout = sys.stderr  # prints of a library must not enter the answer
    known = {field.name for field in fields(ImportJob)}
    job = ImportJob(**{name: value for name, value in job_facts.items() if name in known})
    _restrain()
    try:
        answer: dict[str, Any] = asdict(import_sound(job))
    except MemoryError:
        answer = {"refused": "reading it needs too much memory; save only the passage that you need as WAV"}
    except BulletinError as error:
        answer = {"refused": str(error)}
    except OSError as error:
        reason = error.strerror or str(error)
        answer = {"refused": f"the clip cannot be written ({reason}); free some space on this disk"}
    answer_to.write(json.dumps(answer).encode())
    answer_to.close()


def import_sound(job: ImportJob) -> ImportedSound:
    """Decode, check, trim, cut, level and write a recording. Raises RecordingError, OSError."""
    stereo = decode_recording(Path(job.source), SoundType(job.kind))
    mono, note = mix_to_mono(stereo)
    del stereo
    notes = [note] if note else []
    check_sound(mono)
    mono = trim_recording(mono, rate_hz=RATE_HZ)
    check_length(mono.size / RATE_HZ)
    mono, cut = _shorten(mono, job)
    notes += cut
    levelled = level_recording(mono, rate_hz=RATE_HZ)
    write_pcm16(Path(job.target), levelled)
    return ImportedSound(duration_s=levelled.size / RATE_HZ, notes=tuple(notes))


def _shorten(mono: Samples, job: ImportJob) -> tuple[Samples, list[str]]:
    duration_s = mono.size / RATE_HZ
    if duration_s <= job.most_s:
        return mono, []
    if not job.may_cut:
        raise too_long(duration_s, job.most_s)
    shorter = cut_at_breath(mono, rate_hz=RATE_HZ, most_s=job.most_s)
    if shorter is None:
        raise RecordingError(
            f"it lasts {duration_s:.1f} s and has no breath within {job.most_s:.0f} s to cut at; cut it yourself"
        )
    return shorter, [f"cut at a breath after {shorter.size / RATE_HZ:.1f} of {duration_s:.1f} s"]


def write_pcm16(path: Path, mono: Samples) -> None:
    """16-bit mono WAV; the same samples give the same bytes. Raises OSError."""
    pcm = np.clip(np.rint(mono * 32767.0), -32768, 32767).astype("<i2")
    with path.open("wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(pcm.tobytes())


def _restrain() -> None:
    """Ignore Ctrl-C, and limit time, memory and file size where the system can."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, _CPU_S)
    if os.name == "posix" and sys.platform != "darwin":
        import resource

        for limit, value in (
            (resource.RLIMIT_AS, _MEMORY_BYTES),
            (resource.RLIMIT_FSIZE, _MOST_OUTPUT_BYTES),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):
                resource.setrlimit(limit, (value, value))

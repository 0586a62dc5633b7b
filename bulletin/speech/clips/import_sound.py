"""Foreign recording -> checked, trimmed and levelled WAV file; runs in the restrained process."""

from __future__ import annotations

import wave
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bulletin.runtime.read_sound_file import Samples
from bulletin.runtime.restrained_process import Limits
from bulletin.speech.clips.check_file_end import check_file_end
from bulletin.speech.clips.cut_at_breath import cut_at_breath
from bulletin.speech.clips.decode_recording import RATE_HZ, decode_recording
from bulletin.speech.clips.level_recording import level_recording, mix_to_mono
from bulletin.speech.clips.recording_checks import (
    RecordingError,
    check_distortion,
    check_length,
    check_sound,
    too_long,
)
from bulletin.speech.clips.reduce_noise import reduce_noise
from bulletin.speech.clips.restrained_process import decode_restrained
from bulletin.speech.clips.sniff_sound_type import SoundType
from bulletin.speech.clips.trim_recording import trim_recording

_LIMITS = Limits(memory_bytes=2_000_000_000, cpu_s=90.0)
"""Ten minutes of stereo take five seconds to decode, three minutes with less noise 25."""

_BEYOND_S = 1.0
"""Kept of a recording beyond the place where it is cut at the latest: reducing noise takes long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """A recording to import."""

    source: str
    target: str
    """Path of the WAV file to write."""
    kind: SoundType
    most_s: float
    may_cut: bool
    reduces_noise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSound:
    """Length of the sound that was written, and what was changed."""

    duration_s: float
    notes: tuple[str, ...] = ()
    is_cut: bool = False


def run_import(job: ImportJob) -> ImportedSound:
    """Import in a restrained process. Raises RecordingError, also where that process had to be stopped."""
    answer = decode_restrained(f"{__name__}:import_from_facts", asdict(job), limits=_LIMITS)
    notes = tuple(str(note)[:200] for note in answer["notes"])
    return ImportedSound(duration_s=float(answer["duration_s"]), notes=notes, is_cut=bool(answer["is_cut"]))


def import_from_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """`import_sound` for the restrained process. Raises RecordingError, OSError."""
    return asdict(import_sound(ImportJob(**{**facts, "kind": SoundType(facts["kind"])})))


def import_sound(job: ImportJob) -> ImportedSound:
    """Decode, check, trim, cut, level and write a recording. Raises RecordingError, OSError."""
    source = Path(job.source)
    end = check_file_end(source, job.kind)
    mono, mixed = mix_to_mono(decode_recording(source, job.kind))
    notes = [note for note in (end, mixed) if note]
    check_sound(mono)
    mono = trim_recording(mono, rate_hz=RATE_HZ)
    check_length(mono.size / RATE_HZ)
    check_distortion(mono, rate_hz=RATE_HZ)
    lasts_s = mono.size / RATE_HZ
    if lasts_s > job.most_s and not job.may_cut:
        raise too_long(lasts_s, job.most_s)
    if job.reduces_noise:
        mono = _without_noise(mono[: round((job.most_s + _BEYOND_S) * RATE_HZ)])
        notes.append("its noise was reduced")
    shorter = _shorten(mono, job, lasts_s=lasts_s)
    if is_cut := shorter.size < mono.size:
        notes.append(f"cut at a breath after {shorter.size / RATE_HZ:.1f} of {lasts_s:.1f} s")
    levelled = level_recording(shorter, rate_hz=RATE_HZ)
    write_pcm16(Path(job.target), levelled)
    return ImportedSound(duration_s=levelled.size / RATE_HZ, notes=tuple(notes), is_cut=is_cut)


def _without_noise(mono: Samples) -> Samples:
    """The recording at the level that the model knows, without its noise. Raises RecordingError."""
    levelled = level_recording(mono, rate_hz=RATE_HZ)
    clean = trim_recording(reduce_noise(levelled, rate_hz=RATE_HZ), rate_hz=RATE_HZ)
    check_length(clean.size / RATE_HZ)
    return clean


def _shorten(mono: Samples, job: ImportJob, *, lasts_s: float) -> Samples:
    """The recording up to a breath if it is too long; a breath is found best without the noise. Raises RecordingError."""
    if mono.size / RATE_HZ <= job.most_s:
        return mono
    shorter = cut_at_breath(mono, rate_hz=RATE_HZ, most_s=job.most_s)
    if shorter is None:
        remedy = "" if job.reduces_noise else ", or have its noise reduced (--reduce-noise)"
        raise RecordingError(
            f"it lasts {lasts_s:.1f} s and has no breath within {job.most_s:.0f} s to cut at; cut it yourself{remedy}"
        )
    return shorter


def write_pcm16(path: Path, mono: Samples) -> None:
    """16-bit mono WAV; the same samples give the same bytes. Raises OSError."""
    pcm = np.clip(np.rint(mono * 32767.0), -32768, 32767).astype("<i2")
    with path.open("wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(pcm.tobytes())

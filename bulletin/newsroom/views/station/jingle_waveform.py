"""Jingle -> the bars of its waveform, its length and detected mix point; measured once on the server and kept."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bulletin.errors import AudioError
from bulletin.publishing.measure_waveform_bars import measure_wave
from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.runtime.read_sound_file import Samples, read_blocks

_FOLDER = "jingle-waveforms"
_KEPT = 200
"""Files kept; the oldest go."""
_MOST_S = 600.0
"""Longest sound that is measured: a bed lasts three minutes at most."""
_MOST_MIX_S = 30.0
"""Beginning of a jingle in which its mix point is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JingleWaveform:
    """Picture of a jingle."""

    bars: tuple[int, ...]
    """Height of each bar, 1 to 100."""
    duration_s: float
    talk_from_s: float | None = None
    """Detected mix point; None: not looked for, or there is none."""


def read_jingle_waveform(path: Path, *, cache: Path, is_talked_over: bool) -> JingleWaveform:
    """
    The waveform of a jingle; a file that changed is measured again. `cache` is the newsroom's private folder.

    `is_talked_over`: its mix point is looked for. Raises AudioError for a file that is missing or no sound.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise AudioError(f"{path.name}: cannot be read ({error.strerror}); upload it again") from error
    about = f"{path.resolve()} {status.st_mtime_ns} {status.st_size} {is_talked_over}"
    kept = cache / _FOLDER / f"{hashlib.sha256(about.encode()).hexdigest()[:24]}.json"
    with suppress(OSError, ValueError, TypeError, KeyError):
        data = json.loads(kept.read_text("ascii"))
        return JingleWaveform(**{**data, "bars": tuple(data["bars"])})
    measured = _measure(path, is_talked_over=is_talked_over)
    with suppress(OSError):  # a full disk: it is measured again next time
        write_atomically(kept, json.dumps(asdict(measured)))
        _sweep(kept.parent)
    return measured


def _measure(path: Path, *, is_talked_over: bool) -> JingleWaveform:
    seconds, rate_hz = 0.0, 0
    start: list[Samples] = []
    for block, rate_hz in read_blocks(path):
        if is_talked_over and seconds < _MOST_MIX_S:
            start.append(block)
        seconds += len(block) / rate_hz
        if seconds > _MOST_S:
            raise AudioError(
                f"{path.name}: is longer than ten minutes; a jingle takes seconds, a bed three minutes"
            )
    if not seconds:
        raise AudioError(f"{path.name}: contains no sound; choose another file")
    return JingleWaveform(
        bars=measure_wave(path),
        duration_s=round(seconds, 3),
        talk_from_s=_mix_point(start, rate_hz) if start else None,
    )


def _mix_point(blocks: list[Samples], rate_hz: int) -> float | None:
    from bulletin.audio.music.find_mix_points import find_mix_points  # scipy's filters load slowly

    points = find_mix_points(np.concatenate(blocks), rate_hz=rate_hz)
    return None if points is None else round(points.start_s, 2)


def _sweep(folder: Path) -> None:
    files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in files[:-_KEPT]:
        path.unlink(missing_ok=True)

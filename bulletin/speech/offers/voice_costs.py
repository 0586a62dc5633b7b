"""Cost of local voices on this machine: CPU seconds for a second of speech, measured once and kept."""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin.errors import EngineUnavailableError, SpeechError
from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.runtime.installing.data_folder import data_folder
from bulletin.runtime.processors import usable_processors
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.engine_interface import VoiceReader

_FILE = "voice-costs.json"
_SPOKEN_SHARE = 1.4
"""Speech that is made for a second on air: alternatives are spoken, too, so that the length can be met."""
_WARM_UP = {"en": "Good morning.", "": "Radio."}
_TEXT = {
    "en": (
        "The bridge over the river closes on Monday for six weeks.",
        "Drivers are asked to use the other road while the work goes on, and buses will run every ten minutes.",
    ),
    "": (
        "Radio Alma, Lima, Roma, Barcelona, Porto, Bonn.",
        "Ana, Bruno, Clara, Emil, Hugo, Maria, Otto, Paulo.",
    ),
}
"""Sentences of the measurement; names are read in every language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCost:
    """Measured cost of an engine on this machine."""

    cpu_s_per_s: float
    """CPU seconds for a second of speech."""
    at_once: int
    """Sentences that it speaks at the same time here."""
    measured: str
    """Date, ISO 8601."""

    @property
    def wall_s_per_s(self) -> float:
        """Seconds for a second of speech, while nothing else runs."""
        return self.cpu_s_per_s / max(1, self.at_once)

    @property
    def is_slow(self) -> bool:
        """Slower than real time, while nothing else runs."""
        return self.wall_s_per_s > 1.0

    def seconds_for(self, length_s: float) -> float:
        """About the time in which a whole bulletin of this length is spoken, with its alternatives."""
        return self.wall_s_per_s * length_s * _SPOKEN_SHARE


def measure_cost(reader: VoiceReader, *, now: datetime) -> VoiceCost:
    """
    Speak a few sentences, after the model is loaded, and count the CPU time of this process and its children.

    Raises SpeechError when the voice cannot speak.
    """
    language = "en" if reader.voice.language.startswith("en") else ""
    seconds = cpu_s = 0.0
    try:
        with tempfile.TemporaryDirectory(prefix="bulletin-") as folder:
            path = Path(folder, f"cost{reader.engine.suffix}")
            reader.engine.synthesize(_WARM_UP[language], reader.voice, path)
            for text in _TEXT[language]:
                begun_s = _cpu_s()
                reader.engine.synthesize(text, reader.voice, path)
                cpu_s += _cpu_s() - begun_s
                samples, rate_hz = read_sound(path)
                seconds += len(samples) / rate_hz
    except SpeechError:
        raise
    except Exception as error:  # binary wheels of incompatible versions
        raise EngineUnavailableError(
            f"voice engine {reader.engine.name}: cannot speak ({type(error).__name__}: {error}); install it again"
        ) from error
    return VoiceCost(
        cpu_s_per_s=round(cpu_s / max(seconds, 0.1), 4),
        at_once=min(reader.engine.at_once, usable_processors()),
        measured=now.date().isoformat(),
    )


def keep_cost(engine: str, cost: VoiceCost, folder: Path | None = None) -> None:
    """Keep the cost in the data folder; a folder that takes no file costs only the record."""
    path = (folder or data_folder()) / _FILE
    entry = {"cpu_s_per_s": cost.cpu_s_per_s, "at_once": cost.at_once, "measured": cost.measured}
    with suppress(OSError):
        write_atomically(
            path, json.dumps(_read(path) | {engine: entry | {"machine": _machine()}}, indent=1) + "\n"
        )


def kept_costs(folder: Path | None = None) -> Mapping[str, VoiceCost]:
    """Engine -> cost measured on this machine; a measurement of another machine does not count."""
    costs = {}
    for engine, entry in _read((folder or data_folder()) / _FILE).items():
        with suppress(KeyError, TypeError, ValueError):
            if entry["machine"] == _machine():
                costs[engine] = VoiceCost(
                    cpu_s_per_s=float(entry["cpu_s_per_s"]),
                    at_once=int(entry["at_once"]),
                    measured=str(entry["measured"]),
                )
    return costs


def doubt_of_cost(cost: VoiceCost, *, length_s: float, lead_s: float) -> str:
    """
    Why a voice is too slow for bulletins of a length that are made in `lead_s` seconds; empty when it is not.

    >>> doubt_of_cost(VoiceCost(cpu_s_per_s=0.8, at_once=2, measured=""), length_s=120, lead_s=600)
    ''
    """
    needed_s = cost.seconds_for(length_s)
    if cost.is_slow:
        return (
            f"slower than real time on this machine ({cost.wall_s_per_s:.1f} s for a second of speech); "
            "put a faster voice before it in [speech] chain"
        )
    if needed_s > lead_s:
        return (
            f"too slow for the lead time: it needs about {needed_s:.0f} s for a bulletin of {length_s:.0f} s, and the "
            f"slot leaves {lead_s:.0f} s; put a faster voice before it in [speech] chain"
        )
    return ""


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _machine() -> str:
    """This machine, as far as its speed is concerned."""
    return f"{platform.node()} {platform.machine()} {os.cpu_count() or 1}"


def _cpu_s() -> float:
    """Of this process and of the programs it ran; on Windows of the process alone."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system

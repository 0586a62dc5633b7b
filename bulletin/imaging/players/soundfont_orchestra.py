"""Soundfont -> orchestra: recorded instruments, played note by note; the only module that knows tinysoundfont."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, Field, TypeAdapter

from bulletin.errors import AudioError
from bulletin.imaging.mastering.measure_music_loudness import loudest_lufs
from bulletin.imaging.players.check_soundfont_file import check_soundfont_file
from bulletin.imaging.players.find_soundfont import FILE_NAMES, INSTALL
from bulletin.imaging.players.instrument_files import player_folder
from bulletin.imaging.players.orchestra import DRUMS, INSTRUMENTS, SynthesisOrchestra
from bulletin.imaging.sounds.oscillators import RATE_HZ, Random, Wave, clock, db_to_gain, frames, pan
from bulletin.runtime.files.toml_reader import parse_toml

_DRUM_BANK = 128
_REFERENCE_NOTES = {"bass": 38, "low_strings": 50, "timpani": 45, "glockenspiel": 86}
"""Notes in the middle of a part; 66 for the other instruments."""
_REFERENCE_S = 0.6
_TENTHS = 4
"""Momentary loudness, of 0.4 s."""
_CENTS, _LATE_S, _SOFTER = 6.0, 0.012, 6
"""Largest difference between players of a section: pitch, start, velocity."""
_START_FADE_S, _FADE_S = 0.0015, 0.02
_QUIET_S = 0.3
"""Time after which a note that was silenced leaves no sound in the next one."""
_LOUD = 1e-4
_Recorded = npt.NDArray[np.float32]
"""(frames, channels), one or two."""


class SoundfontInstrument(BaseModel, frozen=True):
    """An instrument of General MIDI; soundfont_instruments.toml explains each field."""

    bank: int
    preset: int
    key: int | None = None
    velocity: int = Field(ge=1, le=127)
    least_s: float = 0.0
    ring_s: float
    players: int = Field(default=1, ge=1)
    width: float = Field(default=0.0, ge=0.0, le=1.0)
    side: float = Field(default=0.0, ge=-1.0, le=1.0)
    octaves: int = 0


def read_instruments() -> Mapping[str, SoundfontInstrument]:
    """Table of the instruments."""
    text = Path(__file__).with_name("soundfont_instruments.toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, SoundfontInstrument]).validate_python(parse_toml(text))


class SoundfontOrchestra:
    """
    Players from a soundfont; what it lacks is synthesised, and listed in `missing`.

    Each instrument is as loud as its synthesised counterpart, so that styles and mixing are the same for any
    soundfont. The same soundfont and random numbers give the same sounds.
    """

    def __init__(self, path: Path) -> None:
        """Load a soundfont (2 CPU seconds, 0.5 GB for 40 MB). Raises AudioError with the remedy."""
        self.name = path.name
        self.licence = "MIT" if path.name in FILE_NAMES else f"that of {path.name}"
        check_soundfont_file(path)
        self._table = read_instruments()
        self._computed = SynthesisOrchestra()
        self._synth, self._id = _load(path)
        self._notes: dict[tuple[str, int, int, int, int], _Recorded] = {}
        self._gains: dict[str, float] = {}
        self.missing = tuple(name for name in (*INSTRUMENTS, *DRUMS) if not self._has(name))
        """Instruments and drums that the soundfont lacks."""

    def play(self, instrument: str, note: int, held_s: float, rng: Random) -> Wave:
        if instrument in self.missing:
            return self._computed.play(instrument, note, held_s, rng)
        return self._section(instrument, note, held_s, rng) * self._gain(instrument)

    def hit(self, drum: str, rng: Random) -> Wave:
        if drum in self.missing:
            return self._computed.hit(drum, rng)
        return self._section(drum, 60, 0.0, rng) * self._gain(drum)

    def swell(self, seconds: float, rng: Random) -> Wave:
        """A cymbal backwards, with a little air."""
        air = self._computed.swell(seconds, rng)
        if "crash" in self.missing:
            return air
        cymbal = self._section("crash", 60, 0.0, rng)[::-1][-len(air) :]
        cymbal = np.concatenate([np.zeros((len(air) - len(cymbal), 2)), cymbal])
        share = clock(seconds)[: len(air)] / seconds
        fade = np.minimum(1.0, (1.0 - share) * seconds / 0.015).clip(0.0)
        cymbal = cymbal * (share**2 * fade)[:, None]
        loud = db_to_gain(loudest_lufs(air, tenths=_TENTHS) - loudest_lufs(cymbal, tenths=_TENTHS))
        return np.asarray(0.35 * air + 0.65 * loud * cymbal)

    def _has(self, name: str) -> bool:
        """Whether a soundfont has the preset, and its reference note sounds."""
        part = self._table[name]
        if self._synth.sfpreset_name(self._id, part.bank, part.preset) is None:
            return False
        return float(np.abs(self._reference(name)).max()) > _LOUD

    def _gain(self, name: str) -> float:
        """Gain to the loudness of the synthesised counterpart, measured with one note."""
        if name not in self._gains:
            rng = Random(1)
            if name in DRUMS:
                wanted = self._computed.hit(name, rng)
            else:
                wanted = self._computed.play(name, _REFERENCE_NOTES.get(name, 66), _REFERENCE_S, rng)
            target_lufs = loudest_lufs(wanted, tenths=_TENTHS)
            self._gains[name] = db_to_gain(target_lufs - loudest_lufs(self._reference(name), tenths=_TENTHS))
        return self._gains[name]

    def _reference(self, name: str) -> Wave:
        return self._section(name, _REFERENCE_NOTES.get(name, 66), _REFERENCE_S, Random(1))

    def _section(self, name: str, note: int, held_s: float, rng: Random) -> Wave:
        """All players of an instrument, from left to right, not quite together."""
        part = self._table[name]
        held = frames(max(held_s, part.least_s))
        takes = []
        for player in range(part.players):
            cents = round((player - (part.players - 1) / 2) * _CENTS) if part.players > 1 else 0
            velocity = part.velocity - int(rng.randint(0, 3)) * _SOFTER // 2
            take = _faded(self._note(name, note, held, velocity, cents).astype(np.float64))
            late = int(rng.randint(0, frames(_LATE_S))) if player else 0
            place = (player / (part.players - 1) * 2 - 1) * part.width if part.players > 1 else part.side
            takes.append((late, _placed(take, place)))
        sound = np.zeros((max(late + len(take) for late, take in takes), 2))
        for late, take in takes:
            sound[late : late + len(take)] += take
        return np.asarray(sound / np.sqrt(part.players))

    def _note(self, name: str, note: int, held: int, velocity: int, cents: int) -> _Recorded:
        """One note of one player, which other parts of the piece reuse; mono as one channel, to save memory."""
        identity = (name, note, held, velocity, cents)
        if identity not in self._notes:
            part = self._table[name]
            is_drum = part.bank == _DRUM_BANK
            channel = 9 if is_drum else 0
            key = part.key if part.key is not None else note + 12 * part.octaves
            self._synth.program_select(channel, self._id, part.bank, part.preset, is_drum)
            self._synth.set_tuning(channel, cents / 100.0)
            self._synth.noteon(channel, key, velocity)
            sounds = [self._generate(held)]
            self._synth.noteoff(channel, key)
            sounds.append(self._generate(frames(part.ring_s)))
            self._synth.sounds_off()
            self._generate(frames(_QUIET_S))
            note_sound = np.concatenate(sounds)
            is_mono = np.array_equal(note_sound[:, 0], note_sound[:, 1])
            self._notes[identity] = note_sound[:, :1].copy() if is_mono else note_sound
        return self._notes[identity]

    def _generate(self, count: int) -> _Recorded:
        return np.frombuffer(self._synth.generate_simple(count), dtype=np.float32).reshape(-1, 2)


def _load(path: Path) -> tuple[Any, int]:
    """The player with the soundfont, and the soundfont's number in it."""
    if str(player_folder()) not in sys.path:
        sys.path.append(str(player_folder()))  # last: one in this environment comes first
    try:
        from tinysoundfont import Synth
    except ImportError as error:
        raise AudioError(f"{path}: needs the player of soundfonts ({error}); {INSTALL}") from error
    synth = Synth(samplerate=RATE_HZ)
    try:
        return synth, synth.sfload(str(path))
    except RuntimeError as error:
        raise AudioError(f"{path}: the soundfont is damaged ({error}); install it again") from error


def _placed(take: Wave, place: float) -> Wave:
    """A mono recording at its place; a stereo one is moved by its balance, so that it keeps its width."""
    if take.shape[1] == 1:
        return np.asarray(pan(take[:, 0], place) * np.sqrt(2.0))
    left, right = min(1.0, 1.0 - place), min(1.0, 1.0 + place)
    return np.asarray(take * [0.3 + 0.7 * left, 0.3 + 0.7 * right])


def _faded(sound: Wave) -> Wave:
    """Both ends faded: some recordings begin in full swing, which would click."""
    fade = frames(_START_FADE_S)
    sound[:fade] *= np.sin(np.linspace(0.0, np.pi / 2.0, fade))[:, None] ** 2
    fade = frames(_FADE_S)
    sound[-fade:] *= np.cos(np.linspace(0.0, np.pi / 2.0, fade))[:, None] ** 2
    return sound

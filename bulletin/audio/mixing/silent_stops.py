"""
Gaps within the words of a robotic voice, which are no dropouts of the file.

A formant synthesizer (espeak-ng) makes the closures of p, t and k, and the end of a fricative, of digital silence with
sharp edges: in ten to thirty seconds of its speech there are as many gaps as words, 7 to 150 ms long. They sound like
the voice and not like a fault. A natural voice has none, so a gap in its clip is lost sound, and stays a warning.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from bulletin.audio.metering.loudness import db_to_gain
from bulletin.audio.metering.measure_sound_file import CELLS_PER_S, find_runs
from bulletin.audio.metering.quality_report import Span
from bulletin.audio.mixing.normalize_voice_loudness import VoiceTrack
from bulletin.audio.music.load_jingles import REFERENCE_LUFS
from bulletin.audio.place_sounds_on_timeline import Rundown, VoicedPassage
from bulletin.model import Passage, Spoken, Voice
from bulletin.runtime.read_sound_file import Samples

_QUIET_LU = -32.0
"""Peak level of a gap relative to the loudness of the voice; six above that of a dropout, for the encoder's noise."""


def find_silent_stops(rundown: Rundown, spoken: Spoken, voice: VoiceTrack) -> tuple[Span, ...]:
    """Gaps in the clips that robotic voices have read, in seconds of the bulletin."""
    return tuple(
        span
        for voiced in rundown.voiced
        if not _reader_of(voiced.clip.passage, spoken).is_natural
        for span in _gaps(voiced, voice, rate_hz=rundown.rate_hz)
    )


def _reader_of(passage: Passage, spoken: Spoken) -> Voice:
    if passage.language:
        return dict(spoken.others).get(passage.language, spoken.voice)
    return spoken.second if passage.by_second and spoken.second else spoken.voice


def _gaps(voiced: VoicedPassage, voice: VoiceTrack, *, rate_hz: int) -> Iterator[Span]:
    start_s = voiced.start / rate_hz
    samples = voice.levelled(voiced)
    cell = max(1, round(voice.rate_hz / CELLS_PER_S))
    cell_s = cell / voice.rate_hz
    for first, last in find_runs(_peaks(samples, cell) < db_to_gain(REFERENCE_LUFS + _QUIET_LU)):
        yield start_s + first * cell_s, start_s + last * cell_s


def _peaks(samples: Samples, cell: int) -> Samples:
    whole = math.floor(len(samples) / cell) * cell
    peaks: Samples = abs(samples[:whole]).reshape(-1, cell).max(axis=1)
    return peaks

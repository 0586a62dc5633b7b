"""Rundown, clips and music -> the bulletin's samples, block by block: memory does not grow with its length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bulletin.audio.envelope import Envelope
from bulletin.audio.jingles import Record
from bulletin.audio.layout import Music, Played, Rundown
from bulletin.audio.loudness import HOPS_PER_S, Floats
from bulletin.audio.sound import Sound, join_sounds, make_silence, to_samples
from bulletin.audio.voice import Levels, VoiceDesk
from bulletin.pcm import Samples

BLOCK_S = 10.0
_UNDER_VOICE_LU = {
    Music.IDENT: 13.0, Music.STING: 14.0, Music.CLOSING: 13.0,
    Music.SPORT: 14.0, Music.WEATHER: 14.0, Music.TRAVEL: 14.0,
}  # fmt: skip
_BED_UP_LU = -5.0
"""Of the bed alone, beside the voice."""


class Mixer:
    """Plays a rundown; each clip is read, levelled and limited when its time comes."""

    def __init__(self, rundown: Rundown, records: Mapping[Music, Record], *, levels: Levels) -> None:
        self._rundown = rundown
        self._records = records
        self._rate_hz = rundown.rate_hz
        self._desk = VoiceDesk(rate_hz=rundown.rate_hz, levels=levels)
        spans = [(one.start / self._rate_hz, one.end / self._rate_hz) for one in rundown.voiced]
        self._tracks = [(one, self._envelope(one, spans, levels)) for one in rundown.played]

    def blocks(self) -> Iterator[Samples]:
        """Stereo samples from start to end, BLOCK_S at a time."""
        step = round(BLOCK_S * self._rate_hz)
        for start in range(0, self._rundown.frames, step):
            yield self._render(start, min(start + step, self._rundown.frames))

    def powers(self) -> Floats:
        """
        K-weighted power of each tenth of a second, without rendering.

        Voice and music are measured apart and added: they are not correlated, and the sum is within
        0.05 LU of what the mix has.
        """
        hop = round(self._rate_hz / HOPS_PER_S)
        total = np.zeros(self._rundown.frames // hop + 2)
        for one in self._rundown.voiced:
            _add(total, one.start // hop, 2.0 * self._desk.powers(one))
        for played, envelope in self._tracks:
            first = played.start // hop
            edges = np.arange(first, -(-played.end // hop) + 1) * hop
            gains = envelope.at(edges[:-1] + hop // 2, rate_hz=self._rate_hz)
            _add(total, first, self._music_powers(played, edges) * gains.ravel() ** 2)
        return total[: self._rundown.frames // hop]

    def _music_powers(self, played: Played, edges: npt.NDArray[np.int64]) -> Floats:
        """Of a record as it lies on the bulletin's grid, from what is known of it on its own."""
        record = self._records[played.music]
        hop, length = edges[1] - edges[0], len(record.samples)
        marks = np.minimum(np.arange(len(record.powers) + 1) * hop, length)
        energy = np.concatenate([[0.0], np.cumsum(record.powers)])
        rounds, places = np.divmod(np.clip(edges, played.start, played.end) - played.start, length)
        if played.music is not Music.BED:
            rounds, places = rounds * 0, np.where(rounds > 0, length, places)
        return np.asarray(np.diff(rounds * energy[-1] + np.interp(places, marks, energy)))

    def _render(self, start: int, end: int) -> Samples:
        block = np.empty((end - start, 2), dtype=np.float32)
        block[:] = self._voice(start, end)
        for played, envelope in self._tracks:
            for at, music in self._music(played, max(start, played.start), min(end, played.end)):
                gain = envelope.at(np.arange(at, at + len(music)), rate_hz=self._rate_hz)
                block[at - start : at - start + len(music)] += music * gain
        return block

    def _voice(self, start: int, end: int) -> Samples:
        """All clips of a stretch, and the silence between them, joined."""
        pieces: list[Sound] = []
        at = start
        for one in self._rundown.voiced:
            first, last = max(one.start, at), min(one.end, end)
            if first >= last:
                continue
            if first > at:
                pieces.append(make_silence(first - at, rate_hz=self._rate_hz))
            pieces.append(self._desk.sound(one).cut(first - one.start, last - one.start))
            at = last
        if at < end:
            pieces.append(make_silence(end - at, rate_hz=self._rate_hz))
        return to_samples(join_sounds(pieces))

    def _music(self, played: Played, start: int, end: int) -> Iterator[tuple[int, Samples]]:
        """Pieces of a record that play from `start` to `end`; a bed begins again when it is over."""
        samples = self._records[played.music].samples
        at = start
        while at < end:
            place = (at - played.start) % len(samples)
            piece = samples[place : place + end - at]
            yield at, piece
            at += len(piece)
            if played.music is not Music.BED and place + len(piece) >= len(samples):
                return

    def _envelope(self, played: Played, spans: Sequence[tuple[float, float]], levels: Levels) -> Envelope:
        is_bed = played.music is Music.BED
        start_s, end_s = played.start / self._rate_hz, played.end / self._rate_hz
        return Envelope(
            [(start, end) for start, end in spans if end > start_s - 1.0 and start < end_s + 1.0],
            start_s=start_s,
            end_s=end_s,
            up_db=_BED_UP_LU if is_bed else 0.0,
            under_db=-levels.bed_under_lu if is_bed else -_UNDER_VOICE_LU[played.music],
            fade_in_s=played.fade_in_s,
            fade_out_s=played.fade_out_s,
        )


def _add(total: Floats, at: int, powers: Floats) -> None:
    count = min(len(powers), len(total) - at)
    total[at : at + count] += powers[:count]

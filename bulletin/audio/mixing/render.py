"""Rundown, clips and music -> the bulletin's samples, block by block: memory does not grow with its length."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from bulletin.audio.clip_editing import Resampler, Sound, join_sounds, make_silence, to_samples
from bulletin.audio.layout import PlacedMusic, PlayedSound, Rundown, VoicedPassage
from bulletin.audio.metering.loudness import HOPS_PER_S, Floats
from bulletin.audio.mixing.limiter import limiter_reach
from bulletin.audio.mixing.voice_track import VoiceLevels, VoiceTrack
from bulletin.audio.music.ducking import Envelope, merge_spans
from bulletin.audio.music.music_cache import CachedMusic
from bulletin.runtime.sound_file import Samples

BLOCK_S = 4.0
"""So much at once stays near the processor."""
_UNDER_VOICE_LU = {
    PlacedMusic.IDENT: 13.0, PlacedMusic.STING: 14.0, PlacedMusic.CLOSING: 13.0,
    PlacedMusic.SPORT: 14.0, PlacedMusic.WEATHER: 14.0, PlacedMusic.TRAVEL: 14.0,
}  # fmt: skip
_BED_UP_LU = -5.0
"""Of the bed alone, beside the voice."""


class Mixer:
    """
    Plays a rundown, everything beside a voice of the reference loudness (voice.py).

    pydub fades the clips and joins them with the silence between them, at the voice's own rate; from
    there on it is float: one resampling of the whole voice, and music under its envelope.
    """

    def __init__(
        self,
        rundown: Rundown,
        records: Mapping[PlacedMusic, CachedMusic],
        *,
        desk: VoiceTrack,
        levels: VoiceLevels,
    ) -> None:
        self._rundown = rundown
        self._rate_hz = rundown.rate_hz
        self._records = records
        played = {one.music for one in rundown.played}
        self._planes = {music: np.ascontiguousarray(records[music].samples.T) for music in played}
        self._desk = desk
        self._levels = levels
        spans = [(one.start / self._rate_hz, one.end / self._rate_hz) for one in rundown.voiced]
        self._tracks = [
            (one, self._envelope(one, spans)) for one in sorted(rundown.played, key=lambda one: one.start)
        ]
        self._ends = list(accumulate((one.end for one, _ in self._tracks), max))
        """When the last of all music up to each track has ended."""
        self._sounding: tuple[VoicedPassage, Sound] | None = None
        from_hz = desk.rate_hz
        self._spoken = [
            (round(one.start * from_hz / self._rate_hz), round(one.end * from_hz / self._rate_hz), one)
            for one in rundown.voiced
        ]
        """When each clip starts and ends, in the voice's own frames."""

    def blocks(self, *, apart: bool = False) -> Iterator[Samples]:
        """
        Samples from start to end, (frames, 2), about BLOCK_S at a time.

        With `apart` stretches far from any music come as the voice's one channel, (frames, 1); far
        means that no limiter that works on the music reaches there.
        """
        mixed = self._near_music() if apart else ((0, self._rundown.frames),)
        at = 0
        for voice in self._voice():
            for start, end, has_music in _split(at, at + len(voice), mixed):
                alone = voice[start - at : end - at]
                yield self._with_music(alone, start) if has_music else alone[:, None]
            at += len(voice)

    def powers(self) -> Floats:
        """
        K-weighted power of each tenth of a second, without rendering.

        Voice and music are measured apart and added: they are not correlated, and the sum is within
        0.05 LU of what the mix has.
        """
        hop = round(self._rate_hz / HOPS_PER_S)
        total = np.zeros(self._rundown.frames // hop + 2)
        for one in self._rundown.voiced:
            first, powers = _on_grid(self._desk.powers(one), one.start / hop)
            _add(total, first, 2.0 * powers)
        for played, envelope in self._tracks:
            first = played.start // hop
            edges = np.arange(first, -(-played.end // hop) + 1) * hop
            gains = envelope.at(edges[:-1] + hop // 2, rate_hz=self._rate_hz)
            _add(total, first, self._music_powers(played, edges) * gains**2)
        return total[: self._rundown.frames // hop]

    def _music_powers(self, played: PlayedSound, edges: npt.NDArray[np.int64]) -> Floats:
        """Of a record as it lies on the bulletin's grid, from what is known of it on its own."""
        record = self._records[played.music]
        hop, length = edges[1] - edges[0], len(record.samples)
        marks = np.minimum(np.arange(len(record.powers) + 1) * hop, length)
        energy = np.concatenate([[0.0], np.cumsum(record.powers)])
        rounds, places = np.divmod(np.clip(edges, played.start, played.end) - played.start, length)
        if played.music is not PlacedMusic.BED:
            rounds, places = rounds * 0, np.where(rounds > 0, length, places)
        return np.asarray(np.diff(rounds * energy[-1] + np.interp(places, marks, energy)))

    def _voice(self) -> Iterator[Samples]:
        """All clips and the silence between them, joined, at the mixing rate."""
        from_hz, to_hz, frames = self._desk.rate_hz, self._rate_hz, self._rundown.frames
        resampler = Resampler(rate_hz=from_hz, to_hz=to_hz)
        step, last = round(BLOCK_S * from_hz), -(-frames * from_hz // to_hz)
        left = frames
        for start in range(0, last, step):
            end = min(start + step, last)
            mono = resampler.feed(to_samples(self._joined(start, end))[:, 0], is_last=end == last)[:left]
            if end == last and len(mono) < left:
                mono = np.pad(mono, (0, left - len(mono)))
            left -= len(mono)
            yield mono

    def _joined(self, start: int, end: int) -> Sound:
        """The clips of a stretch; frames are the voice's own."""
        from_hz = self._desk.rate_hz
        pieces: list[Sound] = []
        at = start
        # From the first that has not ended: an hour holds hundreds of clips.
        for first, until, one in self._spoken[bisect_right(self._spoken, start, key=itemgetter(1)) :]:
            if first >= end:
                break
            if until <= at:
                continue
            sound = self._sound(one)
            begins, ends = max(first, at), min(until, end, first + sound.frames)
            if begins >= ends:
                continue
            if begins > at:
                pieces.append(make_silence(begins - at, rate_hz=from_hz))
            pieces.append(sound.cut(begins - first, ends - first))
            at = ends
        if at < end:
            pieces.append(make_silence(end - at, rate_hz=from_hz))
        return join_sounds(pieces)

    def _sound(self, one: VoicedPassage) -> Sound:
        """The clip that is being said; it may be cut by the end of a block."""
        if self._sounding is None or self._sounding[0] is not one:
            self._sounding = one, self._desk.sound(one, levels=self._levels)
        return self._sounding[1]

    def _with_music(self, voice: Samples, start: int) -> Samples:
        """Both sides of a stretch; channel after channel in memory, which is quicker to work on."""
        planes = np.empty((2, len(voice)), dtype=np.float32)
        planes[:] = voice
        spare = np.empty(len(voice), dtype=np.float32)
        end = start + len(voice)
        for played, envelope in self._tracks[self._first_track(start) :]:
            if played.start >= end:
                break
            for at, music in self._music(played, max(start, played.start), min(end, played.end)):
                gain = envelope.over(at, at + music.shape[1], rate_hz=self._rate_hz)
                place = planes[:, at - start : at - start + music.shape[1]]
                for side in (0, 1):
                    place[side] += np.multiply(music[side], gain, out=spare[: len(gain)])
        return planes.T

    def _first_track(self, at: int) -> int:
        """All music before this one has ended: an hour holds hundreds of stings."""
        return bisect_right(self._ends, at)

    def _music(self, played: PlayedSound, start: int, end: int) -> Iterator[tuple[int, Samples]]:
        """Pieces (channels, frames) of a record that play then; a bed begins again when it is over."""
        plane = self._planes[played.music]
        length = plane.shape[1]
        at = start
        while at < end:
            place = (at - played.start) % length
            piece = plane[:, place : place + end - at]
            yield at, piece
            at += piece.shape[1]
            if played.music is not PlacedMusic.BED and place + piece.shape[1] >= length:
                return

    def _near_music(self) -> tuple[tuple[int, int], ...]:
        """Stretches that a limiter of peaks in the music may change, in order."""
        reach = limiter_reach(self._rate_hz)
        spans = [(max(0, one.start - reach), one.end + reach) for one in self._rundown.played]
        return tuple((int(start), int(end)) for start, end in merge_spans(spans, hold_s=2 * reach))

    def _envelope(self, played: PlayedSound, spans: Sequence[tuple[float, float]]) -> Envelope:
        is_bed = played.music is PlacedMusic.BED
        start_s, end_s = played.start / self._rate_hz, played.end / self._rate_hz
        return Envelope(
            [(start, end) for start, end in spans if end > start_s - 1.0 and start < end_s + 1.0],
            start_s=start_s,
            end_s=end_s,
            up_db=_BED_UP_LU if is_bed else 0.0,
            under_db=-self._levels.bed_under_lu if is_bed else -_UNDER_VOICE_LU[played.music],
            fade_in_s=played.fade_in_s,
            fade_out_s=played.fade_out_s,
        )


def _split(start: int, end: int, mixed: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """A stretch cut at the borders of `mixed`, and whether each part lies in it."""
    at = start
    for first, last in mixed[bisect_right(mixed, start, key=itemgetter(1)) :]:
        if first >= end:
            break
        if first > at:
            yield at, first, False
        yield max(first, at), min(last, end), True
        at = min(last, end)
    if at < end:
        yield at, end, False


def _on_grid(powers: Floats, start: float) -> tuple[int, Floats]:
    """Powers of hops that begin at a broken number of hops, on the grid of whole ones; and the first of these."""
    first = int(start)
    energy = np.concatenate([[0.0], np.cumsum(powers)])
    edges = np.arange(first, first + len(powers) + 2) - start
    return first, np.asarray(np.diff(np.interp(edges, np.arange(len(energy)), energy)))


def _add(total: Floats, at: int, powers: Floats) -> None:
    count = min(len(powers), len(total) - at)
    total[at : at + count] += powers[:count]

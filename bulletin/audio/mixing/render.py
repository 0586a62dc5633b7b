"""Rundown, voice and music -> Samples of the mix, block by block: memory does not grow with the length."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from bulletin.audio.clip_editing import Sound, join_sounds, make_silence, make_sound, to_samples
from bulletin.audio.metering.loudness import HOPS_PER_S, Floats
from bulletin.audio.mixing.limiter import limiter_reach
from bulletin.audio.mixing.voice_track import VoiceLevels, VoiceTrack
from bulletin.audio.music.ducking import Envelope, merge_spans
from bulletin.audio.music.music_cache import PreparedJingle
from bulletin.audio.resampling import Resampler
from bulletin.audio.rundown_layout import JingleKind, PlayedMusic, Rundown, VoicedPassage
from bulletin.runtime.sound_file import Samples

BLOCK_S = 4.0
"""Short enough for the processor's cache."""
_UNDER_VOICE_LU = {
    JingleKind.IDENT: 13.0, JingleKind.STING: 14.0, JingleKind.CLOSING: 13.0,
    JingleKind.SPORT: 14.0, JingleKind.WEATHER: 14.0, JingleKind.TRAVEL: 14.0,
}  # fmt: skip
_BED_UP_LU = -5.0
"""Level of the bed between words, relative to the voice."""


class Mixer:
    """
    Mix of a rundown, with the voice at REFERENCE_LUFS.

    The clips are joined at the voice's own rate and resampled as one stream; music is added under its
    ducking envelope.
    """

    def __init__(
        self,
        rundown: Rundown,
        jingles: Mapping[JingleKind, PreparedJingle],
        *,
        voice: VoiceTrack,
        levels: VoiceLevels,
    ) -> None:
        self._rundown = rundown
        self._rate_hz = rundown.rate_hz
        self._jingles = jingles
        kinds = {played.jingle for played in rundown.played}
        self._planes = {kind: np.ascontiguousarray(jingles[kind].samples.T) for kind in kinds}
        self._voice = voice
        self._levels = levels
        spans = [(voiced.start / self._rate_hz, voiced.end / self._rate_hz) for voiced in rundown.voiced]
        self._tracks = [
            (played, self._envelope(played, spans))
            for played in sorted(rundown.played, key=lambda played: played.start)
        ]
        self._ends = list(accumulate((played.end for played, _ in self._tracks), max))
        """Latest end of all music up to each track."""
        self._current_clip: tuple[VoicedPassage, Samples] | None = None
        ratio = voice.rate_hz / self._rate_hz
        self._spoken = [
            (round(voiced.start * ratio), round(voiced.end * ratio), voiced) for voiced in rundown.voiced
        ]
        """Start and end of each clip, in frames at the voice's own rate."""

    def blocks(self, *, split_voice: bool = False) -> Iterator[Samples]:
        """
        Samples from start to end, (frames, 2), about BLOCK_S at a time.

        With `split_voice` the stretches that no limiter of the music can reach are (frames, 1): the
        voice alone.
        """
        mixed = self._near_music() if split_voice else ((0, self._rundown.frames),)
        at = 0
        for voice in self._voice_blocks():
            for start, end, has_music in _split(at, at + len(voice), mixed):
                alone = voice[start - at : end - at]
                yield self._with_music(alone, start) if has_music else alone[:, None]
            at += len(voice)

    def powers(self) -> Floats:
        """
        K-weighted power of each tenth of a second, without rendering.

        Voice and music are measured alone and added: they are not correlated, and the sum is within
        0.05 LU of the mix.
        """
        hop = round(self._rate_hz / HOPS_PER_S)
        total = np.zeros(self._rundown.frames // hop + 2)
        for voiced in self._rundown.voiced:
            first, powers = _align_to_grid(self._voice.powers(voiced), voiced.start / hop)
            _add(total, first, 2.0 * powers)
        for played, envelope in self._tracks:
            first = played.start // hop
            edges = np.arange(first, -(-played.end // hop) + 1) * hop
            gains = envelope.at(edges[:-1] + hop // 2, rate_hz=self._rate_hz)
            _add(total, first, self._music_powers(played, edges) * gains**2)
        return total[: self._rundown.frames // hop]

    def _music_powers(self, played: PlayedMusic, edges: npt.NDArray[np.int64]) -> Floats:
        """Powers of a jingle on the grid of the bulletin, from its own powers."""
        jingle = self._jingles[played.jingle]
        hop, length = edges[1] - edges[0], len(jingle.samples)
        marks = np.minimum(np.arange(len(jingle.powers) + 1) * hop, length)
        energy = np.concatenate([[0.0], np.cumsum(jingle.powers)])
        loops, frames = np.divmod(np.clip(edges, played.start, played.end) - played.start, length)
        if played.jingle is not JingleKind.BED:
            loops, frames = loops * 0, np.where(loops > 0, length, frames)
        return np.asarray(np.diff(loops * energy[-1] + np.interp(frames, marks, energy)))

    def _voice_blocks(self) -> Iterator[Samples]:
        """All clips and the silence between them, (frames,) at the mixing rate."""
        from_hz, to_hz, frames = self._voice.rate_hz, self._rate_hz, self._rundown.frames
        resampler = Resampler(rate_hz=from_hz, to_hz=to_hz)
        step, last = round(BLOCK_S * from_hz), -(-frames * from_hz // to_hz)
        left = frames
        for start in range(0, last, step):
            end = min(start + step, last)
            mono = resampler.feed(self._join_clips(start, end), is_last=end == last)[:left]
            if end == last and len(mono) < left:
                mono = np.pad(mono, (0, left - len(mono)))
            left -= len(mono)
            yield mono

    def _join_clips(self, start: int, end: int) -> Samples:
        """The voice from frame `start` up to `end`, (frames,) at its own rate: clips joined with silence by pydub."""
        rate_hz = self._voice.rate_hz
        pieces: list[Sound] = []
        at = start
        # From the first clip that has not ended: an hour holds hundreds of clips.
        for first, until, voiced in self._spoken[bisect_right(self._spoken, start, key=itemgetter(1)) :]:
            if first >= end:
                break
            if until <= at:
                continue
            clip = self._clip_samples(voiced)
            begins, ends = max(first, at), min(until, end, first + len(clip))
            if begins < ends:
                pieces.append(make_silence(begins - at, rate_hz=rate_hz))
                pieces.append(make_sound(clip[begins - first : ends - first], rate_hz=rate_hz))
                at = ends
        pieces.append(make_silence(end - at, rate_hz=rate_hz))
        return to_samples(join_sounds(pieces))[:, 0]

    def _clip_samples(self, voiced: VoicedPassage) -> Samples:
        """Samples of the current clip, kept because a block may end in its middle."""
        if self._current_clip is None or self._current_clip[0] is not voiced:
            self._current_clip = voiced, self._voice.samples(voiced, levels=self._levels)
        return self._current_clip[1]

    def _with_music(self, voice: Samples, start: int) -> Samples:
        """Stereo mix of a stretch, (frames, 2); each channel is contiguous in memory, for speed."""
        planes = np.empty((2, len(voice)), dtype=np.float32)
        planes[:] = voice
        spare = np.empty(len(voice), dtype=np.float32)
        end = start + len(voice)
        for played, envelope in self._tracks[self._first_track(start) :]:
            if played.start >= end:
                break
            for at, music in self._music(played, max(start, played.start), min(end, played.end)):
                gain = envelope.over(at, at + music.shape[1], rate_hz=self._rate_hz)
                covered = planes[:, at - start : at - start + music.shape[1]]
                for side in (0, 1):
                    covered[side] += np.multiply(music[side], gain, out=spare[: len(gain)])
        return planes.T

    def _first_track(self, at: int) -> int:
        """Index of the first track that has not ended: an hour holds hundreds of stings."""
        return bisect_right(self._ends, at)

    def _music(self, played: PlayedMusic, start: int, end: int) -> Iterator[tuple[int, Samples]]:
        """Pieces (channels, frames) of a jingle from `start` up to `end`; a bed loops."""
        plane = self._planes[played.jingle]
        length = plane.shape[1]
        at = start
        while at < end:
            offset = (at - played.start) % length
            piece = plane[:, offset : offset + end - at]
            yield at, piece
            at += piece.shape[1]
            if played.jingle is not JingleKind.BED and offset + piece.shape[1] >= length:
                return

    def _near_music(self) -> tuple[tuple[int, int], ...]:
        """Stretches that a limiter of the music may change, in order."""
        reach = limiter_reach(self._rate_hz)
        spans = [(max(0, played.start - reach), played.end + reach) for played in self._rundown.played]
        return tuple((int(start), int(end)) for start, end in merge_spans(spans, hold_s=2 * reach))

    def _envelope(self, played: PlayedMusic, spans: Sequence[tuple[float, float]]) -> Envelope:
        is_bed = played.jingle is JingleKind.BED
        start_s, end_s = played.start / self._rate_hz, played.end / self._rate_hz
        return Envelope(
            [(start, end) for start, end in spans if end > start_s - 1.0 and start < end_s + 1.0],
            start_s=start_s,
            end_s=end_s,
            up_db=_BED_UP_LU if is_bed else 0.0,
            under_db=-self._levels.bed_under_lu if is_bed else -_UNDER_VOICE_LU[played.jingle],
            fade_in_s=played.fade_in_s,
            fade_out_s=played.fade_out_s,
        )


def _split(start: int, end: int, mixed: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """Parts of a stretch, cut at the borders of `mixed`, and whether each part is in it."""
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


def _align_to_grid(powers: Floats, start: float) -> tuple[int, Floats]:
    """Powers whose first hop starts at a fractional hop, resampled to whole hops; and the first whole hop."""
    first = int(start)
    energy = np.concatenate([[0.0], np.cumsum(powers)])
    edges = np.arange(first, first + len(powers) + 2) - start
    return first, np.asarray(np.diff(np.interp(edges, np.arange(len(energy)), energy)))


def _add(total: Floats, at: int, powers: Floats) -> None:
    count = min(len(powers), len(total) - at)
    total[at : at + count] += powers[:count]

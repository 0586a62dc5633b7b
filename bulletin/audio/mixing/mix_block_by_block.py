"""Rundown, voice and music -> Samples of the mix, block by block: memory does not grow with the length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bulletin.audio.fade_and_join_clips import join_clips
from bulletin.audio.metering.loudness import HOPS_PER_S, Floats
from bulletin.audio.mixing.normalize_voice_loudness import VoiceTrack
from bulletin.audio.music.ducking import Envelope
from bulletin.audio.music.prepared_jingle_cache import PreparedJingle
from bulletin.audio.place_sounds_on_timeline import JingleKind, PlayedMusic, Rundown
from bulletin.runtime.read_sound_file import Samples
from bulletin.runtime.resampling import Resampler

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
    ducking envelope. `voice_crest_db` limits the voice's peaks above its loudness, so that the last limiter has
    little to do; `bed_under_lu` is the level of the bed below the voice, under speech.
    """

    def __init__(
        self,
        rundown: Rundown,
        jingles: Mapping[JingleKind, PreparedJingle],
        *,
        voice: VoiceTrack,
        voice_crest_db: float,
        bed_under_lu: float,
    ) -> None:
        self._rundown = rundown
        self._rate_hz = rundown.rate_hz
        self._jingles = jingles
        self._voice = voice
        self._voice_crest_db, self._bed_under_lu = voice_crest_db, bed_under_lu
        spans = [(voiced.start / self._rate_hz, voiced.end / self._rate_hz) for voiced in rundown.voiced]
        self._tracks = [
            (played, self._envelope(played, spans))
            for played in sorted(rundown.played, key=lambda played: played.start)
        ]

    def blocks(self) -> Iterator[Samples]:
        """Samples from start to end, about BLOCK_S at a time: (frames, 2), or (frames, 1) of the voice alone."""
        at = 0
        for voice in self._voice_blocks():
            yield self._with_music(voice, at)
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
            clips = join_clips(self._clips_between(start, end), frames=end - start, rate_hz=from_hz)
            mono = resampler.feed(clips, is_last=end == last)[:left]
            if end == last:
                mono = np.pad(mono, (0, left - len(mono)))
            left -= len(mono)
            yield mono

    def _clips_between(self, start: int, end: int) -> Iterator[tuple[int, Samples]]:
        """Parts of clips from frame `start` up to `end` at the voice's own rate, each with its frame after `start`."""
        ratio = self._voice.rate_hz / self._rate_hz
        at = start
        for voiced in self._rundown.voiced:
            first, until = round(voiced.start * ratio), min(round(voiced.end * ratio), end)
            if first < end and until > at:
                clip = self._voice.samples(voiced, crest_db=self._voice_crest_db)
                part = clip[max(first, at) - first : until - first]
                yield max(first, at) - start, part
                at = max(first, at) + len(part)

    def _with_music(self, voice: Samples, start: int) -> Samples:
        """Stereo mix of a stretch, (frames, 2); each channel is contiguous in memory, for speed."""
        end = start + len(voice)
        tracks = [track for track in self._tracks if track[0].start < end and track[0].end > start]
        if not tracks:
            return voice[:, None]
        planes = np.empty((2, len(voice)), dtype=np.float32)
        planes[:] = voice
        spare = np.empty(len(voice), dtype=np.float32)
        for played, envelope in tracks:
            for at, music in self._music(played, max(start, played.start), min(end, played.end)):
                gain = envelope.at(np.arange(at, at + music.shape[1]), rate_hz=self._rate_hz).astype(
                    np.float32
                )
                covered = planes[:, at - start : at - start + music.shape[1]]
                for side in (0, 1):
                    covered[side] += np.multiply(music[side], gain, out=spare[: len(gain)])
        return planes.T

    def _music(self, played: PlayedMusic, start: int, end: int) -> Iterator[tuple[int, Samples]]:
        """Pieces (channels, frames) of a jingle from `start` up to `end`; a bed loops."""
        plane = self._jingles[played.jingle].samples.T
        length = plane.shape[1]
        at = start
        while at < end:
            offset = (at - played.start) % length
            piece = plane[:, offset : offset + end - at]
            yield at, piece
            at += piece.shape[1]
            if played.jingle is not JingleKind.BED and offset + piece.shape[1] >= length:
                return

    def _envelope(self, played: PlayedMusic, spans: Sequence[tuple[float, float]]) -> Envelope:
        is_bed = played.jingle is JingleKind.BED
        start_s, end_s = played.start / self._rate_hz, played.end / self._rate_hz
        return Envelope(
            [(start, end) for start, end in spans if end > start_s - 1.0 and start < end_s + 1.0],
            start_s=start_s,
            end_s=end_s,
            up_db=_BED_UP_LU if is_bed else 0.0,
            under_db=-self._bed_under_lu if is_bed else -_UNDER_VOICE_LU[played.jingle],
            fade_in_s=played.fade_in_s,
            fade_out_s=played.fade_out_s,
        )


def _align_to_grid(powers: Floats, start: float) -> tuple[int, Floats]:
    """Powers whose first hop starts at a fractional hop, resampled to whole hops; and the first whole hop."""
    first = int(start)
    energy = np.concatenate([[0.0], np.cumsum(powers)])
    edges = np.arange(first, first + len(powers) + 2) - start
    return first, np.asarray(np.diff(np.interp(edges, np.arange(len(energy)), energy)))


def _add(total: Floats, at: int, powers: Floats) -> None:
    count = min(len(powers), len(total) - at)
    total[at : at + count] += powers[:count]

"""Style, seed and key -> JingleTune, which all jingles of a set share."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from bulletin.imaging.composing.jingle_styles import Motif, Style
from bulletin.imaging.composing.music_theory import Chord, Scale, make_scale
from bulletin.imaging.sounds.oscillators import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class JingleTune:
    """Tune of a jingle set: the sound logo of a station."""

    scale: Scale
    tempo_bpm: int
    motif: Motif
    rhythm: tuple[int, ...]
    colour: Chord
    """Chord under the second half of the question."""
    talk: tuple[Chord, ...]
    progression: tuple[Chord, ...]
    """One chord a bar, for the bed."""
    ostinato: tuple[int, ...]
    telegraph: tuple[int, ...]

    @property
    def beat_s(self) -> float:
        return 60.0 / self.tempo_bpm

    @property
    def rhythm_beats(self) -> tuple[float, ...]:
        return tuple(sixteenths / 4 for sixteenths in self.rhythm)

    @property
    def octave(self) -> int:
        """Octave of the tonic: in every key in the best range of a trumpet, whose last good note is D6."""
        return 5 if self.scale.tonic <= 2 else 4

    def note(self, degree: int) -> int:
        """MIDI number of a degree in the tune's octave."""
        return self.scale.note(degree, octave=self.octave)


def draw_tune(style: Style, *, seed: int, key: str) -> JingleTune:
    """Draw a tune; the same seed always gives the same one."""
    rng = Random(seed)
    motif = style.motifs[rng.randint(len(style.motifs))]
    rhythm = style.rhythms[rng.randint(len(style.rhythms))]
    order = rng.permutation(len(style.phrases))[:3]
    return JingleTune(
        scale=make_scale(key, style.mode),
        tempo_bpm=int(rng.randint(style.tempos_bpm[0], style.tempos_bpm[1] + 1)),
        motif=motif,
        rhythm=rhythm,
        colour=_colour(style, motif, rhythm),
        talk=style.talk[rng.randint(len(style.talk))],
        progression=tuple(chord for phrase in order for chord in style.phrases[phrase]),
        ostinato=style.ostinatos[rng.randint(len(style.ostinatos))],
        telegraph=style.telegraphs[rng.randint(len(style.telegraphs))],
    )


def _colour(style: Style, motif: Motif, rhythm: tuple[int, ...]) -> Chord:
    """The chord with most notes of the tune from its third beat on."""
    ends = accumulate(rhythm)
    late = [degree % 7 for degree, end in zip(motif.question, ends, strict=True) if end > 8]

    def common_notes(chord: Chord) -> int:
        tones = {degree % 7 for degree in chord.degrees}
        return sum(degree in tones for degree in late)

    return max(style.colours, key=common_notes)

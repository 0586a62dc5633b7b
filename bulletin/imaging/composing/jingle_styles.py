"""Styles of jingles: mode, tempo, tunes, chords, instruments and their levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bulletin.errors import AudioError
from bulletin.imaging.composing.music_theory import Chord
from bulletin.imaging.sounds import instruments as play
from bulletin.imaging.sounds.instruments import Instrument

ADD9, SUS4, SEVENTH = (0, 2, 4, 8), (0, 3, 4), (0, 2, 4, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Motif:
    """A question of one bar and an answer of three notes; degrees of the scale, 0 is the tonic."""

    question: tuple[int, ...]
    answer: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StylePart:
    """An instrument of a line: its octaves above the line, and its level."""

    instrument: Instrument
    octaves: int = 0
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Material of the tune and of the arrangement."""

    name: str
    mode: str
    tempos_bpm: tuple[int, int]
    key: str
    """Key of the set that ships."""
    motifs: tuple[Motif, ...]
    rhythms: tuple[tuple[int, ...], ...]
    """Lengths of the question's five notes in sixteenths, one bar in all."""
    colours: tuple[Chord, ...]
    """Candidates for the chord under the second half of the tune; the one with most common notes is used."""
    talk: tuple[tuple[Chord, ...], ...]
    """Under the voice-over: three chords of two beats that lead home."""
    farewell: tuple[Chord, Chord, Chord]
    """Two half bars under the closing's tune, and the chord before its last."""
    home: Chord
    phrases: tuple[tuple[Chord, ...], ...]
    """The bed's phrases of four bars; three are drawn."""
    ostinatos: tuple[tuple[int, ...], ...]
    """Chord tones in sixteenths: 0 the lowest; a rest is -1."""
    telegraphs: tuple[tuple[int, ...], ...]
    """The ticker's rhythm in sixteenths: 1 strikes, 2 strikes harder."""
    lead: tuple[StylePart, ...]
    choir: Instrument
    """Holds the chord under the last note."""
    bells: tuple[StylePart, ...]
    chords: tuple[StylePart, ...]
    pulse: Instrument
    ticker: Instrument
    ticker_degree: int
    """The note of the ticker."""
    levels_lu: Mapping[str, float]
    bed_levels_lu: Mapping[str, float]
    drums: str
    """"full", "soft" or "none"."""
    hall_s: float


BRIGHT = Style(
    name="bright",
    mode="major",
    tempos_bpm=(116, 120),
    key="D",
    motifs=(
        Motif(question=(-3, 0, 1, 4, 2), answer=(4, 6, 7)),
        Motif(question=(0, 0, 4, 3, 4), answer=(2, 6, 7)),
        Motif(question=(-3, 2, 1, 0, 4), answer=(3, 1, 4)),
        Motif(question=(0, 4, 3, 2, 4), answer=(4, 6, 7)),
        Motif(question=(2, 4, 0, 1, 4), answer=(4, 6, 7)),
    ),
    rhythms=((3, 3, 2, 4, 4), (2, 2, 4, 3, 5), (4, 2, 2, 3, 5), (3, 3, 2, 2, 6)),
    colours=(Chord(root=3, steps=ADD9), Chord(root=5, steps=SEVENTH), Chord(root=4, steps=SUS4)),
    talk=(
        (Chord(root=5, steps=SEVENTH), Chord(root=3, steps=ADD9), Chord(root=4, steps=SUS4)),
        (Chord(root=3, steps=ADD9), Chord(root=1, steps=SEVENTH), Chord(root=4, steps=SUS4)),
    ),
    farewell=(Chord(root=5, steps=SEVENTH), Chord(root=3, steps=ADD9), Chord(root=4)),
    home=Chord(root=0, steps=ADD9),
    phrases=(
        (Chord(root=0, steps=ADD9), Chord(root=5, steps=SEVENTH), Chord(root=3, steps=ADD9), Chord(root=4)),
        (Chord(root=5), Chord(root=3, steps=ADD9), Chord(root=0), Chord(root=4, steps=SUS4)),
        (Chord(root=0), Chord(root=4), Chord(root=1, steps=SEVENTH), Chord(root=3, steps=ADD9)),
        (Chord(root=3, steps=ADD9), Chord(root=0), Chord(root=5), Chord(root=4, steps=SUS4)),
    ),
    ostinatos=((0, 2, 1, 2, 0, 2, 1, 2), (0, 1, 2, 1, 3, 1, 2, 1), (0, 0, 2, 0, 3, 0, 2, 1)),
    telegraphs=(
        (2, 0, 1, 1, 0, 1, 2, 0, 1, 0, 1, 1, 2, 0, 1, 0),
        (2, 1, 0, 1, 1, 0, 2, 0, 1, 1, 0, 1, 2, 0, 1, 1),
        (2, 0, 1, 0, 1, 1, 2, 0, 0, 1, 1, 0, 2, 1, 1, 0),
    ),
    choir=play.horns,
    lead=(StylePart(instrument=play.trumpets), StylePart(instrument=play.horns, octaves=-1, gain_db=-1.0),
          StylePart(instrument=play.strings, gain_db=-5.0)),
    bells=(StylePart(instrument=play.glockenspiel, octaves=1), StylePart(instrument=play.piano, gain_db=-2.0)),
    chords=(StylePart(instrument=play.strings), StylePart(instrument=play.low_strings, octaves=-1, gain_db=-2.0)),
    pulse=play.pluck,
    ticker=play.marimba,
    ticker_degree=-3,
    levels_lu={"lead": 0.0, "bells": -8.0, "strings": -7.0, "pad": -14.0, "bass": -9.0,
               "pulse": -10.0, "mallets": -11.0, "drums": -9.0, "hits": -3.0},
    bed_levels_lu={"bells": -9.0, "strings": -5.0, "pad": -4.0, "bass": -3.0,
                   "pulse": -2.0, "mallets": -7.0, "drums": -6.0, "hits": -10.0},
    drums="full",
    hall_s=1.7,
)  # fmt: skip

SERIOUS = Style(
    name="serious",
    mode="minor",
    tempos_bpm=(108, 112),
    key="C",
    motifs=(
        Motif(question=(0, 4, 3, 2, 4), answer=(5, 6, 7)),
        Motif(question=(-3, 0, 2, 1, 4), answer=(5, 6, 7)),
        Motif(question=(0, 2, 4, 3, 4), answer=(2, 1, 0)),
        Motif(question=(4, 3, 2, 0, 4), answer=(5, 6, 7)),
    ),
    rhythms=((4, 3, 1, 4, 4), (3, 3, 2, 4, 4), (4, 2, 2, 2, 6), (6, 2, 2, 2, 4)),
    colours=(Chord(root=5, steps=ADD9), Chord(root=2), Chord(root=3, steps=SEVENTH)),
    talk=(
        (Chord(root=5, steps=ADD9), Chord(root=2), Chord(root=6, steps=SUS4)),
        (Chord(root=3, steps=SEVENTH), Chord(root=5, steps=ADD9), Chord(root=6, steps=SUS4)),
    ),
    farewell=(Chord(root=5, steps=ADD9), Chord(root=3, steps=SEVENTH), Chord(root=6)),
    home=Chord(root=0),
    phrases=(
        (Chord(root=0), Chord(root=5, steps=ADD9), Chord(root=2), Chord(root=6)),
        (Chord(root=0), Chord(root=3, steps=SEVENTH), Chord(root=5), Chord(root=6, steps=SUS4)),
        (Chord(root=5, steps=ADD9), Chord(root=6), Chord(root=0), Chord(root=0, steps=SUS4)),
        (Chord(root=0), Chord(root=6), Chord(root=5), Chord(root=3, steps=SEVENTH)),
    ),
    ostinatos=((0, 0, 1, 0, 2, 0, 1, 0), (0, 1, 0, 2, 0, 1, 0, 3), (0, 0, 0, 1, 0, 0, 2, 1)),
    telegraphs=BRIGHT.telegraphs,
    choir=play.horns,
    lead=(StylePart(instrument=play.horns, gain_db=1.0), StylePart(instrument=play.trumpets, gain_db=-3.0),
          StylePart(instrument=play.low_strings, octaves=-1, gain_db=-2.0)),
    bells=(StylePart(instrument=play.piano), StylePart(instrument=play.piano, octaves=-1, gain_db=-2.0)),
    chords=(StylePart(instrument=play.strings), StylePart(instrument=play.low_strings, octaves=-1)),
    pulse=play.spiccato,
    ticker=play.marimba,
    ticker_degree=0,
    levels_lu={"lead": 0.0, "bells": -7.0, "strings": -6.0, "pad": -14.0, "bass": -9.0,
               "pulse": -8.0, "mallets": -13.0, "drums": -14.0, "hits": -2.0},
    bed_levels_lu={"bells": -9.0, "strings": -4.0, "pad": -5.0, "bass": -4.0,
                   "pulse": -1.0, "mallets": -8.0, "drums": -10.0, "hits": -10.0},
    drums="soft",
    hall_s=2.2,
)  # fmt: skip

NIGHT = Style(
    name="night",
    mode="dorian",
    tempos_bpm=(96, 100),
    key="E",
    motifs=(
        Motif(question=(0, 2, 4, 6, 4), answer=(2, 1, 0)),
        Motif(question=(4, 2, 3, 1, 4), answer=(3, 1, 0)),
        Motif(question=(-3, 0, 2, 1, 4), answer=(2, 3, 4)),
        Motif(question=(4, 3, 4, 1, 2), answer=(3, 1, 0)),
    ),
    rhythms=((4, 2, 2, 4, 4), (6, 2, 4, 2, 2), (3, 3, 2, 4, 4), (4, 4, 2, 2, 4)),
    colours=(Chord(root=3, steps=ADD9), Chord(root=2, steps=SEVENTH), Chord(root=6, steps=ADD9)),
    talk=(
        (Chord(root=3, steps=ADD9), Chord(root=2, steps=SEVENTH), Chord(root=6, steps=SUS4)),
        (Chord(root=2, steps=SEVENTH), Chord(root=3, steps=ADD9), Chord(root=6, steps=SUS4)),
    ),
    farewell=(Chord(root=2, steps=SEVENTH), Chord(root=3, steps=ADD9), Chord(root=6)),
    home=Chord(root=0, steps=ADD9),
    phrases=(
        (Chord(root=0, steps=ADD9), Chord(root=3), Chord(root=0, steps=SEVENTH), Chord(root=3, steps=ADD9)),
        (Chord(root=2, steps=SEVENTH), Chord(root=3), Chord(root=0, steps=ADD9), Chord(root=6, steps=SUS4)),
        (Chord(root=0, steps=SEVENTH), Chord(root=6), Chord(root=3, steps=ADD9), Chord(root=3)),
        (Chord(root=0), Chord(root=2, steps=SEVENTH), Chord(root=3, steps=ADD9), Chord(root=6)),
    ),
    ostinatos=((0, -1, 1, 2, -1, 3, 2, 1), (0, 1, 2, 3, -1, 2, 1, -1), (0, -1, 2, -1, 1, -1, 3, 2)),
    telegraphs=(
        (2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0),
        (2, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0),
    ),
    choir=play.low_strings,
    lead=(StylePart(instrument=play.electric_piano), StylePart(instrument=play.strings, gain_db=-4.0),
          StylePart(instrument=play.horns, octaves=-1, gain_db=-8.0)),
    bells=(StylePart(instrument=play.glockenspiel, gain_db=-2.0), StylePart(instrument=play.marimba, octaves=-1)),
    chords=(StylePart(instrument=play.strings, gain_db=-3.0), StylePart(instrument=play.electric_piano, octaves=-1)),
    pulse=play.electric_piano,
    ticker=play.marimba,
    ticker_degree=4,
    levels_lu={"lead": 0.0, "bells": -8.0, "strings": -5.0, "pad": -8.0, "bass": -7.0,
               "pulse": -9.0, "mallets": -12.0, "drums": -14.0, "hits": -6.0},
    bed_levels_lu={"bells": -8.0, "strings": -5.0, "pad": -3.0, "bass": -3.0,
                   "pulse": -1.0, "mallets": -8.0, "drums": -9.0, "hits": -10.0},
    drums="soft",
    hall_s=2.4,
)  # fmt: skip

STYLES: Mapping[str, Style] = {style.name: style for style in (BRIGHT, SERIOUS, NIGHT)}


def find_style(name: str) -> Style:
    """Raises AudioError for a style that does not exist, naming those that do."""
    if name not in STYLES:
        raise AudioError(f'imaging: "{name}" is not a style; use one of {", ".join(STYLES)}')
    return STYLES[name]

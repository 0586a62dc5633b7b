"""JingleTune -> JinglePiece: ident, bed, stings and closing, arranged, mixed and mastered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bulletin.imaging.composing.jingle_styles import Style
from bulletin.imaging.composing.jingle_tune import JingleTune
from bulletin.imaging.composing.music_theory import Chord
from bulletin.imaging.mastering.master_jingle import master
from bulletin.imaging.mastering.reverb import make_hall
from bulletin.imaging.mastering.stem_mix import StemMixer
from bulletin.imaging.play_instruments import Band
from bulletin.imaging.sounds.oscillators import Random, Wave

BED_BARS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class JinglePiece:
    """A finished jingle with its mix points."""

    name: str
    sound: Wave
    mix_point_s: float
    """Mix point: speech may start here."""
    talk_until_s: float
    """Speech should have ended here: the last hit, or the end."""
    is_loop: bool = False


def make_ident(style: Style, tune: JingleTune, rng: Random) -> JinglePiece:
    """One bar of tune, six quieter beats for a voice, and the answer."""
    final, ring_s = 10.0, 1.5
    band = _band(style, tune, rng, final * tune.beat_s + ring_s)
    talk_db = -6.0
    chords = [(0.0, 2.0, style.home, 0.0), (2.0, 2.0, tune.colour, 0.0)]
    chords += [(4.0 + 2 * place, 2.0, chord, talk_db) for place, chord in enumerate(tune.talk)]
    chords[-1] = (8.0, 1.0, tune.talk[-1], talk_db)
    chords.append((9.0, 1.0, Chord(root=tune.talk[-1].root), talk_db + 1.5))
    for at, beats, chord, gain_db in chords:
        band.chord(chord, at=at, beats=beats, gain_db=gain_db)
        band.bass(chord, at=at, beats=beats, gain_db=gain_db / 2)
        band.pulse(chord, at=at, beats=beats, gain_db=gain_db / 2)
    band.beat(at=0, beats=8, gain_db=-2.0)
    band.big_hit(style.home, at=0)
    band.choir(style.home, at=0, beats=1.5, gain_db=-6.0)
    band.line(tune.motif.question, _beats(tune.rhythm), at=0)
    band.big_hit(tune.talk[0], at=4, gain_db=-7.0, with_crash=False)
    band.roll(at=9, beats=1, gain_db=-6.0)
    band.swell(into=final, beats=2, gain_db=-11.0)
    _arrive(band, at=final, pickup=0.5, ring_s=ring_s)
    return _finish(band, rng, "ident", fade_s=1.3, talk=(4.15, final - 1.0))


def make_bed(style: Style, tune: JingleTune, rng: Random) -> JinglePiece:
    """A steady pulse without a tune, under the voice; it loops to the sample."""
    beats = BED_BARS * 4
    band = Band(style, tune, StemMixer(beats * tune.beat_s, is_loop=True), rng)
    for bar, chord in enumerate(tune.progression):
        at = bar * 4.0
        band.chord(chord, at=at, beats=4.0, full=bar // 4 != 0)
        band.bass(chord, at=at, beats=4.0)
        band.pulse(chord, at=at, beats=4.0)
        band.ticker(at=at, beats=4.0)
        band.beat(at=at, beats=4)
        if bar % 4 == 3:
            band.bells(tune.motif.question, _beats(tune.rhythm), at=at)
    return _finish(band, rng, "bed", fade_s=0.0, talk=(0.0, float(beats)), levels_lu=style.bed_levels_lu)


def make_sting(style: Style, tune: JingleTune, rng: Random) -> JinglePiece:
    """The answer alone, fast, between two stories."""
    hit = 0.5
    band = _band(style, tune, rng, hit * tune.beat_s + 1.3)
    band.swell(into=hit, beats=0.5, gain_db=-12.0)
    _arrive(band, at=hit, pickup=0.25, ring_s=1.3, is_big=False)
    return _finish(band, rng, "sting", fade_s=1.1, talk=(hit + 1.2, 4.0))


def make_closing(style: Style, tune: JingleTune, rng: Random) -> JinglePiece:
    """The tune over farewell chords, a broad cadence, and the tonic."""
    final, ring_s = 6.0, 3.0
    band = _band(style, tune, rng, final * tune.beat_s + ring_s)
    first, second, last = style.farewell
    for at, chord in ((0.0, first), (2.0, second), (4.0, last)):
        band.chord(chord, at=at, beats=2.0)
        band.bass(chord, at=at, beats=2.0)
        band.pulse(chord, at=at, beats=2.0)
    band.beat(at=0, beats=6, gain_db=-2.0)
    band.big_hit(first, at=0, gain_db=-3.0)
    band.line(tune.motif.question, _beats(tune.rhythm), at=0)
    band.roll(at=5, beats=1, gain_db=-4.0)
    band.swell(into=final, beats=1.5, gain_db=-9.0)
    _arrive(band, at=final, pickup=1.0, ring_s=ring_s)
    return _finish(band, rng, "closing", fade_s=2.7, talk=(final + 1.5, final + ring_s / tune.beat_s))


def make_sport(style: Style, tune: JingleTune, rng: Random) -> JinglePiece:
    """Stadium drums, the head of the tune, the tonic."""
    hit = 2.0
    band = _band(style, tune, rng, hit * tune.beat_s + 1.3)
    leading = Chord(root=tune.talk[-1].root)
    band.beat(at=0, beats=2)
    band.beat(at=0.25, beats=1, gain_db=-3.0)
    band.roll(at=1, beats=1, gain_db=-3.0)
    band.bass(leading, at=0, beats=2.0, every=0.25)
    band.choir(leading, at=0, beats=0.4, gain_db=-4.0)
    band.choir(leading, at=0.75, beats=0.4, gain_db=-4.0)
    band.big_hit(leading, at=0, gain_db=-4.0, with_crash=False)
    _arrive(band, at=hit, pickup=0.25, ring_s=1.3)
    return _finish(band, rng, "sport", fade_s=1.1, talk=(hit + 1.2, 8.0))


def make_weather(style: Style, tune: JingleTune, rng: Random) -> JinglePiece:
    """No drums: a wide chord with falling bells."""
    hit = 2.0
    band = _band(style, tune, rng, hit * tune.beat_s + 1.9)
    band.chord(tune.colour, at=0, beats=2.0)
    band.bass(tune.colour, at=0, beats=2.0, every=2.0)
    band.cello(tune.colour, at=0, beats=2.0)
    rising = sorted(degree % 7 for degree in tune.colour.degrees)
    climb = [degree + 7 * turn for turn in range(3) for degree in rising][:8]
    band.bells(climb, (0.25,) * 8, at=0, gain_db=-3.0)
    band.chord(style.home, at=hit, beats=2.0)
    band.bass(style.home, at=hit, beats=2.0, every=2.0)
    band.cello(style.home, at=hit, beats=2.0)
    band.bells(tune.motif.answer, (0.25, 0.25, 2.0), at=hit)
    return _finish(band, rng, "weather", fade_s=1.5, talk=(hit + 1.2, 8.0))


def make_travel(style: Style, tune: JingleTune, rng: Random) -> JinglePiece:
    """Ticker and pulse, a passing car, the tonic."""
    hit = 2.0
    band = _band(style, tune, rng, hit * tune.beat_s + 1.3)
    leading = Chord(root=tune.talk[-1].root)
    band.ticker(at=0, beats=2.0)
    band.pulse(leading, at=0, beats=2.0)
    band.bass(leading, at=0, beats=2.0)
    band.beat(at=0, beats=2, gain_db=-2.0)
    band.swell(into=hit, beats=1.5, gain_db=-8.0)
    _arrive(band, at=hit, pickup=0.5, ring_s=1.3, is_big=False)
    return _finish(band, rng, "travel", fade_s=1.1, talk=(hit + 1.2, 8.0))


PIECES: Mapping[str, Callable[[Style, JingleTune, Random], JinglePiece]] = {
    "ident": make_ident,
    "bed": make_bed,
    "sting": make_sting,
    "closing": make_closing,
    "sport": make_sport,
    "weather": make_weather,
    "travel": make_travel,
}
"""By name. Add new ones at the end: the position of a piece seeds its random numbers."""


def make_piece(name: str, style: Style, tune: JingleTune, *, seed: int) -> JinglePiece:
    """Each piece has random numbers of its own, so that a change of one leaves the others unchanged."""
    return PIECES[name](style, tune, Random(seed * 1000 + list(PIECES).index(name)))


def _arrive(band: Band, *, at: float, pickup: float, ring_s: float, is_big: bool = True) -> None:
    """Two notes of `pickup` beats lead to the last note of the answer, with the tonic chord under it."""
    home = band.style.home
    ring = ring_s / band.tune.beat_s
    first, second, last = band.tune.motif.answer
    band.line((first, second), (pickup, pickup), at=at - 2 * pickup, gain_db=-2.0)
    # The tune's last note rings long; louder than the chord around it, it would whistle.
    band.line((last,), (ring * 0.75,), at=at, gain_db=-4.5)
    band.choir(home, at=at, beats=ring * 0.7, gain_db=-1.0)
    band.chord(home, at=at, beats=ring * 0.8)
    band.bass(home, at=at, beats=ring * 0.7, every=ring * 0.7)
    band.big_hit(home, at=at, gain_db=0.0 if is_big else -4.0)
    run = (0, 2, 4, 7, 9)
    band.bells(run, (0.125, 0.125, 0.125, 0.125, 1.0), at=at, gain_db=-4.0)


def _band(style: Style, tune: JingleTune, rng: Random, seconds: float) -> Band:
    return Band(style, tune, StemMixer(seconds), rng)


def _beats(rhythm: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(sixteenths / 4 for sixteenths in rhythm)


def _finish(
    band: Band,
    rng: Random,
    name: str,
    *,
    fade_s: float,
    talk: tuple[float, float],
    levels_lu: Mapping[str, float] | None = None,
) -> JinglePiece:
    style, desk, beat_s = band.style, band.desk, band.tune.beat_s
    mix = desk.mix(levels_lu or style.levels_lu, make_hall(style.hall_s, rng))
    return JinglePiece(
        name=name,
        sound=master(mix, fade_s=fade_s, is_loop=desk.is_loop),
        mix_point_s=talk[0] * beat_s,
        talk_until_s=min(talk[1] * beat_s, desk.seconds),
        is_loop=desk.is_loop,
    )

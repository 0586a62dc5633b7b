"""JingleTune -> JinglePiece: ident, bed, stings and closing, arranged, mixed and mastered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bulletin.imaging.composing.compose_tune import JingleTune
from bulletin.imaging.composing.jingle_styles import Style
from bulletin.imaging.composing.music_theory import Chord
from bulletin.imaging.mastering.master_jingle import master
from bulletin.imaging.mastering.mix_stems import StemMixer, make_hall
from bulletin.imaging.players.orchestra import Orchestra
from bulletin.imaging.render_notes_to_stems import Band
from bulletin.imaging.sounds.oscillators import Random, Wave


@dataclass(frozen=True, slots=True, kw_only=True)
class JinglePiece:
    """A finished jingle with its mix points."""

    name: str
    sound: Wave
    mix_point_s: float
    """Mix point: speech may start here."""
    talk_until_s: float
    """Speech should have ended here: the last hit, or the end."""
    is_loop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Arrangement of a jingle: its player and its form."""

    play: Callable[[Band], None]
    beats: float
    """Beats before its last note, or of its loop."""
    ring_s: float = 0.0
    """Seconds that the last note rings; 0 for a loop."""
    fade_s: float = 0.0
    """Seconds of fading at its end."""
    talk: tuple[float, float]
    """Beats at which speech may start, and should have ended."""


def _play_ident(band: Band) -> None:
    """One bar of tune, six quieter beats for a voice, and the answer."""
    home, tune = band.style.home, band.tune
    talk_db = -6.0
    first, second, third = tune.talk
    band.accompany(home, at=0.0, beats=2.0)
    band.accompany(tune.colour, at=2.0, beats=2.0)
    band.accompany(first, at=4.0, beats=2.0, gain_db=talk_db)
    band.accompany(second, at=6.0, beats=2.0, gain_db=talk_db)
    band.accompany(third, at=8.0, beats=1.0, gain_db=talk_db)
    band.accompany(_leading(band), at=9.0, beats=1.0, gain_db=talk_db + 1.5)
    band.beat(at=0, beats=8, gain_db=-2.0)
    band.big_hit(home, at=0)
    band.choir(home, at=0, beats=1.5, gain_db=-6.0)
    band.line(tune.motif.question, tune.rhythm_beats, at=0)
    band.big_hit(first, at=4, gain_db=-7.0, with_crash=False)
    band.roll(at=9, beats=1, gain_db=-6.0)
    band.swell(into=10.0, beats=2, gain_db=-11.0)
    _arrive(band, at=10.0, pickup=0.5, ring_s=1.5)


def _play_bed(band: Band) -> None:
    """A steady pulse without a tune, under the voice; it loops to the sample."""
    for bar, chord in enumerate(band.tune.progression):
        at = bar * 4.0
        band.accompany(chord, at=at, beats=4.0, full=bar // 4 != 0)
        band.ticker(at=at, beats=4.0)
        band.beat(at=at, beats=4)
        if bar % 4 == 3:
            band.bells(band.tune.motif.question, band.tune.rhythm_beats, at=at)


def _play_sting(band: Band) -> None:
    """The answer alone, fast, between two stories."""
    band.swell(into=0.5, beats=0.5, gain_db=-12.0)
    _arrive(band, at=0.5, pickup=0.25, is_big=False)


def _play_closing(band: Band) -> None:
    """The tune over farewell chords, a broad cadence, and the tonic."""
    for number, chord in enumerate(band.style.farewell):
        band.accompany(chord, at=2.0 * number, beats=2.0)
    band.beat(at=0, beats=6, gain_db=-2.0)
    band.big_hit(band.style.farewell[0], at=0, gain_db=-3.0)
    band.line(band.tune.motif.question, band.tune.rhythm_beats, at=0)
    band.roll(at=5, beats=1, gain_db=-4.0)
    band.swell(into=6.0, beats=1.5, gain_db=-9.0)
    _arrive(band, at=6.0, pickup=1.0, ring_s=3.0)


def _play_sport(band: Band) -> None:
    """Stadium drums, the head of the tune, the tonic."""
    leading = _leading(band)
    band.beat(at=0, beats=2)
    band.beat(at=0.25, beats=1, gain_db=-3.0)
    band.roll(at=1, beats=1, gain_db=-3.0)
    band.bass(leading, at=0, beats=2.0, every=0.25)
    band.choir(leading, at=0, beats=0.4, gain_db=-4.0)
    band.choir(leading, at=0.75, beats=0.4, gain_db=-4.0)
    band.big_hit(leading, at=0, gain_db=-4.0, with_crash=False)
    _arrive(band, at=2.0, pickup=0.25)


def _play_weather(band: Band) -> None:
    """No drums: a wide chord with falling bells."""
    colour = band.tune.colour
    rising = sorted(degree % 7 for degree in colour.degrees)
    climb = [degree + 7 * turn for turn in range(3) for degree in rising][:8]
    for at, chord, tune, lengths, gain_db in (
        (0, colour, climb, (0.25,) * 8, -3.0),
        (2.0, band.style.home, band.tune.motif.answer, (0.25, 0.25, 2.0), 0.0),
    ):
        band.chord(chord, at=at, beats=2.0)
        band.bass(chord, at=at, beats=2.0, every=2.0)
        band.cello(chord, at=at, beats=2.0)
        band.bells(tune, lengths, at=at, gain_db=gain_db)


def _play_travel(band: Band) -> None:
    """Ticker and pulse, a passing car, the tonic."""
    leading = _leading(band)
    band.ticker(at=0, beats=2.0)
    band.pulse(leading, at=0, beats=2.0)
    band.bass(leading, at=0, beats=2.0)
    band.beat(at=0, beats=2, gain_db=-2.0)
    band.swell(into=2.0, beats=1.5, gain_db=-8.0)
    _arrive(band, at=2.0, pickup=0.5, is_big=False)


def _leading(band: Band) -> Chord:
    """The plain triad that leads home."""
    return Chord(root=band.tune.talk[-1].root)


def _arrive(band: Band, *, at: float, pickup: float, ring_s: float = 1.3, is_big: bool = True) -> None:
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
    band.bells((0, 2, 4, 7, 9), (0.125, 0.125, 0.125, 0.125, 1.0), at=at, gain_db=-4.0)


PIECES: Mapping[str, Arrangement] = {
    "ident": Arrangement(play=_play_ident, beats=10.0, ring_s=1.5, fade_s=1.3, talk=(4.15, 9.0)),
    "bed": Arrangement(play=_play_bed, beats=48.0, talk=(0.0, 48.0)),
    "sting": Arrangement(play=_play_sting, beats=0.5, ring_s=1.3, fade_s=1.1, talk=(1.7, 4.0)),
    "closing": Arrangement(play=_play_closing, beats=6.0, ring_s=3.0, fade_s=2.7, talk=(7.5, 12.0)),
    "sport": Arrangement(play=_play_sport, beats=2.0, ring_s=1.3, fade_s=1.1, talk=(3.2, 8.0)),
    "weather": Arrangement(play=_play_weather, beats=2.0, ring_s=1.9, fade_s=1.5, talk=(3.2, 8.0)),
    "travel": Arrangement(play=_play_travel, beats=2.0, ring_s=1.3, fade_s=1.1, talk=(3.2, 8.0)),
}
"""By name. Add new ones at the end: the position of a piece seeds its random numbers."""


def make_piece(name: str, style: Style, tune: JingleTune, orchestra: Orchestra, *, seed: int) -> JinglePiece:
    """Render a piece with its own random numbers, so that a change of one leaves the others unchanged."""
    form = PIECES[name]
    is_loop = not form.ring_s
    desk = StemMixer(form.beats * tune.beat_s + form.ring_s, is_loop=is_loop)
    band = Band(style, tune, desk, orchestra, Random(seed * 1000 + list(PIECES).index(name)))
    form.play(band)
    mix = desk.mix(style.bed_levels_lu if is_loop else style.levels_lu, make_hall(style.hall_s, band.rng))
    return JinglePiece(
        name=name,
        sound=master(mix, fade_s=form.fade_s, is_loop=is_loop),
        mix_point_s=form.talk[0] * tune.beat_s,
        talk_until_s=min(form.talk[1] * tune.beat_s, desk.seconds),
        is_loop=is_loop,
    )

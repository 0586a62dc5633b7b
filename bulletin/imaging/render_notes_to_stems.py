"""Tune and style -> notes in a StemMixer: each method plays a line, a chord or a beat; time is in beats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bulletin.imaging.composing.compose_tune import JingleTune
from bulletin.imaging.composing.jingle_styles import Style, StylePart
from bulletin.imaging.composing.music_theory import Chord, voice
from bulletin.imaging.mastering.mix_stems import StemMixer
from bulletin.imaging.players.orchestra import Orchestra
from bulletin.imaging.sounds.oscillators import Random, Wave

_PAD = (StylePart(instrument="pad", octaves=-1),)
_BASS = (StylePart(instrument="bass"),)
_CELLO = (StylePart(instrument="low_strings"),)


class Band:
    """Plays a tune in a style into a mixer."""

    def __init__(
        self, style: Style, tune: JingleTune, desk: StemMixer, orchestra: Orchestra, rng: Random
    ) -> None:
        self.style = style
        self.tune = tune
        self.desk = desk
        self.orchestra = orchestra
        self.rng = rng
        self._voices: tuple[int, ...] = ()

    def line(
        self, degrees: Sequence[int], lengths: Sequence[float], *, at: float, gain_db: float = 0.0
    ) -> None:
        """The tune, by the lead and the bells together; lengths in beats."""
        for degree, length in zip(degrees, lengths, strict=True):
            self._sound("lead", self.style.lead, self.tune.note(degree), at, length * 0.94, gain_db)
            self.bells((degree,), (length,), at=at, gain_db=gain_db)
            at += length

    def bells(
        self, degrees: Sequence[int], lengths: Sequence[float], *, at: float, gain_db: float = 0.0
    ) -> None:
        """The tune by the bells alone."""
        for degree, length in zip(degrees, lengths, strict=True):
            self._sound("bells", self.style.bells, self.tune.note(degree), at, length, gain_db)
            at += length

    def accompany(
        self, chord: Chord, *, at: float, beats: float, gain_db: float = 0.0, full: bool = True
    ) -> None:
        """A chord with bass and pulse, which stay louder than the chord when it is softened."""
        self.chord(chord, at=at, beats=beats, gain_db=gain_db, full=full)
        self.bass(chord, at=at, beats=beats, gain_db=gain_db / 2)
        self.pulse(chord, at=at, beats=beats, gain_db=gain_db / 2)

    def chord(
        self, chord: Chord, *, at: float, beats: float, gain_db: float = 0.0, full: bool = True
    ) -> None:
        """Strings (when `full`) and pad hold a chord."""
        self._voices = voice(chord, self.tune.scale, centre=66.0, before=self._voices)
        for note in self._voices:
            if full:
                self._sound("strings", self.style.chords, note, at, beats, gain_db)
            self._sound("pad", _PAD, note, at, beats, gain_db)

    def choir(self, chord: Chord, *, at: float, beats: float, gain_db: float = 0.0) -> None:
        """The lead's fellows hold a chord around the middle of the keyboard."""
        for note in voice(chord, self.tune.scale, centre=61.0):
            self._sound("lead", self.style.choir, note, at, beats, gain_db)

    def bass_note(self, chord: Chord) -> int:
        """The root, between A1 and A flat 2: deep, but audible on a kitchen radio."""
        return (self.tune.scale.note(chord.root, octave=2) - 33) % 12 + 33

    def bass(
        self, chord: Chord, *, at: float, beats: float, every: float = 0.5, gain_db: float = 0.0
    ) -> None:
        """Repeated notes with an accent on each beat."""
        held = every * (0.8 if every < 1.0 else 1.0)
        for step in range(round(beats / every)):
            accent = 0.0 if step * every % 1 == 0 else -2.5
            self._sound("bass", _BASS, self.bass_note(chord), at + step * every, held, gain_db + accent)

    def cello(self, chord: Chord, *, at: float, beats: float) -> None:
        """The fifth above the bass: without drums nothing else sounds between the bass and its octave."""
        self._sound("strings", _CELLO, self.bass_note(chord) + 7, at, beats, 0.0)

    def pulse(self, chord: Chord, *, at: float, beats: float, gain_db: float = 0.0) -> None:
        """The ostinato: sixteenths through the chord's tones."""
        tones = voice(chord, self.tune.scale, centre=69.0)
        tones = (*tones[:3], tones[0] + 12)
        for step in range(round(beats * 4)):
            tone = self.tune.ostinato[step % len(self.tune.ostinato)]
            accent = (0.0, -6.0, -3.0, -6.0)[step % 4]
            if tone >= 0:
                self._sound("pulse", self.style.pulse, tones[tone], at + step / 4, 0.2, gain_db + accent)

    def ticker(self, *, at: float, beats: float) -> None:
        """One repeated note in a Morse rhythm; the style chooses a note that fits every chord."""
        note = self.tune.note(self.style.ticker_degree)
        for step in range(round(beats * 4)):
            force = self.tune.telegraph[step % 16]
            if force:
                gain_db = -4.0 if force == 1 else 0.0
                self._sound("mallets", self.style.ticker, note, at + step / 4, 0.2, gain_db)

    def beat(self, *, at: float, beats: int, gain_db: float = 0.0) -> None:
        """Bars of the style's drums."""
        for step in range(beats * 4):
            for drum, softer_db in _drums_at(step, self.style.drums):
                self._hit("drums", drum, at=at + step / 4, gain_db=gain_db - softer_db)

    def roll(self, *, at: float, beats: float, gain_db: float = 0.0) -> None:
        """A snare that grows into the next beat."""
        steps = round(beats * 8)
        for step in range(steps):
            rise = -16.0 * (1.0 - (step + 1) / steps)
            self._hit("drums", "snare", at=at + step / 8, gain_db=gain_db + rise)

    def big_hit(self, chord: Chord, *, at: float, gain_db: float = 0.0, with_crash: bool = True) -> None:
        """Impact, timpani and crash together."""
        self._hit("hits", "impact", at=at, gain_db=gain_db)
        timpani = self.orchestra.play("timpani", self.bass_note(chord) + 12, 0.0, self.rng)
        self._place("hits", timpani, at=at, gain_db=gain_db - 3.0)
        if with_crash:
            self._hit("hits", "crash", at=at, gain_db=gain_db - 19.0)

    def swell(self, *, into: float, beats: float, gain_db: float = 0.0) -> None:
        """A rush of air that ends on the beat `into`."""
        rush = self.orchestra.swell(beats * self.tune.beat_s, self.rng)
        self._place("hits", rush, at=into - beats, gain_db=gain_db)

    def _hit(self, stem: str, drum: str, *, at: float, gain_db: float) -> None:
        self._place(stem, self.orchestra.hit(drum, self.rng), at=at, gain_db=gain_db)

    def _place(self, stem: str, sound: Wave, *, at: float, gain_db: float) -> None:
        self.desk.place(stem, sound, at * self.tune.beat_s, gain_db)

    def _sound(
        self, stem: str, parts: Iterable[StylePart], note: int, at: float, beats: float, gain_db: float
    ) -> None:
        for part in parts:
            # Players are never together to the millisecond; 3 ms is tight playing.
            late_s = float(self.rng.uniform(0.0, 0.003))
            held_s = beats * self.tune.beat_s
            sound = self.orchestra.play(part.instrument, note + 12 * part.octaves, held_s, self.rng)
            self.desk.place(stem, sound, at * self.tune.beat_s + late_s, gain_db + part.gain_db)


def _drums_at(step: int, kind: str) -> Iterator[tuple[str, float]]:
    """
    Drums of a sixteenth, and how much softer each is.

    The full set has kick, snare, clap, hat and shaker; the soft one no snare, the light one a stick on its rim;
    the orchestral one is a bass drum and a shaker.
    """
    if kind == "orchestral":
        if step % 8 == 0:
            yield "bass_drum", 0.0
        if step % 4 == 3:
            yield "shaker", 14.0
        return
    if step % 8 == 0 or (kind == "full" and step % 16 == 6):
        yield "kick", 0.0
    if step % 8 == 4 and kind == "full":
        yield from (("snare", 7.0), ("clap", 9.0))
    if step % 8 == 4 and kind == "light":
        yield "rim", 8.0
    if step % 4 == 2:
        yield "hat", 14.0
    yield "shaker", (17, 23, 19, 23)[step % 4]

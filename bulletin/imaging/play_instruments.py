"""Tune and style -> notes in a StemMixer: each method plays a line, a chord or a beat; time is in beats."""

from __future__ import annotations

from collections.abc import Sequence

from bulletin.imaging.composing.jingle_styles import Style, StylePart
from bulletin.imaging.composing.jingle_tune import JingleTune
from bulletin.imaging.composing.music_theory import Chord, voice
from bulletin.imaging.mastering.stem_mix import StemMixer
from bulletin.imaging.sounds import instruments, percussion
from bulletin.imaging.sounds.oscillators import Random, Wave


class Band:
    """Plays a tune in a style into a mixer."""

    def __init__(self, style: Style, tune: JingleTune, desk: StemMixer, rng: Random) -> None:
        self.style = style
        self.tune = tune
        self.desk = desk
        self._rng = rng
        self._voices: tuple[int, ...] = ()

    def line(
        self, degrees: Sequence[int], lengths: Sequence[float], *, at: float, gain_db: float = 0.0
    ) -> None:
        """The tune, by the lead and the bells together; lengths in beats."""
        for degree, length in zip(degrees, lengths, strict=True):
            note = self.tune.scale.note(degree, octave=self.tune.octave)
            for part in self.style.lead:
                self._sound("lead", part, note, at, length * 0.94, gain_db)
            for part in self.style.bells:
                self._sound("bells", part, note, at, length, gain_db)
            at += length

    def bells(
        self, degrees: Sequence[int], lengths: Sequence[float], *, at: float, gain_db: float = 0.0
    ) -> None:
        """The tune by the bells alone."""
        for degree, length in zip(degrees, lengths, strict=True):
            note = self.tune.scale.note(degree, octave=self.tune.octave)
            for part in self.style.bells:
                self._sound("bells", part, note, at, length, gain_db)
            at += length

    def chord(
        self, chord: Chord, *, at: float, beats: float, gain_db: float = 0.0, full: bool = True
    ) -> None:
        """Strings (when `full`) and pad hold a chord."""
        self._voices = voice(chord, self.tune.scale, centre=66.0, before=self._voices)
        for note in self._voices:
            for part in self.style.chords if full else ():
                self._sound("strings", part, note, at, beats, gain_db)
            self._sound("pad", StylePart(instrument=instruments.pad), note - 12, at, beats, gain_db)

    def choir(self, chord: Chord, *, at: float, beats: float, gain_db: float = 0.0) -> None:
        """The lead's fellows hold a chord around the middle of the keyboard."""
        for note in voice(chord, self.tune.scale, centre=61.0):
            self._sound("lead", StylePart(instrument=self.style.choir), note, at, beats, gain_db)

    def bass_note(self, chord: Chord) -> int:
        """The root, between A1 and A flat 2: deep, but audible on a kitchen radio."""
        note = self.tune.scale.note(chord.root, octave=2)
        return (note - 33) % 12 + 33

    def bass(
        self, chord: Chord, *, at: float, beats: float, every: float = 0.5, gain_db: float = 0.0
    ) -> None:
        """Repeated notes with an accent on each beat."""
        note = self.bass_note(chord)
        for step in range(round(beats / every)):
            accent = 0.0 if step * every % 1 == 0 else -2.5
            part = StylePart(instrument=instruments.bass)
            held = every * (0.8 if every < 1.0 else 1.0)
            self._sound("bass", part, note, at + step * every, held, gain_db + accent)

    def cello(self, chord: Chord, *, at: float, beats: float, gain_db: float = 0.0) -> None:
        """The fifth above the bass: without drums nothing else lies between the bass and its octave."""
        part = StylePart(instrument=instruments.low_strings)
        self._sound("strings", part, self.bass_note(chord) + 7, at, beats, gain_db)

    def pulse(self, chord: Chord, *, at: float, beats: float, gain_db: float = 0.0) -> None:
        """The ostinato: sixteenths through the chord's tones."""
        tones = voice(chord, self.tune.scale, centre=69.0)
        tones = (*tones[:3], tones[0] + 12)
        for step in range(round(beats * 4)):
            place = self.tune.ostinato[step % len(self.tune.ostinato)]
            accent = (0.0, -6.0, -3.0, -6.0)[step % 4]
            if place >= 0:
                part = StylePart(instrument=self.style.pulse)
                self._sound("pulse", part, tones[place], at + step / 4, 0.2, gain_db + accent)

    def ticker(self, *, at: float, beats: float, gain_db: float = 0.0) -> None:
        """One repeated note in a Morse rhythm; the style chooses one that fits every chord."""
        note = self.tune.scale.note(self.style.ticker_degree, octave=self.tune.octave)
        for step in range(round(beats * 4)):
            force = self.tune.telegraph[step % 16]
            if force:
                part = StylePart(instrument=self.style.ticker)
                self._sound("mallets", part, note, at + step / 4, 0.2, gain_db - (4.0 if force == 1 else 0.0))

    def beat(self, *, at: float, beats: int, gain_db: float = 0.0) -> None:
        """Kick, snare, hat and shaker; the soft set leaves the snare out."""
        for step in range(beats * 4):
            place = at + step / 4
            if step % 8 == 0 or (self.style.drums == "full" and step % 16 == 6):
                self.hit("drums", percussion.kick(self._rng), at=place, gain_db=gain_db)
            if step % 8 == 4 and self.style.drums == "full":
                self.hit("drums", percussion.snare(self._rng), at=place, gain_db=gain_db - 7.0)
                self.hit("drums", percussion.clap(self._rng), at=place, gain_db=gain_db - 9.0)
            if step % 4 == 2:
                self.hit("drums", percussion.hat(self._rng), at=place, gain_db=gain_db - 14.0)
            self.hit(
                "drums", percussion.shaker(self._rng), at=place, gain_db=gain_db - (17, 23, 19, 23)[step % 4]
            )

    def roll(self, *, at: float, beats: float, gain_db: float = 0.0) -> None:
        """A snare that grows into the next beat."""
        steps = round(beats * 8)
        for step in range(steps):
            rise = -16.0 * (1.0 - (step + 1) / steps)
            self.hit("drums", percussion.snare(self._rng), at=at + step / 8, gain_db=gain_db + rise)

    def big_hit(self, chord: Chord, *, at: float, gain_db: float = 0.0, with_crash: bool = True) -> None:
        """Impact, timpani and crash together."""
        self.hit("hits", percussion.impact(self._rng), at=at, gain_db=gain_db)
        self.hit(
            "hits", percussion.timpani(self.bass_note(chord) + 12, self._rng), at=at, gain_db=gain_db - 3.0
        )
        if with_crash:
            self.hit("hits", percussion.crash(self._rng), at=at, gain_db=gain_db - 19.0)

    def swell(self, *, into: float, beats: float, gain_db: float = 0.0) -> None:
        """A rush of air that ends on the beat `into`."""
        seconds = beats * self.tune.beat_s
        self.hit("hits", percussion.swell(seconds, self._rng), at=into - beats, gain_db=gain_db)

    def hit(self, stem: str, sound: Wave, *, at: float, gain_db: float) -> None:
        self.desk.place(stem, sound, at * self.tune.beat_s, gain_db)

    def _sound(self, stem: str, part: StylePart, note: int, at: float, beats: float, gain_db: float) -> None:
        # Players are never together to the millisecond; 3 ms is tight playing.
        late_s = float(self._rng.uniform(0.0, 0.003))
        sound = part.instrument(note + 12 * part.octaves, beats * self.tune.beat_s, self._rng)
        self.desk.place(stem, sound, at * self.tune.beat_s + late_s, gain_db + part.gain_db)

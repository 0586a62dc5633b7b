"""What is heard: Voice, Clip -> Bulletin -> Episode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bulletin.model.air_slots import Level
from bulletin.model.news import Left
from bulletin.model.spoken_text import Passage, Role, Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who made a voice, a jingle or a phrase file, and what it may be used for."""

    name: str
    licence: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Somebody who can read, known to one engine."""

    name: str
    """The engine's own name for it: "heart", "bf_emma", "co.uk"."""
    engine: str
    language: str
    description: str = ""
    attribution: Attribution | None = None
    pace_wps: float = 2.9
    """Words a second, as measured; three is a British newsreader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One passage spoken: a mono WAV file (float32 or 16 bit) without silence at either end."""

    passage: Passage
    path: Path
    duration_s: float
    rate_hz: int
    sentence_times: tuple[tuple[float, float], ...] = ()
    """Start and end of each sentence of the passage, in seconds from the clip's start; empty: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An engine that was asked to say the bulletin, and how it ended."""

    engine: str
    voice: str
    ok: bool
    reason: str = ""
    sentences: int = 0
    cached: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The whole script said by one voice, or by two that share it."""

    clips: tuple[Clip, ...]
    voice: Voice
    attempts: tuple[Attempt, ...]
    second: Voice | None = None
    """Who said the passages for the second reader; None: one voice said all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A stretch of the finished sound."""

    start_s: float
    end_s: float
    title: str
    link: str = ""
    story_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A sentence and when it is heard in the finished sound; for transcripts."""

    start_s: float
    end_s: float
    text: str
    role: Role
    story_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What a finished file was found to be, decoded from start to end."""

    short_term_max_lufs: float
    range_lu: float
    clipped: int
    """Flat tops at full scale."""
    dc_offset: float
    """The largest mean of a channel; full scale is 1."""
    mono_loss_lu: float
    """How much louder it is in stereo than on one loudspeaker."""
    faults: tuple[str, ...] = ()
    """Why it may not go out."""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    """Of processor time, beyond what its making needs to know of loudness, peak and length."""

    @property
    def is_fit(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One finished file of a bulletin."""

    kind: str
    """ "podcast", "fm", "speaker"."""
    path: Path
    media_type: str
    duration_s: float
    """Decoded length."""
    loudness_lufs: float
    true_peak_dbtp: float
    chapters: tuple[Chapter, ...] = ()
    cues: tuple[Cue, ...] = ()
    aired: tuple[Passage, ...] = ()
    """The passages that are heard in it, in running order."""
    quality: Quality | None = None
    """None: nobody has examined it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """The mixed whole."""

    script: Script
    voice: Voice
    second_voice: Voice | None = None
    renditions: tuple[Rendition, ...]
    aired: tuple[Passage, ...]
    """The passages of the first rendition, in running order."""
    dropped: tuple[Left, ...] = ()
    """Stories that did not fit."""
    planned_s: float
    notes: tuple[str, ...] = ()
    """What was done without: a missing jingle, a cut at its shortest."""
    level: Level = Level.FRESH
    """Whether it is news, or stands by for it."""

    @property
    def story_ids(self) -> tuple[str, ...]:
        """Stories that are in it, in running order, each once."""
        told = (p.story_id for p in self.aired if p.role is Role.STORY)
        return tuple(dict.fromkeys(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A bulletin that has gone out somewhere."""

    guid: str
    title: str
    published: datetime
    outlet: str
    places: Mapping[str, Path | str] = field(default_factory=dict)
    """What lies where: {"audio": ..., "latest": ..., "feed": ...}."""
    notes: tuple[str, ...] = ()
    """What the station's people should know of it, and need not do anything about now."""
    is_prepared: bool = False
    """It lies beside its place until its slot comes."""
    kept_back: str = ""
    """Why the outlet wrote nothing: something newer is there already. Empty: it took the bulletin."""

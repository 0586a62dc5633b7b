"""Sound of a bulletin: Voice, Clip -> Bulletin -> Episode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bulletin.model.bulletin_slots import Level
from bulletin.model.feeds_articles_stories import Left
from bulletin.model.scripts_passages_sentences import Passage, Role, Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Author and licence of a voice, a jingle or a phrase file."""

    name: str
    licence: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice of one engine."""

    name: str
    """The engine's name for it: "heart", "bf_emma", "co.uk"."""
    engine: str
    language: str
    description: str = ""
    attribution: Attribution | None = None
    pace_wps: float = 2.9
    """Measured words a second; a British newsreader has three."""
    is_speech: bool = True
    """False: a sound for tests, in which no recogniser hears a word."""
    install: str = ""
    """Command that installs its files, which are missing; empty when they are there."""
    is_natural: bool = True
    """Sounds like a person, not like a machine."""
    imitates: str = ""
    """The person whose voice it imitates, with consent; empty: nobody."""
    consented: date | None = None
    """Day of that consent."""


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
    """Attempt of an engine to speak the bulletin, and its outcome."""

    engine: str
    voice: str
    ok: bool
    reason: str = ""
    sentences: int = 0
    cached: int = 0
    seconds: float = 0.0
    cost: str = ""
    """What the engine's provider has charged, in words; empty: nothing."""
    language: str = ""
    """Language that it was to read, if that is not the station's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The complete script spoken by one voice, or shared by two."""

    clips: tuple[Clip, ...]
    voice: Voice
    attempts: tuple[Attempt, ...]
    second: Voice | None = None
    """Voice of the second reader; None: one voice read everything."""
    others: tuple[tuple[str, Voice], ...] = ()
    """Each further language with the voice that read its stories."""
    unread: tuple[str, ...] = ()
    """Further languages whose stories no voice could read."""


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
    """Empty: a recorded voice without a transcript."""
    role: Role
    story_id: str = ""
    speaker: str = ""
    """Speaker of a recorded voice; empty: the newsreader."""
    language: str = ""
    """Language if it is not the station's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Measurements of a finished file, decoded from start to end."""

    short_term_max_lufs: float
    range_lu: float
    clipped: int
    """Number of flat tops at full scale."""
    dc_offset: float
    """Largest mean of a channel; full scale is 1."""
    mono_loss_lu: float
    """Loss of loudness from stereo to mono."""
    faults: tuple[str, ...] = ()
    """Faults that prevent publication."""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    """Processor time, beyond that for loudness, peak and length, which mixing measures anyway."""

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
    """None: not examined yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """A mixed bulletin with all its renditions."""

    script: Script
    voice: Voice
    second_voice: Voice | None = None
    likeness: str = ""
    """Sentence for listeners about the person whose voice is imitated, with consent; empty: no voice is cloned."""
    renditions: tuple[Rendition, ...]
    aired: tuple[Passage, ...]
    """The passages of the first rendition, in running order."""
    dropped: tuple[Left, ...] = ()
    """Stories that did not fit."""
    planned_s: float
    notes: tuple[str, ...] = ()
    """Missing parts and compromises: a missing jingle, the shortest cut of a story."""
    level: Level = Level.FRESH
    """News, or a kind of stand-by."""

    @property
    def story_ids(self) -> tuple[str, ...]:
        """Stories that are in it, in running order, each once."""
        return tuple(dict.fromkeys(p.story_id for p in self.aired if p.role is Role.STORY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A bulletin that was published by one outlet."""

    guid: str
    title: str
    published: datetime
    outlet: str
    places: Mapping[str, Path | str] = field(default_factory=dict)
    """Published files by kind: {"audio": ..., "latest": ..., "feed": ...}."""
    notes: tuple[str, ...] = ()
    """Notes for the station's people that need no action."""
    is_prepared: bool = False
    """Its files wait beside the published ones until its slot comes."""
    kept_back: str = ""
    """Why the outlet published nothing: a newer bulletin is there. Empty: it was published."""

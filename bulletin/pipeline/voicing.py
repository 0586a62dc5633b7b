"""Words -> what of them is worth speaking, and their speech; a little more when the voice was quicker than foretold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bulletin.audio.mixing.stretch import can_stretch
from bulletin.audio.rundown.fit_length import MOST_BEND, LengthTarget
from bulletin.audio.rundown.predict_airtime import PredictedScript, RenditionLength, is_enough, predict_script
from bulletin.config.profile_options import Profile
from bulletin.errors import NoVoiceError
from bulletin.model import Clip, Passage, Script, Spoken
from bulletin.runtime.deadline import Deadline
from bulletin.speech.engine_calls import Progress
from bulletin.speech.reading_pace import measure_letters
from bulletin.speech.speak_script import VoiceReader, speak_script
from bulletin.speech.two_readers import share_out
from bulletin.station.station import Station

_SHORT_S = 0.5
"""By which nobody notices that a bulletin ends early."""
_ENOUGH_UP_TO = 0.1
_SPEECH_SHARE = 0.75
"""Of the time that is left: what the voice may take at most."""


def foresee(station: Station, script: Script, *, quicker: float = 1.0) -> PredictedScript:
    """
    What the renditions will need; the first one decides which stories all of them tell.

    `quicker`: for a voice that reads so much faster than what is known of it.
    """
    return _shared_out(station, _foresee(station, script, letters_per_s=quicker * station.letters_per_s()))


def least_s(station: Station) -> float:
    """From how many seconds on a bulletin is long enough: nine tenths where it may last "up to" its length."""
    target_s = station.profile.length
    is_up_to = _aims(station)[0].length.is_up_to
    return target_s * (1 - _ENOUGH_UP_TO) if is_up_to else target_s - _SHORT_S


def read_aloud(
    station: Station,
    foreseen: PredictedScript,
    *,
    whole: Script,
    folder: Path,
    progress: Progress,
    deadline: Deadline | None,
) -> tuple[PredictedScript, Spoken]:
    """
    Speak what was foreseen, and a little more of `whole` when that turns out to be too little.

    A voice may read faster than was expected, as the next of the chain may, or break off in the middle of
    a story. Then the same one is asked for what its own pace needs besides: of that only the new sentences
    cost anything. When it cannot, the bulletin makes do. What was foretold at first stays foretold. Raises
    NoVoiceError, AudioError.
    """
    spoken = _speak(station, foreseen.script, station.readers, folder, progress, deadline)
    more = _foresee_more(station, whole, foreseen, spoken)
    if not more or (deadline and deadline.is_over):
        return foreseen, spoken
    who = [reader for reader in station.readers if reader.voice == spoken.voice]
    try:
        again = _speak(station, more.script, who, folder / "again", progress, deadline)
    except NoVoiceError:
        return foreseen, spoken
    if (again.voice, again.second) != (spoken.voice, spoken.second):
        return foreseen, spoken
    told = replace(more, lasts_s=foreseen.lasts_s, passages_s={**more.passages_s, **foreseen.passages_s})
    return told, replace(again, attempts=(*spoken.attempts, *again.attempts))


def _foresee_more(
    station: Station, whole: Script, foreseen: PredictedScript, spoken: Spoken
) -> PredictedScript | None:
    """What should be spoken besides, for a voice whose clips are known; None: it is enough, or all there is."""
    letters_per_s = measure_letters(spoken.clips)
    if not letters_per_s or is_enough(foreseen.script, spoken, _aims(station), jingles=station.jingles):
        return None
    heard = [replace(clip, passage=_by_anybody(clip.passage)) for clip in spoken.clips]
    more = _foresee(station, whole, letters_per_s=letters_per_s, heard=heard)
    said = {_by_anybody(passage) for passage in foreseen.script.passages()}
    is_more = any(passage not in said for passage in more.script.passages())
    return _shared_out(station, more) if is_more else None


def _foresee(
    station: Station, script: Script, *, letters_per_s: float, heard: Sequence[Clip] = ()
) -> PredictedScript:
    return predict_script(
        script, _aims(station), jingles=station.jingles, letters_per_s=letters_per_s, known_clips=heard
    )


def _aims(station: Station) -> tuple[RenditionLength, ...]:
    """How long each rendition should last, and how it sounds; stories apart are told as in the first one."""
    profile = station.profile
    kinds = tuple(dict.fromkeys(profile.outputs.make))
    return tuple(_aim(profile, kind) for number, kind in enumerate(kinds) if number == 0 or kind != "stories")


def _aim(profile: Profile, kind: str) -> RenditionLength:
    options = profile.outputs.rendition(kind)
    length = LengthTarget(
        target_s=profile.length,
        gap_s=profile.audio.gap_s,
        rate_hz=1000,
        bend=MOST_BEND if can_stretch() else 0.0,
        bed=options.bed,
        is_up_to=profile.is_up_to(kind),
    )
    return RenditionLength(length=length, is_later=not options.time_check)


def _shared_out(station: Station, foreseen: PredictedScript) -> PredictedScript:
    """With the second reader's passages marked: of what will be spoken, so that the readers take turns."""
    if not station.second:
        return foreseen
    script = share_out(foreseen.script, second_reads=station.profile.speech.second_reads)
    return replace(foreseen, script=script)


def _by_anybody(passage: Passage) -> Passage:
    return replace(passage, by_second=False)


def _speak(
    station: Station,
    script: Script,
    chain: Sequence[VoiceReader],
    folder: Path,
    progress: Progress,
    deadline: Deadline | None,
) -> Spoken:
    return speak_script(
        script,
        chain=chain,
        second=station.second,
        deadline=deadline.share(_SPEECH_SHARE) if deadline else None,
        cache=station.cache,
        claims=station.claims_of(folder),
        folder=folder,
        progress=progress,
    )

"""Script -> PredictedScript and Spoken: the part that fits, and more if the voice reads faster than predicted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from bulletin.audio.mixing.time_stretch import can_stretch
from bulletin.audio.music.load_jingles import StationJingles
from bulletin.audio.rundown.fit_rundown_to_length import MOST_BEND, LengthTarget
from bulletin.audio.rundown.predict_stories_that_will_fit import (
    PredictedScript,
    RenditionLength,
    is_enough,
    predict_script,
)
from bulletin.config.profile_options import Profile, SpeechOptions
from bulletin.errors import NoVoiceError
from bulletin.model import Left, Passage, Script, Spoken
from bulletin.runtime.deadline import Deadline
from bulletin.speech.assign_readers import share_out
from bulletin.speech.call_speech_engine import Progress
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.measure_reading_pace import measure_letters
from bulletin.speech.speak_script import speak_script
from bulletin.station.build_station_object import Station

_SHORT_S = 0.5
"""A bulletin may end this much early unnoticed."""
_ENOUGH_UP_TO = 0.1
_SPEECH_SHARE = 0.75
"""Share of the remaining time that the voice may take."""


def predict_length(station: Station, script: Script, *, quicker: float = 1.0) -> PredictedScript:
    """
    Predict which part of the script fits; the first rendition decides the stories of all renditions.

    `quicker` is the factor by which the voice may read faster than in earlier runs.
    """
    aims, letters_per_s = length_aims(station.profile), quicker * station.letters_per_s()
    predicted = predict_script(script, aims, jingles=station.jingles, letters_per_s=letters_per_s)
    return _shared_out(predicted, station.profile.speech, station.second)


def shortest_s(profile: Profile) -> float:
    """Shortest acceptable length in seconds: nine tenths where the profile says "up to"."""
    is_up_to = profile.is_up_to(profile.outputs.make[0])
    return profile.length * (1 - _ENOUGH_UP_TO) if is_up_to else profile.length - _SHORT_S


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
    Speak the predicted part, and more of `whole` if that is too short.

    A voice may read faster than predicted, as the next of the chain may, or stop in the middle of a story. Then the
    same voice speaks the missing passages; spoken sentences come from the cache. If it fails, the bulletin stays
    short. The first prediction of the length is kept. Raises NoVoiceError, AudioError.
    """

    def speak(script: Script, chain: Sequence[VoiceReader], folder: Path) -> Spoken:
        station.fetch_recordings(script)
        return speak_script(
            script,
            chain=chain,
            second=station.second,
            others=station.others,
            deadline=deadline.share(_SPEECH_SHARE) if deadline else None,
            cache=station.cache,
            claims=station.claims_of(folder),
            folder=folder,
            progress=progress,
            recordings=station.clips,
        )

    spoken = speak(foreseen.script, station.readers, folder)
    if spoken.unread:
        whole, left = leave_out_languages(whole, spoken.unread)
        rest = predict_length(station, whole)
        foreseen = replace(rest, dropped=(*rest.dropped, *left), lasts_s=foreseen.lasts_s)
        again = speak(foreseen.script, station.readers, folder / "rest")
        spoken = replace(again, attempts=(*spoken.attempts, *again.attempts), unread=spoken.unread)
    more = _predict_more(whole, foreseen, spoken, profile=station.profile, jingles=station.jingles)
    if not more or (deadline and deadline.is_over):
        return foreseen, spoken
    more = _shared_out(more, station.profile.speech, station.second)
    same_reader = [reader for reader in station.readers if reader.voice == spoken.voice]
    try:
        again = speak(more.script, same_reader, folder / "again")
    except NoVoiceError:
        return foreseen, spoken
    if (again.voice, again.second, again.others) != (spoken.voice, spoken.second, spoken.others):
        return foreseen, spoken
    predicted = replace(more, lasts_s=foreseen.lasts_s, passages_s={**more.passages_s, **foreseen.passages_s})
    return predicted, replace(again, attempts=(*spoken.attempts, *again.attempts))


def leave_out_languages(script: Script, languages: Collection[str]) -> tuple[Script, tuple[Left, ...]]:
    """The script without the stories of these languages, which no voice can read, and the reason of each."""
    unread = [item for item in script.stories if item.cuts[0].language in languages]
    left = tuple(
        Left(
            title=item.story.title,
            reason=f"no voice for its language ({item.cuts[0].language})",
            article_id=item.story.best.id,
        )
        for item in unread
    )
    return replace(script, stories=tuple(item for item in script.stories if item not in unread)), left


def _predict_more(
    whole: Script, foreseen: PredictedScript, spoken: Spoken, *, profile: Profile, jingles: StationJingles
) -> PredictedScript | None:
    """The part for a voice whose pace was measured; None if the clips suffice or the script has no more."""
    letters_per_s, aims = measure_letters(spoken.clips), length_aims(profile)
    if not letters_per_s or is_enough(foreseen.script, spoken, aims, jingles=jingles):
        return None
    heard = [replace(clip, passage=_by_first_reader(clip.passage)) for clip in spoken.clips]
    more = predict_script(whole, aims, jingles=jingles, letters_per_s=letters_per_s, known_clips=heard)
    known = {_by_first_reader(passage) for passage in foreseen.script.passages()}
    is_more = any(passage not in known for passage in more.script.passages())
    return more if is_more else None


def length_aims(profile: Profile) -> tuple[RenditionLength, ...]:
    """Length and sound of each rendition, the first one decides the stories; separate story files follow the first rendition."""
    first, *others = dict.fromkeys(profile.outputs.make)
    return tuple(_aim(profile, kind) for kind in (first, *others) if kind == first or kind != "stories")


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


def _shared_out(
    foreseen: PredictedScript, speech: SpeechOptions, second: VoiceReader | None
) -> PredictedScript:
    """Mark passages of the second reader among those to speak, so that the readers take turns."""
    if not second:
        return foreseen
    script = share_out(foreseen.script, second_reads=speech.second_reads)
    return replace(foreseen, script=script)


def _by_first_reader(passage: Passage) -> Passage:
    return replace(passage, by_second=False)

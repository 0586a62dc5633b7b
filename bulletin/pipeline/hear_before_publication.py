"""
Mixed bulletin -> heard by recognisers before it is published; doubtful English sentences are spoken again once.

Nothing here fails a bulletin or waits beyond its deadline: it goes out as mixed, and its notes say what was not done.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from bulletin.config.profile_options import Profile, SpeechOptions
from bulletin.errors import BulletinError
from bulletin.model import Bulletin, Spoken
from bulletin.pipeline.describe_stage_results import counted
from bulletin.pipeline.stage_timer import StageTimer
from bulletin.recognition.describe_doubts import (
    REPORTED_ONLY,
    describe_doubt,
    describe_unheard,
    describe_unjudged,
)
from bulletin.recognition.hear_bulletin import (
    DoubtfulSentence,
    Hearing,
    hear_bulletin,
    sentences_on_air,
    usual_seconds,
    why_no_hearing,
)
from bulletin.recognition.speak_again import length_in, replace_in_clips, speak_again
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.cache.speech_cache import sentence_key
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.sentence_progress import SentenceProgress, count_all_letters
from bulletin.station.build_station_object import Station

log = logging.getLogger(__name__)

STAGE = "hear"
_SWITCH = "BULLETIN_HEARING"
"""Environment variable: "off" hears no bulletin, whatever the profiles say."""
_FOR_PUBLICATION_S = 5.0
"""Time that stays for signing and publishing."""
_FOR_ANOTHER_TAKE_S = 10.0
"""Time to speak some sentences again, and to hear them."""
_RIGHT = "spoken again and heard right"
_WRONG = "spoken again, and still heard so"


class Mix(Protocol):
    """Mixes and examines the bulletin of some clips in a folder, as the run does."""

    def __call__(self, spoken: Spoken, *, folder: Path) -> Bulletin:
        """Raises BulletinError."""


def is_switched_off() -> bool:
    """Whether the environment switches hearing off."""
    return os.environ.get(_SWITCH, "") == "off"


def is_to_be_heard(spoken: Spoken, speech: SpeechOptions) -> bool:
    """Whether a bulletin is heard: the words of a voice, where the profile and the installation allow it."""
    if speech.hear == "off" or is_switched_off() or not spoken.voice.is_speech:
        return False
    return speech.hear == "on" or not why_no_hearing()


def seconds_for_hearing(profile: Profile) -> float:
    """Seconds that a service reserves before a slot for hearing its bulletin; 0 where it is not heard."""
    speech = profile.speech
    if speech.hear == "off" or is_switched_off():
        return 0.0
    return 0.0 if why_no_hearing() else usual_seconds(profile.length)


@dataclass(frozen=True, slots=True, kw_only=True)
class HearBeforePublication:
    """Hearing of one run's bulletin."""

    station: Station
    folder: Path
    """For the second mix; it need not exist."""
    mix: Mix
    deadline: Deadline | None
    timer: StageTimer
    only: Collection[str] = ()
    """Spoken forms of the sentences that are heard; empty: all."""
    remembers: bool = True
    """Whether a sentence that was spoken again enters the speech cache."""

    def hear(self, bulletin: Bulletin, spoken: Spoken) -> tuple[Bulletin, Spoken]:
        """
        The bulletin that is to be published, with a warning for each doubtful sentence, and its clips.

        A doubtful sentence is an English one of which both recognisers heard a figure, a negation or a name
        otherwise, or one of another language of which the only recogniser did; that is reported, no more.
        """
        if not is_to_be_heard(spoken, self.station.profile.speech):
            return bulletin, spoken
        results: list[Hearing] = []

        def work() -> tuple[Bulletin, Spoken]:
            try:
                results.append(self._listen(bulletin))
                return self._mend(bulletin, spoken, results)
            except Exception as error:  # a mistake here must not cost the bulletin, which is ready
                log.exception("hearing failed by a mistake in Bulletin: station=%s", self.station.words.id)
                results.append(Hearing(why_not=f"a mistake in Bulletin ({type(error).__name__}: {error})"))
                return with_warnings(bulletin, describe_unheard(results[-1])), spoken

        return self.timer.run(STAGE, work, lambda _: summarize_hearing(results[-1]))

    def _listen(self, bulletin: Bulletin) -> Hearing:
        if problem := why_no_hearing():
            return Hearing(why_not=problem)
        texts = (item.sentence.spoken for item in sentences_on_air(bulletin))
        on_air = [text for text in texts if not self.only or text in self.only]
        waiting = iter(on_air)
        progress = SentenceProgress(
            who="recognisers",
            verb="hearing",
            total=len(on_air),
            done=0,
            letters_left=count_all_letters(on_air),
            show=self.timer.listener.progress,
        )

        def heard(count: int) -> None:
            for text in islice(waiting, count):
                progress.spoken(text)

        return hear_bulletin(bulletin, left_s=self._left_s(), only=self.only, progress=heard)

    def _left_s(self) -> float | None:
        return max(0.0, self.deadline.left_s - _FOR_PUBLICATION_S) if self.deadline else None

    def _mend(self, bulletin: Bulletin, spoken: Spoken, results: list[Hearing]) -> tuple[Bulletin, Spoken]:
        """
        Speak doubtful sentences again; the second mix stands if one of them is heard right in it.

        A second hearing adds its processor time to the last of the `results`.
        """
        hearing = results[-1]
        doubtful = [found for found in hearing.doubtful if not found.is_reported_only]
        takes, outcomes = self._speak_again(doubtful, spoken)
        again: tuple[Bulletin, Spoken] | None = None
        if takes:
            try:
                again = self._mix_again(takes, spoken)
                second = hear_bulletin(again[0], left_s=self._left_s(), only=takes, asks_both=True)
                outcomes |= _outcomes(second, takes)
                results.append(replace(hearing, cpu_s=hearing.cpu_s + second.cpu_s))
            except (BulletinError, OSError) as error:
                outcomes |= dict.fromkeys(takes, f"spoken again, but not mixed: {error}")
        if again and _RIGHT in outcomes.values():
            bulletin, spoken = again
            if self.remembers:
                self._remember(takes, outcomes, doubtful, spoken)
        lines = [
            f"{describe_doubt(found)} ({outcomes.get(found.sentence.spoken, REPORTED_ONLY)})"
            for found in hearing.doubtful
        ]
        bulletin = with_warnings(bulletin, [*lines, *describe_unheard(hearing)])
        return replace(bulletin, notes=(*bulletin.notes, *describe_unjudged(hearing))), spoken

    def _speak_again(
        self, doubtful: Sequence[DoubtfulSentence], spoken: Spoken
    ) -> tuple[dict[str, tuple[Samples, int]], dict[str, str]]:
        """New sound of sentences by their spoken form, and why the others have none."""
        takes: dict[str, tuple[Samples, int]] = {}
        outcomes: dict[str, str] = {}
        for found in doubtful:
            text = found.sentence.spoken
            length_s, reader = length_in(spoken.clips, text), self._reader(found, spoken)
            if not self._has_time():
                outcomes[text] = "not spoken again: no time"
            elif not length_s or not reader:
                outcomes[text] = "not spoken again: its voice or its clip is not known"
            else:
                try:
                    takes[text] = speak_again(found, reader=reader, length_s=length_s, deadline=self.deadline)
                except BulletinError as error:
                    outcomes[text] = f"not spoken again: {error}"
        return takes, outcomes

    def _has_time(self) -> bool:
        """Whether another take can be spoken, mixed and heard before the deadline."""
        mixing_s = sum(self.timer.seconds.get(stage, 0.0) for stage in ("mix", "examine"))
        left_s = self._left_s()
        return left_s is None or left_s > 1.5 * mixing_s + _FOR_ANOTHER_TAKE_S

    def _reader(self, found: DoubtfulSentence, spoken: Spoken) -> VoiceReader | None:
        """The reader who read a sentence."""
        is_second = any(
            clip.passage.by_second and found.sentence in clip.passage.sentences for clip in spoken.clips
        )
        if is_second and spoken.second and self.station.second:
            return self.station.second
        return next((reader for reader in self.station.readers if reader.voice == spoken.voice), None)

    def _mix_again(self, takes: Mapping[str, tuple[Samples, int]], spoken: Spoken) -> tuple[Bulletin, Spoken]:
        """Raises BulletinError, OSError."""
        clips = replace_in_clips(spoken.clips, takes, folder=self.folder / "clips")
        again = replace(spoken, clips=clips)
        return self.mix(again, folder=self.folder), again

    def _remember(
        self,
        takes: Mapping[str, tuple[Samples, int]],
        outcomes: Mapping[str, str],
        doubtful: Sequence[DoubtfulSentence],
        spoken: Spoken,
    ) -> None:
        """Keep the sound that was heard right for later bulletins with the same sentence."""
        for found in doubtful:
            text = found.sentence.spoken
            reader = self._reader(found, spoken)
            if reader and outcomes[text] == _RIGHT:
                samples, rate_hz = takes[text]
                self.station.cache.put(sentence_key(text, reader), samples, rate_hz=rate_hz)


def _outcomes(hearing: Hearing, takes: Mapping[str, object]) -> dict[str, str]:
    """What became of each sentence that was spoken again, and heard again."""
    if hearing.why_not:
        return dict.fromkeys(takes, f"spoken again, not heard again: {hearing.why_not}")
    wrong = {*hearing.unheard, *(found.sentence.spoken for found in hearing.doubtful)}
    return {text: _WRONG if text in wrong else _RIGHT for text in takes}


def summarize_hearing(hearing: Hearing) -> str:
    """Result of the stage, in a line."""
    if hearing.why_not:
        return f"not heard: {hearing.why_not}"
    doubts = len(hearing.doubtful)
    if hearing.unjudged and not hearing.sentences:
        return "; ".join(f"{language} could not be judged: {reason}" for language, reason in hearing.unjudged)
    heard = f"{counted(hearing.sentences, 'sentence')} heard in {hearing.cpu_s:.1f} CPU s"
    return f"{heard}, {doubts} doubtful" if doubts else heard


def with_warnings(bulletin: Bulletin, warnings: Sequence[str]) -> Bulletin:
    """The bulletin with warnings in the quality report of its first rendition, and in its notes."""
    if not warnings:
        return bulletin
    for warning in warnings:
        log.warning("hearing: %s", warning)
    first, *others = bulletin.renditions
    if first.quality:
        quality = replace(first.quality, warnings=(*first.quality.warnings, *warnings))
        first = replace(first, quality=quality)
    return replace(bulletin, renditions=(first, *others), notes=(*bulletin.notes, *warnings))

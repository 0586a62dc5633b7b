"""Steps of the stand-by chain, the best first: the last good bulletin, an evergreen, the ident."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bulletin.archive.ledgers.editor_edits import HELD, EditLedger
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.edits.correct_aired_words import apply_corrections
from bulletin.errors import ArchiveError
from bulletin.model import Bulletin, Clip, Level, Passage, Role, Script, Spoken, Voice
from bulletin.pipeline.mix_and_check_bulletin import mix_and_check_bulletin
from bulletin.pipeline.publish_and_record_bulletin import find_killed_passages, kills_in_force
from bulletin.pipeline.read_json_of_on_air_files import on_air_kinds
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.latest_credible_time import latest_made
from bulletin.runtime.read_sound_file import read_sound
from bulletin.script.editors_words import EditorsWords
from bulletin.script.standby_and_corrected_bulletins import write_evergreen, write_repeat
from bulletin.service.slots.choose_bulletin_for_playout import pulled_kind
from bulletin.speech.speak_script import speak_script
from bulletin.station.build_station_object import Station

_SPEECH_S = 60.0
"""Deadline of the speech: most words are cached, but a busy machine takes half a minute to load a voice."""

MakeStandby = Callable[[Path], Bulletin]
"""Makes a stand-by with its files in a folder."""
Speak = Callable[[Script, Path], Spoken]


def standby_steps(
    station: Station, *, due: datetime, now: datetime, reasons: list[str]
) -> Iterator[tuple[Level, MakeStandby]]:
    """
    The steps of the chain, the best first; appends to `reasons` why there is no better one.

    Raises ArchiveError where a group's database fails: it has the last bulletin, if not now.
    """
    profile, voice = station.profile, station.readers[0].voice
    kinds = {*on_air_kinds(profile), pulled_kind(profile)}
    produce = partial(mix_and_check_bulletin, station, audio_name="standby.mp3", made_at=now, kinds=kinds)

    def speak(script: Script, folder: Path) -> Spoken:
        """Speak with a deadline: a voice that hangs leads to the next step."""
        station.fetch_recordings(script)
        return speak_script(
            script,
            chain=station.readers,
            others=station.others,
            cache=station.cache,
            claims=station.claims_of(folder),
            folder=folder,
            deadline=Deadline.after(_SPEECH_S),
            recordings=station.clips,
        )

    def step(level: Level, write: Callable[[], Script], speak: Speak = speak) -> tuple[Level, MakeStandby]:
        return level, partial(_make, write, speak=speak, produce=produce, level=level)

    texts: dict[str, Any] = {
        "at": due,
        "station": station.words,
        "options": profile.script,
        "lexicon": station.lexicon,
    }
    try:
        last, stories = _last_stories(station, now=now)
        reason = _why_not_again(last, stories, due=due, max_age_h=profile.standby.max_age_h)
    except ArchiveError as error:
        if station.publication.is_passing(error):
            raise
        last, reason = None, f"the last bulletin is not known: {error}"
    if last and not reason:
        yield step(Level.LAST_GOOD, partial(write_repeat, stories, heard_at=last.at, **texts))
    else:
        reasons.append(reason)
    evergreen = partial(write_evergreen, profile.standby.words, **texts)
    if profile.standby.evergreen:
        path = station.path.parent / profile.standby.evergreen
        recording = partial(_take_recording, path=path, voice=voice)
        yield step(Level.EVERGREEN, evergreen, recording)
    yield step(Level.EVERGREEN, evergreen)
    yield step(Level.IDENT, evergreen, partial(_say_nothing, voice=voice))


def _last_stories(station: Station, *, now: datetime) -> tuple[BulletinRecord | None, tuple[Passage, ...]]:
    """The last bulletin, and its stories that were not killed since, with the words of later corrections."""
    name, own = station.words.id, EditorsWords(station=station.words, lexicon=station.lexicon)
    last = station.archive.last_bulletin(name, until=latest_made(now))
    edits = EditLedger(station.archive).edits(name, since=now - HELD) if last else ()
    corrections = [edit for edit in edits if "corrects" in edit.details]
    passages = (
        apply_corrections(last.running_order, corrections, say=own.say, split=own.split) if last else ()
    )
    aired = [passage for passage in passages if passage.role is Role.STORY]
    killed = find_killed_passages(station, aired, kills_in_force(station))
    return last, tuple(story for story in aired if story not in killed)


def _why_not_again(
    last: BulletinRecord | None, stories: Sequence[Passage], *, due: datetime, max_age_h: float
) -> str:
    """Why the last bulletin cannot be repeated, with `stories` that were not killed since; "" when it can."""
    if last is None:
        return "no bulletin was made yet"
    if due - last.at > timedelta(hours=max_age_h):
        return f"the last bulletin is older than {max_age_h:g} h"
    if last.at >= due:
        return "the last bulletin is for this hour or a later one"
    return "" if stories else "every story of the last bulletin was killed since"


def _take_recording(script: Script, folder: Path, *, path: Path, voice: Voice) -> Spoken:
    """The station's own recording in place of the opening's words."""
    samples, rate_hz = read_sound(path)
    length_s = len(samples) / rate_hz
    clip = Clip(passage=script.opening, path=path, duration_s=length_s, rate_hz=rate_hz)
    return Spoken(clips=(clip,), voice=voice, attempts=())


def _say_nothing(script: Script, folder: Path, *, voice: Voice) -> Spoken:
    """Jingles alone, which need no voice."""
    return Spoken(clips=(), voice=voice, attempts=())


def _make(
    write: Callable[[], Script], folder: Path, *, speak: Speak, produce: Callable[..., Bulletin], level: Level
) -> Bulletin:
    """A stand-by without news may be shorter than the profile's length: two minutes of music bed are no service."""
    script = write()
    is_up_to, needs_speech = level is not Level.LAST_GOOD, level is not Level.IDENT
    spoken = speak(script, folder)
    return produce(script, spoken, folder=folder, level=level, is_up_to=is_up_to, needs_speech=needs_speech)

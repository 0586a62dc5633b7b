"""Steps of the stand-by chain, the best first: the last good bulletin, an evergreen, the ident."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bulletin.archive.archive_records import BulletinRecord
from bulletin.errors import ArchiveError
from bulletin.model import Bulletin, Clip, Level, Passage, Role, Script, Spoken
from bulletin.pipeline.mix_and_check_bulletin import mix_and_check_bulletin
from bulletin.pipeline.read_on_air_files import on_air_kinds
from bulletin.pipeline.release_bulletin import find_kills
from bulletin.runtime.clock_skew import latest_made
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.read_sound_file import read_sound
from bulletin.script.standby_and_correction_scripts import write_evergreen, write_repeat
from bulletin.service.slots.choose_pulled_sound import pulled_kind
from bulletin.speech.speak_script import speak_script
from bulletin.station.station import Station
from bulletin.stories.apply_kill_list import is_told

_SPEECH_S = 60.0
"""Most words are cached; on a busy machine a voice takes half a minute to load."""

MakeStandby = Callable[[Path], Bulletin]
"""Makes a stand-by with its files in a folder."""
Speak = Callable[[Station, Script, Path], Spoken]


def _take_recording(station: Station, script: Script, folder: Path) -> Spoken:
    """The station's own recording in place of the opening's words."""
    path = station.path.parent / station.profile.standby.evergreen
    samples, rate_hz = read_sound(path)
    length_s = len(samples) / rate_hz
    clip = Clip(passage=script.opening, path=path, duration_s=length_s, rate_hz=rate_hz)
    return Spoken(clips=(clip,), voice=station.readers[0].voice, attempts=())


def _say_nothing(station: Station, script: Script, folder: Path) -> Spoken:
    """Jingles alone, which need no voice."""
    return Spoken(clips=(), voice=station.readers[0].voice, attempts=())


def _speak(station: Station, script: Script, folder: Path) -> Spoken:
    """With a deadline: a voice that hangs leads to the next step."""
    return speak_script(
        script,
        chain=station.readers,
        cache=station.cache,
        claims=station.claims_of(folder),
        folder=folder,
        deadline=Deadline.after(_SPEECH_S),
    )


def standby_steps(
    station: Station, *, due: datetime, now: datetime, reasons: list[str]
) -> Iterator[tuple[Level, MakeStandby]]:
    """The steps of the chain, the best first; appends to `reasons` why there is no better one."""

    def step(level: Level, write: Callable[[], Script], speak: Speak = _speak) -> tuple[Level, MakeStandby]:
        return level, partial(_make, station, write, speak=speak, level=level, now=now)

    texts: dict[str, Any] = {
        "at": due,
        "station": station.words,
        "options": station.profile.script,
        "lexicon": station.lexicon,
    }
    limit = timedelta(hours=station.profile.standby.max_age_h)
    last: BulletinRecord | None = None
    stories: tuple[Passage, ...] = ()
    try:
        last = station.archive.last_bulletin(station.words.id, until=latest_made(now))
        stories = _unkilled_stories(station, last) if last else ()
    except ArchiveError as error:
        reasons.append(f"the last bulletin is not known: {error}")
    if last is None:
        reasons.append("no bulletin was made yet")
    elif due - last.at > limit:
        reasons.append(f"the last bulletin is older than {station.profile.standby.max_age_h:g} h")
    elif last.at >= due:
        reasons.append("the last bulletin is for this hour or a later one")
    elif not stories:
        reasons.append("every story of the last bulletin was killed since")
    else:
        repeat = partial(write_repeat, stories, heard_at=last.at, **texts)
        yield step(Level.LAST_GOOD, repeat)
    evergreen = partial(write_evergreen, station.profile.standby.words, **texts)
    if station.profile.standby.evergreen:
        yield step(Level.EVERGREEN, evergreen, _take_recording)
    yield step(Level.EVERGREEN, evergreen)
    yield step(Level.IDENT, evergreen, _say_nothing)


def _unkilled_stories(station: Station, last: BulletinRecord) -> tuple[Passage, ...]:
    """The stories of the last bulletin that were not killed since."""
    stories = [passage for passage in last.running_order if passage.role is Role.STORY]
    kills = find_kills(
        stories,
        archive=station.archive,
        station=station.words.id,
        feeds=station.feeds,
        also=station.profile.stories.kill,
    )
    return tuple(
        story for story in stories if not any(is_told(entry, (story,), story_ids=ids) for entry, ids in kills)
    )


def _make(
    station: Station, write: Callable[[], Script], folder: Path, *, speak: Speak, level: Level, now: datetime
) -> Bulletin:
    """A stand-by without news may be shorter than the profile's length: two minutes of music bed are no service."""
    script = write()
    return mix_and_check_bulletin(
        station,
        script,
        speak(station, script, folder),
        folder=folder,
        audio_name="standby.mp3",
        made_at=now,
        level=level,
        kinds={*on_air_kinds(station.profile), pulled_kind(station.profile)},
        is_up_to=level is not Level.LAST_GOOD,
        needs_speech=level is not Level.IDENT,
    )

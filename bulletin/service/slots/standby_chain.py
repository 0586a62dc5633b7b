"""What the stand-by chain tries, the best first: the last good bulletin, an evergreen, the ident."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.records import BulletinRecord
from bulletin.audio.mixing.mix import Tags, mix_bulletin
from bulletin.audio.quality.quality_gate import check_quality
from bulletin.errors import ArchiveError
from bulletin.model import Bulletin, Clip, Level, Passage, Role, Script, Spoken
from bulletin.pipeline.on_air import on_air_kinds
from bulletin.pipeline.release import find_kills
from bulletin.runtime.clock_skew import latest_made
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.sound_file import read_sound
from bulletin.script.standby_script import write_earlier, write_evergreen
from bulletin.service.slots.pull_candidates import pulled_kind
from bulletin.speech.speak_script import speak_script
from bulletin.station.outputs import orders_of
from bulletin.station.station import Station
from bulletin.stories.apply_kill_list import is_told

_SPEECH_S = 60.0
"""Nearly all of it lies in the cache; on a busy machine a voice that has still to be loaded takes half a minute."""

_Make = Callable[[Path], Bulletin]


def standby_steps(
    station: Station, *, due: datetime, now: datetime, reasons: list[str]
) -> Iterator[tuple[Level, _Make]]:
    """What may be tried, the best first."""
    limit = timedelta(hours=station.profile.standby.max_age_h)
    last: BulletinRecord | None = None
    told: tuple[Passage, ...] = ()
    try:
        last = station.archive.last_bulletin(station.words.id, until=latest_made(now))
        told = _still_told(station, last) if last else ()
    except ArchiveError as error:
        reasons.append(f"the last bulletin is not known: {error}")
    if last is None:
        reasons.append("no bulletin was made yet")
    elif due - last.at > limit:
        reasons.append(f"the last bulletin is older than {station.profile.standby.max_age_h:g} h")
    elif last.at >= due:
        reasons.append("the last bulletin is for this hour or a later one: nothing of it is from earlier")
    elif not told:
        reasons.append("every story of the last bulletin was killed since")
    else:
        yield Level.LAST_GOOD, lambda folder: _earlier(station, last, told, folder, due=due, now=now)
    if station.profile.standby.evergreen:
        yield Level.EVERGREEN, lambda folder: _recording(station, folder, due=due, now=now)
    yield Level.EVERGREEN, lambda folder: _evergreen(station, folder, due=due, now=now)
    yield Level.IDENT, lambda folder: _ident(station, folder, due=due, now=now)


def _still_told(station: Station, last: BulletinRecord) -> tuple[Passage, ...]:
    """The stories of the last bulletin that nobody has killed since."""
    stories = [passage for passage in last.running_order if passage.role is Role.STORY]
    kills = find_kills(station, stories, also=station.profile.stories.kill)
    return tuple(
        one for one in stories if not any(is_told(entry, (one,), story_ids=ids) for entry, ids in kills)
    )


def _earlier(
    station: Station,
    last: BulletinRecord,
    told: Sequence[Passage],
    folder: Path,
    *,
    due: datetime,
    now: datetime,
) -> Bulletin:
    script = write_earlier(
        told,
        heard_at=last.at,
        at=due,
        station=station.words,
        options=station.profile.script,
        lexicon=station.lexicon,
    )
    return _mix(station, script, _speak(station, script, folder), folder, level=Level.LAST_GOOD, now=now)


def _evergreen(station: Station, folder: Path, *, due: datetime, now: datetime) -> Bulletin:
    script = _evergreen_script(station, due)
    return _mix(station, script, _speak(station, script, folder), folder, level=Level.EVERGREEN, now=now)


def _recording(station: Station, folder: Path, *, due: datetime, now: datetime) -> Bulletin:
    """The station's own recording in the place of the opening's words."""
    script = _evergreen_script(station, due)
    path = station.path.parent / station.profile.standby.evergreen
    samples, rate_hz = read_sound(path)
    length_s = len(samples) / rate_hz
    clip = Clip(passage=script.opening, path=path, duration_s=length_s, rate_hz=rate_hz)
    spoken = Spoken(clips=(clip,), voice=station.readers[0].voice, attempts=())
    return _mix(station, script, spoken, folder, level=Level.EVERGREEN, now=now)


def _ident(station: Station, folder: Path, *, due: datetime, now: datetime) -> Bulletin:
    """Without a word: no voice is needed."""
    script = _evergreen_script(station, due)
    spoken = Spoken(clips=(), voice=station.readers[0].voice, attempts=())
    return _mix(station, script, spoken, folder, level=Level.IDENT, now=now)


def _evergreen_script(station: Station, due: datetime) -> Script:
    return write_evergreen(
        station.profile.standby.words,
        at=due,
        station=station.words,
        options=station.profile.script,
        lexicon=station.lexicon,
    )


def _speak(station: Station, script: Script, folder: Path) -> Spoken:
    """A voice that hangs must not keep the station waiting: in time, or the next step."""
    return speak_script(
        script,
        chain=station.readers,
        cache=station.cache,
        claims=station.claims_of(folder),
        folder=folder,
        deadline=Deadline.after(_SPEECH_S),
    )


def _mix(
    station: Station, script: Script, spoken: Spoken, folder: Path, *, level: Level, now: datetime
) -> Bulletin:
    kinds = {*on_air_kinds(station.profile), pulled_kind(station.profile)}  # the latter for whoever asks
    orders = orders_of(station.profile, folder=folder, audio_name="standby.mp3")
    # A stand-by without news is as long as it is: nobody wants two minutes of nothing.
    is_short = level is not Level.LAST_GOOD
    bulletin = mix_bulletin(
        script,
        spoken,
        jingles=station.jingles,
        options=station.profile.audio,
        orders=[replace(one, is_up_to=one.is_up_to or is_short) for one in orders if one.kind in kinds],
        target_s=station.profile.length,
        tags=Tags(
            artist=station.words.name,
            album=station.podcast_title,
            date=script.at.astimezone(ZoneInfo(station.words.time_zone)),
            language=station.words.language,
            artwork=station.cover,
        ),
        made=now,
        needs_speech=level is not Level.IDENT,
    )
    return replace(bulletin, level=level)


def examine_standby(station: Station, bulletin: Bulletin) -> Bulletin:
    """Examined like any other."""
    outputs = station.profile.outputs
    options = {made.kind: outputs.rendition(made.kind) for made in bulletin.renditions}
    return check_quality(bulletin, options=options, unfit=station.state / "unfit" / station.words.id)

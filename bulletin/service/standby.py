"""
The stand-by chain: the last good bulletin, an evergreen, the ident. Never nothing, never half a file.

Only what is on air gets a stand-by (renditions with a time check): a podcast that has no new episode has
no need of an old one twice.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.ahead import latest_made
from bulletin.archive.ledger import Ledger
from bulletin.archive.records import BulletinRecord
from bulletin.audio.gate import pass_gate
from bulletin.audio.mix import Tags, mix_bulletin
from bulletin.deadline import Deadline
from bulletin.errors import ArchiveError, BulletinError, OutletError
from bulletin.model import Bulletin, Clip, Level, Passage, Role, Script, Spoken
from bulletin.outlets.files import Batch, check_folder
from bulletin.outlets.outlet import Outlet
from bulletin.outlets.publish import publish_bulletin
from bulletin.outputs import orders_of
from bulletin.pcm import read_sound
from bulletin.scratch import scratch_folder
from bulletin.script.standby import write_earlier, write_evergreen
from bulletin.service.lies import look_at, on_air_kinds
from bulletin.service.reserve import Reserve
from bulletin.signing import sign_bulletin
from bulletin.speech.speak import speak_script
from bulletin.station import STATE, Station
from bulletin.stories.kill import is_told

log = logging.getLogger(__name__)

STANDBY = "standby"
"""Name of what is laid aside."""
_OTHERS_S = 20.0
_SPEECH_S = 30.0
"""Nearly all of it lies in the cache."""


def fill_the_air(station: Station, *, due: datetime, now: datetime) -> str:
    """
    A stand-by where nothing lies any more though bulletins were made, never nothing; what to tell of it, if anything.

    `due` is the moment that it names. What was made ahead for a slot still to come is due again: a service
    makes it anew while there is time. To be asked after something was taken back, and again when that was
    broken off. Raises BulletinError as `put_standby`.
    """
    lies = look_at(station.folder, on_air_kinds(station.profile))
    if all(lies.values()) or not station.archive.bulletins(station.words.id):
        return ""
    level, _ = put_standby(station, due=due, now=now)
    told = f"In the place of {', '.join(sorted(lies))} there is a stand-by now: {level}."
    if again := Ledger(station.archive).make_again(station.words.id, level=level, now=now):
        zone = ZoneInfo(station.words.time_zone)
        slots = ", ".join(f"{slot.astimezone(zone):%H:%M}" for slot in again)
        told += f" The service makes the bulletin for {slots} again."
    return told


def put_standby(station: Station, *, due: datetime, now: datetime) -> tuple[Level, str]:
    """
    Put the best stand-by there is in place for the slot at `due`; say which, and why none better.

    Raises BulletinError only when not even the ident could be put in place.
    """
    if not on_air_kinds(station.profile):
        return Level.LAST_GOOD, "nothing is on air by the clock; the last bulletin stays where it is"
    reasons: list[str] = []
    for level, make in _chain(station, due=due, now=now, reasons=reasons):
        try:
            Reserve(station.state).use(lambda make=make: _put_level(station, make, now=now))  # type: ignore[misc]
        except Exception as error:
            # The next step is tried whatever went wrong; who did not foresee it is told loudly.
            reasons.append(f"no {level}: {error or type(error).__name__}")
            is_known = isinstance(error, BulletinError)
            log.log(
                logging.WARNING if is_known else logging.ERROR,
                "stand-by failed, trying the next: station=%s level=%s: %s",
                station.words.id,
                level,
                error,
                exc_info=not is_known,
            )
        else:
            return level, "; ".join(reasons)
    raise OutletError("no stand-by could be put in place: " + "; ".join(reasons))


def mix_aside(station: Station, *, due: datetime, now: datetime, folder: Path) -> Level:
    """
    The best stand-by there is as `standby.<suffix>` and `standby.json` in `folder`, and nowhere in public.

    For whoever asks when nothing fit to air lies there. Raises OutletError when none can be made.
    """
    reasons: list[str] = []
    for level, make in _chain(station, due=due, now=now, reasons=reasons):
        try:
            with scratch_folder(station.state) as scratch:
                _lay_aside(_fit(station, make(scratch)), folder, now=now)
        except BulletinError as error:
            reasons.append(f"no {level}: {error}")
        else:
            return level
    raise OutletError("no stand-by could be mixed: " + "; ".join(reasons))


def standby_folder(output: Path, station: str) -> Path:
    """Where a stand-by lies that was mixed for whoever asks."""
    return output / STATE / "pull" / station


def _lay_aside(bulletin: Bulletin, folder: Path, *, now: datetime) -> None:
    made = bulletin.renditions[0]
    about = {
        "audio": f"{STANDBY}{made.path.suffix}",
        "level": str(bulletin.level),
        "due": bulletin.script.at.isoformat(),
        "made": now.isoformat(),
    }
    check_folder(folder, room_bytes=made.path.stat().st_size, is_private=True)
    with Batch(folder, is_private=True) as files:
        files.copy(about["audio"], made.path)
        files.put(f"{STANDBY}.json", json.dumps(about).encode())
        files.commit()


_Make = Callable[[Path], Bulletin]


def _chain(
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
    kills = station.archive.kills(station.words.id)
    return tuple(one for one in stories if not any(is_told(kill.entry, (one,)) for kill in kills))


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
    kinds = on_air_kinds(station.profile) or _any_kind(station)
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


def _any_kind(station: Station) -> tuple[str, ...]:
    """Of a station that is nowhere on air by the clock, for whoever asks."""
    return tuple(kind for kind in station.profile.outputs.make if kind != "stories")[:1]


def _fit(station: Station, bulletin: Bulletin) -> Bulletin:
    """Examined like any other."""
    outputs = station.profile.outputs
    options = {made.kind: outputs.rendition(made.kind) for made in bulletin.renditions}
    return pass_gate(bulletin, options=options, unfit=station.state / "unfit" / station.words.id)


def _put_level(station: Station, make: _Make, *, now: datetime) -> None:
    with scratch_folder(station.state) as folder:
        _put(station, make(folder), now=now)


def _put(station: Station, bulletin: Bulletin, *, now: datetime) -> None:
    """Only to the outlets that are on air."""
    fit = _fit(station, bulletin)
    with station.publishing(wait_s=_OTHERS_S):
        fit = sign_bulletin(fit, station.profile, folder=station.path.parent)
        episodes = publish_bulletin(fit, outlets=_on_air_outlets(station))
        try:
            station.archive.record_bulletin(station.words.id, fit, episodes, made_at=now, timings={})
        except ArchiveError as error:
            log.error("the stand-by is on air but not in the archive: %s", error)


def _on_air_outlets(station: Station) -> tuple[Outlet, ...]:
    kinds = on_air_kinds(station.profile)
    return tuple(outlet for outlet in station.outlets if outlet.name in kinds)

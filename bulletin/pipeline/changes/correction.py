"""A bulletin that has gone out -> the same without a story, from cached speech, ready to take its place."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.records import BulletinRecord
from bulletin.audio.mixing.mix import Tags, mix_bulletin
from bulletin.audio.quality.quality_gate import check_quality
from bulletin.errors import ConfigError
from bulletin.model import Bulletin
from bulletin.script.remove_stories import write_again
from bulletin.speech.speak_script import VoiceReader, speak_script
from bulletin.speech.voice_factory import build_chain
from bulletin.station.outputs import orders_of
from bulletin.station.signing import SIGNED, sign_once
from bulletin.station.station import Station


def make_again(
    station: Station,
    record: BulletinRecord,
    *,
    without: Collection[str],
    kinds: Collection[str],
    folder: Path,
) -> Bulletin:
    """
    Make the renditions `kinds` of a bulletin anew, without the stories of some ids, in `folder`.

    The same words by the same voice: what it said then lies in the cache, else it says it again, and only
    when it cannot does the station's chain read all of it. The same things give the same files, signed or not,
    until `forget_signed`. Raises NoStoryError when no story is left, NoVoiceError, AudioError, QualityError,
    ConfigError, OutletError.
    """
    script = write_again(
        record.running_order,
        without=without,
        title=record.title,
        at=record.at,
        sources=record.sources,
        station=station.words,
        options=station.profile.script,
        lexicon=station.lexicon,
    )
    chain, second = _readers(station, record)
    spoken = speak_script(script, chain=chain, second=second, cache=station.cache, folder=folder)
    outputs = station.profile.outputs
    make = tuple(kind for kind in dict.fromkeys(outputs.make) if kind in kinds)
    profile = station.profile.model_copy(update={"outputs": outputs.model_copy(update={"make": make})})
    mixed = mix_bulletin(
        script,
        spoken,
        jingles=station.jingles,
        options=profile.audio,
        orders=orders_of(profile, folder=folder, audio_name=_audio_name(station, record)),
        target_s=record.planned_s,
        tags=Tags(
            artist=station.words.name,
            album=station.podcast_title,
            date=record.at.astimezone(ZoneInfo(station.words.time_zone)),
            language=station.words.language,
            artwork=station.cover,
        ),
        made=record.made_at,  # not now: so the same correction is the same file, however often it is begun
    )
    options = {made.kind: outputs.rendition(made.kind) for made in mixed.renditions}
    fit = check_quality(mixed, options=options, unfit=station.state / "unfit" / station.words.id)
    return sign_once(
        replace(fit, level=record.level), profile, folder=station.path.parent, kept=_signed(station, record)
    )


def forget_signed(station: Station, record: BulletinRecord) -> None:
    """Its correction is remembered: nobody begins it again."""
    shutil.rmtree(_signed(station, record), ignore_errors=True)


def _signed(station: Station, record: BulletinRecord) -> Path:
    return station.state / SIGNED / station.words.id / str(record.id)


def _readers(station: Station, record: BulletinRecord) -> tuple[tuple[VoiceReader, ...], VoiceReader | None]:
    """Who read it, before the others; a second voice only where there were two."""
    voice, _, second = record.voice.partition(" + ")
    speech = station.profile.speech
    try:
        own = build_chain(
            (f"{record.engine}:{voice}",),
            engines=speech.engines,
            speed=speech.speed,
            language=station.words.language,
            phonemes=station.lexicon.phonemes,
        )
    except ConfigError:
        own = ()  # a voice that is not there any more
    return (*own, *station.readers), station.second if second else None


def _audio_name(station: Station, record: BulletinRecord) -> str:
    local = record.at.astimezone(ZoneInfo(station.words.time_zone))
    return f"{station.words.id}-{local:%Y%m%d-%H%M}-corrected-{record.id}.mp3"

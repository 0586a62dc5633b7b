"""BulletinRecord and story ids -> Bulletin: a published bulletin remade without these stories, from cached speech."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.errors import ConfigError, OutletError
from bulletin.model import Bulletin, StationWords
from bulletin.pipeline.mix_and_check_bulletin import mix_and_check_bulletin
from bulletin.script.standby_and_corrected_bulletins import write_without_stories
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.speak_script import speak_script
from bulletin.speech.voice_factory import build_chain
from bulletin.station.build_station_object import Station


def make_correction(
    station: Station,
    record: BulletinRecord,
    *,
    without: Collection[str],
    kinds: Collection[str],
    folder: Path,
    signed: Path,
) -> Bulletin:
    """
    Remake the renditions `kinds` of a bulletin without the stories of the ids `without`, in `folder`.

    The same voice reads the same words, from the speech cache where it holds them; only if that voice fails does
    the station's chain read the whole script. The same arguments give the same files, signed or not, as long as
    the folder `signed` is kept (`sign_once`). Raises NoStoryError when no story is left, NoVoiceError, AudioError, QualityError,
    ConfigError, OutletError.
    """
    if not set(kinds) & set(station.profile.outputs.make):
        raise OutletError("the sound of the bulletin has been deleted")
    script = write_without_stories(
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
    spoken = speak_script(
        script, chain=chain, second=second, cache=station.cache, folder=folder, recordings=station.clips
    )
    return mix_and_check_bulletin(
        station,
        script,
        spoken,
        folder=folder,
        audio_name=_audio_name(record, station.words),
        made_at=record.made_at,  # not now: each try of a correction makes the same file
        level=record.level,
        kinds=kinds,
        target_s=record.planned_s,
        signed=signed,
    )


def _readers(station: Station, record: BulletinRecord) -> tuple[tuple[VoiceReader, ...], VoiceReader | None]:
    """The voice that read the bulletin, then the station's chain; a second voice only if the bulletin had two."""
    voice, _, second = record.voice.partition(" + ")
    speech = station.profile.speech
    try:
        first = build_chain(
            (f"{record.engine}:{voice}",),
            engines=speech.engines,
            speed=speech.speed,
            language=station.words.language,
            phonemes=station.lexicon.phonemes,
        )
    except ConfigError:
        first = ()  # the voice has been removed since
    return (*first, *station.readers), station.second if second else None


def _audio_name(record: BulletinRecord, station: StationWords) -> str:
    local = record.at.astimezone(ZoneInfo(station.time_zone))
    return f"{station.id}-{local:%Y%m%d-%H%M}-corrected-{record.id}.mp3"

"""BulletinRecord -> Bulletin: a published bulletin remade without some stories or with other words, from cached speech."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.errors import ConfigError, OutletError
from bulletin.model import Bulletin, Passage, StationWords
from bulletin.pipeline.hear_before_publication import HearBeforePublication
from bulletin.pipeline.mix_and_check_bulletin import mix_and_check_bulletin
from bulletin.pipeline.stage_timer import SILENT, Listener, StageTimer
from bulletin.script.standby_and_corrected_bulletins import write_without_stories
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.speak_script import speak_script
from bulletin.station.build_components_from_profile import build_named_readers
from bulletin.station.build_station_object import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedWords:
    """Words of a bulletin after a correction."""

    passages: tuple[Passage, ...]
    title: str
    """Title of the story that was corrected."""


def make_correction(
    station: Station,
    record: BulletinRecord,
    *,
    without: Collection[str] = (),
    words: CorrectedWords | None = None,
    kinds: Collection[str],
    folder: Path,
    signed: Path,
    listener: Listener = SILENT,
) -> Bulletin:
    """
    Remake the renditions `kinds` of a bulletin without the stories of the ids `without`, or with other `words`, in `folder`.

    The same voice reads the same words, from the speech cache where it holds them; only if that voice fails does
    the station's chain read the whole script. New words are heard before they air, as those of a bulletin. The same
    arguments give the same files, signed or not, as long as
    the folder `signed` is kept (`sign_once`). Raises NoStoryError when no story is left, NoVoiceError, AudioError, QualityError,
    ConfigError, OutletError.
    """
    if not set(kinds) & set(station.profile.outputs.make):
        raise OutletError("the sound of the bulletin has been deleted")
    script = write_without_stories(
        words.passages if words else record.running_order,
        without=without,
        title=record.title,
        at=record.at,
        sources=record.sources,
        station=station.words,
        options=station.profile.script,
        lexicon=station.lexicon,
        corrected_title=words.title if words else "",
    )
    chain, second = _readers(station, record)
    station.fetch_recordings(script)
    spoken = speak_script(
        script,
        chain=chain,
        second=second,
        others=station.others,
        cache=station.cache,
        folder=folder,
        recordings=station.clips,
        progress=listener.progress,
    )
    mix = partial(
        mix_and_check_bulletin,
        station,
        script,
        audio_name=_audio_name(record, station.words, words),
        made_at=record.made_at,  # not now: each try of a correction makes the same file
        level=record.level,
        kinds=kinds,
        target_s=record.planned_s,
        signed=signed,
    )
    bulletin = mix(spoken, folder=folder)
    if new := _new_sentences(record, words):
        hearing = HearBeforePublication(
            station=station,
            folder=folder / "again",
            mix=mix,
            deadline=None,
            timer=StageTimer(listener=listener),
            only=new,
            remembers=False,  # the next try of the same correction does the same again
        )
        bulletin, _ = hearing.hear(bulletin, spoken)
    return bulletin


def _new_sentences(record: BulletinRecord, words: CorrectedWords | None) -> frozenset[str]:
    """Spoken forms that the bulletin did not have; the others were heard when it was made."""
    said = {sentence.spoken for passage in record.running_order for sentence in passage.sentences}
    passages = words.passages if words else ()
    return frozenset(sentence.spoken for passage in passages for sentence in passage.sentences) - said - {""}


def _readers(station: Station, record: BulletinRecord) -> tuple[tuple[VoiceReader, ...], VoiceReader | None]:
    """The voice that read the bulletin, then the station's chain; a second voice only if the bulletin had two."""
    voice, _, second = record.voice.partition(" + ")
    try:
        first = build_named_readers(
            (f"{record.engine}:{voice}",),
            station.profile.speech,
            language=station.words.language,
            phonemes=station.lexicon.phonemes,
            folder=station.path.parent,
        )
    except ConfigError:
        first = ()  # the voice has been removed since
    return (*first, *station.readers), station.second if second else None


def _audio_name(record: BulletinRecord, station: StationWords, words: CorrectedWords | None) -> str:
    """A name of its own for other words: a published address keeps its sound."""
    local = record.at.astimezone(ZoneInfo(station.time_zone))
    text = "\n".join(passage.text for passage in words.passages) if words else ""
    mark = f"-{hashlib.sha256(text.encode()).hexdigest()[:8]}" if words else ""
    return f"{station.id}-{local:%Y%m%d-%H%M}-corrected-{record.id}{mark}.mp3"

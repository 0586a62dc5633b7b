"""LoadedProfile -> StationVoices: a station's pronunciations and voices alone, opened in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.respelled_names import RespelledNames
from bulletin.config.load_profile import LoadedProfile, locate_option
from bulletin.config.profile_options import Profile
from bulletin.model import StationWords
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.engine_interface import VoiceReader
from bulletin.station import build_components_from_profile as components
from bulletin.station.build_station_object import STATE, override_profile
from bulletin.station.limits_of_group import limit_voices


@dataclass(frozen=True, slots=True, kw_only=True)
class StationVoices:
    """What a station needs to speak: no feeds, no music, no outlets. `Station` has the same fields."""

    words: StationWords
    profile: Profile
    lexicon: Lexicon
    readers: tuple[VoiceReader, ...]
    second: VoiceReader | None
    others: Mapping[str, tuple[VoiceReader, ...]]
    cache: SpeechCache
    state: Path
    """Private folder, shared by the stations of one output folder."""


def open_station_voices(
    loaded: LoadedProfile, *, output: Path, archive: Archive, overrides: Mapping[str, Any] | None = None
) -> StationVoices:
    """
    The voices of a profile, with the names that its editors respelled; nothing is loaded yet.

    `overrides` replace options of the profile; in a group its limits hold while `archive` is open. Raises ConfigError with file and line, ArchiveError.
    """
    profile = override_profile(loaded.profile, overrides or {})
    with locate_option(loaded.path):
        words = components.build_words(profile, station_id=loaded.id, folder=loaded.path.parent)
        printed = components.build_lexicon(
            profile.pronunciations, profile.lexicon, words=words, profile=loaded.path
        )
        speech, language, phonemes = profile.speech, words.language, printed.phonemes
        readers = components.build_readers(
            speech, language=language, phonemes=phonemes, folder=loaded.path.parent
        )
        second = components.build_second_reader(
            speech, language=language, phonemes=phonemes, folder=loaded.path.parent
        )
        others = components.build_other_readers(
            speech, words=words, folder=loaded.path.parent, lexicon=printed
        )
    state = output / STATE
    voices = StationVoices(
        words=words,
        profile=profile,
        lexicon=printed.with_respelled(RespelledNames(archive).respellings(loaded.id)),
        readers=readers,
        second=second,
        others=others,
        cache=SpeechCache(state / "speech", limit_mb=profile.speech.cache_mb),
        state=state,
    )
    return limit_voices(voices, archive=archive) if profile.group.is_on else voices

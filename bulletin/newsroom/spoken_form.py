"""Text -> how the station's voice reads it, without opening the station: for the newsroom, which asks at every key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bulletin.config.load_profile import LoadedProfile
from bulletin.model import StationWords
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.script.editors_words import EditorsWords
from bulletin.station.build_components_from_profile import build_lexicon, build_words


def editors_words(loaded: LoadedProfile, *, respelled: Mapping[str, str]) -> EditorsWords:
    """
    Speaks and splits texts of editors; `respelled` are the names that they saved.

    Raises ConfigError for a damaged lexicon of the station.
    """
    words, lexicon = station_lexicon(loaded)
    return EditorsWords(station=words, lexicon=lexicon.with_respelled(respelled))


def station_lexicon(loaded: LoadedProfile) -> tuple[StationWords, Lexicon]:
    """Words and lexicon of a station, read once for each version of its files."""
    profile = loaded.profile
    own = loaded.path.parent / profile.lexicon if profile.lexicon else None
    return _read(_Profile(loaded), _version(loaded.path), _version(own))


class _Profile:
    """A profile as a key of the cache: equal to another of the same file and the same pronunciations."""

    def __init__(self, loaded: LoadedProfile) -> None:
        self.loaded = loaded
        profile = loaded.profile
        further = tuple(profile.speech.languages)
        languages = (profile.language, profile.languages, profile.lexicon, further)
        self.key = (loaded.id, loaded.path, languages, repr(profile.pronunciations))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Profile) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=64)
def _read(profile: _Profile, *versions: tuple[int, int] | None) -> tuple[StationWords, Lexicon]:
    loaded = profile.loaded
    options, folder = loaded.profile, loaded.path.parent
    words = build_words(options, station_id=loaded.id, folder=folder)
    return words, build_lexicon(options.pronunciations, options.lexicon, words=words, profile=loaded.path)


def _version(path: Path | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size

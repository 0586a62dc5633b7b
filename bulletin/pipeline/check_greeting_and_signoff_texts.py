"""Opening, closing and ident of a station -> Findings: whether they can be spoken and leave time for news."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bulletin.audio.music.load_jingles import read_timings
from bulletin.audio.place_sounds_on_timeline import JingleKind
from bulletin.config.load_profile import LoadedProfile, locate_option
from bulletin.errors import ConfigError
from bulletin.language.split_sentences import count_letters
from bulletin.model import Passage
from bulletin.model.diagnostic_findings import Finding, failure_of, ok, warning
from bulletin.script.opening_and_closing import StationPassages
from bulletin.speech.measure_reading_pace import LETTERS_A_WORD
from bulletin.station.build_components_from_profile import (
    build_jingles,
    build_lexicon,
    build_phrases,
    build_readers,
    build_words,
)

_USUAL_WPS = 3.0
_MOST_OWN_SHARE = 0.6
"""Largest share of a bulletin for opening and closing."""
_LITTLE_S = 1.0
"""Tolerance of the estimate."""


def check_station_words(loaded: LoadedProfile, *, now: datetime) -> Iterator[Finding]:
    """Opening, closing and the words over the ident can be said, and leave time for news."""
    part, profile = "opening and closing words", loaded.profile
    try:
        passages = _station_passages(loaded, now=now)
        over_ident, closing = passages.ident(), passages.closing()
        openings = [passages.opening(is_timed=is_timed) for is_timed in (True, False)]
    except ConfigError as error:
        yield failure_of(part, error)
        return
    own_s = _seconds(loaded, closing) + max(_seconds(loaded, opening) for opening in openings)
    if own_s > _MOST_OWN_SHARE * profile.length:
        message = (
            f"opening and closing take about {own_s:.0f} s of {profile.length:.0f} s: shorten them under "
            "[script], or make the bulletin longer; the rest is hardly enough for one story"
        )
        yield warning(part, message)
    if over_ident:
        yield _check_over_ident(loaded, over_ident)
    else:
        yield ok(part, "the ident plays without words")


def own_sentence(loaded: LoadedProfile, *, now: datetime) -> str:
    """A sentence in the station's language for a voice test: the first of its opening, else its name."""
    with suppress(ConfigError):  # check_station_words reports it
        for sentence in _station_passages(loaded, now=now).opening(is_timed=False).sentences:
            return sentence.spoken
    return loaded.profile.name


def _station_passages(loaded: LoadedProfile, *, now: datetime) -> StationPassages:
    """Raises ConfigError with file and line."""
    with locate_option(loaded.path):
        profile = loaded.profile
        words = build_words(profile, station_id=loaded.id, folder=loaded.path.parent)
        build_phrases(words)  # a language without phrases has no opening
        lexicon = build_lexicon(profile.pronunciations, profile.lexicon, words=words, profile=loaded.path)
        return StationPassages(station=words, at=now, options=profile.script, lexicon=lexicon)


def _check_over_ident(loaded: LoadedProfile, words: Passage) -> Finding:
    """Words that outlast the ident's music are a warning."""
    lasts_s, room_s = _seconds(loaded, words), None
    with suppress(ConfigError):  # the check of the jingles reports it
        jingles = build_jingles(loaded.profile.imaging, folder=loaded.path.parent)
        tune = read_timings(replace(jingles, bed=None)).get(JingleKind.IDENT)
        room_s = tune.length_s - tune.talk_from_s if tune else None
    summary = f'"{words.text}" is spoken over the ident jingle, for {lasts_s:.1f} s'
    if room_s is None or lasts_s <= room_s + _LITTLE_S:
        return ok("opening and closing words", summary)
    remedy = f'but {room_s:.1f} s are left of it: shorten [script] ident, or set it to "none"'
    return warning("opening and closing words", f"{summary}, {remedy}")


def _seconds(loaded: LoadedProfile, words: Passage) -> float:
    """Estimated reading time by the first voice of the chain."""
    pace_wps = _USUAL_WPS
    with suppress(ConfigError):  # the check of the voices reports it
        profile, folder = loaded.profile, loaded.path.parent
        readers = build_readers(profile.speech, language=profile.language, phonemes={}, folder=folder)
        pace_wps = readers[0].voice.pace_wps
    return count_letters(words.spoken) / (pace_wps * LETTERS_A_WORD)

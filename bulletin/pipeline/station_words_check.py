"""The station's own words: whether they can be said, and leave time for news."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bulletin.audio.layout import JingleKind
from bulletin.audio.music.load_jingles import read_timings
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import ConfigError
from bulletin.language.sentences import count_letters
from bulletin.model import Passage
from bulletin.model.findings import CheckVerdict, Finding
from bulletin.script.station_words import StationPassages, load_station_passages
from bulletin.speech.reading_pace import LETTERS_A_WORD
from bulletin.station.factories import chain_of, jingles_of, lexicon_of, phrases_of, words_of

_USUAL_WPS = 3.0
_MOST_OWN_SHARE = 0.6
"""Of a bulletin that may be opening and closing."""
_LITTLE_S = 1.0
"""By which words may be foretold amiss, or go on after their ident, and nobody minds."""


def check_station_words(loaded: LoadedProfile, *, now: datetime) -> Iterator[Finding]:
    """Opening, closing and the words over the ident can be said, and leave time for news."""
    part, profile = "own words", loaded.profile
    try:
        own = _own_words(loaded, now=now)
        over_ident, closing = own.ident(), own.closing()
        openings = [own.opening(is_timed=is_timed) for is_timed in (True, False)]
    except ConfigError as error:
        yield Finding(part=part, verdict=CheckVerdict.FAILURE, message=str(error), exit_code=error.exit_code)
        return
    own_s = _seconds(loaded, closing) + max(_seconds(loaded, opening) for opening in openings)
    if own_s > _MOST_OWN_SHARE * profile.length:
        message = (
            f"opening and closing take about {own_s:.0f} s of {profile.length:.0f} s: shorten them under "
            "[script], or make the bulletin longer; what is left is hardly enough for one story"
        )
        yield Finding(part=part, verdict=CheckVerdict.WARNING, message=message)
    if over_ident:
        yield _check_over_ident(loaded, over_ident)
    else:
        yield Finding(
            part=part, verdict=CheckVerdict.OK, message="none over the ident, as the profile wants it"
        )


def own_sentence(loaded: LoadedProfile, *, now: datetime) -> str:
    """A sentence in the station's language, as it is handed to a voice: its opening's first, else its name."""
    with suppress(ConfigError):  # which the own words' check tells
        for sentence in _own_words(loaded, now=now).opening(is_timed=False).sentences:
            return sentence.spoken
    return loaded.profile.name


def _own_words(loaded: LoadedProfile, *, now: datetime) -> StationPassages:
    """Raises ConfigError."""
    profile = loaded.profile
    phrases_of(loaded, profile)  # a language that lacks a table has no words to be asked for
    return load_station_passages(
        now, station=words_of(loaded, profile), options=profile.script, lexicon=lexicon_of(loaded, profile)
    )


def _check_over_ident(loaded: LoadedProfile, words: Passage) -> Finding:
    """Words that go on after their ident has ended are a warning: it was to be under them."""
    lasts_s, room_s = _seconds(loaded, words), None
    with suppress(ConfigError):  # which the jingles' own check tells
        tune = read_timings(replace(jingles_of(loaded, loaded.profile), bed=None)).get(JingleKind.IDENT)
        room_s = tune.length_s - tune.talk_from_s if tune else None
    said = f'"{words.text}" over the ident, about {lasts_s:.1f} s'
    if room_s is None or lasts_s <= room_s + _LITTLE_S:
        return Finding(part="own words", verdict=CheckVerdict.OK, message=said)
    remedy = f'but {room_s:.1f} s are left of it: shorten [script] ident, or set it to "none"'
    return Finding(part="own words", verdict=CheckVerdict.WARNING, message=f"{said}, {remedy}")


def _seconds(loaded: LoadedProfile, words: Passage) -> float:
    """About how long the first voice of the chain will read them."""
    pace_wps = _USUAL_WPS
    with suppress(ConfigError):  # which the voices' own check tells
        pace_wps = chain_of(loaded, loaded.profile)[0].voice.pace_wps
    return count_letters(words.spoken) / (pace_wps * LETTERS_A_WORD)

"""Spoken -> sentence for listeners: whose voices are imitated, with their consent."""

from __future__ import annotations

from collections.abc import Mapping

from bulletin.language.language_folders import read_page_words
from bulletin.model import Spoken, StationWords, Voice


def state_cloned_voices(spoken: Spoken, *, station: StationWords, own: Mapping[str, str]) -> str:
    """
    "Read by a synthetic voice that imitates Jo Bell, with their consent.", in the station's language; "" for nobody.

    `own` are the station's page words, which may replace the sentence.
    """
    persons = dict.fromkeys(voice.imitates for voice in _clones(spoken))
    if not persons:
        return ""
    english = read_page_words("en")["words"]
    words = english | read_page_words(station.language, folder=station.languages)["words"] | own
    return str(words["cloned"]).replace("{person}", ", ".join(persons))


def describe_clones(spoken: Spoken) -> tuple[str, ...]:
    """ "Jo Bell (consent 2026-11-02)" for each person, for programs."""
    return tuple(dict.fromkeys(f"{voice.imitates} (consent {voice.consented})" for voice in _clones(spoken)))


def _clones(spoken: Spoken) -> tuple[Voice, ...]:
    voices = (spoken.voice, spoken.second, *(voice for _, voice in spoken.others))
    return tuple(voice for voice in voices if voice and voice.imitates)

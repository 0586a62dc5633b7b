"""Sentence of the coming bulletin with a name respelled in another way, as a small MP3: heard before it is saved."""

from __future__ import annotations

from bulletin.errors import UnfitTextError
from bulletin.newsroom.hear import Heard, SpeakingStation, hear_story
from bulletin.normalization.pronunciation_lexicon import find_mistake


def hear_respelled(station: SpeakingStation, sentence: str, *, name: str, respelling: str) -> Heard:
    """
    Speak a sentence as the station would say it with the respelling of `name`; only what is new is spoken.

    Raises UnfitTextError for a respelling that no voice can read, and as `hear_story`.
    """
    if respelling and (mistake := find_mistake(name, respelling)):
        raise UnfitTextError(f'"{name}"{mistake}')
    lexicon = station.lexicon.with_respelled({name: respelling})
    return hear_story(station, [sentence], lexicon=lexicon)

"""Sentence of the coming bulletin with a name respelled in another way, as a small MP3: heard before it is saved."""

from __future__ import annotations

from bulletin.errors import UnfitTextError
from bulletin.model import Sentence
from bulletin.newsroom.hear import Heard, SpeakingStation, hear_story
from bulletin.normalization.normalize_text import make_speakable
from bulletin.normalization.pronunciation_lexicon import find_mistake


def hear_respelled(station: SpeakingStation, sentence: str, *, name: str, respelling: str) -> Heard:
    """
    Speak a sentence as the station would say it with the respelling of `name`; only what is new is spoken.

    Raises UnfitTextError for a respelling that no voice can read, and as `hear_story`.
    """
    if respelling and (mistake := find_mistake(name, respelling)):
        raise UnfitTextError(f'"{name}"{mistake}')
    lexicon = station.lexicon.with_respelled({name: respelling})
    words = station.words
    spoken = make_speakable(sentence, language=words.language, lexicon=lexicon, folder=words.languages)
    return hear_story(station, [Sentence(text=sentence, spoken=spoken)])

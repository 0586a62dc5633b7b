"""A text, a story of the coming bulletin or the whole of it as a small MP3: what an editor hears before air."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bulletin.language.is_text_in_station_language import language_of_text
from bulletin.model import Passage, Role, Sentence
from bulletin.newsroom.check_words import MOST_LETTERS
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.hear import Heard, hear_bulletin, hear_sentence
from bulletin.script.editors_words import EditorsWords
from bulletin.station.station_voices import StationVoices, open_station_voices


def hear_text(desk: Desk, text: str) -> Heard:
    """
    What an editor is writing, as the station would say it; in a further language of its bulletins by that voice.

    Raises as `hear_sentence`.
    """
    voices = open_voices(desk)
    language = language_of_text(text, station=voices.words.language, others=voices.words.others)
    if language == voices.words.language or len(text) > MOST_LETTERS:
        return hear_sentence(voices, text)
    sentences = EditorsWords(station=voices.words, lexicon=voices.lexicon).split(text, language)
    return hear_bulletin(voices, [_passage([Sentence(text=part, spoken="") for part in sentences], language)])


def hear_coming_story(desk: Desk, *, story: str, due: datetime | None = None) -> Heard:
    """The sentences of a story that air, or all of a candidate's. Raises UnknownStoryError, and as `hear_sentence`."""
    bulletin = coming_bulletin(desk, due)
    item = bulletin.find(story)
    voices = open_voices(desk)
    passage = next((p for p in bulletin.aired if p.story_id == item.id and p.cut is item.cut), None)
    if passage is None:
        sentences = [
            Sentence(text=each.text, spoken=each.spoken, recording=each.recording) for each in item.sentences
        ]
        return hear_bulletin(voices, [_passage(sentences, item.language)])
    return hear_bulletin(voices, [passage])


def _passage(sentences: Sequence[Sentence], language: str) -> Passage:
    return Passage(role=Role.STORY, sentences=tuple(sentences), language=language)


def hear_coming_bulletin(desk: Desk, *, due: datetime | None = None) -> Heard:
    """Every passage that airs, in running order, without music. Raises NewsroomError, and as `hear_sentence`."""
    return hear_bulletin(open_voices(desk), coming_bulletin(desk, due).aired)


def open_voices(desk: Desk) -> StationVoices:
    """The voices of the desk's station. Raises ConfigError, ArchiveError."""
    return open_station_voices(desk.loaded, output=desk.output, archive=desk.archive)

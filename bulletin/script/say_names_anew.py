"""Words written earlier -> the same words, spoken as the lexicon has their names now."""

from __future__ import annotations

from dataclasses import replace

from bulletin.model import Passage, Sentence, StationWords
from bulletin.normalization.normalize_text import make_speakable
from bulletin.normalization.pronunciation_lexicon import Lexicon


def say_passage_anew(passage: Passage, *, station: StationWords, lexicon: Lexicon) -> Passage:
    """The passage with the present spoken form of each sentence: an editor may have respelled a name since."""
    if passage.language:
        station, lexicon = replace(station, language=passage.language), lexicon.of(passage.language)
    sentences = tuple(
        say_sentence_anew(sentence, station=station, lexicon=lexicon) for sentence in passage.sentences
    )
    return replace(passage, sentences=sentences)


def say_sentence_anew(sentence: Sentence, *, station: StationWords, lexicon: Lexicon) -> Sentence:
    """The sentence with its present spoken form; a recorded voice stays as it is."""
    if sentence.recording:
        return sentence
    spoken = make_speakable(
        sentence.text, language=station.language, lexicon=lexicon, folder=station.languages
    )
    return replace(sentence, spoken=spoken)

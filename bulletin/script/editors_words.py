"""An editor's words -> their sentences and spoken forms, in the language of the story in which they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.editing.edit_non_english_articles import edits_english
from bulletin.editing.sentences.sentence_ends_of_language import sentence_splitter
from bulletin.language.load_station_phrases import load_phrases
from bulletin.language.split_sentences import split_sentences
from bulletin.model import StationWords
from bulletin.normalization.normalize_text import make_speakable
from bulletin.normalization.pronunciation_lexicon import Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorsWords:
    """Speaks and splits texts of editors. `language` is a further one of the bulletins; empty: the station's."""

    station: StationWords
    lexicon: Lexicon

    def say(self, text: str, language: str = "") -> str:
        """The text as a voice of the language reads it."""
        return make_speakable(
            text,
            language=language or self.station.language,
            lexicon=self.lexicon.of(language),
            folder=self.station.languages,
        )

    def split(self, text: str, language: str = "") -> Sequence[str]:
        """Sentences of the text: "am 3. Dezember" is one in German. Raises ConfigError for a language without phrases."""
        tag = language or self.station.language
        if edits_english(tag):
            return split_sentences(text)
        return sentence_splitter(load_phrases(tag, folder=self.station.languages))(text)

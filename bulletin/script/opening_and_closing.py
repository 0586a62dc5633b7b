"""The station's own passages: ident, opening, closing, and the words of a stand-by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bulletin.config.profile_options import ScriptOptions
from bulletin.language.load_station_phrases import Phrases, fill, load_phrases, sentences_of, station_fields
from bulletin.model import Origin, Passage, Role, Sentence, StationWords
from bulletin.normalization.normalize_text import make_speakable
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.script.script_cache import ScriptCache


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPassages:
    """The station's own passages at one moment."""

    station: StationWords
    at: datetime
    options: ScriptOptions
    lexicon: Lexicon
    script_cache: ScriptCache = field(default_factory=ScriptCache)
    is_other: bool = False
    """The language is not the station's, but a further one of its bulletins."""

    @property
    def other_language(self) -> str:
        """The language of its passages; empty for the station's."""
        return self.station.language if self.is_other else ""

    @property
    def phrases(self) -> Phrases:
        """The phrases of the station's language. Raises ConfigError for a language without phrases."""
        return load_phrases(self.station.language, folder=self.station.languages)

    def say(self, text: str, origins: tuple[Origin, ...] = ()) -> Sentence:
        """The sentence with its spoken form."""
        language, folder = self.station.language, self.station.languages
        speak = partial(make_speakable, text, language=language, lexicon=self.lexicon, folder=folder)
        source = (text, language) if self.is_other else (text,)
        spoken = self.script_cache.text(*source, write=speak)
        return Sentence(text=text, spoken=spoken, origins=origins)

    def ident(self) -> Passage | None:
        """The words over the ident; None if the station wants none."""
        if self.options.ident.strip().casefold() == "none":
            return None
        return self._passage(Role.IDENT, self._templates("ident", self.options.ident), key="ident")

    def tells_time(self) -> bool:
        """Whether the opening has a time check."""
        return any("{time" in template for template in self._opening())

    def opening(self, *, is_timed: bool) -> Passage:
        """The opening, without the time for later listeners. Raises ConfigError for an unknown field."""
        templates = self._opening()
        if not is_timed:
            templates = tuple(template for template in templates if "{time" not in template)
        return self._passage(Role.OPENING, templates, key="opening")

    def _opening(self) -> tuple[str, ...]:
        """Templates of the opening, without frequencies if there are words over the ident."""
        if self.options.opening.strip() or self.ident() is None:
            return self._templates("opening", self.options.opening)
        return self.phrases.templates("opening", has_frequencies=False)

    def closing(self) -> Passage:
        """The last words, and that the voice is synthetic. Raises ConfigError for an unknown field."""
        templates = self._templates("closing", self.options.closing)
        return self._passage(Role.CLOSING, (*templates, *self._disclosure()), key="closing")

    def earlier(self) -> Passage:
        """The opening of a repeat, with the time of the first broadcast."""
        return self._passage(Role.OPENING, self._templates("earlier", ""), key="earlier")

    def evergreen(self, template: str) -> Passage:
        """The passage in place of missing news; `own`: the profile's words. Raises ConfigError."""
        return self._passage(Role.OPENING, self._templates("evergreen", template), key="[standby] words")

    def disclosure_alone(self) -> Passage:
        """The closing of a bulletin without news."""
        return self._passage(Role.CLOSING, self._disclosure(), key="disclosure")

    def _disclosure(self) -> tuple[str, ...]:
        template = self.options.disclosure
        return sentences_of(str(self.phrases.table["says"]["disclosure"]) if template is None else template)

    def _templates(self, name: str, template: str) -> tuple[str, ...]:
        if template.strip():
            return sentences_of(template)
        return self.phrases.templates(name, has_frequencies=bool(self.station.frequencies))

    def _passage(self, role: Role, templates: Sequence[str], *, key: str) -> Passage:
        fields = station_fields(self.station, self.at, self.phrases)
        option = key if key.startswith("[") else f"[script] {key}"
        texts = filter(None, (fill(template, fields, key=option) for template in templates))
        return Passage(
            role=role,
            sentences=tuple(map(self.say, texts)),
            title=self.station.name,
            is_timed=any("{time" in template for template in templates),
        )

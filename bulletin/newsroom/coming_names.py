"""Coming bulletin -> names in it that a voice may mispronounce, each with a first respelling to hear."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from bulletin.archive.ledgers.respelled_names import RespelledName, RespelledNames
from bulletin.editing.names.first_respelling import first_respelling
from bulletin.errors import UnfitTextError
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.hear import Heard, SpeakingStation, hear_story
from bulletin.newsroom.spoken_form import station_lexicon
from bulletin.normalization.pronunciation_lexicon import Lexicon, find_mistake
from bulletin.script.list_unusual_names import UnusualName, list_unusual_names

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameToHear:
    """An unknown name of the coming bulletin."""

    name: str
    """In full: "Anna Bogumilska"."""
    words: tuple[HardWord, ...]
    sentence: str
    """The first sentence that holds it, as written."""
    stumble: float
    """How likely a newsreader stumbles: more is worse."""
    story_id: str = ""
    """The story with that sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HardWord:
    """A word of a name that a newsreader has to guess."""

    word: str
    """As in print: what to save a respelling for."""
    respelling: str
    """A first proposal; empty where there is none, as for a language other than English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingNames:
    """Names of the coming bulletin, for the command, the JSON API and the page."""

    unknown: tuple[NameToHear, ...]
    """The hardest first."""
    saved: tuple[RespelledName, ...]
    """Names that editors respelled, the last saved first; they hold in every bulletin."""


def coming_names(desk: Desk, due: datetime | None = None) -> ComingNames:
    """
    The names of the coming bulletin, from the last preview: nothing is fetched.

    Raises NewsroomError where there is no preview yet, ArchiveError, ConfigError.
    """
    saved = RespelledNames(desk.archive).names(desk.station)
    words, lexicon = station_lexicon(desk.loaded)
    stories = coming_bulletin(desk, due).stories
    story_of = {
        sentence.text: story.id
        for story in reversed(stories)
        for sentence in (*story.sentences, *filter(None, [story.headline]))
    }
    texts = tuple(
        sentence.text
        for story in stories
        for sentence in (*filter(None, [story.headline]), *story.aired_sentences)
    )
    known = lexicon.with_respelled({name.name: name.respelling for name in saved})
    return ComingNames(
        unknown=_names_to_hear(texts, known, words.language, tuple(story_of.items())), saved=saved
    )


@lru_cache(maxsize=32)
def _names_to_hear(
    texts: tuple[str, ...], lexicon: Lexicon, language: str, stories: tuple[tuple[str, str], ...]
) -> tuple[NameToHear, ...]:
    story_of = dict(stories)
    return tuple(
        name_to_hear(name, language=language, story_id=story_of.get(name.sentence, ""))
        for name in list_unusual_names(texts, lexicon)
    )


def name_to_hear(name: UnusualName, *, language: str, story_id: str = "") -> NameToHear:
    """An unusual name with a first respelling of each hard word."""
    return NameToHear(
        name=name.name,
        words=tuple(
            HardWord(word=word, respelling=first_respelling(word, language=language)) for word in name.words
        ),
        sentence=name.sentence,
        stumble=name.stumble,
        story_id=story_id,
    )


def load_word_lists() -> None:
    """Load the word lists and the voice's reading of names, so that the first list of names is quick."""
    list_unusual_names(("The council met in Wexcombe.",), Lexicon())
    first_respelling("Wexcombe", language="en")


def hear_name(
    station: SpeakingStation, name: str, *, respelling: str | None = None, to: Path | None = None
) -> Heard:
    """
    Speak a name as the station says it now, then by another respelling, by default the first proposal.

    `to` as in `hear_sentence`. Raises UnfitTextError for a respelling that no voice can read, and as `hear_sentence`.
    """
    if respelling and (mistake := find_mistake(name, respelling)):
        raise UnfitTextError(f'"{name}"{mistake}')
    if respelling is None:
        parts = name.split()
        spelled = [first_respelling(part, language=station.words.language) for part in parts]
        respelling = " ".join(new or part for new, part in zip(spelled, parts, strict=True))
    return hear_story(station, dict.fromkeys((f"{name}.", f"{respelling}.")), to=to)


def hear_respelled(station: SpeakingStation, sentence: str, *, name: str, respelling: str) -> Heard:
    """
    Speak a sentence as the station would say it with the respelling of `name`; only what is new is spoken.

    Raises UnfitTextError for a respelling that no voice can read, and as `hear_story`.
    """
    if respelling and (mistake := find_mistake(name, respelling)):
        raise UnfitTextError(f'"{name}"{mistake}')
    lexicon = station.lexicon.with_respelled({name: respelling})
    return hear_story(station, [sentence], lexicon=lexicon)


def as_lexicon_lines(names: Iterable[NameToHear]) -> list[str]:
    """Lines for [pronunciations] of a profile: each hard word with its proposal, and the sentence beside it."""
    return [
        f'"{hard.word}" = "{hard.respelling}"    # {"" if hard.word == name.name else f"{name.name}: "}{name.sentence}'
        for name in names
        for hard in name.words
    ]

"""
Sentence and sources -> hints for the editor beside it: how it will sound, and what is not in the source.

The rules are those by which the program judges its own sentences and a language model's; here they only remark.
Source: `lint_script.py` and `check_model_answer.py`, which have their own. Judgement, no source: the limits in words
and figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bulletin.editing.context.needs_previous_sentence import has_binding_connective, points_back
from bulletin.editing.lint_script import is_told_again
from bulletin.language.is_text_in_station_language import is_foreign
from bulletin.language.split_sentences import count_words, split_sentences
from bulletin.model import Article
from bulletin.rewriter.guard.check_model_answer import check_sentence, find_origins
from bulletin.rewriter.guard.tokenize_sentence import small_words

_MANY_WORDS = 28
"""Words from which a sentence is long for one breath."""
_MANY_FIGURES = 3
_MARKUP = re.compile(r"[()\[\]{}<>*_/\\|#@]")
_FIGURE = re.compile(r"\d[\d.,]*")
_QUOTED = re.compile(r"[“\"][^”\"]{3,}[”\"]")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|org|net|co\.uk|uk|ie)\b", re.IGNORECASE
)


class HintKind(StrEnum):
    """What a hint is about."""

    SOURCE = "source"
    """The words say something that the sources do not."""
    SOUND = "sound"
    """Hard to read out, or to follow by ear."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One remark beside a sentence; nothing is refused for it."""

    kind: HintKind
    text: str

    def __str__(self) -> str:
        return f"Not in the source: {self.text}" if self.kind is HintKind.SOURCE else self.text


def find_hints(
    text: str, *, before: Sequence[str] = (), source: Sequence[str] = (), language: str, is_edited: bool
) -> tuple[Hint, ...]:
    """
    Remarks on a sentence (or on several, typed into one field), the weightiest first.

    `before` are the sentences of the story that are read before it, `source` those of its articles. Only an editor's
    words are compared with the source, and only in English, for which the rules are made.

    >>> source = ["The bridge over the Wex closes on Monday for six weeks."]
    >>> hints = find_hints("The bridge closes for nine weeks.", source=source, language="en-GB", is_edited=True)
    >>> [hint.kind for hint in hints]
    [<HintKind.SOURCE: 'source'>]
    """
    return _find_hints(text, tuple(before), tuple(source), language, is_edited)


@lru_cache(maxsize=4096)
def _find_hints(
    text: str, before: tuple[str, ...], source: tuple[str, ...], language: str, is_edited: bool
) -> tuple[Hint, ...]:
    hints = [Hint(HintKind.SOUND, remark) for remark in _find_sound_hints(text)]
    if is_edited and text and is_foreign(text, language=language):
        hints.append(Hint(HintKind.SOUND, f"does not look like {language}, as which the voice reads it"))
    if language.lower().startswith("en"):
        hints += [Hint(HintKind.SOUND, remark) for remark in _find_lint(text, before)]
        if is_edited and source:
            faults = [fault for part in split_sentences(text) for fault in _find_absent(part, source)]
            hints = [*(Hint(HintKind.SOURCE, fault) for fault in dict.fromkeys(faults)), *hints]
    return tuple(dict.fromkeys(hints))


def _find_sound_hints(text: str) -> list[str]:
    counts = [count_words(part) for part in split_sentences(text)]
    remarks = [
        f"{words} words: long for one breath; two sentences are easier to follow"
        for words in counts
        if words > _MANY_WORDS
    ]
    remarks += [f'a web address is hard to hear: "{found.rstrip(".")}"' for found in _ADDRESS.findall(text)]
    if len(_FIGURE.findall(text)) > _MANY_FIGURES:
        remarks.append("many figures: a listener keeps two or three")
    if found := _MARKUP.search(text):
        remarks.append(f"“{found[0]}” cannot be heard; write it in words")
    if _QUOTED.search(text):
        remarks.append("quotation marks cannot be heard; say who said it")
    if text.strip() and text.strip()[-1] not in ".!?…:\"”'’":
        remarks.append("no full stop: the voice does not fall at the end")
    return remarks


def _find_lint(text: str, before: Sequence[str]) -> list[str]:
    """Remarks of the program's own rules that need no grammar model: it would cost a page its speed."""
    remarks = []
    for number, part in enumerate(split_sentences(text)):
        earlier = (*before, *split_sentences(text)[:number])
        if is_told_again(part, earlier):
            remarks.append("says again what the story has said before")
        if not earlier and (points_back(part) or has_binding_connective(part)):
            remarks.append("begins with a word that points back, but nothing came before")
        if part.endswith("?"):
            remarks.append("a question; newsreaders rarely ask")
    return remarks


def _find_absent(sentence: str, source: tuple[str, ...]) -> tuple[str, ...]:
    """What the sources do not say."""
    small = _small_words(source)
    places = find_origins(sentence, source, among=range(len(source)), small=small)
    return check_sentence(sentence, source, places=places, small=small)


@lru_cache(maxsize=64)
def _small_words(source: tuple[str, ...]) -> frozenset[str]:
    return small_words(source)


def source_sentences(articles: Iterable[Article]) -> tuple[str, ...]:
    """Sentences of articles, as printed, each once."""
    return _split(tuple((article.title, article.text or article.summary) for article in articles))


@lru_cache(maxsize=512)
def _split(texts: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    sentences = [" ".join(part.split()) for pair in texts for text in pair for part in split_sentences(text)]
    return tuple(dict.fromkeys(sentences))

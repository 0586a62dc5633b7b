"""
The beginning of a story whose language has no rules of editing: summary, title or first sentence, as printed.

Source: a listener must hear who and what first (BBC News Style Guide, "The basics of radio scripting"); a publisher's
summary and its title say so, where the text begins with a scene, a quotation or a sentence that is too long.
A sentence with "he" or "with these words" needs the one before (the same guide, "pronouns").
Judgement, no source: how alike two sentences are that say the same, and the words of a first sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.editing.english.word_list_regexes import regex
from bulletin.language.load_station_phrases import Phrases
from bulletin.language.read_word_lists import either
from bulletin.language.split_sentences import count_words, likeness

ALIKE = 0.6
"""Likeness of two sentences of which a listener needs one. Example: `begin_story`."""
MOST_FIRST = 40
"""Words of a first sentence; of a longer one the summary or the title says the same shorter. Example: `begin_story`."""
MOST_SUMMARY = 2
"""Sentences of a summary that are told. Example: `begin_story`."""
_TICKER = r"(?m)^\W{0,3}(?:[01]?\d|2[0-3]) ?[h:.] ?[0-5]\d\s*[-–—:]"
"""Entry of a live page. Example: `is_live_page`."""
_FEWEST_ENTRIES = 3
"""Example: `is_live_page`."""
_GLUED_STOP = r"(?<=[a-zß-öø-ÿ»”\"])([.!?])(?=[«“¿¡]?[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"
"""Example: `part_glued_sentences`."""
_GLUED_HEADING = r"(?<=[a-zß-öø-ÿ]{3})(?=[«“][A-ZÀ-ÖØ-Þ])"
"""Example: `part_glued_sentences`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSentence:
    """A sentence as it is told, and where it comes from."""

    text: str
    source: str
    place: int | None = None
    """Index among the sentences of the text; None for the summary and the title."""


def begin_story(
    body: Sequence[PrintedSentence], *, summary: Sequence[PrintedSentence], title: PrintedSentence | None
) -> tuple[PrintedSentence, ...]:
    """
    The sentences to tell, with a first one that a listener can follow.

    The summary comes first if the text does not say the same, or says it too long; else the title if the text's own
    first sentence cannot be told, is too long or is a quotation.

    >>> quoted = PrintedSentence(text="We lost it, says Fox.", source="“We lost it”, says Fox.", place=0)
    >>> title = PrintedSentence(text="Ferry sinks off Wexcombe.", source="Ferry sinks off Wexcombe")
    >>> [item.text for item in begin_story([quoted], summary=[], title=title)]
    ['Ferry sinks off Wexcombe.', 'We lost it, says Fox.']
    """
    first = tuple(summary[:MOST_SUMMARY])
    is_long = bool(body) and count_words(body[0].text) > MOST_FIRST
    is_short = all(count_words(item.text) <= MOST_FIRST for item in first)
    is_said = any(likeness(item.text, told.text) > ALIKE for item in first for told in body[:4])
    if first and (not is_said or (is_long and is_short)):
        rest = (told for told in body if all(likeness(item.text, told.text) <= ALIKE for item in first))
        return (*first, *rest)
    if title and is_long:
        return (title, *(told for told in body[1:] if likeness(title.text, told.text) <= ALIKE))
    if title and body and (body[0].place or body[0].source.lstrip()[:1] in "«“„\"'‘-–—"):
        return (title, *(told for told in body if likeness(title.text, told.text) <= ALIKE))
    return tuple(body)


def without_lost_references(body: Sequence[PrintedSentence], phrases: Phrases) -> tuple[PrintedSentence, ...]:
    """
    The sentences of a text without those that refer to a sentence that is not told.

    They begin with a word of the list "back", which is not followed by one of "times", a weekday or a month.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> said = [(0, "Die Fähre sank."), (2, "Er weinte."), (3, "Deshalb ging er."), (5, "Diese Woche ist der Hafen zu.")]
    >>> body = [PrintedSentence(text=text, source=text, place=place) for place, text in said]
    >>> [item.text for item in without_lost_references(body, load_phrases("de"))]
    ['Die Fähre sank.', 'Diese Woche ist der Hafen zu.']
    """
    told: list[PrintedSentence] = []
    back, calendar = phrases.words("back"), phrases.table["calendar"]
    times = either([*phrases.words("times"), *calendar["weekdays"], *calendar["months"]])
    refers = regex(rf"(?i)^\W*(?:{either(back)})(?!\w)(?! (?:{times})(?!\w))") if back else None
    for item in body:
        is_next = item.place == 0 or (bool(told) and item.place == (told[-1].place or 0) + 1)
        if is_next or refers is None or not refers.search(item.text.replace("’", "'")):
            told.append(item)
    return tuple(told)


def is_live_page(text: str) -> bool:
    r"""
    Whether a text is a live page, whose entries are different stories, each after its time.

    >>> is_live_page("9h05 - Paris ouvre\n8h47 - ABB recule\n8:41 – Le Premier ministre"), is_live_page("9h05 - Paris")
    (True, False)
    """
    return len(regex(_TICKER).findall(text)) >= _FEWEST_ENTRIES


def part_glued_sentences(line: str) -> str:
    r"""
    A line with a blank after each full stop, and a line end between a heading and a quotation that was glued to it.

    >>> part_glued_sentences("Ella insiste.De hecho, es así."), part_glued_sentences("Todo en el proceso«Es grave.")
    ('Ella insiste. De hecho, es así.', 'Todo en el proceso\n«Es grave.')
    """
    return regex(_GLUED_HEADING).sub("\n", regex(_GLUED_STOP).sub(r"\1 ", line))

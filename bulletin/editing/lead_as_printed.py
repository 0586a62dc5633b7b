"""
The beginning of a story whose language has no rules of editing: summary, title or first sentence, as printed.

Source: a listener must hear who and what first (BBC News Style Guide, "The basics of radio scripting"); a publisher's
summary and its title say so, where the text begins with a scene, a quotation or a sentence that is too long.
A sentence with "he" or "with these words" needs the one before (the same guide, "pronouns").
Judgement, no source: how alike two sentences are that say the same, and the words of a first sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bulletin.editing.english.word_list_regexes import regex
from bulletin.editing.sentences_told_before import FEWEST_SHARED, adds_nothing, content_of, says_same
from bulletin.language.load_station_phrases import Phrases
from bulletin.language.read_word_lists import either
from bulletin.language.split_sentences import count_words, likeness

_SAME = 0.8
"""Likeness of two sentences that say the same in any place. Example: `_without_repeats`."""
_ENOUGH_OF_TITLE = 0.5
"""Share of a title's longer words that a text's own first sentence has which needs no summary. Example: `begin_story`."""
_LEAST_OF_TITLE = 0.25
"""Share of a title's longer words that a first sentence has which says the same. Example: `_says_little`."""
_MOST_KICKER = 2
"""Words before the colon of a title; a longer part is a label, after which no sentence follows. Example: `_says_little`."""
MOST_FIRST = 40
"""Words of a first sentence; of a longer one the summary or the title says the same shorter. Example: `begin_story`."""
_MOST_CAPTION = 10
"""Example: `from_lead`."""
MOST_SUMMARY = 2
"""Sentences of a summary that are told. Example: `begin_story`."""
_TICKER = r"(?m)^\W{0,3}(?:[01]?\d|2[0-3]) ?[h:.] ?[0-5]\d\s*[-–—:]"
"""Entry of a live page. Example: `is_live_page`."""
_FEWEST_ENTRIES = 3
"""Example: `is_live_page`."""
_QUESTION = r"^[A-ZÀ-Þ][\w.'’ -]{2,40}: .{8,}\?[\"”“»«]?$"
"""Question of an interview, behind its label. Example: `before_interview`."""
_ANSWER = r"^[A-ZÀ-Þ][\w.'’-]{1,20}(?: [\w.'’-]{1,20}){0,3}: "
"""Answer of an interview, behind its speaker's name. Example: `before_interview`."""
_GLUED_STOP = r"(?:(?<=[a-zß-öø-ÿ]{3})|(?<=[»”\"]))([.!?])(?=[«“¿¡]?[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"
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
    body: Sequence[PrintedSentence],
    *,
    summary: Sequence[PrintedSentence],
    title: PrintedSentence | None,
    printed_title: str,
    phrases: Phrases,
) -> tuple[PrintedSentence, ...]:
    """
    The sentences to tell, with a first one that a listener can follow; `title` is None where it cannot be told.

    The summary or the text's own first sentence begins, whichever has more of the title's words; neither does if it is too
    long, a quotation, or refers to another ("He ..."). If the story then says little of its title, the title comes first.
    Nothing is told where neither is clear and the title cannot be told.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> from dataclasses import replace
    >>> words = ("We lost it, says Fox.", "The ferry Anna sank off Wexcombe.", "The inquiry opens on Monday.")
    >>> quoted, ferry, inquiry = (PrintedSentence(text=text, source=text, place=0) for text in words)
    >>> quoted = replace(quoted, source="“We lost it”, says Fox.")
    >>> title = PrintedSentence(text="Ferry sinks off Wexcombe.", source="Ferry sinks off Wexcombe")
    >>> def begin(body, summary):
    ...     own = {"title": title, "printed_title": title.source, "phrases": load_phrases("en-GB")}
    ...     return [item.text for item in begin_story(body, summary=summary, **own)]
    >>> begin([quoted], [])
    ['Ferry sinks off Wexcombe.', 'We lost it, says Fox.']
    >>> begin([ferry], [inquiry]), begin([inquiry], [ferry])
    (['The ferry Anna sank off Wexcombe.'], ['The ferry Anna sank off Wexcombe.', 'The inquiry opens on Monday.'])
    """
    short = tuple(summary[:MOST_SUMMARY])
    short = short if short and not _is_unfit(short[0], phrases) else ()
    own = body[0] if body and not body[0].place and not _is_unfit(body[0], phrases) else None
    if short and (own is None or _prefers(short[0], own, printed_title)):
        first: PrintedSentence | None = short[0]
        told = (*short, *(item for item in body if not any(says_same(item.text, s.text) for s in short)))
    else:
        first = own
        told = tuple(body[1:] if body and count_words(body[0].text) > MOST_FIRST and title else body)
    if first is None and title is None and body and is_unclear(body[0], phrases):
        return ()
    if title and (first is None or _says_little(first, title)) and told:
        told = (title, *(item for item in told if not says_same(item.text, title.text)))
    return _without_repeats(told, phrases.words("common"))


def _is_unfit(first: PrintedSentence, phrases: Phrases) -> bool:
    """
    Whether a sentence is too long to begin a story, or unclear.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Deshalb sank sie.", "Die Fähre sank.", f"Die Fähre sank {'tief ' * 40}.")
    >>> [_is_unfit(PrintedSentence(text=text, source=text), load_phrases("de")) for text in texts]
    [True, False, True]
    """
    return count_words(first.text) > MOST_FIRST or is_unclear(first, phrases)


def is_unclear(first: PrintedSentence, phrases: Phrases) -> bool:
    """
    Whether a first sentence begins as a quotation, or refers to another.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("„Wir gehen“, sagte Fuchs.", "Deshalb sank sie.", "Die Fähre sank.")
    >>> [is_unclear(PrintedSentence(text=text, source=text), load_phrases("de")) for text in texts]
    [True, True, False]
    """
    return first.source.lstrip().startswith(tuple("«“„\"'‘-–—")) or refers_back(first.text, phrases)


def _prefers(summary: PrintedSentence, own: PrintedSentence, title: str) -> bool:
    """
    Whether the summary has more of the title's words than the text's own first sentence, or as many and other words; not
    if that sentence has enough of them, because summaries often have no verb.

    >>> texts = ("Ferry sinks off Wexcombe harbour", "It was a dark night with rain.")
    >>> summary, own = (PrintedSentence(text=text, source=text) for text in texts)
    >>> _prefers(summary, own, "Ferry sinks off Wexcombe"), _prefers(own, summary, "Ferry sinks off Wexcombe")
    (True, False)
    """
    shares = [_share_of_title(item.text, title) for item in (summary, own)]
    if shares[1] >= _ENOUGH_OF_TITLE:
        return False
    return shares[0] > shares[1] or (shares[0] == shares[1] and not says_same(own.text, summary.text))


def _share_of_title(text: str, title: str) -> float:
    """
    Share of a title's longer words that a text has.

    >>> _share_of_title("The ferry Anna sank.", "Ferry sinks off Wexcombe harbour")
    0.25
    """
    names = content_of(title)
    return len(names & content_of(text)) / len(names) if names else 1.0


def _says_little(first: PrintedSentence, title: PrintedSentence) -> bool:
    """
    Whether a first sentence has few of the words of its title, which is a sentence and no label.

    >>> told = ("It was a dark night with rain.", "The ferry sank off Wexcombe harbour.")
    >>> title = PrintedSentence(text="Ferry sinks off Wexcombe harbour", source="")
    >>> [_says_little(PrintedSentence(text=text, source=text), title) for text in told]
    [True, False]
    """
    kicker = title.text.partition(": ")[0] if ": " in title.text else ""
    is_short = len(content_of(title.text)) < FEWEST_SHARED or count_words(kicker) > _MOST_KICKER
    return not is_short and _share_of_title(first.text, title.text) < _LEAST_OF_TITLE


def _without_repeats(
    told: Sequence[PrintedSentence], common: Collection[str] = ()
) -> tuple[PrintedSentence, ...]:
    """
    The sentences without those that are much like one before, or add nothing to those before them.

    >>> said = ("The ferry sank off Wexcombe.", "Two died.", "On Monday the ferry sank off Wexcombe.")
    >>> [item.text for item in _without_repeats([PrintedSentence(text=text, source=text) for text in said])]
    ['The ferry sank off Wexcombe.', 'Two died.']
    """
    kept: list[PrintedSentence] = []
    for item in told:
        is_repeat = any(likeness(item.text, other.text) > _SAME for other in kept)
        if not is_repeat and not adds_nothing(item.text, [one.text for one in kept], common):
            kept.append(item)
    return tuple(kept)


def refers_back(text: str, phrases: Phrases) -> bool:
    """
    Whether a sentence begins with a word of the list "back" that is not followed by one of "times", a weekday, a month.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> [refers_back(text, load_phrases("de")) for text in ("Er weinte.", "Diese Woche ist der Hafen zu.")]
    [True, False]
    """
    back = phrases.words("back")
    pattern = rf"(?i)^\W*(?:{either(back)})(?!\w)(?! (?:{times_of_day(phrases)})(?!\w))"
    return bool(back) and bool(regex(pattern).search(text.replace("’", "'")))


def points_back(text: str, phrases: Phrases) -> bool:
    """
    Whether a text has a word of the list "leans" that is not followed by one of "times".

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Jeden dieser Panzer braucht Kiew.", "Am Ende dieser Woche tagt der Rat.")
    >>> [points_back(text, load_phrases("de")) for text in texts]
    [True, False]
    """
    leans, times = phrases.words("leans"), times_of_day(phrases)
    pattern = rf"(?i)(?<!\w)(?:{either(leans)})(?!\w)(?! (?:{times})(?!\w))"
    return bool(leans) and bool(regex(pattern).search(text.replace("’", "'")))


def times_of_day(phrases: Phrases) -> str:
    """
    Pattern of the words of "times", the weekdays and the months.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> bool(regex(times_of_day(load_phrases("de"))).search("Montag"))
    True
    """
    calendar = phrases.table["calendar"]
    return either([*phrases.words("times"), *calendar["weekdays"], *calendar["months"]])


def without_lost_references(body: Sequence[PrintedSentence], phrases: Phrases) -> tuple[PrintedSentence, ...]:
    """
    The sentences of a text without those that refer to a sentence that is not told.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> said = [(0, "Die Fähre sank."), (2, "Er weinte."), (3, "Deshalb ging er."), (5, "Diese Woche ist der Hafen zu.")]
    >>> body = [PrintedSentence(text=text, source=text, place=place) for place, text in said]
    >>> [item.text for item in without_lost_references(body, load_phrases("de"))]
    ['Die Fähre sank.', 'Diese Woche ist der Hafen zu.']
    """
    told: list[PrintedSentence] = []
    for item in body:
        is_next = item.place == 0 or (bool(told) and item.place == (told[-1].place or 0) + 1)
        if is_next or not refers_back(item.text, phrases):
            told.append(item)
    return tuple(told)


def from_lead(sentences: Sequence[str], title: str, phrases: Phrases) -> list[str]:
    """
    The sentences without a first one of up to ten words that has no word of the title, if the second has: a caption or a
    scene before the lead.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> said = ["Les petits mitrons devant le four.", "Les enfants fêtent la Saint-Honoré."]
    >>> from_lead(said, "Les enfants fêtent saint Honoré", load_phrases("fr"))
    ['Les enfants fêtent la Saint-Honoré.']
    >>> [len(from_lead(said, title, load_phrases("fr"))) for title in ("", "Le four des mitrons")]
    [2, 2]
    """
    named = content_of(title.replace("-", " ")) - content_of(" ".join(phrases.words("common")))
    first, second = (*sentences[:2], "", "")[:2]
    is_short = count_words(first) <= _MOST_CAPTION and first.endswith(".")
    is_lead = [bool(named & content_of(text.replace("-", " "))) for text in (first, second)]
    return list(sentences[1:] if is_short and is_lead == [False, True] else sentences)


def is_live_page(text: str) -> bool:
    r"""
    Whether a text is a live page, whose entries are different stories, each after its time.

    >>> is_live_page("9h05 - Paris ouvre\n8h47 - ABB recule\n8:41 – Le Premier ministre"), is_live_page("9h05 - Paris")
    (True, False)
    """
    return len(regex(_TICKER).findall(text)) >= _FEWEST_ENTRIES


def before_interview(text: str) -> str:
    r"""
    The text up to an interview, whose questions and answers no listener can tell apart: a question behind a label, and an
    answer behind a name.

    >>> before_interview("Die Fähre sank.\nNova News: Warum sank sie?\nAnn Fox: Sie war alt.\nSehr alt.")
    'Die Fähre sank.'
    >>> before_interview("Die Fähre sank.\nWexum: Warum sank sie?\nDie Polizei ermittelt.")
    'Die Fähre sank.\nWexum: Warum sank sie?\nDie Polizei ermittelt.'
    """
    lines = text.split("\n")
    told = [at for at, line in enumerate(lines) if line.strip()]
    for at, after in pairwise(told):
        if at and regex(_QUESTION).match(lines[at].strip()) and regex(_ANSWER).match(lines[after].strip()):
            return "\n".join(lines[:at]).rstrip()
    return text


def part_glued_sentences(line: str) -> str:
    r"""
    A line with a blank after each full stop, and a line end between a heading and a quotation that was glued to it.

    >>> part_glued_sentences("Ella insiste.De hecho, es así."), part_glued_sentences("Todo en el proceso«Es grave.")
    ('Ella insiste. De hecho, es así.', 'Todo en el proceso\n«Es grave.')
    """
    return regex(_GLUED_HEADING).sub("\n", regex(_GLUED_STOP).sub(r"\1 ", line))

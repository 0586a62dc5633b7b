"""
Article in a language whose grammar no rule knows -> Telling: sentences as printed, without marks and asides.

Source: docs/decisions/0021, a language without rules is read as printed. No rule here matches in the fresh
articles of `python -m bench.rule_matches`, which are English; all are kept for stations in other languages.
Judgement, no source: the lengths of sentences and of a telling, because no label of another language exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bulletin.editing.accents_as_printed import with_accents
from bulletin.editing.boilerplate.strip_boilerplate import (
    split_lines,
)
from bulletin.editing.edited_article import Telling, ToldUnit
from bulletin.editing.english.word_list_regexes import regex
from bulletin.editing.fragments_as_printed import (
    asks_first,
    is_apposed,
    is_cut_before_figure,
    is_fragment,
    is_stamp,
    is_to_reader,
    is_writers,
    keeps_person,
    speaks_first,
)
from bulletin.editing.gaps_in_telling import before_gap
from bulletin.editing.lead_as_printed import (
    MOST_FIRST,
    PrintedSentence,
    before_interview,
    begin_story,
    from_lead,
    is_live_page,
    is_unclear,
    part_glued_sentences,
    without_lost_references,
)
from bulletin.editing.leaning_sentences import begins_with, without_leaning
from bulletin.editing.paragraphs_as_printed import (
    begins_in_middle,
    is_of_page,
    join_parted_lines,
    sentences_as_printed,
    without_unended,
)
from bulletin.editing.quotations_as_printed import quote_speech_behind_dashes, quoted_without_speaker
from bulletin.editing.sentences.sentence_ends_of_language import Split, sentence_splitter
from bulletin.editing.title_as_printed import (
    ASIDES,
    ONLINE,
    has_inverting_aside,
    headline_as_printed,
    short_names,
    title_as_printed,
    unmarked,
    with_short_names,
)
from bulletin.language.is_text_in_station_language import is_of_other_language
from bulletin.language.load_station_phrases import Phrases, is_in_language
from bulletin.language.read_word_lists import either
from bulletin.language.split_sentences import count_words, words
from bulletin.language.text_in_two_scripts import has_other_script
from bulletin.model import Article, Origin

MOST_TOLD = 160
"""Words of a telling; no cut is longer. Example: `tell_as_printed`."""
MOST_SENTENCES = 60
"""Example: `tell_as_printed`."""
MOST_LEAD = 60
"""Example: `_readable`."""
MOST = 40
"""Words; a longer sentence is left out. Example: `_readable`."""
FEWEST = 4
"""Example: `_readable`."""
_FEWEST_OF_REPLY = 3
"""Words of a reply to a charge (BBC Editorial Guidelines, 6, "right of reply"). Example: `_readable`."""
_CUT_OFF = r"(?:\.\.\.|…|\[[.…+]*\])\W*$"
"""End of a text that the feed cuts off. Example: `tell_as_printed`."""
_FEWEST_FOREIGN = 10
"""Words of a sentence in another language, which has none of the commonest ones. Example: `_is_lacking`."""
_HEADLESS = "neither its first sentence nor its title can be told, and the others lean on them"
"""Reason against a story. Example: `tell_as_printed`."""
_UNREADABLE = "no sentence fit to be read, or too few without a gap between them"
"""Reason against a story. Example: `tell_as_printed`."""
_LONGEST_LEAD = 50
"""Words of a first sentence behind its title; a longer one cannot be followed by ear. Example: `_long_lead`."""
_ANY_LENGTH = 10_000
"""Words; no sentence is longer. Example: `tell_as_printed`."""
_CLOSING = "\"'”’“)]»« "
"""Marks behind a sentence's full stop. Example: `tell_as_printed`."""
MOST_TITLE = 25
"""Words of a title that begins its story. Example: `tell_as_printed`."""


def edits_english(language: str) -> bool:
    """
    Whether the language is English; every rule of English asks this first.

    >>> edits_english("en-GB"), edits_english("de")
    (True, False)
    """
    return language.partition("-")[0] == "en"


def tell_as_printed(article: Article, *, phrases: Phrases) -> Telling:
    """
    Sentences as they are printed, without quotation marks and brackets, up to 160 words.

    A telling without pieces has its `reason`.

    >>> from datetime import UTC, datetime
    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> text = "The “Anna” sank off Wexcombe (a port) on Monday."
    >>> ferry = Article(id="1", feed="a", title="Ferry sinks", summary="", text=text, published=at)
    >>> [piece.sentences for piece in tell_as_printed(ferry, phrases=load_phrases("en-GB")).pieces]
    [('The Anna sank off Wexcombe on Monday.',)]
    >>> headless = replace(ferry, title="Why?", text="“It sank.” The inquiry began on Monday in Wexcombe.")
    >>> tell_as_printed(headless, phrases=load_phrases("en-GB")).reason
    'neither its first sentence nor its title can be told, and the others lean on them'
    """
    title = title_as_printed(article.title, phrases=phrases)
    own, summary = (
        quote_speech_behind_dashes(with_accents(printed, phrases), phrases)
        for printed in (join_parted_lines(article.text), article.summary)
    )
    article = replace(article, text=before_interview(own), summary=summary)
    text = article.text or article.summary
    split = sentence_splitter(phrases)
    sentences = from_lead(sentences_as_printed(text, title=title, phrases=phrases), article.title, phrases)
    read = sentences or split(text[:2000])
    if any(map(words, read)) and not is_in_language(read, phrases):
        return Telling(title=title, pieces=(), reason=f"not in the station's language ({phrases.language})")
    pieces: list[ToldUnit] = []
    story = _with_beginning(article, sentences, phrases)
    is_headless = bool(story and story[0].place)
    for told in () if is_headless else _units(story, phrases):
        if sum(piece.words for piece in pieces) > MOST_TOLD:
            break
        places = tuple(item.place for item in told if item.place is not None)
        origins = tuple(Origin.of(article, item.source) for item in told)
        pieces.append(ToldUnit(sentences=tuple(item.text for item in told), origins=origins, places=places))
    reason = "" if pieces else _HEADLESS if is_headless else _UNREADABLE
    telling = Telling(title=title, pieces=tuple(pieces), reason=reason)
    return telling.naming_unread([unmarked(sentence) for sentence in sentences])


def _units(story: Sequence[PrintedSentence], phrases: Phrases) -> list[list[PrintedSentence]]:
    """
    The sentences, one that takes back what the one before says together with that.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Die Fähre sank.", "Sie galt als sicher.", "Doch das war falsch.")
    >>> told = [PrintedSentence(text=text, source=text, place=place) for place, text in enumerate(texts)]
    >>> [[item.place for item in unit] for unit in _units(told, load_phrases("de"))]
    [[0], [1, 2]]
    """
    units: list[list[PrintedSentence]] = []
    for item in story:
        if len(units) > 1 and begins_with("but", item.text, phrases):
            units[-1].append(item)
        else:
            units.append([item])
    return units


def _with_beginning(
    article: Article, sentences: Sequence[str], phrases: Phrases
) -> tuple[PrintedSentence, ...]:
    """
    Sentences of the text that can be read, behind its summary or title where a listener needs one.

    A live page has its summary only, because its text tells other stories. A story whose sentences are all too long or
    cut off has its title, or else the first of up to 60 words, so that no story falls out for its length.
    Example: `tell_as_printed`.
    """
    split = sentence_splitter(phrases)

    def readable(printed: Sequence[str], *, most: int = MOST) -> list[PrintedSentence]:
        found = _readable(
            printed[:MOST_SENTENCES], split, most=most, replies=either(phrases.words("replies"))
        )
        told = (PrintedSentence(text=text, source=printed[at], place=at) for at, text in found)
        return [item for item in told if not _is_lacking(item, phrases)]

    body = without_lost_references(readable(sentences), phrases)
    is_own = article.text and not article.summary[:1].islower()
    printed = article.summary if is_own and is_in_language((article.summary,), phrases) else ""
    whole = without_unended(printed, split)
    standfirst = readable(sentences_as_printed(whole, title="", phrases=phrases))
    summary = [replace(item, place=None) for at, item in enumerate(standfirst) if item.place == at]
    if summary and is_live_page(article.text):
        return tuple(summary)
    headline = headline_as_printed(article.title, first_sentence="", phrases=phrases, most=MOST_TITLE)
    ends = {headline, headline.partition(": ")[2] or headline}
    is_title = headline and not any(
        is_fragment(f"{end}.", phrases) or is_stamp(end, phrases) or asks_first(end, phrases) for end in ends
    )
    title = PrintedSentence(text=f"{headline}.", source=article.title) if is_title else None
    is_cut_off = regex(_CUT_OFF).search(article.text or article.summary)
    if not body and not summary and title and (is_cut_off or readable(sentences, most=_ANY_LENGTH)):
        return (title,)
    body = body or without_lost_references(readable(sentences, most=MOST_LEAD), phrases)[:1]
    told = begin_story(body, summary=summary, title=title, printed_title=article.title, phrases=phrases)
    lines = tuple(split_lines(article.text, mend=part_glued_sentences))
    printed_sentences = [
        sentence
        for line in lines
        for sentence in split(line)
        if sentence.rstrip(_CLOSING).endswith((".", "!", "?", "…")) and not is_of_page(sentence, phrases)
    ]
    told = without_leaning(
        told, sentences=printed_sentences, title=article.title, headings=frozenset(lines), phrases=phrases
    )
    openings = {at for at, text in enumerate(sentences) if any(line.startswith(text) for line in lines)}
    told = before_gap(told, sentences=sentences, openings=openings, common=phrases.words("common"))
    return told or _long_lead(body, title, phrases)


def _long_lead(
    body: Sequence[PrintedSentence], title: PrintedSentence | None, phrases: Phrases
) -> tuple[PrintedSentence, ...]:
    """
    The title and the text's own first sentence of 41 to 50 words, where nothing else can be told.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> long = PrintedSentence(text=f"Die Fähre sank {'tief ' * 40}.", source="", place=0)
    >>> title = PrintedSentence(text="Fähre sinkt vor Wexum.", source="Fähre sinkt vor Wexum")
    >>> lead = replace(long, text=f"Sie sank {'tief ' * 40}.")
    >>> [len(_long_lead([first], title, load_phrases("de"))) for first in (long, lead, title)]
    [2, 0, 0]
    """
    first = body[0] if body and body[0].place == 0 else None
    if title is None or first is None or not MOST_FIRST < count_words(first.text) <= _LONGEST_LEAD:
        return ()
    return () if is_unclear(first, phrases) else (title, first)


def _is_lacking(item: PrintedSentence, phrases: Phrases) -> bool:
    """
    Whether a sentence is half of one, the writer's own, in another language, or says the opposite without its brackets.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Was das heißt.", "Wir haben zwei Fähren getestet.", "Sie sank (nicht) vor Wexum.", "Die Fähre sank vor Wexum.")
    >>> told = [PrintedSentence(text=text, source=text) for text in (*texts, "The ferry sank off the coast after it had hit rocks.")]
    >>> [_is_lacking(item, load_phrases("de")) for item in told]
    [True, True, True, False, True]
    """
    common = frozenset(phrases.words("common"))
    said = words(item.text.casefold())
    is_foreign = len(said) >= _FEWEST_FOREIGN and common.isdisjoint(said)
    is_foreign = is_foreign or is_of_other_language(item.text, language=phrases.language)
    is_half = any((is_fragment(item.text, phrases), is_apposed(item, phrases), is_stamp(item.text, phrases)))
    is_half = is_half or is_cut_before_figure(item.text, phrases)
    is_said_to_others = is_writers(item.source, phrases) or is_to_reader(item.source, phrases)
    is_turned = has_inverting_aside(item.source, phrases) or keeps_person(item.source, phrases)
    is_turned = is_turned or speaks_first(item.source, phrases)
    return is_half or is_foreign or is_said_to_others or is_turned


def _readable(
    sentences: Sequence[str], split: Split, *, most: int = MOST, replies: str = ""
) -> Iterator[tuple[int, str]]:
    """
    Index and words of each sentence that can be read as printed; `most` words, of the first 60. `replies`: words that
    mark a reply to a charge; such a sentence may have three words.

    >>> sentences = ["Die „Anna“ sank (gestern) vor Wexum.", "Siehe www.wexum.de heute.", "[Zehn] sind da."]
    >>> list(_readable([*sentences, "Der Dichter Пушкин war an Bord."], lambda text: [text]))
    [(0, 'Die Anna sank vor Wexum.')]
    >>> told = ["„Ich war an allem schuld.", "Wir sanken schnell“, sagte sie.", "Die Fähre sank schnell."]
    >>> list(_readable(told, lambda text: [text]))
    [(2, 'Die Fähre sank schnell.')]
    >>> list(_readable(["Fox bestreitet alles.", "Fox sagte alles."], lambda text: [text], replies="bestreitet"))
    [(0, 'Fox bestreitet alles.')]
    """
    unnamed, names = quoted_without_speaker(sentences), short_names(sentences)
    for index, sentence in enumerate(sentences):
        text = unmarked(with_short_names(sentence, names))
        if regex(ONLINE).search(text) or not text.endswith((".", "!")) or len(split(text)) != 1:
            continue
        if (
            begins_in_middle(sentence)
            or has_other_script(text)
            or index in unnamed
            or sentence.lstrip('"“„«').startswith(ASIDES)
        ):
            continue
        is_reply = bool(replies) and bool(regex(rf"(?i)(?<!\w)(?:{replies})(?!\w)").search(text))
        fewest = _FEWEST_OF_REPLY if is_reply else FEWEST
        if fewest <= count_words(text) <= (most if index else max(most, MOST_LEAD)):
            yield index, text

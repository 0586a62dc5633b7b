"""
Sentence in its article -> signals for the sentence model: can it open a story, is it understood after others; pure.

Source: the signals are cohesive ties (Halliday and Hasan 1976, chapters 2 and 5), attribution, and the place of
the news in an article; their weights are learnt, `python -m bench.sentence_weights` (docs/decisions/0004).
Judgement, no source: the bounds of words, letters and sentences, because the weights make good a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bulletin.editing import sentence_makes_sense_after_previous as coherence
from bulletin.editing.attribution.find_quoted_sentences import Printed
from bulletin.editing.attribution.find_unattributed_quotes import (
    is_first_person,
    is_on_the_spot,
    speaks_of_itself,
)
from bulletin.editing.context.find_unintroduced_names import find_unheard_name, names_in
from bulletin.editing.english.guess_parts_of_speech import bare, is_finite
from bulletin.editing.english.word_list_regexes import WORD, content_words, listed, regex
from bulletin.editing.fitness.sentence_rejection_reasons import HARDEST, unknown_thing, why_unfit
from bulletin.editing.headlines.sentence_matches_headline import HeadlineMatch
from bulletin.language.split_sentences import count_words

Signals = Mapping[str, float]

_DAY = (
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday|tonight|overnight|last night"
    r"|this (?:morning|afternoon|evening|week|weekend))\b"
)
"""Example: `_sentence_signals`."""
_SAYS = r"\b(?:said|says|told|announced|confirmed|according to|reported|warned|claimed|alleged|alleges)\b"
"""
>>> bool(regex(_SAYS).search("Fox warned of it."))
True
"""
_THE_THING = r"\b[Tt]he (?:[a-z][\w-]* ){0,2}?(?P<thing>[a-z][\w-]+)\b"
"""
>>> regex(_THE_THING).search("Fox saw the ferry.")["thing"]
'ferry'
"""
_PRONOUN = r"(?i)\b(?:he|she|they|it|him|her|them|his|its|their|this|that|these|those|there|such)\b"
"""Example: `_has_early_pronoun`."""
_THE_PLACE = r"\b[Tt]h(?:e|is) (?:city|town|village|state|county|country|region|island|area|neighborhood|district|school)\b"
"""
"The city", which only a dateline names.

>>> bool(regex(_THE_PLACE).search("Fox left the city."))
True
"""
_EARLY = 30
"""
Letters at the beginning within which a pronoun refers to another sentence.

Example: `_has_early_pronoun`.
"""
_ANOTHER = (
    r"(?i)\b(?:an)?other\b|\b(?:others|also|too|again|both|second|third|same|latter|former|instead|similar|further"
    r"|later|earlier|meanwhile|then|more)\b"
)
"""
>>> regex(_ANOTHER).findall("Another ferry also sank.")
['Another', 'also']
"""
_HE_OPENS = r"(?:He|She|They|It|His|Her|Their)\b"
"""
>>> bool(regex(_HE_OPENS).match("She rows."))
True
"""
_NUMBER = r"\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|dozens|hundreds|thousands|more|at)$"
"""
>>> [bool(regex(_NUMBER).match(word)) for word in ("12", "dozens", "ferries")]
[True, True, False]
"""
_GLUED = r"[a-z][.,!?]?(?<!\bMc)(?<!\bMac)[A-Z][a-z]"
"""
A page that lost a space or a line end: "the townsFerries are".

>>> bool(regex(_GLUED).search("the townsFerries are"))
True
"""
_SHOUTED = r"\b[A-Z]{3,} [A-Z]{3,}\b"
"""
>>> bool(regex(_SHOUTED).search("THE FERRY sank"))
True
"""
_YEAR_DATED = r"\b[A-Z][a-z]{2,} \d{1,2}, \d{4}\.?$"
"""
>>> bool(regex(_YEAR_DATED).search("It sank on May 3, 2026."))
True
"""
_WHY = frozenset("what how why who where which".split())
"""
>>> "why" in _WHY, "ferry" in _WHY
(True, False)
"""
_JOINS = frozenset("but and so or yet however still meanwhile now then nor instead".split())
"""
>>> "but" in _JOINS, "ferry" in _JOINS
(True, False)
"""
_THAT = frozenset("this that these those there it such".split())
"""
>>> "those" in _THAT, "ferry" in _THAT
(True, False)
"""
_FEW, _BREATH, _LONG = 9, 25, 35
"""Words. Example: `_sentence_signals`."""
_NEAR_END = 6
"""First sentences, one of which may have the day that this one lacks. Example: `opening_signals`."""
_SAID_AMONG = 14
"""First sentences of a news article, one of which quotes a speaker. Example: `opening_signals`."""


def opening_signals(text: str, printed: Sequence[Printed], index: int, match: HeadlineMatch) -> Signals:
    """
    Signals of an edited sentence and its article: does it say who and what, with nothing before it?

    >>> from bulletin.editing.attribution.find_quoted_sentences import read_sentences
    >>> lead = "A ferry sank off Wexcombe on Monday."
    >>> match = HeadlineMatch.of("Ferry sinks off Wexcombe", source=lead, opening=[lead])
    >>> signals = opening_signals(lead, list(read_sentences([lead])), 0, match)
    >>> signals["a"], signals["day"], signals["headline told"], signals["no name"]
    (True, True, True, False)
    """
    here = printed[index]
    shared = match.count_shared(here.text)
    most = max(match.count_shared(sentence.text) for sentence in printed[:5])
    many = max(1, len(match.words))
    before = " ".join(sentence.text for sentence in printed[:index])
    after = printed[index + 1].text if index + 1 < len(printed) else ""
    near = printed[:_SAID_AMONG]
    return _sentence_signals(text, here) | {
        **{f"sentence {number}": index == number - 1 for number in range(1, 6)},
        "paragraphs before": min(4, here.paragraph) / 2,
        "headline shared": shared / many if match.words else 0.3,
        "headline three words": shared >= 3,
        "headline half": 2 * shared >= many,
        "headline most": shared == most,
        "headline behind": (most - shared) / many,
        "headline nowhere": not match.words,
        "headline missing": not match.has_title,
        "headline told": match.covers_headline(here.text),
        "headline told fully": match.covers_headline_fully(here.text),
        "headline event": match.covers_event(here.text),
        "headline harm": match.covers_harm(here.text),
        "headline names": min(2, match.count_names(here.text)),
        "headline name missing": bool(match.names) and not match.shares_name(here.text),
        "stands alone": coherence.stands_alone(text),
        "somebody unknown": coherence.opens_with_person(text),
        "thing unknown": unknown_thing(text, heard=""),
        "adds": coherence.adds_to_previous(text),
        "points to untold": index > 0 and coherence.points_to_unheard(text, heard="", before=before),
        "name untold": bool(index > 0 and find_unheard_name(text, before=before, heard="")),
        "next takes back": coherence.reverses_previous(after),
        "next turns": coherence.opens_with_turn(after),
        "next he": bool(regex(_HE_OPENS).match(after)),
        "article said": min(6, sum("said" in sentence.text for sentence in near)) / 3,
        "article I": any(is_first_person(sentence.text) and not sentence.is_quoted for sentence in near),
        "article day": any(regex(_DAY).search(sentence.text) for sentence in near),
        "article short": count_words(" ".join(sentence.text for sentence in near)) / 100 < 0.6,
        "day elsewhere": not regex(_DAY).search(here.text)
        and any(regex(_DAY).search(sentence.text) for sentence in printed[:_NEAR_END]),
    }


def following_signals(
    text: str, printed: Sequence[Printed], index: int, *, told_indexes: Sequence[int], heard: str
) -> Signals:
    """
    Signals of an edited sentence that would follow the sentences at the places `told_indexes`, in the words `heard`.

    A place of -1 is the headline.

    >>> from bulletin.editing.attribution.find_quoted_sentences import read_sentences
    >>> printed = list(read_sentences(["A ferry sank.", "Two people swam.", "She waved."]))
    >>> signals = following_signals("She waved.", printed, 2, told_indexes=[0], heard="A ferry sank.")
    >>> signals["gap 1"], signals["pronoun over the gap"]
    (True, True)
    """
    here, last = printed[index], max(earlier for earlier in told_indexes if earlier < index)
    gap = index - last - 1
    before = " ".join(sentence.text for sentence in printed[:index])
    skipped = " ".join(printed[earlier].text for earlier in range(index) if earlier not in told_indexes)
    words, known = content_words(text), content_words(heard)
    unheard = content_words(skipped) - known
    names = names_in(text)
    heard_names = {word for name in names_in(heard) for word in name}
    unheard_names = {word for name in names_in(skipped) for word in name} - heard_names
    things = [match["thing"].rstrip("s") for match in regex(_THE_THING).finditer(text)]
    low = heard.casefold()
    after = printed[index + 1].text if index + 1 < len(printed) else ""
    stands = coherence.stands_alone(text)
    return _sentence_signals(text, here, heard=heard) | {
        "next": gap == 0,
        **{f"gap {number}": min(gap, 3) == number for number in (1, 2, 3)},
        "place": min(12, index) / 5,
        "same paragraph": last >= 0 and here.paragraph == printed[last].paragraph,
        "gap inside paragraph": gap > 0 and not here.opens_paragraph,
        "sentences told": len(told_indexes) / 3,
        "words told": count_words(heard) / 40,
        "from the start": min(told_indexes) <= 0,
        "lead at": min(told_indexes) / 3,
        "skipped": min(5, index - len(told_indexes)) / 3,
        "leans on the gap": gap > 0 and not stands,
        "stands alone": stands,
        "follows": coherence.is_understood_after(text, heard=heard, before=before),
        "points to untold": coherence.points_to_unheard(text, heard=heard, before=before),
        "name untold": bool(find_unheard_name(text, before=before, heard=heard)),
        "thing unknown": unknown_thing(text, heard=heard),
        "words told again": len(words & known) / max(1, len(words)),
        "words of the skipped": len(words & unheard) / max(1, len(words)),
        "name told": any(word in heard_names for name in names for word in name),
        "surname of the skipped": any(len(name) == 1 and name[0] in unheard_names for name in names),
        "things untold": min(3, sum(thing not in low for thing in things)),
        "things of the skipped": min(
            3, sum(thing not in low and thing in skipped.casefold() for thing in things)
        ),
        "pronoun over the gap": gap > 0 and bool(regex(_PRONOUN).search(text)),
        "early pronoun over the gap": gap > 0 and _has_early_pronoun(text),
        "next goes on": bool(regex(_HE_OPENS).match(after)),
        "next takes back": coherence.reverses_previous(after),
        "next turns": coherence.opens_with_turn(after),
        "next denies": coherence.limits_previous(after) or coherence.has_denial(after),
        "next quoted": index + 1 < len(printed) and printed[index + 1].is_quoted,
        "last quoted": last >= 0 and printed[last].is_quoted,
        "takes back": coherence.reverses_previous(text),
        "skips a fit one": gap > 0
        and not why_unfit(printed[index - 1].text, is_first=False, any_length=True),
    }


def _sentence_signals(text: str, here: Printed, *, heard: str = "") -> dict[str, float]:
    """
    Signals of the sentence alone: length, first word, contents.

    >>> text = "A ferry sank on Monday."
    >>> signals = _sentence_signals(text, Printed(text=text, paragraph=0, opens_paragraph=True))
    >>> signals["a"], signals["day"], signals["few words"], signals["early pronoun"]
    (True, True, True, False)
    """
    count = count_words(text)
    words = WORD.findall(text)
    first = bare(words[0]) if words else ""
    names = names_in(text)
    source = here.text
    says = bool(regex(_SAYS).search(text))
    verb = _first_verb(words)
    lively = sum(word.endswith("ly") for word in words)
    return {
        "words": min(count, 45) / 20,
        "few words": count < _FEW,
        "a breath": _BREATH < count <= HARDEST,
        "long": HARDEST < count <= _LONG,
        "too long": count > _LONG,
        "opens paragraph": here.opens_paragraph,
        "a": first in ("a", "an"),
        "the": first == "the",
        "number first": bool(regex(_NUMBER).match(first)),
        "preposition first": first in listed("words", "prepositions"),
        "pronoun first": first in listed("words", "pronouns"),
        "question word first": first in _WHY,
        "conjunction first": first in _JOINS,
        "that first": first in _THAT,
        "quotation first": text[:1] in "\"'“‘",
        "names": min(len(names), 4) / 2,
        "no name": not names,
        "full name": any(len(name) > 1 for name in names),
        "capitals": sum(word[:1].isupper() for word in words) / max(1, len(words)) * 3,
        "day": bool(regex(_DAY).search(text)),
        "says": says,
        "figure": any(letter.isdigit() for letter in text),
        "quoted": here.is_quoted,
        "marks": min(4, sum(source.count(mark) for mark in '"“”')) / 2,
        "dash": bool(re.search(r" [-–—] |—|;", source)),
        "colon": ":" in text,
        "exclaims": "!" in text,
        "asks": "?" in text,
        "commas": min(5, text.count(",")) / 3,
        "brackets": "(" in source or "[" in source,
        "glued": bool(regex(_GLUED).search(source)),
        "shouted": bool(regex(_SHOUTED).search(source)),
        "year at the end": bool(regex(_YEAR_DATED).search(source)),
        "whole": source.rstrip()[-1:] in '.!?"”',
        "I": is_first_person(source),
        "we": speaks_of_itself(text),
        "you": " you" in text.casefold(),
        "here": is_on_the_spot(source),
        "unfit": bool(why_unfit(text, is_first=False, any_length=True)),
        "accuses": coherence.has_accusation(text),
        "denies": coherence.has_denial(text),
        "the things": min(4, sum(1 for _ in regex(_THE_THING).finditer(text))) / 2,
        "the place": bool(regex(_THE_PLACE).search(text)) and not regex(_THE_PLACE).search(heard),
        "early pronoun": _has_early_pronoun(text),
        "another": min(2, len(regex(_ANOTHER).findall(text))),
        "adverbs": lively,
        "adverbs, nobody says": 0 if says else lively,
        **{
            form: verb in (form, plural) for form, plural in (("is", "are"), ("was", "were"), ("has", "have"))
        },
        "had": verb == "had",
        "will": verb in ("will", "would", "may", "might", "could", "can", "should", "must"),
        "did": verb.endswith("ed"),
        "does, nobody says": not says and verb.endswith("s") and verb not in ("is", "was", "has"),
    }


def _first_verb(words: Sequence[str]) -> str:
    """
    The first verb in small letters, whose form is a signal ("had", "will"); empty without one.

    >>> _first_verb(["The", "ferry", "had", "sunk"]), _first_verb(["A", "ferry"])
    ('had', '')
    """
    return next((bare(word) for word in words[1:] if is_finite(word) and word[0].islower()), "")


def _has_early_pronoun(text: str) -> bool:
    """
    Whether a pronoun comes in the first thirty letters, where it refers to another sentence.

    >>> _has_early_pronoun("On Monday it sank.")
    True
    >>> _has_early_pronoun("The ferry of the Wexcombe company lost its mast.")
    False
    """
    match = regex(_PRONOUN).search(text)
    return match is not None and match.start() < _EARLY

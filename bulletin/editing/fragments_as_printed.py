"""
Sentences that are only questions or teasers, or the writer's own, in a language whose grammar no rule knows.

Source: a dependent question is no sentence without its main clause (Duden, Die Grammatik, "Nebensatz"; RAE, Nueva
gramática, 43; Grevisse, Le bon usage, "interrogation indirecte"), and a radio story gives no promise that it does not keep
(BBC News Style Guide, "The basics of radio scripting"). "We" in a report is the paper's (the same guide, "first person").
The words are lists of each language: `asks`, `asks_alone`, `writer`.
"""

from __future__ import annotations

from bulletin.editing.english.word_list_regexes import regex
from bulletin.editing.lead_as_printed import PrintedSentence
from bulletin.language.load_station_phrases import Phrases
from bulletin.language.read_word_lists import either

_QUOTATION = r"[“„«\"][^“”„«»\"]*(?:[”“»\"]|$)|^[^“„«\"]*[”»]"
"""Example: `is_writers`."""
_CLAUSE = r"[,;:]\s+"
"""Example: `is_fragment`."""


def is_writers(sentence: str, phrases: Phrases) -> bool:
    """
    Whether a sentence says "we" or "I" outside a quotation: the writer's, who is not the station.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Wir haben fünf Kameras getestet.", "„Wir haben verloren“, sagte Fox.", "Die Fähre sank.")
    >>> [is_writers(text, load_phrases("de")) for text in texts]
    [True, False, False]
    """
    own = either(phrases.words("writer"))
    outside = regex(_QUOTATION).sub(" ", sentence).replace("’", "'")
    return bool(phrases.words("writer")) and bool(regex(rf"(?i)(?<![\w'])(?:{own})(?!\w)").search(outside))


def is_stamp(text: str, phrases: Phrases) -> bool:
    """
    Whether a sentence is only a place and a day, or a short caption that ends with them; a newsletter's head or a picture's.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Roma, 29 settembre 2010.", "Luogo della morte di Ann Fox, Wexum, giugno 2020.", "La nave è affondata a Wexum il 3 giugno 2020.")
    >>> [is_stamp(text, load_phrases("it")) for text in texts]
    [True, True, False]
    >>> is_stamp("Terça-feira, 5 de setembro de 2017", load_phrases("pt"))
    True
    """
    calendar = phrases.table["calendar"]
    months, weekdays = either(calendar["months"]), either(calendar["weekdays"])
    day = rf"(?:\d{{1,2}}(?:\.|º|°|er)? )?(?:(?:de|di|d[’'])\s?)?(?:{months})(?:,? (?:de )?\d{{4}})?"
    place = r"[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ(][\w'’)-]+){0,3}"
    whole = rf"(?i:(?:{weekdays}),? (?:den |le |il )?)?{day}|{place},? (?:(?i:{weekdays}),? )?(?:den |le |il )?{day}"
    if regex(rf"(?:{whole})\W*$").match(text):
        return True
    return bool(regex(rf"[^.,;:]{{4,60}}, {place}, (?i:{months}) \d{{4}}\W*$").match(text))


def is_apposed(item: PrintedSentence, phrases: Phrases) -> bool:
    """
    Whether a later sentence is a noun with a relative clause, which stands for a part of the sentence before.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Una fortuna que se desvió a paraísos fiscales.", "Una fortuna de un millón desapareció.")
    >>> told = [PrintedSentence(text=text, source=text, place=2) for text in texts]
    >>> [is_apposed(item, load_phrases("es")) for item in told]
    [True, False]
    """
    nouns, relative = phrases.words("apposed"), phrases.words("relative")
    pattern = rf"(?i)^(?:{either(nouns)})(?: [^\W\d_]+){{0,2}} (?:{either(relative)})(?!\w)"
    return bool(item.place and nouns and regex(pattern).search(item.text))


def is_fragment(text: str, phrases: Phrases) -> bool:
    """
    Whether every clause of a sentence is a dependent question, or its last word is one.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Was hinter dem Deal steckt.", "Wie die Brücke brach, warum sie gesperrt ist und wie es weitergeht.")
    >>> [is_fragment(text, load_phrases("de")) for text in (*texts, "Im Gespräch erklärt er, warum.")]
    [True, True, True]
    >>> texts = ("Wie die Polizei mitteilte, starben zwei.", "Was er sagte, war falsch.", "Wie jedes Jahr kam er.")
    >>> [is_fragment(text, load_phrases("de")) for text in texts]
    [False, False, False]
    """
    asks, alone = phrases.words("asks"), phrases.words("asks_alone")
    if not alone or text.rstrip("\"'”»").endswith("?"):
        return False
    clauses = regex(_CLAUSE).split(text)
    opens = either([*alone, *(asks if len(clauses) > 1 else ())])
    also = either([f"{phrases.table['says']['and']} ", ""])
    if all(regex(rf"(?i)^\W*(?:{also})(?:{opens})(?!\w)").search(clause) for clause in clauses):
        return True
    return bool(regex(rf"(?i)(?<!\w)(?:{either(alone)})\W*$").search(text))

"""
Sentences that are only questions or teasers, or the writer's own, in a language whose grammar no rule knows.

Source: a dependent question is no sentence without its main clause (Duden, Die Grammatik, "Nebensatz"; RAE, Nueva
gramática, 43; Grevisse, Le bon usage, "interrogation indirecte"), and a radio story gives no promise that it does not keep
(BBC News Style Guide, "The basics of radio scripting"). "We" in a report is the paper's (the same guide, "first person").
So is "you", which is said to readers, not to listeners (the same guide). A quotation behind "that" has the person of its
speaker, which without quotation marks is the station's (Duden, Die Grammatik, "indirekte Rede").
The words are lists of each language: `asks`, `asks_alone`, `writer`, `reader`, `that`,
`first_person`, `before_figures`; days are printed as its tables of figures tell.
"""

from __future__ import annotations

import re

from bulletin.editing.english.word_list_regexes import regex
from bulletin.editing.lead_as_printed import PrintedSentence
from bulletin.language.load_station_phrases import Phrases
from bulletin.language.read_word_lists import either
from bulletin.normalization.load_number_and_abbreviation_tables import NOWHERE, load_tongue

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


def is_to_reader(sentence: str, phrases: Phrases) -> bool:
    """
    Whether a sentence says "you" outside a quotation; a word that is printed with a capital may begin a sentence.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Hier finden Sie alle Fähren.", "Sie sank vor Wexum.", "„Gehen Sie heim“, sagte Fox.", "Fox bat: Sie solle gehen.")
    >>> [is_to_reader(text, load_phrases("de")) for text in texts]
    [True, False, False, False]
    >>> [is_to_reader(text, load_phrases("fr")) for text in ("Vous avez gagné.", "Le rendez-vous est fixé.")]
    [True, False]
    """
    own = phrases.words("reader")
    outside = regex(_QUOTATION).sub(" ", sentence).strip()
    within = regex(rf"(?<=[^\W\d_][ ,;]|[,;] )(?:{either(own)})(?!\w)")
    begins = regex(rf"(?:{either(own)})(?!\w)")
    return bool(own) and bool(within.search(outside) or begins.match(outside[:1].lower() + outside[1:]))


def keeps_person(sentence: str, phrases: Phrases) -> bool:
    """
    Whether a quotation behind "that" says "we" or "I", so that without its marks the station seems to speak of itself.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Fox dijo que “no tenemos ferris”.", "Fox dijo que “el ferri es viejo”.", "“No tenemos ferris”, dijo Fox.")
    >>> [keeps_person(text, load_phrases("es")) for text in texts]
    [True, False, False]
    """
    own, that = phrases.words("writer"), phrases.words("that")
    quoted = (
        rf"(?i)(?<!\w)(?:{either(that)})(?:\s+|(?<='))[“„«\"](?:[^“”„«»\"]*[^\w”»\"])?(?:{either(own)})(?!\w)"
    )
    return bool(own and that) and bool(regex(quoted).search(sentence.replace("’", "'")))


def speaks_first(sentence: str, phrases: Phrases) -> bool:
    """
    Whether a sentence begins with a quotation that says "we" or "I", before a listener knows who speaks.

    Only in a language with the list `first_person`, whose verbs say it without a pronoun.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("“Anunciamos a greve”, disse Ann Fox.", "Ann Fox disse: “Anunciamos a greve”.", "“A greve acabou”, disse Ann Fox.")
    >>> [speaks_first(text, load_phrases("pt")) for text in texts]
    [True, False, False]
    """
    verbs, begins = phrases.words("first_person"), regex(r"^\s*[“„«\"]([^“”„«»\"]*)").match(sentence)
    own = either([*verbs, *phrases.words("writer")])
    return bool(verbs and begins and regex(rf"(?i)(?<!\w)(?:{own})(?!\w)").search(begins[1]))


def asks_first(text: str, phrases: Phrases) -> bool:
    """
    Whether a title begins as a question, to which it gives no answer.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> [asks_first(text, load_phrases("de")) for text in ("Wie man mit Fähren Geld verliert", "Fähre sinkt vor Wexum")]
    [True, False]
    """
    words = (*phrases.words("asks"), *phrases.words("asks_alone"))
    return bool(words) and bool(regex(rf"(?i)^\W*(?:{either(words)})(?!\w)").match(text))


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
    day, article = _day_of_month(phrases, months), _before_day(phrases)
    place = r"[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ(][\w'’)-]+){0,3}"
    whole = rf"(?i:(?:{weekdays}),? {article})?{day}|{place},? (?:(?i:{weekdays}),? )?{article}{day}"
    if regex(rf"(?:{whole})\W*$").match(text):
        return True
    return bool(regex(rf"[^.,;:]{{4,60}}, {place}, (?i:{months}) \d{{4}}\W*$").match(text))


def _day_of_month(phrases: Phrases, months: str) -> str:
    """
    Pattern of a day, a month or a month of a year as a language prints them, by its tables [words] and [dates].

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> days = [("de", "3. Mai 2026"), ("fr", "1er mai"), ("es", "3 de mayo de 2026"), ("nl", "mei 2026"), ("de", "3 de Mai")]
    >>> months = "[Mm]a[iy]o?|mei"
    >>> [bool(regex(_day_of_month(load_phrases(tag), months)).fullmatch(day)) for tag, day in days]
    [True, True, True, True, False]
    """
    tongue = load_tongue(phrases.language, folder=phrases.folder)
    dates = tongue.tables["dates"]
    marks = tongue.word("ordinal_marks") or NOWHERE
    joints = [
        str(dates.get(form, "")).partition("}")[2].partition("{")[0] for form in ("day_month", "with_year")
    ]
    of_month, of_year = (rf"(?:{re.escape(joint.strip())} )?" if joint.strip() else "" for joint in joints)
    return rf"(?:\d{{1,2}}(?:[.º°]|{marks})? )?{of_month}(?:{months})(?:,? {of_year}\d{{4}})?"


def _before_day(phrases: Phrases) -> str:
    """
    Pattern of the word that a language may put before a day: "den 3. Mai", by its list `before_days`.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> [bool(regex(_before_day(load_phrases("it"))).fullmatch(word)) for word in ("il ", "", "entro ")]
    [True, True, False]
    """
    words_before = load_tongue(phrases.language, folder=phrases.folder).words("before_days")
    return rf"(?:(?:{either(words_before)}) )?"


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


def is_cut_before_figure(text: str, phrases: Phrases) -> bool:
    """
    Whether a sentence ends with an abbreviation that always stands before a figure, so that its end is missing.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("La riduzione è disposta dalla legge n.", "La nave affonda a Wexum.")
    >>> [is_cut_before_figure(text, load_phrases("it")) for text in texts]
    [True, False]
    """
    shortened = phrases.words("before_figures")
    return bool(shortened) and bool(regex(rf"(?<!\w)(?:{either(shortened)})$").search(text))


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

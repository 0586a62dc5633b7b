"""
Title of an article in a language whose grammar no rule knows -> its words as printed, for chapters and headlines.

Source: docs/decisions/0021, a language without rules is read as printed. Judgement, no source: which titles are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bulletin.editing.accents_as_printed import with_accents
from bulletin.editing.english.word_list_regexes import regex
from bulletin.editing.fragments_as_printed import asks_first
from bulletin.editing.headlines.clean_title import FEWEST_WORDS
from bulletin.editing.headlines.write_headline import ENDLESS, MOST_WORDS, repeats_sentence
from bulletin.editing.lead_as_printed import points_back
from bulletin.editing.sentences.sentence_ends_of_language import sentence_splitter
from bulletin.language.load_station_phrases import Phrases
from bulletin.language.read_word_lists import either
from bulletin.language.split_sentences import count_words

_ASIDE = r"\s*[(\[][^()\[\]]{0,200}[)\]]"
"""Example: `unmarked`."""
_SHORT_NAME = r"(?<=[a-zß-öø-ÿ] )\(([A-ZÀ-Þ]{2,8})\)"
"""Initials in brackets behind the name. Example: `short_names`."""
_PART_OF_WORD = r"[(\[]([^()\[\]\s]{1,20})[)\]](?=[^\W\d_])"
"""Brackets within a word: "(Queer-)Feminismus". Example: `unmarked`."""
ASIDES = ("[", "(")
"""
Opening brackets: without its aside, a sentence loses its beginning: "[Ten] years ago".

>>> "[Ten] years ago".startswith(ASIDES)
True
"""
_SINGLE_QUOTED = r"^'.*\w.*'$"
"""
>>> bool(regex(_SINGLE_QUOTED).match("'A balsa afundou'"))
True
"""
_QUOTES = r"[\"“”„«»‹›]"
"""Example: `unmarked`."""
ONLINE = r"https?:|www\.|@\w|#\w|\.\.\.|…|[{}|<>*_~^\\]"
"""
>>> bool(regex(ONLINE).search("Siehe www.wexum.de"))
True
"""
_SITE = r"\s+(?:\||::|»)\s+[^|»]{2,40}$"
"""The site's name at the end of a title. Example: `title_as_printed`."""
_SITE_AND_DAY = r"\s+[-–—]\s+[^\W\d_][\w.' ]{1,30}?\s+[-–—]\s+\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$"
"""The site's name and the day of its page: "– DW – 18/10/2023". Example: `title_as_printed`."""
_BREAK = r" [-–—] "
"""Dash within a title; before a colon may be a quotation. Example: `_head_of_title`."""


def title_as_printed(title: str, *, phrases: Phrases) -> str:
    """
    The title without the site's name, the language's own labels, marks and asides; for chapters.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> title_as_printed("Ferry “Anna” sinks (update) | Gazette", phrases=load_phrases("en-GB"))
    'Ferry Anna sinks'
    >>> title_as_printed("Ferry “Anna” sinks – NW – 18/10/2023", phrases=load_phrases("en-GB"))
    'Ferry Anna sinks'
    """
    bare = without_label(" ".join(with_accents(title, phrases).split()), phrases)
    return unmarked(regex(_SITE).sub("", regex(_SITE_AND_DAY).sub("", bare))).rstrip(" .!")


def headline_as_printed(title: str, *, first_sentence: str, phrases: Phrases, most: int = MOST_WORDS) -> str:
    """
    The title as it is printed, if it can be read.

    Its head if another sentence follows. Empty for a question, for a title that is cut off, for one that hides its news
    behind "this" or "he", and for a repeat of the story's first sentence. Quotation marks are refused, because a listener
    would not hear them; what stands before a quotation is only its speaker or a label ("Fox, new attack: “We won”").

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> titles = ("Ferry sinks in Wexcombe harbour | Gazette", "Why did the ferry sink?")
    >>> [headline_as_printed(title, first_sentence="", phrases=load_phrases("en-GB")) for title in titles]
    ['Ferry sinks in Wexcombe harbour', '']
    >>> titles = ("Fox visits Wexcombe harbour. «We won»", "Fox, new attack on Wexcombe harbour: «We won»")
    >>> [headline_as_printed(title, first_sentence="", phrases=load_phrases("en-GB")) for title in titles]
    ['Fox visits Wexcombe harbour', '']
    >>> titles = ("Fähre sinkt in diesem Hafen", "Fähre sinkt im Hafen von Wexum")
    >>> [headline_as_printed(title, first_sentence="", phrases=load_phrases("de")) for title in titles]
    ['', 'Fähre sinkt im Hafen von Wexum']
    """
    title = _head_of_title(with_accents(title, phrases), phrases)
    text = title_as_printed(title, phrases=phrases) if count_words(title) <= ENDLESS else ""
    if (
        regex(_QUOTES).search(title)
        or "‘" in title
        or regex(_SINGLE_QUOTED).match(title)
        or regex(ONLINE).search(text)
        or "?" in text
        or points_back(text, phrases)
    ):
        return ""
    if (
        title.startswith(ASIDES)
        or _points_to_page(title, phrases)
        or has_inverting_aside(title, phrases)
        or " / " in title
        or title.endswith(("...", "…"))
        or len(sentence_splitter(phrases)(text)) != 1
    ):
        return ""
    if not FEWEST_WORDS <= count_words(text) <= most or repeats_sentence(text, first_sentence):
        return ""
    # not "iPhone"
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.islower() else text


def _points_to_page(title: str, phrases: Phrases) -> bool:
    """
    Whether a title begins with a phrase of two words or more about the page, which calls its readers to look.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> titles = ("Bekijk hier de goals", "Bekijk de wedstrijd niet, zegt Fox", "Nieuwsbrief lekt adressen")
    >>> [_points_to_page(title, load_phrases("nl")) for title in titles]
    [True, False, False]
    """
    calls = [phrase for phrase in phrases.words("page") if " " in phrase]
    return bool(calls) and bool(regex(rf"(?i)\W*(?:{either(calls)})(?!\w)").match(title.replace("’", "'")))


def _head_of_title(title: str, phrases: Phrases) -> str:
    """
    A title up to the end of its first sentence or a question that it does not answer, if that is long enough for a headline.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> _head_of_title("Ferry sinks off Wexcombe. Fox: “It is a shame”", load_phrases("en-GB"))
    'Ferry sinks off Wexcombe'
    >>> _head_of_title("Fähre sinkt bei Wexum – warum sie alt war", load_phrases("de"))
    'Fähre sinkt bei Wexum'
    """
    bare = without_label(" ".join(title.split()), phrases)
    breaks = (
        mark for mark in regex(_BREAK).finditer(bare) if count_words(bare[: mark.start()]) >= FEWEST_WORDS
    )
    promise = next((mark for mark in breaks if asks_first(bare[mark.end() :], phrases)), None)
    bare = bare[: promise.start()] if promise else bare
    first = sentence_splitter(phrases)(bare)[0] if bare else ""
    is_whole = first.endswith(".") and not first.endswith("..") and not regex(_QUOTES).search(first)
    return first.rstrip(".") if is_whole and count_words(first) >= FEWEST_WORDS else bare


def without_label(text: str, phrases: Phrases) -> str:
    """
    Strip a label of the language and its mark, a full stop too, from the front.

    >>> from pathlib import Path
    >>> table = {"language": {"labels": ["Eilmeldung"]}}
    >>> german = Phrases(language="de", table=table, path=Path("phrases.toml"))
    >>> without_label("Eilmeldung: Die Fähre sank.", german)
    'Die Fähre sank.'
    >>> without_label("Eilmeldung vom 3. Mai 2026, 16:05 Uhr: Die Fähre sank.", german)
    'Die Fähre sank.'
    """
    dated = r"(?: [^:.!?]{0,30}\d[^!?]{0,30}?(?=:\s|\s[|–—-]))?"
    return regex(rf"(?i)^(?:{either(phrases.words('labels'))}){dated}\s*(?:[:|–—-]\s*|[.] (?=\S))").sub(
        "", text, count=1
    )


def short_names(sentences: Sequence[str]) -> frozenset[str]:
    """
    Initials that a bracket introduces and that another sentence uses.

    >>> sorted(short_names(["Die Hafenbehörde Wexum (HBW) warnt (AFP).", "Die HBW misst täglich."]))
    ['HBW']
    """
    found = {name for sentence in sentences for name in regex(_SHORT_NAME).findall(sentence)}
    outside = set(regex(r"[A-ZÀ-Þ]{2,8}").findall(" ".join(regex(_ASIDE).sub("", s) for s in sentences)))
    return frozenset(found & outside)


def with_short_names(sentence: str, names: Collection[str]) -> str:
    """
    A sentence with these initials between commas instead of brackets, so that a listener knows them later.

    >>> with_short_names("Die Hafenbehörde Wexum (HBW) warnt.", {"HBW"}), with_short_names("Es warnt die Behörde (HBW).", {"HBW"})
    ('Die Hafenbehörde Wexum, HBW, warnt.', 'Es warnt die Behörde, HBW.')
    """
    for name in names:
        sentence = regex(rf"\s*\({name}\)(?=[,.;:!?])").sub(f", {name}", sentence, count=1)
        sentence = regex(rf"\s*\({name}\)(?=\s)").sub(f", {name},", sentence, count=1)
    return sentence


def has_inverting_aside(text: str, phrases: Phrases) -> bool:
    """
    Whether brackets hold a negation, without which the text says the opposite; that a politician has no party is none.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Sie wissen (nicht), was sie tun", "Sie sank (gestern)")
    >>> [has_inverting_aside(text, load_phrases("de")) for text in texts]
    [True, False]
    >>> has_inverting_aside("O presidente Fox (sem partido) falou", load_phrases("pt-BR"))
    False
    """
    asides = " ".join(regex(_ASIDE).findall(text))
    asides = regex(rf"(?i)[(\[](?:{either(phrases.words('no_party'))})[)\]]").sub("", asides)
    return bool(regex(rf"(?i)(?<!\w)(?:{either(phrases.words('negations'))})(?!\w)").search(asides))


def unmarked(text: str) -> str:
    """
    The text without asides and quotation marks, which a listener cannot hear; a part of a word stays.

    >>> unmarked("Die „Anna“ sank (gestern)."), unmarked("im (Queer-)Feminismus")
    ('Die Anna sank.', 'im Queer-Feminismus')
    """
    whole = regex(_PART_OF_WORD).sub(r"\1", text)
    return " ".join(regex(_QUOTES).sub("", regex(_ASIDE).sub("", whole)).split())

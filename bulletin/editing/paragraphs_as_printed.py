"""
Text of an article in a language whose grammar no rule knows -> its sentences, without datelines, labels, captions and
words about the page.

Source: docs/decisions/0021, a language without rules is read as printed. The words are lists of each language:
`labels`, `captions`, `page`.
"""

from __future__ import annotations

from bulletin.editing.boilerplate import boilerplate_patterns as marks
from bulletin.editing.boilerplate.strip_boilerplate import (
    close_brief,
    page_phrases,
    split_lines,
    whole_sentences,
)
from bulletin.editing.english.word_list_regexes import regex
from bulletin.editing.lead_as_printed import part_glued_sentences
from bulletin.editing.sentences.sentence_ends_of_language import Split, sentence_splitter
from bulletin.editing.title_as_printed import without_label
from bulletin.language.load_station_phrases import Phrases
from bulletin.language.read_word_lists import either

_SITE_OR_DAY = (
    r"^(?:\d{1,2}\. ?\d{1,2}\. ?\d{2,4}|[\w-]{2,30}\.[a-z]{2,4}|\d{2,4}) [-–—] (?=[\"“„«]?[A-ZÀ-Þ])"
)
"""A day or the publisher's address before a dash: "06.11.23 - Die Fähre". Example: `_without_dateline`."""
_CAPITALS = r"^[A-ZÀ-Þ0-9][A-ZÀ-Þ0-9'’ .,&+/H]{3,60} [-–—] (?=[\"“„«]?[A-ZÀ-Þ])"
"""A label in capitals: "LA CHRONIQUE D'ANN FOX - Le ferry". Example: `_without_dateline`."""
_PLACE_AND_DAY = r"^[A-ZÀ-Þ][\w .'’-]{2,30}, \d{1,2}º?\.? (?:[a-z]{1,3} )?[^\W\d_]{3,9}\.?(?: (?:[a-z]{1,3} )?\d{4})? ?\([^()]{2,24}\)\s*[-–—]*\s*"
"""Place, day and agency: "MOSCOU, 24 SET (ANSA) - O líder". Example: `_without_dateline`."""
_PLACE_AND_DOT = r"^[A-ZÀ-Þ][\w.'’-]+(?:[ /-][A-ZÀ-Þ][\w.'’-]+){0,3} [·•] (?=[\"“„«]?[A-ZÀ-Þ])"
"""Place before a dot: "Neuss · Die Fähre". Example: `_without_dateline`."""
_PLACE = (
    r"^[A-ZÀ-Þ][\w.'’]+(?:[ /][A-ZÀ-Þ][\w.'’]+){0,3}(?:, \d{1,2}\. ?\d{1,2}\. ?\d{2,4})?(?: \([^()]{2,24}\))?"
    r" [-–—] (?=[\"“„«]?[A-ZÀ-Þ])"
)
"""Place, day and agency before a dash at the beginning of an article. Example: `_without_dateline`."""

_PARTED = r"(?<=[^\W\d_])[ \t]*\n\s*(?=[,;] |\. ?[A-ZÀ-Þ])|(?<=[^\W\d_,;])[ \t]*\n(?P<space>\s*)(?=[a-zà-öø-ÿ]+[ ,.])"
"""End of a line in the middle of a sentence: the next begins with a small letter or a mark. Example: `join_parted_lines`."""
_MIDDLE = r"^[,;.:)]|^[a-zà-öø-ÿ]+(?!['’\w])"
"""Beginning in the middle of a sentence; not "iPhone". Example: `begins_in_middle`."""
_ENDED = r"[.!?…][\"'”’“)\]»«\s]*$"
"""End of a whole sentence. Example: `without_unended`."""
_STAMPED = r"(?<!\w)\d{1,2}\.? [^\W\d_]{3,4}\.? \d{1,2}:\d{2}(?!\w)"
"""Day and time of a link to another story: "vr 25 mrt 15:44". Example: `is_of_page`."""


def join_parted_lines(text: str) -> str:
    r"""
    A text without line ends in the middle of a sentence, as pages have them around a link or a word in bold.

    >>> join_parted_lines("The ferry from\n\nthe island\n\n, which sank, was old.\n\nTwo died.")
    'The ferry from the island, which sank, was old.\n\nTwo died.'
    """
    return regex(_PARTED).sub(lambda end: "" if end["space"] is None else " ", text)


def begins_in_middle(sentence: str) -> bool:
    """
    Whether a sentence begins with a small letter or a comma: the rest of one that was parted.

    >>> [begins_in_middle(text) for text in ("which sank.", ", so it sank.", "iPhone sales rose.", "'s Nachts zonk zij.")]
    [True, True, False, False]
    """
    return bool(regex(_MIDDLE).match(sentence.lstrip('"“„«»”')))


def sentences_as_printed(text: str, *, title: str, phrases: Phrases) -> list[str]:
    """
    Sentences of a text without labels, datelines and sentences about the page.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> text = "WEXUM (NOVA) - The ferry sank.\\nFollow us on X."
    >>> sentences_as_printed(text, title="", phrases=load_phrases("en-GB"))
    ['The ferry sank.']
    """
    split = sentence_splitter(phrases)
    return [sentence for paragraph in _paragraphs(text, title, phrases) for sentence in split(paragraph)]


def _paragraphs(text: str, title: str, phrases: Phrases) -> tuple[str, ...]:
    r"""
    Paragraphs of whole sentences; words of the language and of web pages identify boilerplate.

    >>> from pathlib import Path
    >>> words = {"labels": ["Eilmeldung"], "page": ["Lesen Sie auch"], "captions": ["Bild"]}
    >>> german = Phrases(language="de", table={"language": words}, path=Path("phrases.toml"))
    >>> text = "Los geht's. Bild: Ann Fox\nEilmeldung: Die alte Fähre sank am Montag.\nLesen Sie auch: Wexum heute."
    >>> _paragraphs(text, "", german)
    ('Die alte Fähre sank am Montag.',)
    """
    split = sentence_splitter(phrases)
    whole: list[str] = []
    loose: list[str] = []
    seen: set[str] = set()
    caption = rf"[.!?»”\"] (?:{either(phrases.words('captions'))}) ?: [^.:]{{2,60}}$"
    for line in split_lines(text, mend=part_glued_sentences):
        if regex(caption).search(line.replace("’", "'")):
            continue
        bare = without_label(line if len(whole) > 1 else _without_dateline(line), phrases)
        whole_ones, loose_end = whole_sentences(
            split(regex(marks.ADDRESS).sub("", bare)),
            seen=seen,
            title=title,
            is_page=lambda sentence: is_of_page(sentence, phrases),
        )
        if whole_ones:
            whole.append(" ".join(whole_ones))
        if loose_end:
            loose.append(loose_end)
    return close_brief(whole, loose)


def _without_dateline(line: str) -> str:
    """
    Strip place and agency, which agencies print in one way in all languages.

    >>> _without_dateline("WEXUM (NOVA) - Die Fähre sank."), _without_dateline("Bad Wexum – Die Fähre sank.")
    ('Die Fähre sank.', 'Die Fähre sank.')
    >>> _without_dateline("WEXUM, 24 NOV (NOVA) - O ferry afundou.")
    'O ferry afundou.'
    >>> _without_dateline("L'ÉDITO D'ÉRIC FOX - Le ferry a coulé.")
    'Le ferry a coulé.'
    >>> [_without_dateline(f"{place} - Die Fähre sank.") for place in ("06.11.23", "Wexum-Blatt.com")]
    ['Die Fähre sank.', 'Die Fähre sank.']
    >>> [_without_dateline(f"{place} Die Fähre sank.") for place in ("Bad Wexum ·", "Wexum, 24.11.2026 –", "Bad Wexum/Nova (nov) -")]
    ['Die Fähre sank.', 'Die Fähre sank.', 'Die Fähre sank.']
    """
    for dateline in (
        _PLACE_AND_DOT,
        _SITE_OR_DAY,
        _CAPITALS,
        _PLACE_AND_DAY,
        marks.DATELINE,
        marks.DATELINE_CAPITALS,
        _PLACE,
    ):
        line = regex(dateline).sub("", line, count=1)
    return line


def is_of_page(sentence: str, phrases: Phrases) -> bool:
    """
    Whether a sentence is about the page or holds a link's day and time; pages of every language have a little English:
    "Follow us on ...".

    >>> from pathlib import Path
    >>> table = {"language": {"page": ["Lesen Sie auch"]}}
    >>> german = Phrases(language="de", table=table, path=Path("phrases.toml"))
    >>> texts = ("Follow us on X.", "Lesen Sie auch: Wexum.", "Fähre sinkt Mo 4 Mai 15:44 Die Fähre sank.", "Sie sank.")
    >>> [is_of_page(text, german) for text in texts]
    [True, True, True, False]
    """
    own = regex(rf"(?i)(?<!\w)(?:{either(phrases.words('page'))})(?!\w)")
    is_about_page = page_phrases("about_page").search(sentence[:600].lower())
    return bool(
        is_about_page or own.search(sentence.replace("’", "'")) or regex(_STAMPED).search(sentence[:600])
    )


def without_unended(summary: str, split: Split) -> str:
    """
    The summary without a last sentence that has no mark at its end: it is cut off, or a label.

    >>> texts = ("The ferry sank. The inquiry opens on 29", "It sank.", "Ferries")
    >>> [without_unended(text, lambda line: line.split(". ")) for text in texts]
    ['The ferry sank', 'It sank.', '']
    """
    if regex(_ENDED).search(summary):
        return summary
    *lines, last = summary.rstrip().split("\n")
    return "\n".join([*lines, " ".join(split(last)[:-1])]).strip()

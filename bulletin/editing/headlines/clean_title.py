"""
Title of a page or feed item -> the statement in it: without label, site's name, brackets and afterthoughts.

Source: measured counts, `python -m bench.rule_matches`. Symbols and labels at the end ("- video") match no title
of the fresh articles. They stay, because a voice cannot read a symbol, and "video" would be heard as part of the
statement.

A title of several statements is read by its first, because print joins two by a dash (block language: Quirk et al.
1985, chapter 11). Judgement, no source: the fewest words of a statement, because three may be a label.
"""

from __future__ import annotations

import re

from bulletin.editing.english.clean_punctuation import MOTORWAY, STRAIGHT_MARKS
from bulletin.editing.english.word_list_regexes import TITLE_WORD, any_of, listed, regex
from bulletin.language.split_sentences import count_words, split_sentences

_BRACKETS = r"\s*\([^()]{0,120}\)|\s*\[[^\[\]]{0,120}\]"
"""Example: `tidy_title`."""
SYMBOL = r"[\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f]"
"""Arrows, stars and small pictures. Example: `tidy_title`."""
_SYMBOLS_AROUND = rf"^(?:\s*{SYMBOL})+\s*|(?:\s*{SYMBOL})+\s*$"
"""Example: `tidy_title`."""
_SITE = r"\s+(?:[|–—-]|::)\s+(?:[A-Z][\w.'&-]*(?: [A-Z\d&][\w.'-]*| and| of| the){0,5}|[\w-]+\.(?:com|co\.uk|org|net))\s*$"
"""Example: `without_labels`."""
_DASH = r"\s+[–—-]{1,2}\s+|(?<=\w)\s?—\s?(?=\w)"
"""Example: `first_statement`."""
_TAKES_BACK = r"(?i)(?:until|unless|except|if|or|not|says?|said|claims?)\b"
"""Example: `first_statement`."""
_OTHER_HALF = r"(?i)(?:but|and)\b"
"""
Beginning of words that belong to the statement before the dash, as do one or two words: "– for now".

>>> first_statement("Ferry sinks at Wexcombe — but crew of five is saved")
'Ferry sinks at Wexcombe, but crew of five is saved'
"""
_SINGLE = r"(?<![\w.'])'(?=\S)((?:[^']|(?<=\w)'(?=\w)){1,160})(?<=\S)'(?!\w)"
"""Example: `tidy_title`."""
_ONLY_QUOTED = r'"[^"]+"'
"""Example: `_without_quotation`."""
_CIRCUMSTANCE = r" (?:as|after|amid|while|following) "
"""Example: `without_circumstance`."""
_LIMITS = r"(?i)[,:;?]|\b(?:but|not|if|unless|until|no)\b|n't\b"
"""
>>> bool(regex(_LIMITS).search("row, but pays"))
True
"""
FEWEST_WORDS = 4
"""Example: `_without_quotation`."""


def clean_title(title: str) -> str:
    """
    The title without the site's name, a label or marks; for chapters.

    >>> clean_title("EXCLUSIVE: 'Old ferry' stops - Valley Gazette")
    'Old ferry stops'
    """
    return unquoted(without_labels(tidy_title(title))).rstrip(" .")


def tidy_title(title: str) -> str:
    """
    One kind of quotation mark, no brackets, no symbols at either end.

    >>> tidy_title("★ A1(M) shut (again) at ‘Fox Hill’")
    'A1-M shut at "Fox Hill"'
    """
    title = regex(MOTORWAY).sub(r"\1-M", title)
    text = regex(_SYMBOLS_AROUND).sub("", " ".join(title.translate(STRAIGHT_MARKS).split()))
    return regex(_SINGLE).sub(r'"\1"', " ".join(regex(_BRACKETS).sub("", text).split()))


def without_labels(text: str) -> str:
    """
    Drop publisher's labels and the site's name.

    >>> without_labels("EXCLUSIVE: Ferry stops in May - Valley Gazette")
    'Ferry stops in May'
    """
    for _ in range(2):
        text = regex(r"(?i)^(?:«headlines.labels»)\s*[:|–—-]\s*").sub("", text)
        text = regex(r"(?i)\s+[|–—-]\s+(?:«headlines.labels_at_end»)!?$").sub("", text)
        site = regex(_SITE).search(text)
        if site and TITLE_WORD.findall(site[0])[-1].casefold() not in listed("headlines", "bodies"):
            text = text[: site.start()]
    return text


def first_statement(title: str) -> str:
    """
    The first of several statements, without labels; empty for two sentences, which are halves of one thought.

    >>> first_statement("Ferry sinks at Wexcombe; crew of five saved")
    'Ferry sinks at Wexcombe'
    >>> first_statement("Ferry sinks at Wexcombe — for now")
    'Ferry sinks at Wexcombe, for now'
    >>> first_statement("Ferry stops at quay - unless council pays")
    ''
    """
    text = _without_quotation(without_labels(tidy_title(title)))
    if len(split_sentences(text)) > 1 or text.endswith("..."):
        return ""
    for mark in ("; ", _DASH):
        head, *rest = regex(mark).split(text, maxsplit=1)
        if not rest:
            continue
        if len(TITLE_WORD.findall(rest[0])) <= FEWEST_WORDS and mark is _DASH and is_voice(rest[0]):
            return f"{head}: {rest[0]}"
        if count_words(head) < FEWEST_WORDS or regex(_TAKES_BACK).match(rest[0]):
            return ""
        belongs = mark is _DASH and (
            regex(_OTHER_HALF).match(rest[0]) or count_words(rest[0]) <= FEWEST_WORDS
        )
        text = f"{head}, {rest[0]}" if belongs else head
    return text.strip().rstrip(".! ")


def _without_quotation(text: str) -> str:
    """
    The statement beside a quotation and its colon, without the quotation.

    >>> _without_quotation('"I was afraid": Ferryman is saved in Wexcombe')
    'Ferryman is saved in Wexcombe'
    """
    head, colon, tail = text.partition(": ")
    for quotation, statement in ((head, tail), (tail, head)):
        is_quotation = colon and regex(_ONLY_QUOTED).fullmatch(quotation)
        if is_quotation and ":" not in statement and count_words(statement) >= FEWEST_WORDS:
            return statement
    return text


def without_circumstance(text: str) -> str:
    """
    The title without a circumstance at its end ("as ...", "after ..."); empty if it may limit the statement.

    >>> without_circumstance("Council ends old ferry service amid 'bitter' row")
    'Council ends old ferry service'
    >>> without_circumstance("Ferry found 30 years after storm")
    ''
    >>> without_circumstance("Council ends ferry as Fox says no")
    ''
    """
    mark = [*regex(_CIRCUMSTANCE).finditer(text)][-1:]
    head, tail = (text[: mark[0].start()], text[mark[0].end() :]) if mark else ("", "")
    # "found 30 years after"
    is_span = re.search(r"(?:year|month|week|day|hour|minute)s?$", head)
    is_more = (
        tail and not is_span and not regex(_LIMITS).search(tail) and not any_of("tells_claim").search(tail)
    )
    return head if is_more and count_words(head) > FEWEST_WORDS and head.count('"') % 2 == 0 else ""


def is_voice(text: str) -> bool:
    """
    Whether the words can only name a speaker: a study, a court, an office.

    >>> is_voice("Court"), is_voice("Ferry")
    (True, False)
    """
    words = TITLE_WORD.findall(text)
    return bool(words) and words[-1].casefold() in listed("headlines", "voices") | listed(
        "headlines", "bodies"
    )


def is_title_case(text: str) -> bool:
    """
    Whether nearly all words have capitals, so that a capital shows no name.

    >>> is_title_case("Ferry Sinks In Wexcombe Harbour"), is_title_case("Ferry sinks in Wexcombe harbour")
    (True, False)
    """
    longer = [word for word in TITLE_WORD.findall(text)[1:] if len(word) > 3 and word[0].isalpha()]
    return len(longer) > 1 and sum(word[0].islower() for word in longer) <= 0.2 * len(longer)


def unquoted(text: str) -> str:
    """
    Without quotation marks.

    >>> unquoted('Mayor calls it "a disgrace"')
    'Mayor calls it a disgrace'
    """
    return " ".join(text.replace('"', "").split())

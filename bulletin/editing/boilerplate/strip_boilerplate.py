"""
Text of a page -> paragraphs of news, without links, labels, captions, bylines and appeals.

Source of each pattern: measured counts, `python -m bench.rule_matches`. Markup and keys match none of the 604
fresh articles, which an extractor has cleaned; they are kept for feeds. Judgement, no source: the limits of words,
lines and characters, because they only bound the work or tell a brief from a list.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from bulletin.editing.boilerplate import boilerplate_patterns as marks
from bulletin.editing.english.guess_parts_of_speech import has_verb
from bulletin.editing.english.word_list_regexes import regex
from bulletin.language.read_word_lists import read_table
from bulletin.language.split_sentences import count_words, likeness, split_sentences, words

ENOUGH_WORDS = 40
"""
Words in whole sentences, after which a heading such as "Comments" ends the article.

Example: `_article_lines`.
"""

A_BRIEF = 12
"""
Words in whole sentences, from which every other line is a label, a caption, a standfirst or a link.

Example: `close_brief`.
"""

A_LIST = 3
"""
Lines without a full stop that make a text without sentences a list of links, and no article.

Example: `close_brief`.
"""

MOST_BEFORE_DATELINE = 200
"""Words of captions and notes before a dateline. Example: `_from_dateline`."""

CUT_OFF_CHARS = 240
"""
Characters: more than a heading or standfirst has, and about the length at which feeds cut summaries.

Example: `close_loose`.
"""

MORE_THAN_TOLD = 1_200
"""
Words after which no news is searched, ten times the longest cut: half of the time went there.

Example: `strip_boilerplate`.
"""

LONGEST_LINE = 20_000
"""
Characters: no paragraph of news is longer, and words beyond this limit could not be read anyway.

Example: `split_lines`.
"""

MOST_LINES = 600
"""Example: `split_lines`."""
MOST_PARTS = 200
"""Lines of a text, and parts of a line: a list may have more, an article never. Example: `split_lines`."""

LONGEST_WORD = 80
"""Letters of the longest word that is kept. Example: `split_lines`."""

NO_WORD = rf"(?:(?<!\s)\s+)?\w{{{LONGEST_WORD},}}"
"""
Keys and noise: a voice would spell them out for minutes, and refuse the whole bulletin. The longest name of
a place has 58 letters.

Example: `split_lines`.
"""

_CLOSING = "\"'”’)]"
"""Example: `_is_terminated`."""
_STOPS = (".", "!", "?", "…")
"""Example: `_is_terminated`."""
_UNSEEN = r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\u2600-\u27bf\U0001f000-\U0001faff\ufeff\ufffc\ufffd\x00-\x08\x0b-\x1f\x7f]"
"""Example: `split_lines`."""
_TAG = r"</?[a-zA-Z][^<>]{0,300}>|<!--.{0,300}?-->"
"""Example: `split_lines`."""
_BULLET = r"^\s*[•●▪■◦‣►▶»➤*·–—|>-]+\s+(?=\S)"
"""Example: `split_lines`."""
_SPACED_STOP = r"(?<=[\w'\"”’)]) \.(?= |$)"
"""Example: `_mend`."""
_STOP = r"(?<=[\w'\"”’)])[.!?](?= |$)"
"""
>>> regex(_STOP).findall("It sank. It rained!")
['.', '!']
"""
_OWN_STOP = r" \.(?= [a-z])|(?:(?<= of| in| on| at| to| by)|(?<= the| and| for)|(?<= with| from)) \.(?= )"
"""
>>> regex(_OWN_STOP).sub("", "The ferry . of Wexcombe sank.")
'The ferry of Wexcombe sank.'
"""
_CLOSE_STOP = (
    r"(?=[A-Z“\"])(?:(?<=[a-z0-9][.!?\"”])(?=[A-Z][a-z]{1,20} )|(?<=[a-z][.!?])(?=[“\"][A-Z])"
    r"|(?<=[A-Z][A-Z]\.)(?=(?:The|He|She|It|They|In|An?|But|On|At|This|According)\b)|(?<=[a-z][a-z]\.)(?=[A-Z]{2,} [a-z]))"
)
"""Example: `_mend`."""
_JOINED = (
    r"(?=[A-Z])(?:(?<=[a-z]{3})(?=(?:The|An?|In|He|She|It|They|But|On|At|For|However|Meanwhile|According|This|These|While|After|As|"
    r"When|Also|And|Police|Read|READ|ALSO|Also)\b)|(?<=\b(?:19|20)\d\d)(?=[A-Z][a-z])|(?<=[A-Z]{4})(?=(?:The|An?|In|He|She|It|They|But|On|At|For|With|After|Police) [a-z]))"
)
"""The capital is looked for first: ten times as fast. Example: `_mend`."""


FEWEST_OF_CLAUSE = 6
"""Example: `_is_plain_clause`."""
_QUOTED = r"[\"“][^\"“”]{1,400}[\"”]|(?<!\w)['‘][^'’]{1,400}['’](?!\w)"
"""
>>> regex(_QUOTED).sub("", 'Fox said "email us" twice.')
'Fox said  twice.'
"""


def strip_boilerplate(text: str, *, title: str = "") -> tuple[str, ...]:
    r"""
    Keep the paragraphs that hold whole sentences of the article, in order.

    With enough whole sentences every other line is left out. Else the longest other lines are closed with a
    full stop, because a short item may have nothing else. Of an article that its own note withdraws, only the
    note is left.

    >>> strip_boilerplate("By Ann Fox\nThe ferry sank off Wexcombe on Monday with five people aboard.\nRead more: Ferries")
    ('The ferry sank off Wexcombe on Monday with five people aboard.',)
    >>> strip_boilerplate("The ferry sank.\nCorrection: The report of a sunk ferry was false.")
    ('The report of a sunk ferry was false.',)
    """
    whole: list[str] = []
    loose: list[str] = []
    seen: set[str] = set()
    word_count = 0
    for line in _article_lines(text):
        sentences, loose_end = _sentences_of(line, seen=seen, title=title, is_opening=not whole)
        for sentence in sentences:
            if regex(marks.WITHDRAWN).match(sentence):
                return (regex(marks.NOTE_LABEL).sub("", sentence),)
        if sentences:
            whole.append(" ".join(regex(marks.NOTE_LABEL).sub("", sentence) for sentence in sentences))
        if loose_end:
            loose.append(loose_end)
        word_count += sum(map(count_words, sentences))
        if word_count >= MORE_THAN_TOLD:
            break
    return close_brief(whole, loose)


def close_brief(whole: Sequence[str], loose: Sequence[str]) -> tuple[str, ...]:
    """
    The paragraphs of whole sentences; if they are few, the loose lines too, closed with a full stop.

    >>> close_brief([], ["The ferry sank off Wexcombe on Monday with five aboard"])
    ('The ferry sank off Wexcombe on Monday with five aboard.',)
    """
    if sum(map(count_words, whole)) >= A_BRIEF:
        return tuple(whole)
    if not whole and len(loose) >= A_LIST:
        return ()
    closed = [close_loose(line) for line in loose if count_words(line) >= 8]
    return tuple([*whole, *closed] if whole else closed[:3])


def close_loose(line: str) -> str:
    """
    Close a line with a full stop; a line of 240 characters was cut off by its publisher, so it ends at its last comma.

    None in 604 articles, which are whole; kept for feeds, whose summaries are cut off: half a claim must not air.

    >>> close_loose("The ferry sank -")
    'The ferry sank.'
    """
    line = line.rstrip(" ,;:-–—")
    if len(line) >= CUT_OFF_CHARS and count_words(shorter := line.rpartition(", ")[0]) >= A_BRIEF:
        line = shorter
    return f"{line}."


def _article_lines(text: str) -> Iterator[str]:
    r"""
    Lines that may belong to the article, up to the last heading of the page.

    >>> text = "24 November 2026\nRelated stories\nThe ferry sank.\nThe old quay (Ann Fox/Wexcombe Gazette)"
    >>> list(_article_lines(text))
    ['The ferry sank.']
    >>> long = " ".join(["The ferry sank."] * 14)
    >>> list(_article_lines(f"{long}\nComments\nFive are safe.")) == [long]
    True
    """
    word_count = 0
    for line in _from_dateline(list(split_lines(text, mend=_mend))):
        if word_count >= ENOUGH_WORDS and regex(marks.LAST_LABEL).match(line):
            return
        is_heading = regex(marks.LABEL).match(line) or regex(marks.STAMP).fullmatch(line)
        is_caption = page_phrases("caption").search(line.lower()) and count_words(line) <= 70
        if (
            (is_heading and not _is_terminated(line))
            or (is_caption and len(split_sentences(line)) <= 3)
            or regex(marks.PHOTO_CREDIT).search(line)
        ):
            continue
        word_count += count_words(line) if _is_terminated(line) else 0
        yield line


def _from_dateline(lines: Sequence[str]) -> Sequence[str]:
    """
    The lines from a dateline on: before it stand captions, a standfirst or a note of changes.

    >>> _from_dateline(["The quay in May", "WEXCOMBE — A ferry sank.", "Five are safe."])
    ['WEXCOMBE — A ferry sank.', 'Five are safe.']
    """
    before = 0
    for index, line in enumerate(lines):
        if regex(marks.DATELINE_OPENS).match(line):
            return lines[index:]
        before += count_words(line)
        if before > MOST_BEFORE_DATELINE:
            break
    return lines


def _without_data(text: str) -> str:
    r"""
    The text without structured data for search engines, `{"@context": ...}`, which ends a line.

    None in 604 articles, whose extractors leave it out; kept, because feeds with whole pages have it, and no
    listener must hear it.

    >>> _without_data('The ferry sank. {"@context": "news"}Five are safe.')
    'The ferry sank. \nFive are safe.'
    """
    parts: list[str] = []
    end = 0
    while (start := text.find('{"@', end)) >= 0:
        try:
            _, after = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        parts += [text[end:start], "\n"]
        end = after
    return "".join((*parts, text[end:]))


def split_lines(text: str, *, mend: Callable[[str], str]) -> Iterator[str]:
    r"""
    The lines of a text without markup and bullets; `mend` breaks a line into which others were run.

    >>> list(split_lines("<p>• The ferry sank</p>\n\nFive are safe.", mend=str))
    ['The ferry sank', 'Five are safe.']
    >>> list(split_lines("The \u200bferry &amp; the boat sank." + "x" * 90, mend=str))
    ['The ferry & the boat sank.']
    """
    text = unicodedata.normalize("NFC", html.unescape(regex(_TAG).sub(" ", text)))
    text = _without_data(regex(_UNSEEN).sub("", text).replace("\u00a0", " "))
    # the length is compared first, because the pattern takes three times as long
    text = regex(NO_WORD).sub("", text) if max(map(len, text.split()), default=0) >= LONGEST_WORD else text
    for raw in text.splitlines()[:MOST_LINES]:
        line = " ".join(raw[:LONGEST_LINE].split())
        line = mend(line if line[:1].isalnum() else regex(_BULLET).sub("", line))
        for part in line.split("\n", MOST_PARTS)[:MOST_PARTS]:
            if bare := part.strip():
                yield bare


def _mend(line: str) -> str:
    r"""
    The line, split between paragraphs that were run together, so that each is judged separately.

    >>> _mend("The old quayThe ferry sank.Police came."), _mend("The ferry sank . Police came.")
    ('The old quay\nThe ferry sank. Police came.', 'The ferry sank. Police came.')
    >>> _mend("The quay (Credit: Getty)The ferry sank. Read more: Ferries")
    'The quay \nThe ferry sank. \nRead more: Ferries'
    """
    spaced = len(regex(_SPACED_STOP).findall(line)) if " ." in line else 0
    if spaced > 1 and spaced <= len(regex(_STOP).findall(line)) // 2 + 2:
        # A picture's caption, a heading or a date that some archives close with " .": not a sentence's own stop.
        line = regex(_OWN_STOP).sub("", line)
        line = regex(_SPACED_STOP).sub("\n", line)
    elif spaced:
        line = regex(_SPACED_STOP).sub(".", line)
    line = regex(marks.PICTURED).sub(_where_pictured, regex(marks.GLUED_CREDIT).sub("\n", line))
    line = regex(_JOINED).sub("\n", regex(_CLOSE_STOP).sub(" ", line))
    return regex(marks.INLINE_LABEL).sub(lambda match: "\n" + match[0].strip(), line)


def _where_pictured(match: re.Match[str]) -> str:
    """
    Nothing, or the full stop, or the comma that closes a longer aside.

    None in 604 articles, whose extractors leave captions out; kept, because a listener sees no picture
    ("pictured left").

    >>> regex(marks.PICTURED).sub(_where_pictured, "Ann Fox, pictured left, rows.")
    'Ann Fox rows.'
    >>> regex(marks.PICTURED).sub(_where_pictured, "Ann Fox, the mayor, pictured left, rows.")
    'Ann Fox, the mayor, rows.'
    """
    end = match.groupdict()["end"] or ""
    before = match.string[: match.start()]
    return end if end == "." or (end and "," in before.rpartition(". ")[2]) else ""


def _sentences_of(line: str, *, seen: set[str], title: str, is_opening: bool) -> tuple[list[str], str]:
    """
    The line's whole sentences, and the rest without a full stop.

    >>> line = "Read more: Ferries. The ferry sank. Police are"
    >>> _sentences_of(line, seen=set(), title="", is_opening=False)
    (['The ferry sank.'], 'Police are')
    >>> line = "The ferry (photo: Ann Fox) sank. (Reporting by Joan Pike)"
    >>> _sentences_of(line, seen=set(), title="", is_opening=False)
    (['The ferry sank.'], '')
    """
    if regex(marks.INLINE_LABEL).match(line):
        # The words after a link's label, up to the next full stop, are the link.
        line = " ".join(split_sentences(line)[1:])
    if is_opening or line[:40].lower().startswith(("by", "publ", "upd", "last")):
        line = _strip_start(line)
    line = regex(marks.ADDRESS).sub("", regex(marks.ASIDE_CREDIT).sub("", line))
    if _is_terminated(line) or line.endswith(")"):
        line = regex(marks.AGENCY_TAIL).sub("", line)
    return whole_sentences(split_sentences(line), seen=seen, title=title, is_page=_is_boilerplate)


def whole_sentences(
    sentences: Sequence[str], *, seen: set[str], title: str, is_page: Callable[[str], bool]
) -> tuple[list[str], str]:
    """
    The whole sentences of a line without those about the page, and the rest without a full stop.

    `seen` holds the sentences of earlier lines, so that none is read twice.

    >>> sentences = ["The ferry sank.", "Sign up here.", "The ferry sank.", "Police are"]
    >>> whole_sentences(sentences, seen=set(), title="", is_page=lambda sentence: sentence.startswith("Sign"))
    (['The ferry sank.'], 'Police are')
    >>> whole_sentences(["The crew ...", "Police are [...]"], seen=set(), title="", is_page=str.isupper)
    ([], '')
    """
    whole: list[str] = []
    for sentence in sentences:
        key = " ".join(words(sentence.casefold()))
        # half of a quotation is never dropped as a repeat: the other half would be the reporter's words
        repeated = key in seen and sentence.count('"') % 2 == 0
        if not key or repeated or is_page(sentence):
            continue
        if not _is_terminated(sentence):
            is_title = bool(title) and likeness(sentence, title) > 0.8
            return whole, "" if is_title else regex(marks.CUT_OFF).sub("", sentence)
        if not regex(marks.CUT_OFF).search(sentence):
            seen.add(key)
            whole.append(sentence)
    return whole, ""


def _strip_start(line: str) -> str:
    """
    Strip byline, time stamp, dateline and agency from the front, in any order.

    >>> _strip_start("By Ann Fox | 24 November 2026 | WEXCOMBE (AP) - A ferry sank.")
    'A ferry sank.'
    >>> starts = ("(Updates with comment)", "Wexcombe —", "Wexcombe Gazette -", "An anonymous reader writes:")
    >>> {_strip_start(f"{start} The ferry sank.") for start in starts}
    {'The ferry sank.'}
    """
    for pattern in marks.OPENINGS * 6:
        line = regex(pattern).sub("", line, count=1).lstrip(" .|:–—-")
    return line


def _is_boilerplate(sentence: str) -> bool:
    """
    Whether a sentence is about the page; words that may be news do not make a report one.

    >>> _is_boilerplate("Sign up to our newsletter."), _is_boilerplate("RT @fox A ferry sank.")
    (True, True)
    >>> _is_boilerplate("Book tickets."), _is_boilerplate("Police say people could book tickets for it.")
    (True, False)
    """
    head = sentence[:600].replace("’", "'")
    low = head.lower()
    is_page = page_phrases("about_page").search(low) or page_phrases("caption").search(low)
    if is_page or regex(marks.TWEET).search(head):
        return True
    if sentence.count('"') % 2 or sentence.count("“") != sentence.count("”"):
        # without its other half a quotation would be read as the reporter's words
        return False
    return bool(page_phrases("may_be_news").search(low)) and not _is_plain_clause(head)


def _is_plain_clause(sentence: str) -> bool:
    """
    Whether a sentence is a report: a verb, and no appeal to the reader outside a quotation.

    >>> _is_plain_clause("Police asked people to email their pictures.")
    True
    >>> _is_plain_clause("Email us your pictures of it now.")
    False
    """
    own = regex(_QUOTED).sub("", sentence)
    is_appeal = page_phrases("appeals").search(own.lower())
    is_long = count_words(sentence) >= FEWEST_OF_CLAUSE
    return not is_appeal and is_long and _is_terminated(sentence) and has_verb(own)


def _is_terminated(text: str) -> bool:
    """
    Whether a text ends with a full stop or its like, perhaps inside closing marks: a heading has none.

    >>> _is_terminated('"The ferry sank."'), _is_terminated("Ferries in May")
    (True, False)
    """
    return text.rstrip(_CLOSING).endswith(_STOPS)


@lru_cache(maxsize=8)
def page_phrases(name: str) -> re.Pattern[str]:
    """
    One table of `page_phrases.toml`, to be looked for in small letters.

    Ignoring the case would take five times as long, and this is half of all reading.

    >>> page_phrases("about_page").search("sign up to our newsletter")[0]
    'sign up to our'
    """
    phrases = read_table("bulletin.editing.boilerplate", "page_phrases.toml")[name]
    return re.compile("|".join((rf"\b(?:{'|'.join(phrases['word'])})", *phrases["anywhere"])))

"""
Marks that a listener cannot hear: brackets, asides, quotation marks, dashes; pure.

Source: brackets, dashes and quotation marks are marks of writing alone, and a pair of brackets or dashes encloses
words that the sentence does not need (Quirk et al. 1985, appendix III, punctuation). Misprints and lost signs:
measured counts, `python -m bench.rule_matches`. Judgement, no source: the words of a long aside, because a
listener must keep the subject in mind across it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.editing.english.guess_parts_of_speech import capitalise
from bulletin.editing.english.word_list_regexes import regex, table
from bulletin.language.read_word_lists import either
from bulletin.language.split_sentences import count_words

LONG_ASIDE = 7
"""
Words of an aside between two dashes, from which it is dropped; a shorter one stays, between commas.

Example: `_aside`.
"""

_PUT_IN = (
    r"(?i)\[((?:he|she|it|they|his|her|their|its|him|them|is|are|was|were|has|have|the|a|to)(?: \w+)?)\]"
)
"""An editor's word without which the sentence has no subject or no verb. Example: `normalize_marks`."""
_SIC = r"(?i)\s*\[(?:sic|\.{3}|…)\]"
"""Example: `normalize_marks`."""
_ROUND = r"\s*\([^()]{0,240}\)"
"""Example: `normalize_marks`."""
MOTORWAY = r"\b(A\d{1,3})\(M\)"
"""
Number of a British motorway, which is kept as "A1-M" where brackets go: the A1 is another road.

None in 604 articles, which hold no travel news; kept, because drivers would hear that another road is shut.

Example: `normalize_marks`.
"""
STRAIGHT_MARKS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "`": "'"}
)
"""Example: `clean_title.tidy_title`."""
_SINGLE = r"(?<![\w.])'(?=\S)([^']{1,200}(?:'(?=\w)[^']{1,200}){0,4})(?<=\S)'(?!\w)"
"""Example: `double_quotes`."""
_CROSSED = r"(?<!\w)\"([^\"']{2,60})'(?=[\s,.;:?!]|$)"
"""Opened by a double mark and closed by a single one. Example: `find_unattributed_quotes._outside_marks`."""
_DASH = r"\s+(?:-{1,2}|[–—]{1,2})\s+|(?<=\w)(?:--|—)(?=\w)"
"""
>>> regex(_DASH).sub(" - ", "It sank – twice.")
'It sank - twice.'
"""
_ASIDE = r" - ([^-]{4,160}) - (?=\w)"
"""Example: `resolve_dashes`."""
_PARTY = r", (?:R|D|I|Rep|Dem)\.?-[A-Z][\w. ]{1,12}, "
""" "Ann Fox, D-Wex., said": party and state in print's short form. Example: `normalize_marks`."""
_TWICE = r"\b(the|an?|of|any|and|to|for|from|with|was|were|are) \1\b(?! \1\b)"
"""A small word that was typed twice. Example: `normalize_marks`."""
_GAP = r"\.\.$|\s[\s,.;:?!]|[,;:]\s*[,;:.?!]|^\s|[^\S ]|\s$"
"""Example: `mend_spacing`."""
_MEANT = r"(?i)\b(?:he|she|him|they|them|it|sir|madam|ma'am) [(\[](?P<name>[A-Z][\w.'’-]{1,30}(?: [A-Z][\w.'’-]{1,30}){0,3})[)\]]"
"""An editor's name after a pronoun: "he (Ann Fox) is known". Example: `normalize_marks`."""


def normalize_marks(text: str) -> str:
    """
    One kind of quotation mark, no brackets that can go, single spaces.

    >>> normalize_marks("He (Ann Fox) paid the the mayor 3 – 4 pounds [sic] (in May).")
    'Ann Fox paid the mayor 3-4 pounds.'
    >>> normalize_marks("The A1(M) is shut.")
    'The A1-M is shut.'
    >>> normalize_marks("Ann Fox, D-Wex., said [they] left.")
    'Ann Fox said they left.'
    """
    text = regex(_MEANT).sub(lambda match: match["name"] if match["name"][0].isupper() else match[0], text)
    text = regex(MOTORWAY).sub(r"\1-M", text.translate(STRAIGHT_MARKS))
    text = regex(_ROUND).sub("", regex(_PUT_IN).sub(r"\1", regex(_SIC).sub("", text)))
    text = re.sub(r"(?<=[a-z,.])''|''(?=[A-Za-z])", '"', text)
    text = regex(_PARTY).sub(" ", text)
    text = regex(_TWICE).sub(r"\1", text)
    text = re.sub(r"(?<=\d)[ -]?yr[ -]old\b", "-year-old", text)
    # a dash between figures is a score or a range
    text = re.sub(r"(?<=\d)\s*[-–—]\s*(?=\d)", "-", text)
    return mend_spacing(regex(_DASH).sub(" - ", text))


@lru_cache(maxsize=1_024)
def mend_spacing(text: str) -> str:
    """
    Mend the spaces and commas that a deletion leaves.

    >>> mend_spacing("The ferry , , sank .")
    'The ferry, sank.'
    """
    if not regex(_GAP).search(text):
        return text
    text = re.sub(r"(?<=[a-z])\.\.$", ".", re.sub(r"\s+([,;:?!]|\.(?!\d))", r"\1", text))
    text = re.sub(r"([,;:])(?:\s*[,;:])+", r"\1", text)
    text = re.sub(r"[,;:]+([.?!])", r"\1", text)
    return " ".join(text.split())


def double_quotes(text: str) -> str:
    r"""
    Double marks for single quotation marks around several words, so that a quotation has one form.

    >>> double_quotes("Fox called it 'a real disgrace' in the 'Gazette'.")
    'Fox called it "a real disgrace" in the \'Gazette\'.'
    """
    if text.count('"') % 2:
        text = regex(_CROSSED).sub(r'"\1"', text)
    return regex(_SINGLE).sub(lambda match: f'"{match[1]}"' if " " in match[1] else match[0], text)


def drop_quote_marks(text: str) -> str:
    """
    The text without quotation marks, which a listener cannot hear.

    >>> drop_quote_marks('Fox called it "a disgrace".')
    'Fox called it a disgrace.'
    """
    text = regex(_SINGLE).sub(r"\1", text)
    return mend_spacing(re.sub(r"""(?<=[,.!?])"(?=\w)""", " ", text).replace('"', ""))


def resolve_dashes(text: str) -> str:
    """
    Drop a long aside between two dashes; read any other dash as a comma.

    >>> resolve_dashes("The ferry - built in Wexcombe by three men in one year - sank."), resolve_dashes("It sank - twice.")
    ('The ferry sank.', 'It sank, twice.')
    """
    return mend_spacing(regex(_ASIDE).sub(_aside, text).replace(" - ", ", "))


def _aside(match: re.Match[str]) -> str:
    """
    An aside between commas; dropped from seven words on, unless it holds a quotation.

    >>> regex(_ASIDE).sub(_aside, "The ferry - an old one - sank.")
    'The ferry, an old one, sank.'
    >>> regex(_ASIDE).sub(_aside, "The ferry - built in Wexcombe by three old men - sank.")
    'The ferry sank.'
    """
    # an aside never begins or ends inside a quotation
    # nor is a quotation dropped
    is_long = count_words(match[1]) >= LONG_ASIDE and '"' not in match[1]
    return " " if is_long else f", {match[1]}, "


def replace_print_words(text: str) -> str:
    """
    Replace words of print with words that people say (table `[plain]` of `english/en/words.toml`).

    >>> replace_print_words("Prior to May it sank.")
    'Before May it sank.'
    """
    plain = table()["plain"]
    words = regex(rf"(?i)\b(?:{either(plain)})\b")
    return words.sub(
        lambda match: (capitalise if match[0][0].isupper() else str)(plain[match[0].casefold()]), text
    )


_LOST_SIGN = r"\b(on|in|at|of|to|by|from|with|the|a|and|for)\? (?=[A-Z])|(?<=[a-z])(\.)\?(?=[A-Z])"
"""A sign that an archive could not read, not a question: "on? Friday". Example: `restore_lost_characters`."""
_LOST_SPACE = r"\.(?<=[a-zA-Z]{2}\.)(?=(?:[A-Z][a-z]+|[AI]) [a-z])"
"""Between two sentences: "joined the party.Talking to reporters". Example: `restore_lost_characters`."""


def restore_lost_characters(text: str) -> str:
    """
    Repair spaces between sentences, and signs that an archive printed as "?".

    >>> restore_lost_characters("The club won on? Friday.It joined the league. He left the party.Talking helps all.")
    'The club won on Friday. It joined the league. He left the party. Talking helps all.'
    """
    return regex(_LOST_SPACE).sub(". ", regex(_LOST_SIGN).sub(r"\1\2 ", text))

"""
Parts of speech by word lists and endings: guesses that answer no in doubt.

Source: word classes and the finite verb as in Quirk et al. 1985, chapters 2 to 4; the lists are in the folder
"en". Endings of words are in Quirk et al. 1985, appendix I, word-formation.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.editing.english.word_list_regexes import WORD, listed, regex

_PLAIN_ENDING = r"\w{2,}(?:tion|tions|ment|ments|ness|ities|ance|ence|ously|ively|ically|ists|ology|ought)$"
"""Endings that no name has. Example: `lower_first`."""

_SOME_OF = r"[A-Z][a-z]+s of [a-z]"
""" "Days of heavy rain". Example: `lower_first`."""

_APPOSITION = r"^([^,;]{3,60}), (?:(?!and\b|but\b)[^,;]{3,60}|(?:who|which|whose) [^,;]{3,140}), "
"""Example: `starts_clause`."""


@lru_cache(maxsize=16_384)
def bare(word: str) -> str:
    """
    The word in small letters, with a straight apostrophe and no mark at either end.

    >>> bare("“Fox’s,")
    "fox's"
    """
    return word.casefold().replace("’", "'").strip(".,;:!?\"'“”‘()-–—")


@lru_cache(maxsize=16_384)
def is_finite(word: str) -> bool:
    """
    Whether a word can be the verb of a clause; a guess, since "-ed" may be a participle too.

    >>> is_finite("sank"), is_finite("harbour"), is_finite("May")
    (True, False, False)
    """
    low = bare(word)
    if low in listed("verbs", "auxiliary", "irregular"):
        return low not in ("be", "been") and not _is_month(word)
    if low in listed("verbs", "present"):
        return True
    if low.endswith(("'s", "'re", "'ve", "'ll", "'d")):
        return low.partition("'")[0] in listed("words", "contracting")
    return len(low) > 3 and low.endswith("ed") and low not in listed("forms", "no_ed")


@lru_cache(maxsize=16_384)
def is_sure_verb(word: str) -> bool:
    """
    Whether a word is an auxiliary or a verb of saying: never a noun or a participle after a comma.

    >>> is_sure_verb("said"), is_sure_verb("rowed")
    (True, False)
    """
    low = bare(word)
    return (low in listed("verbs", "auxiliary") and not _is_month(word)) or low in listed("verbs", "saying")


def _is_month(word: str) -> bool:
    """
    Whether "May" is the month: no headline's and no sentence's verb has its capital but in a question.

    1 word of 604 articles, since each word counts once; kept, because "in May" holds no verb.

    >>> _is_month("May"), _is_month("may")
    (True, False)
    """
    return word.startswith("May") and bare(word) == "may"


def has_verb(text: str, *, within: int = 10_000) -> bool:
    """
    Whether one of the first `within` words is a verb.

    >>> has_verb("The ferry sank."), has_verb("A ferry in the harbour.")
    (True, False)
    """
    words = WORD.findall(text)[:within]
    return any(
        (is_finite(word) and bare(before) != "being" and not (before and _is_name_in_ed(word)))
        or is_plural_verb(word, after=before)
        for before, word in zip(("", *words), words, strict=False)
    )


def _is_name_in_ed(word: str) -> bool:
    """
    Whether a word in "-ed" has a capital and so is a name.

    >>> _is_name_in_ed("Fred"), _is_name_in_ed("rowed")
    (True, False)
    """
    return word[0].isupper() and word.endswith("ed")


def is_plural_verb(word: str, *, after: str) -> bool:
    """
    Whether a base form is the verb of the plural before it: "people get", not "to get".

    >>> is_plural_verb("get", after="people"), is_plural_verb("get", after="to")
    (True, False)
    """
    is_plural = is_regular_plural(after) or bare(after) in listed("forms", "plurals")
    return is_plural and bare(word) in listed("verbs", "plain")


def is_regular_plural(word: str) -> bool:
    """
    Whether a word has the "-s" of a regular plural.

    >>> is_regular_plural("ferries"), is_regular_plural("bus")
    (True, False)
    """
    return bare(word).endswith("s") and not bare(word).endswith(("ss", "'s", "us", "is"))


@lru_cache(maxsize=2_048)
def starts_clause(text: str) -> bool:
    """
    Whether `text` begins with a subject and its verb: "the company said", "Mr Fox was".

    The subject must open with a pronoun, a determiner or a capital, and the verb must come within twelve words.

    >>> starts_clause("the company said so"), starts_clause("in the harbour")
    (True, False)
    >>> starts_clause("the leader, Joan Pike, said so")
    True
    """
    words = WORD.findall(text[:200])
    if len(words) < 3:
        return False
    first = bare(words[0])
    if first in ("that", "who") and words[1][0].islower() and bare(words[1]) in listed("words", "pronouns"):
        return False
    if first in listed("words", "pronouns"):
        second = bare(words[1])
        at = 2 if second.endswith("ly") or second in listed("forms", "before_verb") else 1
        return is_finite(words[at]) or is_plural_verb(words[at], after=words[0])
    opens = words[0][0].isupper() or first in listed("words", "determiners") | {"police", "officials"}
    is_office = first in listed("words", "roles", "openers")
    opens = opens or (is_office and any(word[0].isupper() for word in words[1:4]))
    if not opens or first in listed("words", "prepositions"):
        return False
    # "the leader, Joan Pike, said": the search for a verb skips the apposition between the commas
    head = _before_comma(regex(_APPOSITION).sub(r"\1 ", text, count=1))
    return any(map(is_finite, WORD.findall(head)[1:12]))


def sayings(text: str) -> set[str]:
    """
    The verbs of saying in a text, without nouns that look like one: "the United States", "media reports".

    >>> sayings("Fox said media reports err.")
    {'said'}
    """
    words = WORD.findall(text)
    verbs = set()
    for before, word in zip(("", *words), words, strict=False):
        low = bare(word)
        if low not in listed("verbs", "saying") or (before and word[0].isupper()):
            continue
        if low not in listed("forms", "saying_nouns") or not _is_before_noun(bare(before)):
            verbs.add(low)
    return verbs


def _is_before_noun(low: str) -> bool:
    """
    Whether a noun follows the word, so that "reports" or "states" after it is no verb.

    >>> _is_before_noun("the"), _is_before_noun("media"), _is_before_noun("police")
    (True, True, False)
    """
    opens = low in listed("words", "determiners", "prepositions")
    return opens or low in ("media", "news", "is", "are", "was")


@lru_cache(maxsize=2_048)
def says_somebody(text: str) -> bool:
    """
    Whether `text` holds a verb of saying, so that the next words may be a claim.

    >>> says_somebody("according to Fox"), says_somebody("the ferry sank")
    (True, False)
    """
    words = {bare(word) for word in WORD.findall(text)}
    reports = words & listed("verbs", "reporting") or "according to" in text.casefold()
    return bool(reports or sayings(text))


def capitalise(text: str) -> str:
    """
    The text with its first letter as a capital.

    >>> capitalise("the ferry")
    'The ferry'
    """
    return text[:1].upper() + text[1:]


_OPENS_CLAUSE = r"(?:What|How|Why|Where|When|Whether|Whoever)\b|[A-Z][a-z]{3,}ing (?:the|an?|such|this|these|those|his|her|its|their|our|my) "
"""Openings of a clause, which begin no name: "What is needed", "Closing the road". Example: `lower_first`."""


_ADVERB_FIRST = (
    r"[A-Z][a-z]{3,}(?:ally|ously|ively|ably|ately|ently|antly|edly|ingly|fully|arly|inly|stly|ssly), "
)
"""Adverbs: "Officially, nothing is known"; but "Sally, who" begins with a name. Example: `lower_first`."""


def lower_first(text: str, *, small: frozenset[str] = frozenset()) -> str:
    """
    The text with a small first letter, unless the first word may be a name; `small`: words that are no name.

    >>> lower_first("The ferry sank."), lower_first("Pike sank."), lower_first("Pike sank.", small=frozenset({"pike"}))
    ('the ferry sank.', 'Pike sank.', 'pike sank.')
    >>> lower_first("Officially, it sank."), lower_first("Days of rain go."), lower_first("Navigation ended.")
    ('officially, it sank.', 'days of rain go.', 'navigation ended.')
    >>> lower_first("Closing the road helps.")
    'closing the road helps.'
    >>> lower_first("Sally, who rows, left."), lower_first("Cricket Association of Wexcombe")
    ('Sally, who rows, left.', 'Cricket Association of Wexcombe')
    """
    if text.startswith('"'):
        return f'"{lower_first(text[1:], small=small)}'
    match = re.match(r"[A-Z][a-z'’]*\b", text)
    if not match:
        return text
    low = match[0].casefold().partition("'")[0]
    low += match[0][len(low) :]
    following = WORD.match(text, match.end() + 1)
    is_body = following and following[0][0].isupper() and bare(following[0]) in listed("words", "bodies")
    if is_body and low not in listed("words", "determiners"):
        # "Cricket Association of Wexcombe"
        return text
    if low in small or regex(_ADVERB_FIRST).match(text):
        return low + text[match.end() :]
    stem = low.partition("'")[0]
    common = stem in listed("words", "determiners", "pronouns")
    common = common or low in listed("words", "prepositions", "back_pointing")
    common = common or bool(regex(_SOME_OF).match(text)) or bool(regex(_OPENS_CLAUSE).match(text))
    if not common and low not in listed("words", "openers") and not regex(_PLAIN_ENDING).search(low):
        return text
    return text if stem == "i" else low + text[match.end() :]


def _before_comma(text: str) -> str:
    """
    The words before the first comma, semicolon or colon, where a subject ends.

    >>> _before_comma("the ferry sank, and Fox left")
    'the ferry sank'
    """
    return re.split(r"[,;:]", text[:200], maxsplit=1)[0]

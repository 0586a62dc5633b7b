"""
Titles that are no headline by their form: questions, teasers, lists, captions, labels, doubtful marks.

Source: measured counts, `python -m bench.rule_matches`. Some match fewer than three titles of the fresh articles
and are kept. Without the rule for clipped words ("int'l") a voice would read half a word. Lists, teasers and
captions are titles of features, which feeds have and the fresh articles leave out. Obscene words must never air
(Ofcom Broadcasting Code, rule 1.14).
"""

from __future__ import annotations

import re

from bulletin.editing.english.word_list_regexes import TITLE_WORD, any_of, listed, regex
from bulletin.editing.headlines.clean_title import SYMBOL, is_title_case, unquoted

_SYMBOL = SYMBOL
"""
>>> is_no_statement("Ferry ★ sinks")
True
"""
_PRINT_ONLY = r"\?|…|\.{3}|https?:|www\.|[@#*_|<>{}\\]|\w{40}|\w--\w|(?<!\w)'(?=[A-Za-z])"
"""Example: `is_no_statement`."""
_ASKS = r"(?i)\b(?:how|why|what|where|which|whose)\b|^(?:(?-i:who|Who)|when|can|could|should|will|would|is|are|does|do|did|has|have|if)\b"
"""Words that promise an answer, anywhere; a verb or "who" in front asks. Example: `is_no_statement`."""
_POINTS = (
    r"(?i)\b(?:here|these)\b|\bthis\b(?! (?:year|week|month|season|summer|winter|spring|autumn|weekend|morning|afternoon|evening)\b)"
    r"|^(?:inside|meet|watch|listen|see|remember|welcome to|all about|scenes? from|moments?|lessons?)\b"
    r"|^(?:the )?(?:[\w-]+ ){1,2}moment (?!of\b|for\b|is\b|was\b)"
)
"""Words that point to the page, or invite to it. Example: `is_no_statement`."""
_LISTS = (
    r"(?i)^(?:the )?(?:top |best )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve) (?:\w+ ){0,2}(?:things|ways|reasons|facts|tips|tricks|ideas|takeaways|revelations|questions|lessons|moments|books|films|movies|recipes|gifts|places)\b"
    r"|^(?:top|best) \d+\b"
)
"""
>>> is_no_statement("Best 10 ferries")
True
"""
_OWN_WORDS = r"(?<!World War )(?<!War )\bI\b(?![.-])|\b(?:we|me|my|ours?|us|let's|you|your|yours|we're|I'm|you're|we've|I've|I'd|we'll|you'll|I'll)\b"
"""
A writer's "we" and "you", which a station cannot say as its own; "US" is a country.

Example: `is_no_statement`.
"""
_PRONOUN_FIRST = r"(?i)(?:he|she|they|it|his|her|their|its|him|them)\b"
"""Example: `is_no_statement`."""
_LETTERS = r"\b(?:[A-Z]{2,6}|[A-Z](?:&|\.)[A-Z]\.?(?:[A-Z]\.?)*)(?:s\b|(?![\w]))"
"""Example: `is_clipped`."""
_CLIPPED = r"\dL\b|\b[A-Za-z]+'(?!(?:s|t|ll|re|ve|d|m|n)\b)[a-z]+\b"
"""Example: `is_clipped`."""
_SOURCES = r"(?i)\baccording to (?:an?|one|some|several|sources|reports|media)\b"
"""Example: `claims_without_source`."""
_QUOTED = r'"([^"]*)"'
"""Example: `drop_marks`."""


def is_no_statement(text: str) -> bool:
    """
    Whether a title is a question, teaser, list, caption, or the words of a speaker or writer.

    >>> is_no_statement("Why the ferry sank"), is_no_statement("Ferry sinks in Wexcombe harbour")
    (True, False)
    >>> titles = ("Inside the ferry", "Ten things to do", "We love it", "He left Wexcombe", "Ferry sinks...")
    >>> all(map(is_no_statement, titles))
    True
    """
    plain = unquoted(text)
    patterns = (_SYMBOL, _PRINT_ONLY, _ASKS, _POINTS, _LISTS)
    tables = ("teasers", "captions", "unsaid")
    return (
        text.count('"') % 2 == 1
        or any(regex(pattern).search(plain) for pattern in patterns)
        or any(any_of(name).search(plain) for name in tables)
        or bool(regex(_OWN_WORDS).search(_small_own(plain)) or regex(_PRONOUN_FIRST).match(plain))
        or plain.partition(":")[0].casefold() in listed("headlines", "labels_no_news")
    )


def _small_own(text: str) -> str:
    """
    The writer's own words ("We", "Your") in small letters, because Title Case gives them capitals too.

    >>> _small_own("Why We Love Our Ferry")
    'Why we Love our Ferry'
    """
    return re.sub(r"\b(?:We|Me|My|Ours?|You|Your|Yours|Let's)\b", lambda match: match[0].lower(), text)


def spell_out(text: str, first_sentence: str) -> str:
    """
    Print's short words in full, and letters that few know as the story has them in full.

    >>> spell_out("WHC asks govt for loan", "The Wexcombe Harbour Company needs a loan.")
    'Wexcombe Harbour Company asks government for loan'
    """
    for pair in listed("headlines", "in_full"):
        short, _, full = pair.partition(" ")
        text = re.sub(rf"(?<!\w){re.escape(short)}(?![\w'])", full, text)
        text = re.sub(rf"(?<!\w){re.escape(short.capitalize())}(?![\w'])", full.capitalize(), text)
    for letters in regex(_LETTERS).findall(text):
        if not _is_known(letters) and (full := _name_of(letters, first_sentence)):
            text = re.sub(rf"(?<!\w){re.escape(letters)}(?!\w)", full, text)
    return text


def _is_known(letters: str) -> bool:
    """
    Whether letters are known to every listener (`known_letters` in `headlines.toml`).

    >>> _is_known("BBC"), _is_known("WHC")
    (True, False)
    """
    return bool({letters.rstrip("."), letters.rstrip(".s")} & listed("headlines", "known_letters"))


def _name_of(letters: str, sentence: str) -> str:
    """
    The words with capitals whose first letters they are; empty for a plural, or if the sentence has none.

    >>> _name_of("WHC", "The Wexcombe Harbour Company needs a loan.")
    'Wexcombe Harbour Company'
    >>> _name_of("WHC", "The company needs a loan.")
    ''
    """
    between = r"[\w'-]+ (?:(?:of|and|the|for) )*"
    match = re.search(rf"\b{between.join(re.findall(r'[A-Z]', letters))}[\w-]+", sentence)
    return match[0] if match and not letters.endswith("s") else ""


def is_clipped(text: str) -> bool:
    """
    Whether an abbreviation cannot be heard: letters that few know, or half a word.

    >>> is_clipped("WHC to close"), is_clipped("BBC to close")
    (True, False)
    >>> is_clipped("Int'l ferry sinks"), is_clipped("Pike's ferry sinks")
    (True, False)
    """
    is_strange = not all(map(_is_known, regex(_LETTERS).findall(text)))
    return is_strange or bool(regex(_CLIPPED).search(text) or any_of("clipped").search(text))


def drop_marks(text: str, first_sentence: str) -> str:
    """
    The title without quotation marks; empty if the marks carry meaning.

    Marks are dropped round a name, and behind a verb of saying with its speaker; other marks carry doubt.

    >>> drop_marks('Mayor calls ferry "a disgrace"', ""), drop_marks('Council in "secret" talks', "")
    ('Mayor calls ferry a disgrace', '')
    """
    outside = regex(_QUOTED).sub(" ", text)
    for match in regex(_QUOTED).finditer(text):
        # the words before it, outside quotation marks
        before = regex(_QUOTED).sub(" ", text[: match.start()])
        is_said = re.search(r", (?:says|say|said)\b", text[match.end() :])
        owned = any_of("owns_words").search(before) or is_said
        if not owned and not _is_name(match[1], before, first_sentence, is_title_case(outside)):
            return ""
    return unquoted(text)


def _is_name(quotation: str, before: str, first_sentence: str, title_case: bool) -> bool:
    """
    Whether the marks hold a name: of a film, a ship, a campaign.

    >>> _is_name("Old Anna", "The ferry ", "", False), _is_name("a disgrace", "The mayor ", "", False)
    (True, False)
    """
    words = TITLE_WORD.findall(quotation)
    last = TITLE_WORD.findall(before)[-1:]
    if last and last[0].casefold() in listed("headlines", "names_things"):
        return True
    capitals = sum(word[0].isupper() or word[0].isdigit() for word in words)
    if not words or not words[0][0].isupper() or 2 * capitals <= len(words):
        return False
    return not title_case or quotation.strip(",.") in first_sentence


def claims_without_source(text: str, first_sentence: str) -> bool:
    """
    Whether the title states a fact that is only a claim in the story's first sentence.

    >>> claims_without_source("Mayor took bribes", "The mayor is alleged to have taken bribes.")
    True
    >>> claims_without_source("Ferry leaks", "The ferry leaks, according to sources.")
    True
    """
    claimed = any_of("claims").search(first_sentence) or regex(_SOURCES).search(first_sentence)
    return bool(claimed) and not any_of("tells_claim").search(text)

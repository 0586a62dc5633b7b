"""
Edited sentence -> reason why a newsreader would refuse it; empty for a fit one.

Source: a sentence for the ear is whole, plain and short (Associated Press Broadcast News Handbook). A sentence of
more than 30 words is not read (docs/decisions/0023). Leftovers of pages: measured counts,
`python -m bench.rule_matches`. Judgement, no source: the other numbers, because a wrong refusal costs one sentence
and a wrong admission the story.
"""

from __future__ import annotations

import re

from bulletin.editing.attribution.find_unattributed_quotes import is_unmarked_quote, speaks_of_itself
from bulletin.editing.context.needs_previous_sentence import (
    has_binding_connective,
    is_person,
    opens_with_pronoun,
    points_back,
)
from bulletin.editing.english.dependency_tree import find_root, has_empty_clause, is_noun_phrase
from bulletin.editing.english.guess_parts_of_speech import (
    bare,
    capitalise,
    has_verb,
    is_finite,
    is_regular_plural,
    is_sure_verb,
)
from bulletin.editing.english.word_list_regexes import WORD, content_words, listed, regex
from bulletin.editing.fitness.find_editor_notes_and_captions import (
    is_caption,
    is_note,
    is_unsaid,
    points_to_page,
)
from bulletin.language.english_grammar_parser import has_parser, parse_sentence
from bulletin.language.split_sentences import count_words
from bulletin.language.text_in_two_scripts import REASON, has_other_script

HARDEST = 30
"""
Most words, because a synthetic voice takes no breath within a sentence; the lead may be longer.

Example: `why_unfit`.
"""
LIKELY_CLAUSE = 13
"""
Words from which a sentence more likely has a verb that is in no table than no verb.

Example: `why_unfit`.
"""
HARDEST_LEAD = 40
"""Most words of a lead; a story without a shorter lead is not read. Example: `why_unfit`."""

_ONLINE = r"https?:|www\.|@\w|\.\.\.|…|[{}|<>*_~^\\()\[\]]"
"""
>>> bool(regex(_ONLINE).search("See www.wexcombe.org"))
True
"""
_TAGGED = r"#\w|\b\w+\.(?:com|org|net|co\.uk|gov|uk)\b"
"""Example: `_why_not_plain`."""


_ONLY_SAYING = r"^(?:Say|Add|Claim|Warn|Argu|Insist|Not|Stat|Cit|Reiterat|Describ|Speak|Tell)ing [^,]+$"
"""Example: `_why_not_plain`."""
_OPEN_MARK = r"['‘](?=[A-Z])(?!.*['’](?:[ ,.!?;]|$))"
""" "'We saw nothing for years.": the mark closes in a sentence that was left out. Example: `why_unfit`."""
_RUN_TOGETHER = r"[a-z]{3,} (?:The|It|He|She|They|But|An|This|That) [a-z']{2,}"
"""
Two sentences, or a heading and a sentence, between which a page lost the stop: "laughs no more The mayor's".

Example: `why_unfit`.
"""
_ENDS = (".", "!")
"""Example: `why_unfit`."""
_END_CHARS = 24
"""Characters: more than the longest dangling end has. Example: `why_unfit`."""
_NUMBER = r"\d[\d,.]*"
"""Example: `_why_not_plain`."""
_DANGLING = r"\b(?:and|or|but|the|an?|of|whose|because|than|very)[.!]$"
"""
In small letters: "hepatitis A." is whole.

>>> [bool(regex(_DANGLING).search(text)) for text in ("It sank and.", "It sank.")]
[True, False]
"""


_FRAGMENT = (
    r"^(?:Which|Whom|Whose|Who)\b(?!.* (?:is|was|remains) (?:still |yet |not |to be )*(?:known|clear|unknown|unclear|uncertain|certain|seen)\b)"
    r"|^(?:Maybe|Perhaps)\b"
    r"|^(?:Because|Although|Though|Whereas|Including|Such as|Especially|Particularly|As well as|Rather than)\b[^,]*$"
)
"""A part of another sentence. Example: `why_unfit`."""


_SPEAKS_TO = r"^(?:(?:From|Until|Starting|As of|Soon|Now) [^,]{0,40}, )?(?:[Yy]ou (?:can|will|may|must|should|need|could|won't(?! believe)|cannot|no longer)|If you|Your)\b"
"""
Lead with advice for the listener, "You can now report potholes online."; another "you" is a feature's.

>>> bool(regex(_SPEAKS_TO).match("You can now row."))
True
"""


def why_unfit(text: str, *, is_first: bool, opens_article: bool = False, any_length: bool = False) -> str:
    """
    Why a newsreader would refuse an edited sentence; empty for a fit one.

    `opens_article`: the article itself begins with it, so that "The ferry" needs no earlier mention.

    >>> why_unfit("A ferry sank off Wexcombe.", is_first=True), why_unfit("Did it sink?", is_first=True)
    ('', 'a question')
    >>> why_unfit("We row for Wexcombe.", is_first=False), why_unfit("The ferry in May and", is_first=False)
    ('I, we or you without a speaker', 'an incomplete sentence')
    >>> texts = ("'We saw it.", "Because the ferry sank.", "While it sank.", "The ferry sank The mayor left.")
    >>> {why_unfit(text, is_first=False) for text in texts[1:]}, why_unfit(texts[0], is_first=False)
    ({'an incomplete sentence'}, 'a quotation without quotation marks')
    >>> why_unfit("The poet Пушкин sank.", is_first=False)
    'text in two scripts'
    """
    count = count_words(text)
    if is_unsaid(text):
        return "unfit for broadcast"
    if has_other_script(text):
        return REASON
    if text.rstrip(".!").endswith("?"):
        return "a question"
    if (
        not text.endswith(_ENDS)
        or regex(_DANGLING).search(text[-_END_CHARS:])
        or regex(_FRAGMENT).match(text)
    ):
        return "an incomplete sentence"
    if regex(_OPEN_MARK).match(text):
        return "a quotation without quotation marks"
    if regex(_RUN_TOGETHER).search(text) and '"' not in text:
        return "an incomplete sentence"
    if is_note(text) or (regex(_MEANWHILE).match(text) and sum(map(is_finite, WORD.findall(text))) < 2):
        return "an incomplete sentence"
    is_long = count >= LIKELY_CLAUSE
    is_clause = has_verb(text) or _may_have_verb(text, is_long=is_long) or _parses_as_clause(text)
    if count < 4 or not is_clause:
        return "no clause"
    if not any_length and count > (HARDEST_LEAD if is_first else HARDEST):
        return f"{count} words"
    reason = _why_not_plain(text, is_first=is_first)
    return _why_not_first(text, opens_article=opens_article) if is_first and not reason else reason


def _parses_as_clause(text: str) -> bool:
    """
    Whether the parser, if it is installed, finds a verb that is in no table.

    >>> _parses_as_clause("The crowd applauds Fox."), _parses_as_clause("A ferry in the harbour.")
    (True, False)
    """
    return has_parser() and find_root(parse_sentence(text)) is not None


def _lacks_clause(text: str) -> bool:
    """
    Whether the parser, if it is installed, finds no main verb, or no clause after "said that".

    >>> _lacks_clause("A nurse who sings."), _lacks_clause("The nurse sings.")
    (True, False)
    """
    if not has_parser():
        return False
    doc = parse_sentence(text)
    return is_noun_phrase(doc) or has_empty_clause(doc)


_MEANWHILE = r"(?:While|Whilst|Whereas) "
"""Example: `why_unfit`."""


def _may_have_verb(text: str, *, is_long: bool = False) -> bool:
    """
    Whether a word that is in no table has the place of a verb: after a plural, before an object.

    >>> _may_have_verb("Passengers applaud the crew."), _may_have_verb("A ferry in the harbour.")
    (True, False)
    """
    words = WORD.findall(text)
    determiners, prepositions = listed("words", "determiners") - {"up"}, listed("words", "prepositions")
    small = determiners | prepositions | listed("words", "pronouns") | _NO_VERBS
    follows = _OBJECTS | determiners | (prepositions if is_long else frozenset())
    return any(
        word.islower()
        and not word.endswith(("ing", "ly"))
        and bare(word) not in small
        and not (is_person(word) and bare(after) in prepositions)
        and bare(after) in follows
        and (bare(before) not in small if bare(word).endswith("s") else _is_several(before))
        for before, word, after in zip(words, words[1:], words[2:], strict=False)
    )


_OBJECTS = frozenset("him her it them us himself herself themselves itself most how whether".split())
"""
>>> _may_have_verb("Passengers applaud them loudly.")
True
"""
_NO_VERBS = frozenset("and or but not than that which who".split())
"""
>>> _may_have_verb("Ferries and the crew in Wexcombe.")
False
"""


def _is_several(word: str) -> bool:
    """
    Whether a word is a plural, whose verb has no "-s".

    >>> _is_several("ferries"), _is_several("people"), _is_several("ferry")
    (True, True, False)
    """
    return is_regular_plural(word) or bare(word) in ("they", "both", "who", "people", "police", "we", "all")


_NEVER_CLOSED = r": '\w(?!.*\w[.,!?]?'(?:[\s.,]|$))"
"""
"Fox told the Gazette: 'It was hard.": a quotation that goes on in the next sentences.

Example: `_why_not_plain`.
"""
_HALF_CONTRAST = r"\b(?:not|n't) (?:just|merely|only|simply) (?!.*\b(?:but|also|as well|too)\b)(?!yet\b)"
"""
"Not just a bridge": half of a contrast, because the "but" and its speaker are in the next sentence.

Example: `_why_not_plain`.
"""
_GLUED = r"\b[A-Z]?[a-z]{3,}[A-Z][a-z]{3,}\b"
"""
Words without the space between: one may be a firm's name, two are a page that lost its line ends.

Example: `_why_not_plain`.
"""


def _why_not_plain(text: str, *, is_first: bool) -> str:
    """
    Reason for leftovers of the page or of a speaker's words; a lead may speak to the listener.

    >>> texts = ("It is not just a quay.", "Fox heard: 'It sank.", "You can row.", "A townsFolk at quaySide")
    >>> [_why_not_plain(text, is_first=False) for text in texts]
    ['half of a contrast', 'a quotation without quotation marks', 'I, we or you without a speaker', 'words run together']
    >>> texts = ("Saying the ferry sank.", "See wexcombe.org in May.", "It took 1, 2, 3, 4 and 5 days.")
    >>> [_why_not_plain(text, is_first=False) for text in texts]
    ['an incomplete sentence', 'text about the page', 'too many figures or commas']
    """
    if len(set(regex(_GLUED).findall(text))) > 1:
        return "words run together"
    if regex(_HALF_CONTRAST).search(text):
        return "half of a contrast"
    if is_unmarked_quote(text) or regex(_NEVER_CLOSED).search(text):
        return "a quotation without quotation marks"
    if speaks_of_itself(text, to_listeners=is_first and bool(regex(_SPEAKS_TO).match(text))):
        return "I, we or you without a speaker"
    if regex(_ONLY_SAYING).match(text):
        return "an incomplete sentence"
    if is_caption(text):
        return "a caption"
    if regex(_ONLINE).search(text) or points_to_page(text) or (regex(_TAGGED).search(text) and not is_first):
        return "text about the page"
    if len(regex(_NUMBER).findall(text)) > 4 or text.count(",") > 5:
        return "too many figures or commas"
    if text.isupper() or '"' in text or "!!" in text:
        return "capitals or quotation marks"
    return "no clause" if _lacks_clause(text) else ""


def _why_not_first(text: str, *, opens_article: bool) -> str:
    """
    Reason why a sentence cannot open a story: it needs an earlier sentence.

    >>> [_why_not_first(text, opens_article=False) for text in ("He left.", "The study took ten years.")]
    ['opens with a pronoun', 'refers to something not introduced']
    >>> [_why_not_first(text, opens_article=False) for text in ("As a result, Fox left.", "Fox is also up.")]
    ['depends on the sentence before', 'depends on the sentence before']
    >>> [_why_not_first(f"Fox met the {who}.", opens_article=True) for who in ("female singer", "mayor")]
    ['refers to something not introduced', '']
    """
    if points_back(text) or opens_with_pronoun(text):
        return "opens with a pronoun"
    also = regex(_ALSO).match(text)
    if has_binding_connective(text) or (also and not has_verb(also["who"])):
        return "depends on the sentence before"
    is_unknown = not opens_article and (unknown_thing(text, heard="") or regex(_IN_WHAT).match(text))
    is_aged = bool(regex(_THE_AGED).search(text))
    return "refers to something not introduced" if is_unknown or is_aged else ""


_THE_AGED = r"\bthe (?:[\w'’-]+ ){0,2}?(?:\d\d?-year-old(?! (?:[\w-]+ )?(?:browser|bridge|building|house|law|rule|treaty|firm|ship|ferry|boat|train|car|tree|system)s?\b)|mid-\d\d['’]?s|male|female|young|elderly|teenage) (?:[\w-]+ ){0,3}?[a-z]+(?:,|[.]| (?!of|who|that|whose|with|in|at|from|accused|charged|convicted|found|killed))"
"""
"The female cyclist", "the 26-year-old singer": an earlier sentence has introduced the person.

Example: `_why_not_first`.
"""


_IN_WHAT = r"(?:In|At|During|On) the (?!«words.settings»)[a-z]+, "
"""
"In the interview, Fox said": which interview?

>>> [bool(regex(_IN_WHAT).match(text)) for text in ("In the interview, Fox rowed.", "In Wexcombe, Fox rowed.")]
[True, False]
"""


_ALSO = r"(?i)^(?P<who>[^,]{3,80}?) (?:(?:is|are|was|were|has|have|had|will|would|can|could|may) also|also \w+(?:ed|s|w|t|d|n)) "
"""An "also" at the story's first verb, which adds to an unheard sentence. Example: `_why_not_first`."""
_DEFINITE = r"^The (?P<rest>(?:[a-z][\w'’-]*,? ){1,6}[a-z][\w'’-]*)"
"""Example: `unknown_thing`."""


_LOOSE_START = (
    r"^(?:\w+ly )?[A-Z]?[a-z]+(?:ed|ing|und|wn) (?:in|on|at|by|from|for|to|with)\b[^,]{3,90}, (?=the )"
)
"""Participle clause before the subject. Example: `unknown_thing`."""


_WHEN = (
    r" (?:(?:late |early )?on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?\b"
    r"| (?:last|this|earlier this|in the early) (?:night|morning|afternoon|evening|week|weekend|month|year)\b"
)
"""Example: `unknown_thing`."""


def unknown_thing(text: str, *, heard: str) -> bool:
    """
    Whether a sentence opens with "The study", "The war", "The two cars", of which nothing was `heard`.

    A unique thing ("The government", "The prime minister") needs no earlier mention, nor does a thing that
    the sentence itself explains ("The man who ...", "The road between ...", "The Wexcombe road"). A day does
    not explain.

    >>> unknown_thing("The meeting on Tuesday ended late.", heard="")
    True
    >>> texts = ("Leaving for Wexum in May, the boat sank.", "The government fell.", "The man who rows left.")
    >>> [unknown_thing(text, heard="") for text in texts]
    [True, False, False]
    """
    match = regex(_DEFINITE).match(capitalise(regex(_LOOSE_START).sub("", regex(_WHEN).sub("", text))))
    thing, verb = _thing_and_verb(match["rest"]) if match else ((), "")
    known = listed("opening", "only_ones", "ordinals")
    if not heard:
        # only the title says which of many parties or agencies is meant
        known -= listed("words", "bodies") - {"council", "court"}
    if not verb or any(word in known or word.endswith("est") for word in thing):
        return False
    if not heard and is_sure_verb(verb) and bare(verb) in listed("verbs", "saying"):
        # the statement is the news
        return False
    if content_words(" ".join(thing)) & content_words(heard):
        return False
    return verb != "," or not re.match(r"[^,]*, [^,]*[A-Z]", text)


def _thing_and_verb(rest: str) -> tuple[tuple[str, ...], str]:
    """
    Words before the first verb, and the verb or a comma; empty if "of" or "who" identifies the thing.

    >>> _thing_and_verb("old ferry sank in May"), _thing_and_verb("man who sank it")
    ((('old', 'ferry'), 'sank'), ((), ''))
    """
    explains = listed("words", "prepositions") | {"who", "which", "that", "whose", "where"}
    thing: list[str] = []
    for word in rest.split():
        if bare(word) in explains:
            return (), ""
        if thing and is_finite(word):
            return tuple(thing), word
        thing.append(bare(word).removesuffix("'s").removesuffix("'"))
        if word.endswith(","):
            return tuple(thing), ","
    return (), ""

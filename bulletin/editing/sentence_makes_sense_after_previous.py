"""
Whether a sentence is understood after the sentences read before it; pure.

Source: definite noun phrases and pronouns presuppose a referent (Halliday and Hasan 1976, chapter 2; Quirk et al.
1985, chapter 5); an accusation airs with its answer (BBC Editorial Guidelines, section 6, right of reply).

Judgement, no source: the shares of words of a repeat, because no labels of repeats exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bulletin.editing.context.needs_previous_sentence import (
    has_binding_connective,
    is_person,
    lacks_antecedent,
    opens_with_pronoun,
    points_back,
)
from bulletin.editing.english.guess_parts_of_speech import bare, capitalise, has_verb
from bulletin.editing.english.word_list_regexes import WORD, content_words, listed, regex
from bulletin.editing.fitness.sentence_rejection_reasons import unknown_thing

MOST_AGAIN = 0.65
"""
Greatest share of a sentence's content words that an earlier sentence may hold.

Example: `repeats_sentence`.
"""
SAME = 0.75
"""
Share of the shorter sentence's content words, from which two sentences are repeats.

Example: `repeats_sentence`.
"""

_AGED = r"^(?:The|According to the|But the) \d{1,2}-year-old\b"
"""
>>> bool(regex(_AGED).match("The 12-year-old rows."))
True
"""
_OTHERS = r"^(?:Other|Another|Others|Also|Too|Yes|No,|Both|All|Neither|Two|Three|Four|Several|Some|Many|Most) (?:of (?:them|those|these)\b|(?:were|was|are|is|had|have|has|will|would|said|also)\b)|^(?:Others?|Another)\b"
"""
>>> bool(regex(_OTHERS).match("Others rowed."))
True
"""
_ALSO = r"^(?:\S+ ){0,9}(?:also|too|similarly|likewise|instead)\b"
"""Example: `adds_to_previous`."""
_THESE = r"(?i)\b(?:these|those|such|this) [\"“'‘]?(?:(?P<first>[a-z]+) )?(?P<noun>[a-z]{3,})"
"""Example: `has_unheard_things`."""
_THE_PERSON = r"\b[Tt]he (?P<who>[a-z]{3,}(?:-[a-z]+)*)(?P<possessive>'s)?(?= (?!(?:of|who|that|in|from|at|for|with|on)\b)|[.,])"
"""Example: `has_unheard_person`."""
_THE_TWO = r"\b[Tt]he (?:two|three|pair|duo|trio|couple|both)\b(?! [a-z]+ (?:of|who|that|in)\b)"
"""
>>> bool(regex(_THE_TWO).search("Police held the pair."))
True
"""
_REVERSES = (
    r"(?:But|However|Yet|Still,|At least,? (?:that|according|for now)|Or (?:so|at least)|Nevertheless|Nonetheless|Instead|(?:Despite|In spite of) (?:this|that|these|those|such|the (?:[\w-]+ ){0,2}[\w-]+(?=,))|Even so|On the other hand|By contrast|In contrast|Not so)\b"
    r"|(?:\S+ ){1,8}?,? ?however,"
)
"""Example: `reverses_previous`."""
_LIMITS = (
    r"(?:(?:He|She|They|Both)|(?:The |An? )?(?:[\w.'’-]+ ){1,6}?)(?: ?(?:all|also|both|later|since|repeatedly|strongly|strenuously|has|have|had|have all|has always|has repeatedly))*"
    r" ?(?:(?:den(?:y|ies|ied)|disput(?:es|ed)|reject(?:s|ed)? (?:the|all|any|those|these)|plead(?:s|ed)? not guilty|maintain(?:s|ed)? (?:his|her|their) innocence)\b"
    r"|(?:not (?:yet )?|yet to |declined to |did not |has not |have not )(?:respond|comment|enter))|(?:later |both )?died\b"
    r"|(?:It (?:is|was|remains|is still) (?:not |not yet |un)(?:known|clear)|There (?:has been|was|is) no (?:evidence|suggestion|confirmation)|The (?:claims?|allegations?|charges?|reports?) (?:have|has|could|cannot|can)(?: not)? )"
)
"""
Limits of the sentence before: a denial, "it is not known whether", "has not commented".

Example: `limits_previous`.
"""
_DENIES = r"\b(?:(?:den(?:ies|ied|y)|disputes|disputed|rejects|rejected) (?:the|all|any|those|these|that|it|his|her|their|doing|having|being|wrongdoing|responsibility|involvement|\w+ing\b)|plead(?:s|ed)? not guilty|maintains? (?:his|her|their) innocence|denied guilt)\b"
"""Example: `has_denial`."""
_ACCUSES = r"\b(?:accus\w+|alleg\w+|claim\w*|charged with|suspected of|blamed?|blames|on trial|assault\w*|wrongdoing)\b"
"""Example: `has_accusation`."""
_DOING_SO = r"\b(?:do|does|did|doing|done) (?:so|the same|likewise)\b"
"""
>>> bool(regex(_DOING_SO).search("Fox did so."))
True
"""
_THE_CHARGE = r"\b(?:the|those|these|all|any|such) (?:allegation|claim|charge|accusation|report)s?\b"
"""
>>> regex(_THE_CHARGE).sub("it", "Fox denied the claims.")
'Fox denied it.'
"""
_ANSWERS = (
    r"\b(?:[Tt]he|[Hh]is|[Hh]er|[Tt]heir|[Tt]his|[Tt]hat|[Tt]hese|[Tt]hose) (?:assessment|remark|comment|claim|response|criticism|accusation|allegation|suggestion|warning|revelation|verdict|request|question|answer|proposal)s?\b"
    r"(?! (?:that|to|of|about|by|from|on|over|in|against|for)\b)|, (?:Yes|No), "
)
"""
"Her assessment", "the claims": reference to an earlier statement, in a sentence that was left out.

>>> [bool(regex(_ANSWERS).search(text)) for text in ("Fox read the claims.", "Fox read the claims of theft.")]
[True, False]
"""
_INTRODUCTION = r"^[A-Z][^,]{2,60}, (?=the )"
"""
>>> regex(_INTRODUCTION).sub("", "In Wexcombe, the ferry sank.")
'the ferry sank.'
"""
_OWN_PLACE = r"\b(?:there|then|so)\b[.,]"
"""
>>> bool(regex(_OWN_PLACE).search("Fox rowed there."))
True
"""


_TURNS = r"(?:Now|But|However|Yet)\b,? "
"""Example: `opens_with_turn`."""


def opens_with_turn(text: str) -> bool:
    """
    Whether a sentence turns the story: "Now the boats may stop". A scene at the start of a feature leads up to it.

    >>> opens_with_turn("Now the boats may stop."), opens_with_turn("The boats stop.")
    (True, False)
    """
    return bool(regex(_TURNS).match(text))


def reverses_previous(text: str) -> bool:
    """
    Whether the sentence takes back or limits the one before; half of a contrast is never read.

    >>> reverses_previous("But the quay is safe."), reverses_previous("The council, however, paid."), reverses_previous("The quay is safe.")
    (True, True, False)
    """
    return bool(regex(_REVERSES).match(text))


def limits_previous(text: str) -> bool:
    """
    Whether the sentence denies the one before, or says how little is known of it.

    >>> limits_previous("He denies the charge."), limits_previous("It is not known who was driving."), limits_previous("He rows.")
    (True, True, False)
    """
    return bool(regex(_LIMITS).match(text))


def has_denial(text: str) -> bool:
    """
    Whether the sentence holds an accused person's answer.

    >>> has_denial("Fox denies the claim."), has_denial("Fox pleaded not guilty."), has_denial("Fox left.")
    (True, True, False)
    """
    return bool(regex(_DENIES).search(text))


def adds_to_previous(text: str) -> bool:
    """
    Whether "also" or "instead" sets the sentence beside an earlier one.

    >>> adds_to_previous("Fox also rows."), adds_to_previous("Fox rows.")
    (True, False)
    """
    return bool(regex(_ALSO).match(text))


def is_understood_denial(text: str, *, heard: str, before: str) -> bool:
    """
    Whether a denial is understood after the accusation alone: "Fox denied the allegation".

    >>> is_understood_denial("Fox denied the claim.", heard="Fox is accused of theft.", before="")
    True
    """
    plain = regex(_THE_CHARGE).sub("it", text)
    return stands_alone(text) and not points_to_unheard(plain, heard=heard, before=before)


def has_accusation(text: str) -> bool:
    """
    Whether the sentence accuses a person.

    >>> has_accusation("Fox is accused of theft."), has_accusation("Fox left the quay.")
    (True, False)
    """
    return bool(regex(_ACCUSES).search(text))


def stands_alone(text: str) -> bool:
    """
    Whether the sentence names its subject, so that it is understood with nothing before it.

    >>> stands_alone("A ferry sank off Wexcombe."), stands_alone("They also sank."), stands_alone("A year later it sank.")
    (True, False, False)
    """
    return not (
        points_back(text)
        or opens_with_pronoun(text)
        or has_binding_connective(text)
        or reverses_previous(text)
        or lacks_antecedent(text)
        or any(regex(others).match(text) for others in (_AGED, _OTHERS))
        or has_unheard_things(text, heard="")
        or re.match(r"(?:And|So|Or|Nor|Also|Then|Later,|Earlier,|Meanwhile,|Then,|Now,)(?: |$)", text)
    )


def is_understood_after(text: str, *, heard: str, before: str) -> bool:
    """
    Whether a sentence is understood after the sentences `heard`, though the article has others between.

    It must refer to a thing in `heard`, and to none that only `before`, the article up to here, introduced.

    >>> is_understood_after("The ferry will be raised in May.", heard="A ferry sank off Wexcombe.", before="A ferry sank off Wexcombe.")
    True
    >>> is_understood_after("They also sank.", heard="A ferry sank off Wexcombe.", before="")
    False
    """
    if (
        not stands_alone(text)
        or regex(_ALSO).match(text)
        or regex(_OWN_PLACE).search(text)
        or regex(_DOING_SO).search(text)
    ):
        return False
    if regex(_ANSWERS).search(text) or not content_words(text) & content_words(heard):
        return False
    body = capitalise(regex(_INTRODUCTION).sub("", text))
    return not (
        points_to_unheard(text, heard=heard, before=before)
        or unknown_thing(body, heard=heard)
        or has_unheard_things(text, heard=heard)
        or has_unheard_person(text, heard)
    )


_DEFINITE = r"(?i)\b(?:the|this|that|these|those|such|his|her|its|their|[\w’']+['’]s|[\w’']+s['’]) (?P<thing>(?:[a-z][\w'’-]* ?){1,3})"
"""Example: `points_to_unheard`."""


def points_to_unheard(text: str, *, heard: str, before: str) -> bool:
    """
    Whether "the crash" or "Fox's claim" is known from the article `before`, and not from the sentences `heard`.

    >>> points_to_unheard("Fox saw the crash.", heard="Fox rows.", before="Fox rows. A crash shut the road.")
    True
    """
    known, printed = content_words(heard), content_words(before)
    for match in regex(_DEFINITE).finditer(text):
        thing = content_words(match["thing"]) - listed("opening", "only_ones") - listed("words", "times")
        if thing & printed and not thing & known:
            return True
    return False


def has_unheard_things(text: str, *, heard: str) -> bool:
    """
    Whether "these boards" stands in a sentence before any board was `heard`.

    The words after it explain "those held in the camp", and the clock explains "this morning".

    >>> has_unheard_things("For these boards, Fox paid.", heard=""), has_unheard_things("For these boards, Fox paid.", heard="A board broke.")
    (True, False)
    >>> has_unheard_things("It opens this morning.", heard="")
    False
    """
    if regex(_THE_TWO).search(text) and not regex(_SOME_TWO).search(heard):
        return True
    for match in regex(_THESE).finditer(text):
        noun = match["noun"].casefold().removesuffix("s")
        opens = text[: match.start()].casefold()
        is_now = match[0][:4].casefold() == "this" and match["first"] in listed("words", "times")
        is_no_thing = noun in listed("words", "times", "prepositions", "not_things")
        if match["noun"].endswith(("ed", "ing")) or has_verb(opens, within=40) or is_now or is_no_thing:
            continue
        if noun not in heard.casefold() and noun not in opens:
            return True
    return False


_SOME_TWO = (
    r"\b(?:two|both|pair|couple|duo|trio|three|men|women|boys|girls|brothers|sisters|[A-Z]\w+ and [A-Z]\w+)\b"
)
"""
Two people whom "the two" may mean.

>>> bool(regex(_SOME_TWO).search("Ann and Joan rowed."))
True
"""


def has_unheard_person(text: str, heard: str) -> bool:
    """
    Whether "the victim" or "the driver" is a person who was not in the sentences `heard`.

    >>> has_unheard_person("The ferry hit the driver.", ""), has_unheard_person("The driver left.", "A driver was hurt.")
    (True, False)
    """
    heard_words = {bare(word).removesuffix("s") for word in WORD.findall(heard)}
    for match in regex(_THE_PERSON).finditer(text):
        who = match["who"].removesuffix("s")
        inside = text[: match.start()].casefold()
        is_known = who in listed("opening", "only_ones") or who in heard_words or who in inside
        if is_person(match["who"]) and not is_known:
            return True
    return False


_THE_SOMEBODY = r"The (?P<who>(?:[a-z][\w'’-]* ){1,3})(?![A-Z])"
"""Example: `opens_with_person`."""


def opens_with_person(text: str) -> bool:
    """
    Whether a sentence opens with a person by description: "The mother of three", "The driver".

    >>> opens_with_person("The driver was hurt."), opens_with_person("The ferry sank.")
    (True, False)
    """
    match = regex(_THE_SOMEBODY).match(text)
    nouns = match["who"].split() if match else []
    return any(is_person(word) and bare(word) not in listed("opening", "only_ones") for word in nouns)


def repeats_sentence(text: str, heard: Iterable[frozenset[str]]) -> bool:
    """
    Whether the sentence adds next to nothing to a sentence read before it, given by its content words.

    >>> repeats_sentence("The ferry sank.", [content_words("A ferry sank off Wexcombe.")]), repeats_sentence("Fox paid.", [content_words("A ferry sank.")])
    (True, False)
    """
    content = content_words(text)
    return any(
        len(content & old) > MOST_AGAIN * len(content)
        or len(content & old) > SAME * min(len(content), len(old))
        for old in heard
    )

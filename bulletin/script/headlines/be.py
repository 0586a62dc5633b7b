"""The "is" or "are" that print leaves out: "Two held" is "Two are held"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bulletin.script.headlines.case import is_common, is_used_as_verb
from bulletin.script.headlines.tree import (
    FINITE,
    MARKS,
    is_statement,
    may_be_participle,
    parse_title,
    root_of,
)
from bulletin.script.headlines.words import WORD, any_of, word_list
from bulletin.script.parse import parse_sentence

if TYPE_CHECKING:
    from bulletin.script.parse import Doc, Token

_AT_LEAST = re.compile(
    r"^(?:at least|up to|more than|over|nearly|about|around|almost|under) (?=[\d£$€]|\w+ )", re.IGNORECASE
)
_OPENS_OBJECT = frozenset({"DT", "JJ", "CD", "PRP$", "NN", "NNP", "NNS", "NNPS", "RB", "VBG", "TO"})
_OPENS_PHRASE = frozenset({"TO", "MD", "DT", "IN", "CC", "PRP$"})
_GLUED_NAME = re.compile(r"[a-z][A-Z]")
""" "RiverWatchers" is one body."""
_PAST = re.compile(r"\b(?:last (?:week|month|year|night)|yesterday|ago|in (?:19|20)\d\d)\b", re.IGNORECASE)
_DATED = re.compile(
    rf"{_PAST.pattern}|\b(?:next|tomorrow|tonight|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:on|in|by|from|until) (?:(?:Jan|Febr)uary|March|April|May|June|July|August|September|October|November|December|20\d\d))\b"
)
"""Past or to come."""
_CLAUSES = frozenset("as while when that who which because after before until if where".split())


def with_be(text: str, first_sentence: str) -> str:
    """The title with the verb that print leaves out; nothing where another word may be its verb."""
    place = next(_places(text, first_sentence), 0)
    who, rest = text[:place], text[place:]
    # which comma opens an aside is not sure
    if not place or re.search(r", |[£$€]|Rs", who) or not is_phrase(who):
        return ""
    number = is_or_are(who)
    verb = _verb(number, rest, first_sentence) if number else ""
    is_name = root_of(parse_title(who)).tag_.startswith("NNP") or len(who.split()) == 1
    if not number and is_name and rest.startswith("to "):
        # "Hallam Rovers to visit Brenford": of one or of several, they will
        verb, rest = "will", rest.removeprefix("to ")
    if not verb or _may_have_verb(parse_title(text), place, number or "are", first_sentence):
        return ""
    last = WORD.findall(who)[-1].casefold()
    if any_of("done_to_people").match(rest) and (last.isdigit() or last in word_list("counts") | {"one"}):
        who += "of " * last.endswith("s") + ("person " if number == "is" else "people ")
    return f"{who}{verb} {rest}"


def _may_have_verb(doc: Doc, place: int, number: str, first_sentence: str) -> bool:
    """
    Whether a word but the one at this place may be what the title tells: "Boats to be sold under Ulez head to sea".

    In a phrase between the two, the participle may be the other noun's: "Cat among heroes honoured".
    """
    at = next(token.i for token in doc if token.idx == place)
    who, last, is_to = doc[:at], doc[at - 1], doc[at].lower_ == "to"
    is_topic = doc[0].lower_ == "the" or any(token.tag_ == "IN" for token in who[1:])
    is_name = last.tag_ in ("NNP", "CD") and not last.text.islower()
    if (at > 1 and last.tag_[:2] not in ("NN", "CD")) or (is_topic and (is_to or not is_name)):
        # "Shark Park too dangerous to open"; "The ferries painted green" are a topic
        return True
    if is_to and doc[0].tag_ == "CD" and doc[at + 1].lower_ != "be":
        # "Five steps to mend ferry"
        return True
    if any(token.tag_ == "TO" or (token.tag_ == "VBG" and token.dep_ != "amod") for token in who[1:]):
        # "Plans to house ferrymen to change", "Farmers using boats to plant trees"
        return True
    # "Terrorism charges filed against", and not "Council votes to mend"
    is_joined = not is_to and doc[at + 1].tag_ in ("IN", "TO", ".")
    for token in who[1 : -1 if is_joined else at]:
        is_several = token.nbor(-1).tag_ == "NNS" or token.nbor(-1).lower_ in word_list("plurals")
        if _may_be_verb(token, "are" if is_several else "is"):
            return True
    nouns = {token.lower_ for token in parse_sentence(first_sentence) if token.tag_.startswith("NN")}
    for token in doc[at + 1 : -1]:
        # "Man named after boxer jailed" has no clause
        has_verb = any(word.tag_ in ("VBZ", "VBP", "MD") for word in doc[token.i :])
        if token.lower_ in _CLAUSES and (has_verb or token.lower_ not in ("after", "before")):
            return False
        before = token.nbor(-1)
        is_part = not token.whitespace_ and token.nbor().tag_ == "HYPH"
        is_bare = token.tag_ in ("VBN", "VBG") and before.tag_[:2] in ("NN", ",", "CC", "RB")
        is_bare = is_bare and token.lower_ not in ("aged", "including")
        # "likely to be fisherman" behind another noun; "in May"
        is_bare = is_bare or (
            before.tag_ in ("NN", "NNP") and bool(any_of("states").match(doc.text, token.idx))
        )
        is_finite = token.tag_ in FINITE and token.text.islower()
        is_verb = token.lower_ not in nouns and _may_be_verb(token, number)
        is_second = is_to and token.tag_ == "TO" and before.tag_.startswith("NN")
        if is_second or (not is_part and (is_finite or is_bare or is_verb)):
            return True
    return False


def _may_be_verb(token: Token, number: str) -> bool:
    """Whether a noun behind another has the form of a verb with a subject of this number."""
    is_s = token.lower_.endswith("s") and not token.lower_.endswith("ss")
    is_noun = token.tag_ in ("NN", "NNS", "VBZ", "VBP", "VB") and token.nbor(-1).tag_.startswith("NN")
    is_form = token.text.islower() and token.lower_ not in word_list("plural_attributes")
    return is_noun and is_form and is_s == (number == "is") and is_used_as_verb(token.lower_)


def hidden_verb(text: str) -> int:
    """
    Where a word is the verb that the parser takes for a noun; 0 where none is.

    "Pike shares picture", "Old parts trigger scare", "Council votes to mend ferry"
    """
    doc = parse_title(text)
    for token in doc[1:-2]:
        before, after = doc[token.i - 1], token.nbor().tag_
        if token.tag_ in ("IN", "TO"):
            return 0
        # "Civic bodies to meet" and "Council votes to meet", "stars helping team" and "issues sweeping order"
        opens = after in _OPENS_OBJECT and (after != "TO" or before.tag_.startswith("NN"))
        opens = opens and (after != "VBG" or token.nbor().dep_ == "amod")
        is_form = token.text.islower() and before.tag_ not in _OPENS_PHRASE
        if not is_form or {token.lower_, before.lower_} & word_list("plural_attributes"):
            continue
        is_noun = opens and is_used_as_verb(token.lower_)
        is_plain = token.tag_ == "VBZ" or token.lower_ in word_list("plain_verbs")
        in_s = is_plain or (is_noun and token.tag_ == "NNS")
        is_base = is_noun and token.tag_ in ("NN", "NNP", "VB", "VBP") and before.tag_ != "JJ"
        if (in_s or is_base) and is_or_are(text[: token.idx]) == ("is" if in_s else "are"):
            tree = parse_title(f"{'It' if in_s else 'They'} {text[token.idx :]}")
            if root_of(tree).i == 1 and is_statement(tree, stands_for=True):
                return token.idx
    return 0


def _verb(number: str, rest: str, first_sentence: str) -> str:
    """
    "has been" of what was done to somebody, since it is true while it lasts and when it is over.

    "is" of what lasts, and before a clause in the present tense: "Ten are killed as ferry sinks".
    """
    done, _, after = rest.partition(" ")
    form = done.casefold().rstrip(",")
    helpers = _helpers(form, first_sentence)
    is_over = bool({"was", "were"} & helpers)
    past = "was" if number == "is" else "were"
    if form in word_list("lasting"):
        # who was trapped in the story's first sentence may be free by now
        return past if is_over else number
    is_told = form in word_list("suffered") or is_over or "been" in helpers
    is_still = any_of("states").match(rest) or form == "to" or form.endswith("ing") or {"is", "are"} & helpers
    verbs = any(token.tag_ in ("VBZ", "VBP") for token in parse_title(f"It {rest}")[2:])
    has_clause = verbs or re.search(r"\b(?:as|while|when)\b", after)
    if is_still or not is_told or has_clause:
        return number
    if _DATED.search(after):
        return past if is_over or _PAST.search(after) else ""
    return "has been" if number == "is" else "have been"


def _places(text: str, first_sentence: str) -> Iterator[int]:
    """Beginning of the first word, in order, that print has without its verb."""
    doc = parse_title(text)
    for token in doc[1:-1]:
        # "Wexcombe to lose ferry", and not "plan to mend ferry"
        is_to = token.lower_ == "to" and token.nbor().tag_ == "VB" and token.nbor().lower_ != "do"
        is_planned = is_to and token.nbor(-1).lower_ not in word_list("takes_to")
        is_by = token.nbor().lower_ == "by" and token.lower_ not in word_list("no_object")
        # "pandemic-delayed games", "proud of being crowned"
        is_form = may_be_participle(token) and token.nbor(-1).text not in ("-", "being")
        is_done = token.lower_ in word_list("suffered") | word_list("feelings") or _helpers(
            token.lower_, first_sentence
        )
        if any_of("states").match(text, token.idx) or is_planned or (is_form and (is_by or is_done)):
            yield token.idx


def _helpers(participle: str, sentence: str) -> frozenset[str]:
    """ "was" of "The ferry was painted", "has" and "been" of "The ferry has been painted"."""
    return frozenset(
        child.lower_
        for word in parse_sentence(sentence)
        if word.lower_ == participle and any(child.dep_ == "auxpass" for child in word.children)
        for child in word.children
        if child.dep_ in ("aux", "auxpass")
    )


@lru_cache(maxsize=512)
def is_or_are(who: str) -> str:
    """By the head of the subject; nothing where it has a verb, or where a name may be of one or of several."""
    who = _AT_LEAST.sub("", who).strip()
    found = WORD.findall(who)
    if not found or who.count(",") > 1 or re.search(r", (?:.* )?[a-z]+ [A-Z]", who):
        # "Former Wexcombe, Brenford chief Joan Pike" is one
        return ""
    if len(found) == 1 and found[0].isdigit():
        return "is" if found[0] == "1" else "are"
    if not is_phrase(who):
        return ""
    head = root_of(parse_title(who))
    # two side by side: "Pike, Fox to judge show"
    if "," in who or any(child.dep_ == "conj" for child in head.children):
        return "are"
    return _number(head, found)


def is_phrase(who: str) -> bool:
    """Whether it may be a subject: no verb, and no preposition in front."""
    doc = parse_title(who)
    is_verbal = any(token.tag_ in FINITE | {"WP", "WDT"} for token in doc)
    # "man fatally", "oil tanker probably": where the verb goes is not sure
    is_place = (doc[0].tag_ in ("IN", "TO") and bool(doc[0].whitespace_)) or doc[-2:][0].tag_ == "RB"
    no_subject = word_list("plain_verbs") | MARKS | {"until", "when", "before", "because"}
    return not is_verbal and not is_place and not any(token.lower_ in no_subject for token in doc)


def _number(head: Token, found: list[str]) -> str:
    last, first = head.text, found[0].casefold()
    if head.tag_ not in ("NN", "NNS", "NNP", "CD", "VBG"):
        return ""
    if (first in ("one", "a", "an", "another", "1") and head.tag_ != "NNS") or last == "US":
        return "is"
    if head.tag_ == "CD" or last.lower() in word_list("plurals") or (_counts(found) and head.tag_ != "NN"):
        return "are"
    if head.tag_ == "NNS":
        # "Morales", "RiverWatchers"
        is_name = _GLUED_NAME.search(last) or (last.istitle() and not is_common(last.lower()))
        return "are" if last.endswith("s") and not is_name else ""
    # of "Wells" and "GPS" nobody knows
    return "" if last.lower().endswith("s") and (head.tag_ == "NNP" or last.isupper()) else "is"


def _counts(found: list[str]) -> bool:
    first = found[0].casefold()
    return first in word_list("counts") or (first.isdigit() and first != "1" and len(first) < 4)

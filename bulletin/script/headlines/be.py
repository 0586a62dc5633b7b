"""The "is" or "are" that print leaves out: "Two held" is "Two are held"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bulletin.script.headlines.case import is_used_as_verb
from bulletin.script.headlines.tree import (
    FINITE,
    MARKS,
    is_statement,
    may_be_participle,
    parse_title,
    root_of,
    subject_of,
)
from bulletin.script.headlines.words import WORD, any_of, word_list
from bulletin.script.parse import parse_sentence

if TYPE_CHECKING:
    from bulletin.script.parse import Doc, Token

_MONEY = re.compile(
    r"(?:(?:over|nearly|about|around|almost|at least|more than) )?(?:Rs|[£$€])\.? ?\d", re.IGNORECASE
)
_AT_LEAST = re.compile(
    r"^(?:at least|up to|more than|over|nearly|about|around|almost|under) (?=[\d£$€]|\w+ )", re.IGNORECASE
)
_VERBS = frozenset({"VBZ", "VBP", "VBD", "VBN"})
_OPENS_OBJECT = frozenset({"DT", "JJ", "CD", "PRP$", "NN", "NNP", "NNS", "NNPS", "RB", "VBG", "TO"})
_OPENS_PHRASE = frozenset({"TO", "MD", "DT", "IN", "CC", "PRP$"})
_GLUED_NAME = re.compile(r"[a-z][A-Z]")
""" "RiverWatchers" is one body."""
_PAST = re.compile(r"\b(?:last (?:week|month|year|night)|yesterday|ago|in (?:19|20)\d\d)\b", re.IGNORECASE)
_DATED = re.compile(
    r"\b(?:next|tomorrow|tonight|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:on|in|by|from|until) (?:(?:Jan|Febr)uary|March|April|May|June|July|August|September|October|November|December|20\d\d))\b"
)
"""Past or to come."""
_LETTERS_S = re.compile(r"[A-Z]{2,}s")
""" "MPs"."""


def with_be(text: str, first_sentence: str, *, is_present: bool = False) -> str:
    """
    The title with the verb that print leaves out; nothing where it is not sure.

    `is_present`: "are killed" and never "have been killed", beside another statement in the present tense.
    """
    place = next(_places(text, first_sentence), 0)
    who, rest = text[:place], text[place:]
    number = is_or_are(who) if place else ""
    verb = _verb(number, rest, first_sentence, is_present=is_present) if number else ""
    is_thing = bool(place) and is_phrase(who) and root_of(parse_title(who)).tag_.startswith("NN")
    if not number and is_thing and rest.startswith("to "):
        # "Hallam Rovers to visit Brenford": of one or of several, they will
        verb, rest = "will", rest.removeprefix("to ")
    # "Pike, captain convicted of theft, to be freed": which comma opens an aside is not sure
    if not verb or (", " in who and ", " in rest) or 0 < hidden_verb(text) < place:
        return ""
    if number == "are" and who.count(",") == 1 and " and " not in who:
        who = who.replace(", ", " and ")
    # a subject that the parser knows not is stood for by a pronoun
    for begin in (who, "They " if number == "are" else "It "):
        if _bears_out(parse_title(f"{begin}{number or verb} {rest}"), len(begin)):
            return f"{who}{verb} {rest}"
    return ""


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


def _verb(number: str, rest: str, first_sentence: str, *, is_present: bool) -> str:
    """
    "has been" of what was done to somebody, since it is true while it lasts and when it is over.

    "is" of what lasts, and before a clause in the present tense: "Ten are killed as ferry sinks".
    """
    done, *later = rest.split(" ", 1)
    form = done.casefold().rstrip(",")
    helpers = _helpers(form, first_sentence)
    is_over = bool({"was", "were"} & helpers)
    past = "was" if number == "is" else "were"
    if form in word_list("lasting"):
        # who was trapped in the story's first sentence may be free by now
        return past if is_over else number
    after = " ".join(later)
    is_told = form in word_list("suffered") or bool({"been", "was", "were"} & helpers)
    is_still = any_of("states").match(rest) or form == "to" or form.endswith("ing") or {"is", "are"} & helpers
    verbs = any(token.tag_ in ("VBZ", "VBP") for token in parse_title(f"It {rest}")[2:])
    has_clause = verbs or re.search(r"\b(?:as|while|when)\b", after)
    if is_still or not is_told or has_clause or (is_present and " since " not in after):
        return number
    if _PAST.search(after) or (_DATED.search(after) and is_over):
        return past
    if _DATED.search(after):
        return ""
    return "has been" if number == "is" else "have been"


def _places(text: str, first_sentence: str) -> Iterator[int]:
    """Beginning of the first word, in order, that print has without its verb."""
    doc = parse_title(text)
    is_joined = any(token.lower_ in MARKS for token in doc)
    if doc[-2].lower_ in word_list("suffered") and not is_joined:
        # "Man accused of theft arrested": what comes last is told
        yield doc[-2].idx
    for token in doc[1:-1]:
        is_by = token.nbor().lower_ == "by" and token.lower_ not in word_list("no_object")
        is_felt = token.lower_ in word_list("feelings")
        # "pandemic-delayed games", "proud of being crowned"
        is_form = may_be_participle(token) and token.nbor(-1).text not in ("-", "being")
        is_done = is_form and (is_by or is_felt or _is_done(token, first_sentence))
        if any_of("states").match(text, token.idx) or _is_planned(token) or _is_doing(token) or is_done:
            yield token.idx


def _is_planned(token: Token) -> bool:
    """ "Wexcombe to lose ferry", and not "plan to mend ferry", nor "The race to sell jets"."""
    is_to = token.lower_ == "to" and token.nbor().tag_ == "VB" and token.doc[0].tag_ != "DT"
    return is_to and token.nbor(-1).lower_ not in word_list("takes_to")


def _is_doing(token: Token) -> bool:
    """ "Man facing charges": of the subject itself, with an object and no later verb."""
    before, after = token.doc[: token.i], token.doc[token.i + 1 :]
    is_trying = token.nbor().lower_ == "to" and token.doc[0].tag_ != "DT"
    has_object = is_trying or any(child.dep_ == "dobj" for child in token.children)
    # "Council fencing returns": the next word may be the verb
    is_late = any(word.tag_ == "IN" for word in before) or any_of("plain_verbs").fullmatch(token.nbor().text)
    marks = [word.i for word in after if word.lower_ in MARKS]
    until = token.doc[token.i + 1 : min(marks, default=len(token.doc))]
    return (
        token.tag_ == "VBG" and has_object and not is_late and not any(word.tag_ in _VERBS for word in until)
    )


def _is_done(token: Token, first_sentence: str) -> bool:
    """Whether it is done to the subject: by its meaning, or by the story's first sentence."""
    return token.lower_ in word_list("suffered") or bool(_helpers(token.lower_, first_sentence))


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
    if _MONEY.match(who):
        return "is"
    who = _AT_LEAST.sub("", who).strip()
    if who.endswith(","):
        # "Joan Pike, poet," is one
        who = who.partition(",")[0]
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
    is_verbal = any(token.tag_ in FINITE | {"WP", "WDT"} or _is_gerund(token) for token in doc)
    # "man fatally", "oil tanker probably": where the verb goes is not sure
    is_place = (doc[0].tag_ in ("IN", "TO") and bool(doc[0].whitespace_)) or doc[-2].tag_ == "RB"
    no_subject = word_list("plain_verbs") | MARKS | {"until", "when", "before", "because"}
    return not is_verbal and not is_place and not any(token.lower_ in no_subject for token in doc)


def _is_gerund(token: Token) -> bool:
    """ "Man facing charges", and neither "Oscar-winning director" nor "harbour fencing"."""
    is_noun = token.i == len(token.doc) - 2 and token.nbor(-1).tag_ in ("NN", "NNP") if token.i else False
    return token.tag_ == "VBG" and token.dep_ not in ("amod", "compound", "pcomp") and not is_noun


def _number(head: Token, found: list[str]) -> str:
    last, first = head.text, found[0].casefold()
    # "Palestinian killed", "harbour fencing returns"
    is_person = head.tag_ == "JJ" and len(found) == 1 and last.istitle() and last.endswith("an")
    if head.tag_ not in ("NN", "NNS", "NNP", "CD", "VBG") and not is_person:
        return ""
    if first in ("one", "a", "an", "another", "1") or last == "US":
        return "is"
    if (
        head.tag_ == "CD"
        or last.lower() in word_list("plurals")
        or _counts(found)
        or _LETTERS_S.fullmatch(last)
    ):
        return "are"
    if head.tag_ == "NNS":
        return "are" if last.endswith("s") and not _GLUED_NAME.search(last) else ""
    # of "Wells" and "GPS" nobody knows
    return "" if last.lower().endswith("s") and (head.tag_ == "NNP" or last.isupper()) else "is"


def _counts(found: list[str]) -> bool:
    first = found[0].casefold()
    return first in word_list("counts") or (first.isdigit() and first != "1" and len(first) < 4)


def _bears_out(doc: Doc, place: int) -> bool:
    """Whether "is" at this place has all words before it as its subject, and no other verb goes without a joint."""
    root = root_of(doc)
    subject = subject_of(root)
    be = next(token for token in doc if token.idx == place)
    if subject is None or not is_statement(doc, stands_for=True) or (be.i != root.i and be.head.i != root.i):
        return False
    subtree = [token.i for token in subject.subtree]
    # "Teen is hit by lorry mourned"
    ends_loose = doc[-2].tag_ in ("VBN", "VBD") and doc[-3].tag_ in ("NN", "NNS", "NNP") and doc[-3].i > be.i
    is_whole = min(subtree) == 0 and max(subtree) >= be.i - 2 and not ends_loose
    return is_whole and not any(_is_loose_verb(token, root) for token in doc[be.i + 1 :])


def _is_loose_verb(token: Token, root: Token) -> bool:
    """A later verb that nothing joins: "Man is caught speeding kisses policeman"."""
    if (
        token.i == root.i
        or token.tag_ not in ("VBZ", "VBP", "VBD", "MD", "VBG")
        or token.dep_ in ("relcl", "auxpass")
        or (token.dep_ == "aux" and token.tag_ != "MD")
    ):
        return False
    if token.tag_ in ("VBG", "MD"):
        # "Woman is forced to carry child for 3 hours suing airline", "Plane is built for airline may return"
        is_own = any(child.dep_ == "nsubj" for child in token.head.children)
        return not is_own if token.tag_ == "MD" else token.nbor(-1).tag_ == "NNS"
    if any(word.lower_ in ("as", "while") for word in token.doc[root.i : token.i]):
        # "Ten are killed as vote turns violent"
        return False
    joints = ("mark", "nsubj", "nsubjpass", "aux", "auxpass")
    if token.dep_ == "conj":
        between = token.doc[token.head.i : token.i]
        return not any(word.dep_ == "cc" or word.text == "," for word in between)
    return not any(child.dep_ in joints for child in token.children)

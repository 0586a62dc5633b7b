"""Who or what a sentence is about, as it is said the second time; pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    is_finite,
    is_main_verb,
    listed,
)
from bulletin.script.rare import Rare, sub
from bulletin.text import count_words

NAME_AT_END = Rare(r"((?:[A-Z][\w'’-]+ ){1,3}[A-Z][\w'’-]+)$")
_NAMED_BODY = Rare(r"^(?:[A-Z][\w'’-]+ |and ){1,4}(?:[a-z]+ )?([a-z]{4,})$")
"""A body with its place: "Brenford and Wexcombe police", "Leeds city council"."""
_AGED = Rare(r"^(?:[A-Z][a-z]+(?:-[a-z]+)?|\d{1,2})-year-old (?=[A-Z])")
_MEANWHILE = Rare(
    r"(?: (?:on|last|late|early) (?:\w+day|week|month|year)(?: (?:morning|afternoon|evening|night))?| (?:also|later|then|now|still|"
    r"reportedly|already|again|today|tonight|\w{3,}ly))+$"
)
"""What stands between a subject and its verb and is no part of either."""
TIME_BEFORE = Rare(
    r"(?:(?:Just|Only|Almost|Nearly|More than|Less than) )?(?:[\w-]+ )?(?:minute|hour|day|week|month|year|decade)s? (?:after|before)\b",
    re.IGNORECASE,
)
"""Opens a sentence, and is none: "A day after two members left the party"."""
_OF_POLICE = Rare(r"Police (?:[a-z]+ ){1,3}(?:[A-Z][\w'’-]+ ){1,3}[A-Z][\w'’-]+(?<!s)")
""" "Police chief Ann Fox" is one."""
_FROM_SOMEWHERE = Rare(
    r" (?:from|of|in|at|with|for|on|near|comprising|consisting of|made up of|headed by|led by) .*$"
)
_SOMEBODY_FROM = Rare(r"(?:An?|One) [a-z][\w-]*(?: [a-z][\w-]*){0,3} (?:from|in|at|near|on) ")
_ASIDE_AFTER = Rare(r"^([^,\"]{3,60}), [^\"]{3,140},$")
_JOINED_ON = Rare(r"^(?:But|And|So|Yet|Meanwhile,|However,|Now,) (?=\w)")


@lru_cache(maxsize=512)
def subject(text: str) -> str:
    """The subject as it is said the second time; nothing when it is not clear what it is."""
    text = capitalise(_JOINED_ON.sub("", text))
    words = list(WORD.finditer(text[:160]))
    verb = _first_verb(text, words)
    if verb is None or TIME_BEFORE.match(text):
        return ""
    head = _MEANWHILE.sub("", text[: verb.start()].strip())
    if aside := _ASIDE_AFTER.match(head):
        # "The walkers, led by a piper," are the walkers
        head = aside[1]
    first = bare(words[0][0])
    if (
        "," in head
        or '"' in head
        or first in listed("words", "prepositions")
        or first.endswith(("ing", "ed"))
    ):
        return ""
    if first in ("he", "she", "they", "it", "police") and not _OF_POLICE.fullmatch(head):
        return "They" if first == "police" else capitalise(first)
    return "They" if _are_several(head) or _are_several(_FROM_SOMEWHERE.sub("", head)) else _again(head)


def _are_several(head: str) -> bool:
    """ "Officials", "Heavy rains": common words for more than one."""
    return (
        head[:1].isupper() and head[1:].islower() and is_several(head.casefold()) and _is_known_plural(head)
    )


def _again(head: str) -> str:
    """ "The mayor of Wex, Ann Fox" -> "Ann Fox", "A man from Wex" -> "The man", "Fox" -> "Fox"."""
    # nobody is told twice how old somebody is
    head = _AGED.sub("", head)
    if head.startswith("The ") and head.endswith(" Police"):
        return "The police"
    if _SOMEBODY_FROM.match(head) and NAME_AT_END.search(head):
        # "A woman in Wexcombe's Hallam Street" is not the street
        head = _FROM_SOMEWHERE.sub("", head)
    if name := NAME_AT_END.search(head):
        if named := _as_named(name[1], before=head[: name.start()]):
            return named
        head = _FROM_SOMEWHERE.sub("", head)
    if again := _NAMED_BODY.match(head):
        return "They" if again[1] == "police" else f"The {again[1]}"
    if head in ("The accused", "The deceased", "The injured", "The wounded"):
        return head
    if any(map(is_finite, WORD.findall(head))):
        return ""
    return head if _is_said_again(head) else _unnamed(head)


def _is_said_again(head: str) -> bool:
    """Whether a subject of one word is simply said again: "Facebook", "Fox", "Rain"; not "Some" or "Another"."""
    return (
        " " not in head
        and head[:1].isupper()
        and not any(bare(head) in listed("words", name) for name in _NO_NAMES)
        and not bare(head).endswith(("ing", "ly"))
    )


_NO_NAMES = ("determiners", "pronouns", "counted", "loose")


def _unnamed(head: str) -> str:
    """ "A man from Wexcombe" -> "The man", "Twelve dancers from Wexcombe" -> "They"."""
    if whose := re.match(r"(?:[A-Z][\w'’-]+ ){0,3}[A-Z][\w-]+['’]s? ([a-z][a-z-]+)$", head):
        return "They" if is_several(whose[1]) else f"The {whose[1]}"
    first, *rest = head.split()
    article, counted = first.casefold(), listed("words", "counted")
    aged = bool(rest) and "-year-old" in rest[0]
    if article in ("a", "an", "one") or article in counted or count_words(head) > 5 or aged:
        head = _FROM_SOMEWHERE.sub("", head)
    if article in counted and head[1:].islower() and is_several(head.casefold()):
        return "They"
    if count_words(head) > 5 or article not in ("a", "an", "the", "one"):
        return ""
    if count_words(head) > 3 and rest[-1].islower():
        # "The old primary school teacher" -> "The teacher"
        plain = _FROM_SOMEWHERE.sub("", head).split()
        return f"The {plain[-1] if plain[-1].islower() else ' '.join(plain[1:])}"
    return sub(r"^(?:An?|One) ", "The ", head)


def _is_known_plural(head: str) -> bool:
    """ "Officials", "Local residents"; one word alone may be somebody's surname."""
    found = head.split()
    return len(found) <= 3 and (len(found) > 1 or bare(head) in listed("words", "openers"))


def _first_verb(text: str, words: list[re.Match[str]]) -> re.Match[str] | None:
    """The verb of the subject that opens the sentence."""
    reach = 24 if "," in text[:60] else 14
    verb = next((word for word in words[1:reach] if is_main_verb(word[0])), None)
    # "The bishop refused": a form in "-ed" is the verb where the clause has no other, and where the other is
    # the second of two, "The woman filed a complaint and said".
    if verb is None or text[: verb.start()].endswith((" and ", " but ")):
        # "the accused", "an injured man" are no deeds
        plain = ((before, word) for before, word in pairwise(words[:8]) if is_finite(word[0]))
        return next((word for before, word in plain if bare(before[0]) not in ("the", "a", "an")), verb)
    return verb


_ONE_NAME = Rare(r"(?!The )(?:[A-Z][\w'’.-]+ ){1,4}and $")


def _as_named(name: str, *, before: str) -> str:
    """The name as it is said again; nothing in "farmers of Great Wex", who are not Great Wex."""
    last = bare(before.strip().rpartition(" ")[2])
    if last == "the":
        # "the leader of the House Ann Fox" is not the House
        return f"The {name}" if " " not in before.strip() else ""
    if last == "and":
        # "Ann Fox and Joan Pike" are two, "The Parks and Rivers Agency", "Crime and Justice Minister Ann Fox" are one
        return "They" if _ONE_NAME.match(before) and without_office(name) == name else ""
    return "" if last in listed("words", "prepositions") else without_office(name)


def without_office(name: str) -> str:
    """ "Council Leader Ann Fox" -> "Ann Fox", where two words are left."""
    words = name.split()
    if words[0] == "The":
        # "The US Coast Guard" is a body
        return name
    roles = [
        at
        for at, word in enumerate(words)
        if bare(word) in listed("words", "roles") or (len(word) > 1 and word.isupper())
    ]
    return " ".join(words[roles[-1] + 1 :]) if roles and len(words) - roles[-1] > 2 else name


def is_several(who: str) -> bool:
    """Whether a subject takes "are": "The farmers"; a name may be one firm's, so it is not known."""
    last = who.split()[-1]
    return (
        last.islower() and bare(last).endswith("s") and not bare(last).endswith(("ss", "us", "is"))
    ) or bare(last) in ("people", "men", "women", "children", "police", "they")


_ONE_VERB = frozenset("is was has does isn't wasn't hasn't doesn't".split())
_MANY_VERB = frozenset("are were have do aren't weren't haven't don't".split())


def agrees(who: str, verb: str) -> bool:
    """Whether "The toll were" would be said: then the verb has another subject than was thought."""
    low, first = bare(verb), bare(who)
    if low in _ONE_VERB:
        return not (is_several(who) or first == "they")
    if low not in _MANY_VERB or is_several(who):
        return True
    return who.split()[-1][0].isupper() and who.startswith("The ")


def are_many(who: str, head: str) -> bool:
    """ "The Conservatives have": a name, and its verb tells that there are several."""
    verb = head[len(who) + 1 :].partition(" ")[0]
    return who.startswith("The ") and who.endswith("s") and verb in ("are", "were", "have")

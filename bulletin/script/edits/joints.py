"""What the ways of parting a sentence have in common: where it may be parted, who it is about; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_main_verb,
    is_finite,
    is_main_verb,
    listed,
    says_somebody,
    starts_clause,
)
from bulletin.text import count_words

Halves = tuple[str, str]

JOINING = frozenset("when while if although though as because since after before once until".split())

_OPENERS = ("after", "while", "when", "as", "if", "although", "though", "since", "before", "because")
FEWEST = 6
"""Words in either half; a sentence of five words among long ones sounds cut off."""

NAME_AT_END = re.compile(r"((?:[A-Z][\w'’-]+ ){1,3}[A-Z][\w'’-]+)$")
_NAMED_BODY = re.compile(r"^(?:[A-Z][\w'’-]+ |and ){1,4}(?:[a-z]+ )?([a-z]{4,})$")
"""A body with its place: "Brenford and Wexcombe police", "Leeds city council"."""
_MEANWHILE = re.compile(
    r"(?: (?:on|last|late|early) (?:\w+day|week|month|year)(?: (?:morning|afternoon|evening|night))?| (?:also|later|then|now|still|"
    r"reportedly|already|again|today|tonight|\w{3,}ly))+$"
)
"""What stands between a subject and its verb and is no part of either."""
_TIME_BEFORE = re.compile(
    r"(?:(?:Just|Only|Almost|Nearly|More than|Less than) )?(?:[\w-]+ )?(?:minute|hour|day|week|month|year|decade)s? (?:after|before)\b",
    re.IGNORECASE,
)
"""Opens a sentence, and is none: "A day after two members left the party"."""
_FROM_SOMEWHERE = re.compile(r" (?:from|of|in|at|with|for|on|near) .*$")


def opens_clause(text: str) -> bool:
    """Whether a clause begins here, or after an opening: "the road is shut", "after the rain, the road is shut"."""
    if starts_clause(text):
        return True
    first = bare(text.split(" ", 1)[0])
    known = JOINING | listed("words", "prepositions")
    opening, comma, rest = text.partition(", ")
    return first in known and bool(comma) and len(opening) <= 120 and starts_clause(rest)


def can_part(head: str, tail: str) -> bool:
    if head.count('"') % 2 or count_words(head) < FEWEST or count_words(tail) < FEWEST:
        return False
    if not has_main_verb(head) or is_dependent(head):
        return False
    # What the police said must not become what the station says.
    return not says_somebody(head) or says_somebody(tail[:60])


_HEDGE = re.compile(
    r"\b(?:alleged|allegedly|reportedly|apparently|suspected of|accused of|believed to)\b", re.IGNORECASE
)
_CLAUSE_JOINT = re.compile(
    r", (?:but|and|while|so|yet) (?=(?:the|an?|his|her|its|their|he|she|they|it|[A-Z][\w'’-]+) )"
)


def keeps_doubt(head: str, tail: str) -> bool:
    """Whether what is told after "allegedly" is still only alleged, or was never."""
    return not _HEDGE.search(head) or bool(_HEDGE.search(tail))


def has_two_clauses(head: str) -> bool:
    """ "The purse was empty, but the teacher took heart": whose deed comes next is not the purse's."""
    return bool(_CLAUSE_JOINT.search(head))


def is_dependent(head: str) -> bool:
    """Whether `head` opens or ends with a clause that needs more: "If ...", "both the mayor"."""
    first = bare(WORD.findall(head)[0])
    if "," not in head and (_TIME_BEFORE.match(head) or _is_participle(head)):
        return True
    if first in (
        "if",
        "when",
        "while",
        "although",
        "though",
        "as",
        "because",
        "since",
        "after",
        "before",
        "unless",
    ):
        return "," not in head
    last_clause = head.rsplit(",", 1)[-1]
    return bool(re.match(r"\s*(?:if|when|because|whether|that|which|who)\b", last_clause)) or bool(
        re.search(r"\b(?:both|between|either|neither|whether)\b", last_clause)
    )


def _is_participle(head: str) -> bool:
    """ "Snapped by a friend as he left": the sentence has still to begin."""
    found = WORD.findall(head[:60])
    return (
        len(found) > 1 and bare(found[0]).endswith("ed") and bare(found[1]) in listed("words", "prepositions")
    )


@lru_cache(maxsize=512)
def subject(text: str) -> str:
    """The subject as it is said the second time; nothing when it is not clear what it is."""
    words = list(WORD.finditer(text[:160]))
    verb = _first_verb(text, words)
    if verb is None or _TIME_BEFORE.match(text):
        return ""
    head = _MEANWHILE.sub("", text[: verb.start()].strip())
    first, lower = bare(words[0][0]), head[:1].casefold() + head[1:]
    if (
        "," in head
        or '"' in head
        or first in listed("words", "prepositions")
        or first.endswith(("ing", "ed"))
    ):
        return ""
    if head.islower() is False and head[1:].islower() and is_several(lower) and _is_known_plural(head):
        return "They"
    if first in ("he", "she", "they", "it", "police"):
        return "They" if first == "police" else capitalise(first)
    if name := NAME_AT_END.search(head):
        if named := _as_named(name[1], before=head[: name.start()]):
            return named
        head = _FROM_SOMEWHERE.sub("", head)
    if again := _NAMED_BODY.match(head):
        return "They" if again[1] == "police" else f"The {again[1]}"
    does_more = any(is_finite(word[0]) for word in words if word.start() < verb.start())
    return "" if does_more else _unnamed(head)


def _unnamed(head: str) -> str:
    """ "A man from Wexcombe" -> "The man", "Twelve dancers from Wexcombe" -> "They"."""
    first, *rest = head.split()
    article = first.casefold()
    aged = bool(rest) and "-year-old" in rest[0]
    if article in ("a", "an", "one") or article in _COUNTED or count_words(head) > 5 or aged:
        head = _FROM_SOMEWHERE.sub("", head)
    if article in _COUNTED and head[1:].islower() and is_several(head.casefold()):
        return "They"
    if count_words(head) > 5 or article not in ("a", "an", "the", "one"):
        return ""
    return re.sub(r"^(?:An?|One) ", "The ", head)


_COUNTED = frozenset(
    "two three four five six seven eight nine ten eleven twelve twenty thirty several dozens".split()
)


def _is_known_plural(head: str) -> bool:
    """ "Officials", "Local residents"; one word alone may be somebody's surname."""
    found = head.split()
    return len(found) <= 3 and (len(found) > 1 or bare(head) in listed("words", "openers"))


def _first_verb(text: str, words: list[re.Match[str]]) -> re.Match[str] | None:
    """The verb of the subject that opens the sentence."""
    verb = next((word for word in words[1:12] if is_main_verb(word[0])), None)
    # "The bishop refused": a form in "-ed" is the verb where the clause has no other, and where the other is
    # the second of two, "The woman filed a complaint and said".
    if verb is None or text[: verb.start()].endswith((" and ", " but ")):
        return next((word for word in words[1:8] if is_finite(word[0])), verb)
    return verb


_ONE_NAME = re.compile(r"(?!The )(?:[A-Z][\w'’.-]+ ){1,4}and $")


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


def held_back(thing: str) -> str:
    """ "alleged " of "an alleged arms dealer": who is told of again is still only alleged to be one."""
    doubt = re.search(r"\b(?:alleged|suspected|accused|supposed|would-be) ", thing)
    return doubt[0] if doubt else ""


def mid(subject: str) -> str:
    """A subject in the middle of a sentence."""
    first, space, rest = subject.partition(" ")
    return first.casefold() + space + rest if first in ("The", "He", "She", "They", "It") else subject


def close(head: str) -> str:
    return head.rstrip(",;:- ") + "."


def is_present(head: str) -> bool:
    found = [bare(word) for word in WORD.findall(head)]
    first = next((word for word in found if is_finite(word) and "-" not in word), "")
    return first in ("is", "are", "has", "have", "will", "can", "may", "do", "does") or first in listed(
        "verbs", "present"
    )


def stands(head: str) -> bool:
    """Whether what is left is a sentence: a verb of its own, no opening and no question in it that goes on."""
    first = bare(head.split(" ", 1)[0])
    if "," not in head and (first.endswith(("ing", "ed")) or first in JOINING):
        return False
    return has_main_verb(head) and not is_dependent(head) and not head.rstrip().endswith((" and", " or"))


def inside(text: str) -> str:
    """The same words after "But"."""
    first, space, rest = text.partition(" ")
    known = listed("words", "determiners") | listed("words", "pronouns") | listed("words", "prepositions")
    return first.casefold() + space + rest if bare(first) in known and first != "I" else text


def ends_well(head: str) -> bool:
    found = WORD.findall(head)
    if not found or head.count('"') % 2:
        return False
    last = bare(found[-1])
    small = (
        listed("words", "prepositions")
        | listed("words", "determiners")
        | {"and", "or", "but", "that", "who", "which"}
    )
    return last not in small or last in ("all", "one", "more")


def opens_only(head: str) -> bool:
    """Whether `head` is only an opening such as "After the fire" or "While he was away"."""
    first = bare(WORD.findall(head)[0])
    return "," not in head and (
        first in _OPENERS or first.endswith("ing") or first in listed("words", "prepositions")
    )

"""A headline of print as a clause that is heard: "Two held for theft" -> "Two are held for theft"; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_verb,
    is_finite,
    listed,
    lower_first,
    one_of,
    says_somebody,
)
from bulletin.script.edits.own_words import speaks_of_itself
from bulletin.script.headline_deed import RELATIVE, has_deed, may_be_verb
from bulletin.script.rare import Rare


def say_speaker_first(text: str, *, first_sentence: str) -> str:
    """
    "Ferry will stop, says Pike" -> "Pike says ferry will stop"; unchanged where it is not sure who speaks.

    The story's first sentence tells which words have small letters.
    """
    match = _speaks().match(text)
    if not match or not has_deed(match["told"]):
        return text
    who, verb = match["whose"] or match["who"], (match["said"] or match["says"]).casefold()
    return _join(who.strip(), verb, match["told"], first_sentence) or text


def say_who_says(statement: str, speaker: str, *, first_sentence: str) -> str:
    """
    "Ferry is safe: Council" -> "Council says ferry is safe"; nothing where it is not sure that it is the speaker.

    "A law targets the richest landowner: Fox" tells who is the landowner. So a name must be one that the story's
    first sentence has, with a verb of saying.
    """
    clause = say_verb(statement)
    if clause == statement and not has_verb(clause) and not _may_have_verb(clause):
        return ""
    if _ADDRESSED.search(speaker) or not (_is_voice(speaker) or _speaks_in(speaker, first_sentence)):
        return ""
    several = bare(speaker.split()[-1]) in listed("headlines", "say")
    return _join(speaker, "say" if several else "says", statement, first_sentence)


def _join(who: str, verb: str, told: str, first_sentence: str) -> str:
    """Nothing where `told` is no clause, or the speaker's own words."""
    found = WORD.findall(who)
    if (
        not 0 < len(found) <= 5
        or bare(found[0]) in listed("words", "prepositions")
        or any(map(is_finite, found))
    ):
        return ""
    clause = say_verb(told)
    first = bare(clause.split(" ", 1)[0])
    if (
        speaks_of_itself(told)
        or is_finite(first)
        or first.endswith("ing")
        or first
        in _infinitives() | listed("words", "prepositions") | RELATIVE | listed("headlines", "joints")
    ):
        return ""
    small = frozenset(re.findall(r"\b[a-z'’]+\b", first_sentence))
    return f"{capitalise(who)} {verb} {lower_first(clause, small=small)}"


def _may_have_verb(clause: str) -> bool:
    found = WORD.findall(clause)
    return any(may_be_verb(*three) for three in zip(found, found[1:], found[2:], strict=False))


@lru_cache(maxsize=1)
def _speaks() -> Rare:
    says = one_of("headlines", "says")
    return Rare(
        rf"^(?P<told>[^,:;]+), (?:(?P<whose>[^,:;!]+?) (?P<said>{says})|(?P<says>{says}) (?P<who>[^,:;!]+))$",
        re.IGNORECASE,
    )


_ADDRESSED = Rare(r"\b(?:to|on|at|after|in|of|for|as|before|over|with)\b|[\d,;!]", re.IGNORECASE)
""" "Court to council", "Fox on her fall": not only who says it."""


def _is_voice(speaker: str) -> bool:
    """A study, a court, an office: what can be nothing but the speaker after a colon."""
    last = bare(speaker.split()[-1])
    return any(last in listed("words", name) for name in ("roles", "bodies", "voices"))


def _speaks_in(speaker: str, sentence: str) -> bool:
    last = speaker.split()[-1]
    return bool(re.search(rf"\b{re.escape(last)}\b", sentence)) and says_somebody(sentence)


def say_verb(text: str) -> str:
    """
    "Two held for theft" -> "Two are held for theft", "Wexcombe to lose ferry" -> "Wexcombe is to lose ferry".

    Only where no other verb may be the headline's, and where it is sure whether one or several are told of.
    """
    match = _participle().match(text) or _state().match(text) or _TO.match(text)
    if (
        not match
        or not _is_subject(match["who"])
        or not _only_adds(match["rest"], is_done="to" not in match.groupdict())
    ):
        return text
    if "to" in match.groupdict() and not _is_planned(match["who"], match["verb"]):
        return text
    if "," in match["who"] and "," in match["rest"]:
        return text
    if "state" in match.groupdict() and not _is_in_state(match["who"], match["state"], match["rest"]):
        return text
    if _ONE_AND_OTHER.search(match["who"]) or _HELD_TO.match(text[match.start("deed") :]):
        return text
    if match["who"] in _SAYS_HERE:
        # "Said to resign": a name perhaps, or what is said of somebody
        return text
    # "Fox, captain since May, held" is one
    verb = _is_or_are(match["who"].partition(",")[0] if match["mark"] else match["who"])
    return f"{match['who']}{match['mark']} {verb} {text[match.start('deed') :]}" if verb else text


_THING = Rare(r"(?:The|An?) ")
"""With an article, what comes after "to" is as likely what the thing is for: "The race to sell jets"."""


@lru_cache(maxsize=1)
def _participle() -> Rare:
    after = rf"$|, | (?:{one_of('words', 'prepositions')}|out|off|outside|inside|via|till|due to|ahead|near|dead|alive|safe|guilty|aged|twice|online|again)\b"
    wished = rf"(?:{one_of('headlines', 'wished')})(?= to\b| dead\b)"
    return Rare(
        rf"^(?P<who>[^:;]+?)(?P<mark>,?) (?P<deed>{one_of('verbs', 'suffered')}|{wished})(?P<rest>(?={after}).*)$",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _state() -> Rare:
    """What somebody is without a verb: "Ferryman on trial for theft", "Seven dead in crash"."""
    state = rf"{one_of('headlines', 'states_told')}|under (?:\w+ )?(?:{one_of('headlines', 'under_told')})"
    return Rare(
        rf"^(?P<who>[^:;]+?)(?P<mark>,?) (?P<deed>(?P<state>{state})\b)"
        rf"(?P<rest>(?=$| (?:{one_of('words', 'prepositions')})\b).*)$",
        re.IGNORECASE,
    )


_HELD_TO = Rare(r"held to (?!ransom|account)", re.IGNORECASE)
""" "Town held to draw" are not kept anywhere."""
_SAYS_HERE = frozenset({"Said", "Told"})
_ONE_AND_OTHER = Rare(r"\b(?:dead|missing|alive|safe), ")
""" "Two dead, one hurt": how many are hurt is told last."""
_SINCE = Rare(r"\b(?:after|before|since) ")


def _is_in_state(who: str, state: str, rest: str) -> bool:
    """
    Not where the word before may be a verb, "go on trial", nor "war dead": only so many, or one, are dead.

    Nor where the headline's verb may stand behind "after": "drug on trial after delays gets approval".
    """
    if not _only_adds(_SINCE.sub("with ", rest), is_done=True):
        return False
    last = bare(who.split()[-1])
    if last in _infinitives() or last.endswith(("ed", "ing")):
        return False
    first = bare(who.split()[0])
    return state.casefold() != "dead" or first in ("one", "man", "woman") or bool(_many().match(who))


_TO = Rare(r"^(?P<who>[^:;]+?)(?P<mark>,?) (?P<deed>(?P<to>to) (?P<verb>\w+)\b)(?P<rest>.*)$")


def _is_planned(who: str, verb: str) -> bool:
    """Whether "to" tells what is to come, and not what "a plan" or "the right" is for."""
    low, last = bare(verb), bare(who.split()[-1])
    if _THING.match(who) or (
        last in listed("words", "takes_to") and last not in ("man", "woman", "people", "person")
    ):
        return False
    return low == "be" or low in _infinitives()


@lru_cache(maxsize=1)
def _infinitives() -> frozenset[str]:
    return listed("verbs", "plain") | listed("verbs", "purposes") | listed("verbs", "planned")


def _is_subject(who: str) -> bool:
    """Whether the words before the verb are only who or what it is told of."""
    found = WORD.findall(_AT_LEAST.sub("", who))
    no_first = listed("words", "prepositions") | RELATIVE | listed("headlines", "joints")
    if not 0 < len(found) <= 9 or bare(found[0]) in no_first:
        return False
    if bare(found[-1]) in listed("words", "prepositions") | listed("headlines", "before_to"):
        return False
    others = RELATIVE | {"that", "to", "not", "how", "why", "what", "if", "when", "as", "after", "before"}
    return not any(
        bare(word) in others
        or is_finite(word)
        or may_be_verb(before, word, after)
        or (bare(word).endswith("ing") and word.islower())
        for before, word, after in zip(found, found[1:], (*found[2:], ""), strict=False)
    )


_AT_LEAST = Rare(r"^(?:At least|Up to|(?:Over|About|Around|Under|Near) (?=[\d£$€]|Rs)) ?", re.IGNORECASE)


def _only_adds(rest: str, *, is_done: bool) -> bool:
    """
    Whether nothing after the verb may be the headline's own verb: "man caught speeding kisses policeman".

    After what is done, not what is to come, a form in "-ing" may be it as well: "woman forced to wait suing airline".
    """
    found = WORD.findall(_SUBORDINATE.split(rest)[0])
    known = frozenset().union(
        *(listed("verbs", name) for name in ("present", "auxiliary", "suffered", "plain"))
    ) - listed("headlines", "nouns_too")
    return not any(
        (bare(word) in known and word != "May" and bare(before) not in ("be", "to"))
        or may_be_verb(before, word, after)
        or (
            is_done
            and bare(word).endswith("ing")
            and bare(before) not in listed("words", "prepositions")
            and word.islower()
        )
        for before, word, after in zip(("", *found), found, (*found[1:], ""), strict=False)
    )


_SUBORDINATE = Rare(r"\b(?:who|which|that|as|after|because|when|while|before|if|until|since)\b")


def _is_or_are(who: str) -> str:
    """Nothing where it is not sure: a name in "-s" may be one's, "Wells" or "Rivers"."""
    if _MONEY.match(who):
        return "is"
    if ", " in who:
        return "are"
    head = re.split(rf" (?:{one_of('words', 'prepositions')}|worth)\b", who, maxsplit=1)[0]
    found = head.split()
    first, last = bare(found[0]), bare(found[-1])
    if " and " in head or " & " in head or _many().match(who):
        return "are"
    if first in ("one", "a", "an", "another", "1"):
        return "is"
    if last in listed("headlines", "several"):
        return "are"
    if not last.endswith("s") or last.endswith(("ss", "us", "is")):
        return "is"
    if found[-1].isupper():
        # "GPS" is one, "MPs" are several
        return "is"
    return "are" if found[-1].islower() or found[-1][:-1].isupper() else ""


_MONEY = Rare(r"(?:(?:Over|Nearly|About|Around|Almost|At least|More than) )?(?:Rs|[£$€])\.? ?\d")


@lru_cache(maxsize=1)
def _many() -> Rare:
    about = r"(?:(?:Over|Nearly|About|Around|Almost|At least|More than|Up to) )?"
    figure = r"(?!1\b|(?:19|20)\d\d\b)\d[\d,]*"
    return Rare(rf"{about}(?:{figure}|{one_of('headlines', 'counts')}|\w+teen)(?= |$)", re.IGNORECASE)

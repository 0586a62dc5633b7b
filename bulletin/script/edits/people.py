"""People: age and office before the name, full names at the first mention."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from bulletin.script.edits.grammar import (
    NAME,
    WORD,
    bare,
    capitalise,
    has_verb,
    is_finite,
    listed,
    one_of,
)
from bulletin.script.rare import Rare, sub

_FULL_NAME = (
    r"(?:[A-Z]\.? [A-Z][\w'’-]+"
    r"|[A-Z][\w'’-]+(?: [A-Z]\.)?(?: (?:de|van|von|bin|al|der|la|di))?(?: [A-Z][\w'’-]+){1,4})"
)
_AGED = Rare(
    rf"(?P<lead>, |^|\b)(?P<name>{_FULL_NAME}), (?:aged |who is )?(?P<age>\d{{1,2}})(?P<end>, |\.$| and )"
)
_AGED_SURNAME = Rare(
    r"^(?P<name>[A-Z][a-z][\w'’-]+), (?P<age>[1-9]\d),? (?=(?:is|was|has|had|will|said|says|finished|died|won|told|\w{3,}ed)\b)"
)
"""Somebody known, by the surname alone, and the comma after the age is left out as often as not."""
_AGED_APPOSED = Rare(
    rf"(?<=, )(?P<role>[a-z]{{2,}}(?:er|or|ist|ian|man|woman|ess|ant|ent)) (?P<name>{_FULL_NAME}), (?:aged )?(?P<age>\d{{1,2}})(?=,)"
)
""" "her sister, actor Joan Pike, 42," """
_OPEN_ASIDE = Rare(r", (?:identified|named|known|described|introduced)\b[^,]*$")
"""An aside that the comma after the age closes: "the driver, named as Joan Pike, 42, was"."""
_ROLE_BEFORE = Rare(r"\b([a-z][\w'’-]*) $")
_NAME_GOES_BEFORE = Rare(r"\b(?!(?:Mr|Mrs|Ms|Miss|Dr|Sir|And|But|The|When|As|While|After) )[A-Z][\w'’-]+ $")
"""A name longer than was thought, or an office in front of it."""


def put_age_first(text: str, *, spell: Callable[[int], str], small: frozenset[str] = frozenset()) -> str:
    """
    "Joan Pike, 54, said" -> "54-year-old Joan Pike said"; written out where it opens the sentence.

    A comma stays where one opened the name ("the driver, 54-year-old Joan Pike, was"), and opens it after a
    word for the person. `small` are words that are no names: "Owner Joan Pike, 54," is an owner.
    """

    def move(match: re.Match[str]) -> str:
        if bare(match["name"].split()[0]) in listed("words", "not_names"):
            return match[0]
        before = text[: match.start("name")]
        if _NAME_GOES_BEFORE.search(before):
            return match[0]
        role = _ROLE_BEFORE.search(before)
        may_come = listed("people", "before_aged") | listed("words", "prepositions")
        is_deed = role is not None and before[: role.start()].endswith("to ")
        if role and not is_deed and bare(role[1]) not in may_come and not is_finite(role[1]):
            return (
                f", {match['age']}-year-old {match['name']}{match['end']}"
                if match["end"] != " and "
                else match[0]
            )
        rest = text[match.end() :]
        following = WORD.match(rest)
        joins = match["end"] == ", " and match["lead"] != ", " and following and is_finite(following[0])
        joins = joins and not _OPEN_ASIDE.search(before)
        age = spell(int(match["age"])) if match.start() == 0 else match["age"]
        name = _small_role(match["name"], small) if match.start() == 0 else match["name"]
        aged = f"{age if match.start() else capitalise(age)}-year-old {name}"
        joins = joins or rest.startswith("and ")
        return f"{match['lead']}{aged}{' ' if joins else match['end']}"

    text = _AGED_APPOSED.sub(r"\g<age>-year-old \g<role> \g<name>", text)
    text = _AGED_SURNAME.sub(
        lambda match: f"{capitalise(spell(int(match['age'])))}-year-old {match['name']} ", text
    )
    text = _aged_noun().sub(_put_age_before_noun, _aged_relative().sub(_put_age_before_role, text))
    return sub(r" , ", ", ", _AGED.sub(move, text))


def _small_role(name: str, small: frozenset[str]) -> str:
    """ "Owner Joan Pike" -> "owner Joan Pike": it had its capital from the sentence that it opened."""
    first, _, rest = name.partition(" ")
    return f"{first.casefold()} {rest}" if bare(first) in listed("words", "roles") | small else name


def put_office_first(text: str) -> str:
    """ "Joan Pike, the leader of the council, said" -> "The leader of the council, Joan Pike, said"."""
    match = _office().match(text)
    if not match:
        return text
    name, office, rest = match["name"], match["office"], match["rest"]
    following = WORD.match(rest)
    if (
        has_verb(office)
        or not following
        or not is_finite(following[0])
        or bare(name.split()[0]) in listed("words", "not_names")
    ):
        return text
    return f"{office[:1].upper()}{office[1:]}, {name}, {rest}"


def give_full_names(text: str, *, source: str, told: str) -> str:
    """The first time that somebody is mentioned by title and surname: the full name the article uses."""
    text = _full_first_word(text, source, told)
    for match in _titled().finditer(text):
        surname = match[2]
        if re.search(rf"\b[A-Z][\w'’-]+ {re.escape(surname)}\b", told + text[: match.start()]):
            continue
        full = _full_name(surname, source)
        if full:
            return text[: match.start()] + full + text[match.end() :]
    return _full_rank(_full_after_role(text, source, told), source, told)


def _full_after_role(text: str, source: str, told: str) -> str:
    """ "Wexcombe singer Fox believes" -> "Wexcombe singer Ann Fox believes", where the article has one such name."""
    match = _ROLE_AND_SURNAME.match(text)
    if not match or bare(match["role"]) not in listed("words", "roles") | listed("people", "anybody"):
        return text
    surname = match["surname"]
    firsts = {
        first
        for first in re.findall(rf"\b([A-Z][a-z][\w'’-]+) {re.escape(surname)}\b", source)
        if bare(first)
        not in listed("words", "not_names") | listed("words", "titles") | listed("words", "roles")
        and not re.search(rf"\b{re.escape(first.casefold())}\b", source)
    }
    if len(firsts) != 1 or surname in told:
        return text
    return f"{text[: match.start('surname')]}{firsts.pop()} {text[match.start('surname') :]}"


_ROLE_AND_SURNAME = Rare(
    r"(?:(?:The |An? )?(?:[A-Z][\w'’-]+ ){0,2}|The |An? )(?P<role>[a-z]{3,}) (?P<surname>[A-Z][a-z][\w-]+)(?= [a-z])"
)


def _full_rank(text: str, source: str, told: str) -> str:
    """ "Private Tom" -> "Private Tom Hale", where the article says so and nobody has told it yet."""
    match = _ranked().search(text)
    if not match or re.search(rf"\b{re.escape(match[2])} [A-Z]", told):
        return text
    full = re.search(
        rf"\b{match[1]} (?:{re.escape(match[2])} [A-Z][\w'’-]+|[A-Z][\w'’-]+ {re.escape(match[2])})\b", source
    )
    return text[: match.start()] + full[0] + text[match.end() :] if full else text


def _full_first_word(text: str, source: str, told: str) -> str:
    """ "Fox told reporters" -> "Ann Fox told reporters", where nobody has mentioned her and the article has."""
    match = re.match(r"([A-Z][a-z][\w-]+)(?='s\b|' | )", text)
    following = WORD.findall(text[match.end() : match.end() + 60]) if match else []
    if (
        not match
        or (bare(match[1]) in listed("words", "openers") and re.search(rf"\b{match[1].casefold()}\b", source))
        or match[1] in told
        or not following
        or not (is_finite(following[0]) or following[0] == "s" or text[match.end() : match.end() + 1] == "'")
    ):
        return text
    place = source.find(match[1])
    intro = re.search(r"(?<!['‘\"“])\b([A-Z][a-z][\w'-]*\w )$", source[max(0, place - 30) : place])
    if (
        not intro
        or re.search(rf"\b{re.escape(intro[1].casefold())}", source)
        or bare(intro[1]) in listed("words", "not_names")
        or bare(intro[1]) in listed("words", "titles")
    ):
        return text
    name = intro[1] + text
    return (
        f"{capitalise(office)} {name}" if (office := _office_before(place - len(intro[1]), source)) else name
    )


def _office_before(place: int, source: str) -> str:
    """ "former landlady" where the article has "by the former landlady Ann Fox"; nothing that makes her somebody's wife."""
    found = _OFFICE_BEFORE.search(source[max(0, place - 40) : place])
    known = listed("words", "roles") - listed("people", "kin")
    return found["office"] if found and found["role"] in known else ""


_OFFICE_BEFORE = Rare(
    r"(?:^|[,.] |\b(?:the|current|and|by|to|with|that|when|while|but|said|says|as) )"
    r"(?P<office>(?:(?:former|acting|deputy|assistant|senior|vice|chief|shadow) )?(?P<role>[a-z]{3,})) $"
)


@lru_cache(maxsize=1)
def _titled() -> Rare:
    return Rare(rf"\b({one_of('people', 'titled')})\.? ([A-Z][\w'’-]+)")


@lru_cache(maxsize=1)
def _ranked() -> Rare:
    """With a rank, the first name alone may stand in for somebody the article names in full."""
    return Rare(rf"\b({one_of('people', 'ranks')}) ([A-Z][\w'’-]+)(?! [A-Z])")


def people_in(text: str) -> set[str]:
    """Full or titled names of people who do or say something in a sentence; places and firms are not told apart."""
    found: set[str] = set()
    for match in _titled().finditer(text):
        found.add(f"{match[1]} {match[2]}")
    for match in re.finditer(rf"\b({NAME})", text):
        name = match[1]
        parts = name.split()
        if len(parts) < 2 or bare(parts[0]) in listed("words", "titles"):
            continue
        if bare(parts[0]) in listed("words", "not_names"):
            parts = parts[1:]
        if len(parts) >= 2:
            found.add(" ".join(parts))
    return found


def _put_age_before_noun(match: re.Match[str]) -> str:
    """ "the victim, 26, was driving" -> "the 26-year-old victim was driving"; a couple has two ages."""
    if match["who"].endswith("couple") or re.search(r"\d", match["who"]):
        return match[0]
    following = WORD.match(match.string, match.end())
    is_told_of = following is not None and not is_finite(following[0])
    end = match["end"] if match["end"] != ", " or is_told_of else " "
    return f"{_article(match['whose'], match['age'])} {match['age']}-year-old {match['who']}{end}"


def _article(article: str, age: str) -> str:
    """ "a" or "an" before an age."""
    if article.casefold() not in ("a", "an"):
        return article
    vowel = age.startswith("8") or age in ("11", "18")
    return article[0] + ("n" if vowel else "")


def _put_age_before_role(match: re.Match[str]) -> str:
    """ "his wife Ann Fox, 36," -> "his 36-year-old wife Ann Fox,"."""
    article = _article(match["whose"], match["age"])
    following = WORD.match(match.string, match.end())
    # the comma belonged to the age; only what is told of the person needs one
    told_of = following and bare(following[0]) in (
        "who",
        "whose",
        "whom",
        "which",
        "a",
        "an",
        "the",
        "of",
        "from",
    )
    end = match["end"] if told_of or match["end"] != ", " else " "
    return f"{article} {match['age']}-year-old {match['role']} {match['name']}{end}"


@lru_cache(maxsize=1)
def _aged_noun() -> Rare:
    small = r"(?!of |in |to |at |on |by |and |for |from |with |an? |the |another )"
    return Rare(
        rf"\b(?P<whose>[Tt]he|[Aa]n?|[Aa]nother|[Hh]is|[Hh]er|[Tt]heir) (?P<who>(?:{small}[\w'’-]+ ){{0,3}}?(?:{one_of('people', 'aged')})), "
        r"(?:(?:who is |was )?aged |who is )?(?P<age>\d{1,2})(?P<end>, |\.$)"
    )


@lru_cache(maxsize=1)
def _aged_relative() -> Rare:
    return Rare(
        rf"\b(?P<whose>(?i:his|her|their|its|the|an?)) (?P<role>{one_of('words', 'roles')}) "
        rf"(?P<name>{NAME}), (?:aged )?(?P<age>\d{{1,2}})(?P<end>, |\.$)"
    )


@lru_cache(maxsize=1)
def _office() -> Rare:
    roles = one_of("words", "roles")
    plain = (
        rf"(?:the|his|her|its|their) (?:[^,;\"]{{0,50}} )?(?:{roles})\b[^,;\"]{{0,50}}|an? [^,;\"]{{4,60}}"
    )
    return Rare(rf"^(?P<name>{_FULL_NAME}), (?P<office>{plain}), (?P<rest>.+)$")


def _full_name(surname: str, source: str) -> str:
    pattern = rf"\b([A-Z][\w'’-]+(?: (?:de|van|von|bin|al|der|la|di|[A-Z]\.))?) {re.escape(surname)}\b"
    for match in re.finditer(pattern, source):
        first = bare(match[1].split()[0])
        if first not in listed("words", "not_names") and first not in listed("words", "titles"):
            return match[0]
    return ""

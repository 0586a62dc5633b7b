"""Whether somebody is "he" or "she": by title, word, first name, or as the article says; nothing where it is not sure."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from bulletin.script.edits.grammar import WORD, bare, listed, one_of
from bulletin.script.edits.people import people_in
from bulletin.script.edits.subjects import without_office
from bulletin.script.given import given_names
from bulletin.script.rare import Rare
from bulletin.text import split_sentences

HE = Rare(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
SHE = Rare(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_NEAR = 40
"""Characters before a name in which a word such as "actress" is about that name."""
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")
_POSSESSIVE = re.compile(r"['’]s?$")
_CAPITAL = re.compile(r"\b[A-Z][\w'’-]+")
_UNNAMED = Rare(
    r"^(?:(?:[Ss]aid|[Ss]ays|[Aa]dds|[Aa]dded) )?[Tt]he (?P<who>[a-z\d][\w-]*(?: [a-z\d][\w-]*){0,3})"
)


def sex_of(name: str, source: str) -> str:
    """ "He", "She", or nothing where neither title, word nor first name tells, or where they disagree."""
    surname = name.split()[-1]
    told: set[str] = set()
    for match in re.finditer(rf"\b(?=(\w+)\.? (?:[A-Z][\w'’-]+ )?{re.escape(surname)}\b)", source):
        told |= _sexes(match[1])
    for match in re.finditer(re.escape(name), source):
        near = re.split(r"[,.;:]", source[max(0, match.start() - _NEAR) : match.start()])[-1]
        told |= _sexes(" ".join(near.split()[-2:]))
    first = name.split()[0]
    told |= _sexes(first) | {sex for sex, names in given_names().items() if bare(first) in names}
    return told.pop() if len(told) == 1 else ""


def sex_of_speaker(who: str, source: str) -> str:
    """
    "He" or "She" for whoever "said Ann Fox", "Fox told reporters" names; nothing where it is not sure.

    A name that tells nothing is of the sex of the pronouns that the article has for it, or of the article's only
    ones, if it is the article's main person. "The father told a court" needs no name.
    """
    who = re.split(r",| told ", who.strip(), maxsplit=1)[0]
    names = set(map(_plain, people_in(who))) or _named_short(who, source)
    known = {sex_of(name, source) for name in names} - {""}
    if known:
        return known.pop() if len(known) == 1 else ""
    if not names:
        return _sex_of_unnamed(who)
    if len(names) > 1:
        return ""
    name = min(names)
    return _called(name, source) or (_only_sex(source) if name == _main_person(source) else "")


def _sex_of_unnamed(who: str) -> str:
    """Of "the father", "said the 30-year-old widow"; not of "the friend of his wife"."""
    match = _UNNAMED.match(who)
    words = (
        re.split(rf" (?:{one_of('words', 'prepositions')}|who|said|says)\b", match["who"])[0] if match else ""
    )
    told = _sexes(words)
    return told.pop() if len(told) == 1 else ""


@lru_cache(maxsize=64)
def _called(name: str, source: str) -> str:
    """
    "He" where the article says so of him: "Fox sold his boat. He left."; nothing where it ever says anything else.

    Only sentences count that open with the name and name nobody else; one such is enough where the article has no
    pronoun of the other sex.
    """
    sentences = _own_sentences(source)
    own = {name.split()[0], name.split()[-1]}
    others = {word for one in _persons(source) for word in one.split()} - set(name.split())
    found: list[str] = []
    for text, following in zip(sentences, (*sentences[1:], ""), strict=False):
        words = WORD.findall(text)
        at = next((spot for spot, word in enumerate(words[:8]) if _POSSESSIVE.sub("", word) in own), -1)
        if at < 0 or others & set(words):
            continue
        told = " ".join(words[at:])
        he, she = bool(HE.search(told)), bool(SHE.search(told))
        found += ["He"] * (he and not she) + ["She"] * (she and not he)
        found += [one for one in ("He", "She") if following.startswith(f"{one} ")]
    if not found or len(set(found)) > 1:
        return ""
    return found[0] if len(found) > 1 or found[0] == _only_sex(source, least=1) else ""


@lru_cache(maxsize=4)
def _own_sentences(source: str) -> tuple[str, ...]:
    """What the article says in its own words."""
    return split_sentences(_QUOTED.sub(" ", source))


def _named_short(text: str, source: str) -> set[str]:
    """The names, as full as the article has them, of people whom `text` names by one word: "Fox", "Ann"."""
    short = {word for word in _CAPITAL.findall(text) if len(word) > 2}
    return {name for name in _persons(source) if {name.split()[0], name.split()[-1]} & short}


@lru_cache(maxsize=16)
def _persons(source: str) -> frozenset[str]:
    """All full names, without the office before them, and who speaks by one name."""
    found = set(map(_plain, people_in(source)))
    of_surname: dict[str, set[str]] = {}
    for name in found:
        of_surname.setdefault(name.rpartition(" ")[2], set()).add(name)
    # "Wexcombe Skipper Ann Fox" is "Ann Fox" as well
    full = {
        name
        for same in of_surname.values()
        for name in same
        if not any(name != one and name.endswith(f" {one}") for one in same)
    }
    known = {word for name in full for word in name.split()}
    return frozenset(full | (_speakers(source) - known))


@lru_cache(maxsize=16)
def people_words(source: str) -> frozenset[str]:
    """Every word of a name that somebody in the article may have, firms' and places' with them."""
    return frozenset(word for name in _persons(source) for word in name.split())


def _plain(name: str) -> str:
    """ "Mayor Ann Fox's" -> "Ann Fox"."""
    return without_office(_POSSESSIVE.sub("", name))


@lru_cache(maxsize=16)
def _speakers(source: str) -> frozenset[str]:
    """Who speaks by one name: "says Ann.", "Fox told reporters"."""
    pattern = r"(?:said|says|adds|added) ([A-Z][a-z]{2,})(?=[.,;])|(?<![\w'’] )\b([A-Z][a-z]{2,}) (?:said|says|adds|added|told)\b"
    found = {one or other for one, other in re.findall(pattern, source)}
    return frozenset(
        word for word in found if bare(word) not in listed("words", "not_names") | listed("words", "openers")
    )


@lru_cache(maxsize=16)
def _main_person(source: str) -> str:
    """Who speaks or acts, and stands there more than once and more often than anybody else who does."""
    acting = _speakers_and_doers(source)
    named = Counter(_POSSESSIVE.sub("", word) for word in _CAPITAL.findall(source))
    counted = sorted(
        (max(named[name.split()[0]], named[name.split()[-1]]), name)
        for name in _persons(source)
        if {name.split()[0], name.split()[-1]} & acting
    )
    if not counted or counted[-1][0] < 2 or (len(counted) > 1 and counted[-2][0] == counted[-1][0]):
        return ""
    return counted[-1][1]


def _speakers_and_doers(source: str) -> set[str]:
    """Names before or after a verb of saying: towns and cups say nothing."""
    saying = one_of("verbs", "saying")
    found = re.findall(
        rf"\b([A-Z][\w'’-]+) (?:had |has |also )?(?:{saying})\b|\b(?:{saying}) (?:[A-Z][\w'’-]+ ){{0,2}}([A-Z][\w'’-]+)",
        source,
    )
    return {one or other for one, other in found}


@lru_cache(maxsize=16)
def _only_sex(source: str, *, least: int = 2) -> str:
    """
    The sex of all "he" and "she" outside quotations, when there are `least` and none of the other.

    Nothing where they may stand for "a woman", "the father", and so for nobody with a name.
    """
    plain = _QUOTED.sub(" ", source)
    he, she = len(HE.findall(plain)), len(SHE.findall(plain))
    if min(he, she) or max(he, she) < least or _sexed("He" if he else "She").search(plain):
        return ""
    return "He" if he else "She"


def sexes_in(text: str) -> set[str]:
    """ "He", "She", both or neither, of whoever a text names: by title, word or first name."""
    given = {
        sex
        for sex, names in given_names().items()
        if any(bare(word) in names for word in _CAPITAL.findall(text))
    }
    return _sexes(text) | given


def _sexes(words: str) -> set[str]:
    return ({"He"} if _sexed("He").search(words) else set()) | (
        {"She"} if _sexed("She").search(words) else set()
    )


@lru_cache(maxsize=2)
def _sexed(sex: str) -> Rare:
    """A title, or a word in any letters."""
    titles, nouns = {"He": ("male_titles", "male"), "She": ("female_titles", "female")}[sex]
    return Rare(rf"\b(?:{one_of('people', titles)}|(?i:{one_of('people', nouns)}))\b")

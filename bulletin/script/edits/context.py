"""What was told before: whether a sentence leans on it, and what it need not say in full again; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from bulletin.script.edits.grammar import NAME, bare, has_verb, listed, one_of
from bulletin.script.edits.people import people_in
from bulletin.script.edits.sexes import sex_of
from bulletin.script.given import given_names
from bulletin.script.rare import Rare, sub
from bulletin.text import words

_LATER = Rare(
    r"^(?:(?:More|Less|Fewer) than |Nearly |Almost |About |Only |Just )?(?:an?|one|two|three|four|five|six|seven|eight|nine|"
    r"ten|several|some|\d{1,3}|\w+) (?:moment|minute|hour|day|week|month|year|decade|centur)(?:s|y|ies)? (?:later|earlier)\b",
    re.IGNORECASE,
)
_AGED = Rare(r"^(?:The|According to the|But the) \d{1,2}-year-old\b")
_OTHERS = Rare(r"^(?:Other|Another|Others|Also|Too|Not everyone|Yes|No,)\b")
_ALSO = Rare(r"^(?:\S+ ){0,7}also\b")
_EXPLAINED = Rare(
    rf"(?P<name>{NAME}(?: (?:of|for|and|on|the|&) {NAME}){{0,3}}) \((?P<letters>[A-Z]{{3,6}})\)"
)
_THESE = Rare(r"\b(?:[Tt]hese|[Tt]hose|[Ss]uch|[Tt]his) [\"“'‘]?(?P<noun>[a-z]{3,})")
_HEAD = Rare(r"^(?:But|And|So|Yet|Or|Nor|Suddenly|Soon|Eventually|Finally|Then|When (?:no|every)-?one)\b")


def leans_back(text: str) -> bool:
    """Whether a sentence speaks of somebody or something as known: "A year later", "The 30-year-old", "Others"."""
    return bool(_LATER.match(text) or _AGED.match(text) or _OTHERS.match(text))


def names_untold(text: str, *, told: str, is_first: bool = False) -> bool:
    """
    Whether "these boards" stands in a sentence of which nobody has heard a board.

    What comes after a clause of its own may be explained by it, above all in an article's first sentence:
    "fired a rocket, the fourth such test"; "those held in the camp" are explained by what follows.
    """
    if _THE_TWO.search(text) and not _SOME_TWO.search(told):
        return True
    for match in _THESE.finditer(text):
        noun = match["noun"].removesuffix("s")
        opens = text[: match.start()].casefold()
        if match["noun"].endswith(("ed", "ing")) or (
            is_first and noun != "one" and has_verb(opens, within=40)
        ):
            continue
        if noun in listed("words", "times") or noun in _no_things():
            continue
        if noun not in told.casefold() and noun not in opens:
            return True
    return False


def introduce(text: str) -> str:
    """ "these barrel jellyfish" -> "barrel jellyfish": in what is heard first nothing has been named yet."""
    return _UNNAMED_YET.sub(lambda match: match[0] if _is_said_which(match) else "", text)


_UNNAMED_YET = Rare(r"\b(?:these|those) (?=(?:[a-z-]+ )?[a-z-]{3,}\b)(?=(?P<next>\w*))")


def _is_said_which(match: re.Match[str]) -> bool:
    """ "those who", "these living there", "all these", "one of these": the words beside it say which are meant."""
    after = match["next"]
    if after in listed("words", "says_which") or re.fullmatch(r"\w+(?:ed|ing)", after):
        return True
    *_, first, last = ("", "", *match.string[: match.start()].split())
    is_all = last.lstrip("\"'“‘(") in listed("words", "before_these")
    return is_all or (last == "of" and bare(first) in listed("words", "shares"))


_THE_TWO = Rare(
    r"\b[Tt]he (?:two|pair|duo|trio) (?:is|are|was|were|has|had|have|can|cannot|could|will|would|should|must|may|to|said|did)\b"
)
_SOME_TWO = Rare(
    r"\b(?:two|both|pair|couple|duo|trio|three|men|women|boys|girls|brothers|sisters|[A-Z]\w+ and [A-Z]\w+)\b"
)
"""Whoever "the two" may be."""


@lru_cache(maxsize=1)
def _no_things() -> frozenset[str]:
    return listed("words", "prepositions") | listed("words", "not_things")


def speaker_untold(text: str, *, told: str, source: str) -> bool:
    """Whether "Fox said" tells of somebody whom the article has introduced and nobody has heard of."""
    match = _surname_says().match(text)
    if not match or match["name"] in told or bare(match["name"]) in listed("words", "not_names"):
        return False
    name = re.escape(match["name"])
    if re.search(rf"\b{name.casefold()}\b", source):
        return False
    known = frozenset().union(*given_names().values()) | listed("words", "titles")
    return any(bare(first) in known for first in re.findall(rf"\b([A-Z][\w.'’-]+) {name}\b", source))


@lru_cache(maxsize=1)
def _surname_says() -> Rare:
    return Rare(rf"(?P<name>[A-Z][a-z][\w'’-]+) (?:also )?(?:{one_of('saying', 'surname_says')})\b")


def say_it(text: str, *, before: str) -> str:
    """
    "The Wex Valley Railway is old." after a sentence that begins so too -> "It is old."

    Only of a thing with its article: a name alone may be somebody's, and one in "-s" may be several.
    """
    match = _AGAIN.match(text)
    return f"It {text[match.end() :]}" if match and before.startswith(match[0]) else text


def say_he(text: str, *, before: str, source: str) -> str:
    """
    "Fox paid." after "Fox came." -> "She paid.", where the article tells which; both are of one printed sentence.

    Not where the sentence before names somebody else as well.
    """
    match = _NAMED.match(text)
    if match and bare(match["name"].split()[0]) in listed("words", "not_names"):
        return text
    opening = re.match(rf"(?P<before>.{{0,60}}?\b){re.escape(match['name'])}\b", before) if match else None
    if not match or not opening or has_verb(opening["before"]) or "," in opening["before"]:
        return text
    name = match["name"]
    others = {one for one in people_in(before) if one.split()[-1] != name.split()[-1]}
    return text if others else f"{sex_of(name, source) or name}{text[match.end() :]}"


_NAMED = Rare(r"(?:The \d{1,2}-year-old )?(?P<name>(?:[A-Z][\w'’-]+ ){0,2}[A-Z][\w'’-]+)(?= [a-z])")


_AGAIN = Rare(
    r"The (?:[A-Z][\w'’-]+ ){2,5}(?<!s )(?=(?:is|was|has|said|says|also|contains|includes|lies|stands)\b)"
)


def is_no_lead(text: str, *, printed: str, place: int) -> bool:
    """
    Whether a sentence further down the article, `place`, cannot open a story.

    What came before it could not be read, and "But", "has also been", "Others" follow from it.
    """
    return place > 0 and bool(_HEAD.match(printed) or _ALSO.match(text) or leans_back(text))


def initials_of(source: str) -> Mapping[str, tuple[str, str]]:
    """What letters in brackets stand for: "the Wex Rail Committee (WRC)" -> {"WRC": ("Wex Rail Committee", "committee")}."""
    found: dict[str, tuple[str, str]] = {}
    for match in _EXPLAINED.finditer(source):
        name = sub(r"^The ", "", match["name"])
        body = re.split(r" (?:of|for|on) ", name, maxsplit=1)[0]
        kind = bare(body.split()[-1])
        if kind in listed("words", "bodies") and match["letters"] not in listed("words", "known_letters"):
            found[match["letters"]] = (name, kind)
    return found


def say_initials_once_known(text: str, *, bodies: Mapping[str, tuple[str, str]], told: str) -> str:
    """ "The WRC said" -> "The committee said": its letters stood in brackets; in full where nobody heard the name."""
    for letters, (name, kind) in bodies.items():
        said = kind if name in told or name in text else name
        text = re.sub(rf"(?<![\w(-])([Tt]he ){letters}(?= [a-z]|'s|[,.])", rf"\g<1>{said}", text)
    return text


def say_surname(text: str, *, told: str, source: str) -> str:
    """
    "Ann Fox said" -> "Fox said" where she was named in full before and the article itself calls her so.

    A firm's or a place's last word never stands alone in its article.
    """
    match = re.match(
        r"(But |And )?([A-Z][\w'’-]+) ((?:[A-Z]\.? |[A-Z][\w’-]+ )?)([A-Z][\w’-]+)(?= [a-z])", text
    )
    if not match or bare(match[2]) in listed("people", "particles") | listed("words", "titles"):
        return text
    joint, name, surname = match[1] or "", f"{match[2]} {match[3]}{match[4]}", re.escape(match[4])
    if name not in told:
        return text
    firsts = re.findall(rf"\b([A-Z][\w'’-]+) {surname}\b", source)
    called = {
        first
        for first in firsts
        if bare(first) not in listed("people", "before_surname") | listed("words", "roles")
        and not first.isupper()
    }
    if len(called) > 1:
        # two of a family
        return text
    rest = text[match.end() :]
    titled = re.search(rf"\b(?:Mr|Mrs|Ms|Miss|Dr) {surname}\b", source)
    alone = re.search(
        rf"(?:^|[.!?\"”] |\b[a-z]+ ){surname} (?:said|says|was|is|has|had|told|also|will|did|[a-z]+ed)\b"
        rf"|\b(?:said|says|added|adds) {surname}(?=[.,])",
        source,
    )
    if alone:
        return f"{joint}{match[4]}{rest}"
    return f"{joint}{titled[0]}{rest}" if titled else text


def weighty(text: str) -> frozenset[str]:
    """The words of a sentence that carry its news, in small letters, without endings."""
    small = _weightless()
    found = [word.casefold().replace("’", "'") for word in words(text)]
    return frozenset([_stem(word) for word in found if word not in small])


@lru_cache(maxsize=1)
def _weightless() -> frozenset[str]:
    lists = ("weightless", "prepositions", "determiners", "pronouns")
    return frozenset().union(*(listed("words", name) for name in lists))


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    word = word.removesuffix("'s").removesuffix("'")
    for ending in ("ing", "ies", "ied", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word

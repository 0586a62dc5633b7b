"""Marks round a few words inside a sentence -> words that say they are somebody's, or marks that refuse the sentence."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.grammar import WORD, bare, capitalise, is_finite, listed, one_of
from bulletin.script.edits.tidy import close_up, drop_quote_marks
from bulletin.script.rare import Rare, sub

_PARTIAL = Rare(r'"(?P<said>[^"]{2,200}?)(?P<stop>[.,!?]?)"(?P<after>(?=[.,;:!?]|\s|$))')
_SINGLE_WORD = Rare(r"(?<![\w.'])'([a-z]+(?:-[a-z]+)*)'(?![\w'])")
_BE = frozenset("is are was were been".split())
_DETERMINERS = frozenset("a an the his her its their this that these those such".split())


def hear_quotes(text: str) -> str:
    """
    Take the marks away and keep whose words they were.

    Where the sentence tells who speaks, or the words are a name, the marks just go. Where it does not, they are
    "what was described as" so, or "reportedly" so. Where English has no place for that, the marks stay: such a sentence is not read.
    """
    text = _SINGLE_WORD.sub(r'"\1"', text)
    found = _nobodys(text)
    if not found:
        return drop_quote_marks(text)
    if len(found) > 1:
        return text
    match = found[0]
    told = _tell_of(text[: match.start()], match["said"], match["stop"] + text[match.end() :])
    return drop_quote_marks(told) if told else text


def has_nobodys_words(text: str) -> bool:
    """Whether a few words are somebody's, no name, and the sentence does not tell whose."""
    return bool(_nobodys(_SINGLE_WORD.sub(r'"\1"', text)))


def _nobodys(text: str) -> list[re.Match[str]]:
    if text.count('"') % 2 or '"' not in text:
        return []
    outside = sub(r'"[^"]*"', " ", text)
    if _of_words().search(outside) or _saying().search(outside):
        return []
    return [match for match in _PARTIAL.finditer(text) if not _is_name(match["said"])]


def _tell_of(before: str, said: str, after: str) -> str:
    """The sentence with "described as"; nothing where it cannot be said."""
    found = WORD.findall(before)
    last = bare(found[-1]) if found else ""
    first = bare(said.split(" ", 1)[0])
    if last in _BE and not before.rstrip().endswith(","):
        return f"{before}described as {said}{after}"
    if last in ("be", "being") and " " in said:
        return ""
    if is_finite(first) and last not in ("to", "and", "or") and " " in said:
        return f"{before}reportedly {said}{after}"
    if " " not in said.strip():
        return _tell_of_word(before, said, after, last)
    if (
        _is_verb(first)
        or last == "to"
        or last.endswith(("'s", "s'"))
        or first in listed("words", "prepositions")
    ):
        return ""
    if last in ("as", "called") or (last not in _DETERMINERS and not _opens_noun(last, before)):
        # a part of a longer name: "the asylum claim 'legacy backlog'"
        return f"{before}{said}{after}"
    head = before
    if last in _DETERMINERS:
        head, said = before[: before.rstrip().rindex(found[-1])], f"{found[-1].casefold()} {said}"
    return capitalise(f"{head}what was described as {said}{after}")


def _tell_of_word(before: str, said: str, after: str, last: str) -> str:
    """One word that colours a noun goes: "his 'cruel' wife" is his wife; any other is a word like the rest."""
    colours = re.match(r" (?P<noun>[a-z]{3,})\b", after)
    plain = listed("words", "prepositions") | {"and", "or", "but"}
    noun = colours["noun"] if colours else ""
    if (
        noun
        and noun not in plain
        and not is_finite(noun)
        and last in _DETERMINERS
        and last not in ("a", "an")
    ):
        return close_up(f"{before}{after.lstrip()}")
    return f"{before}{said}{after}"


def _opens_noun(last: str, before: str) -> bool:
    """Whether a noun may begin after this word: at the start, after a verb, a preposition or "and"."""
    known = listed("words", "prepositions") | {"", "and", "or", "but", "than", "that", "as", "like"}
    return (
        last in known or is_finite(last) or last.endswith("ing") or before.rstrip().endswith((",", ":", ";"))
    )


def _is_verb(first: str) -> bool:
    return (
        is_finite(first)
        or first in listed("verbs", "plain")
        or first.endswith(("ing", "ly"))
        or first == "not"
    )


def _is_name(said: str) -> bool:
    """Whether the words are written as a title or a name, or are an order such as a sign gives."""
    found = WORD.findall(said)
    capitals = sum(word[0].isupper() or word[0].isdigit() for word in found)
    return bool(found) and (found[0][0].isupper() or 2 * capitals >= len(found))


@lru_cache(maxsize=1)
def _of_words() -> Rare:
    """Somebody speaks, or the words are a name, a sign or a song."""
    return Rare(rf"\b(?:{one_of('saying', 'of_words')}|(?:finds|found|shows|showed) that)\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _saying() -> Rare:
    verbs = "|".join(one_of("verbs", name) for name in ("saying", "saying_plain", "reporting"))
    return Rare(rf"\b(?:{verbs})\b", re.IGNORECASE)

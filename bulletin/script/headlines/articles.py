"""The articles that a headline leaves out, as the story's own text has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulletin.script.headlines.title import is_voice
from bulletin.script.headlines.tree import is_statement, parse_title
from bulletin.script.headlines.words import word_list
from bulletin.script.parse import parse_sentence
from bulletin.text import split_sentences

if TYPE_CHECKING:
    from bulletin.script.parse import Doc, Token

_MOST_SENTENCES = 5
_YEAR = re.compile(r"(?:19|20)\d\d")
_ONLY = frozenset("first last only same next own".split())
_HEADS = frozenset({"poss", "nsubj", "nsubjpass", "dobj", "pobj", "attr", "conj", "dative", "appos", "oprd"})
_DETERMINED = frozenset({"det", "poss", "nummod", "predet"})
_AN = re.compile(
    r"(?:[aeio]|u(?!ni|nan|s[aeiu]|ti|k|r[aeio])|hour|honou?r|honest|heir|8|11\b|18\b)", re.IGNORECASE
)
_AN_LETTERS = re.compile(r"[AEFHILMNORSX][A-Z]+\b")


def with_articles(statement: str, *, text: str) -> str:
    """
    A headline as a full sentence; nothing where a noun has no article and the story does not tell which it takes.

    "Council ends ferry" with "The council will end a ferry" is "The council ends a ferry".
    """
    sources = [parse_sentence(sentence) for sentence in split_sentences(text)[:_MOST_SENTENCES]]
    small = _with_small_first(statement, text)
    doc = parse_title(small)
    if not is_statement(doc):
        return ""
    put_in: dict[int, str] = {}
    for token in doc:
        if not _lacks_article(token):
            continue
        article = _article_of(token, sources)
        if article is None:
            return ""
        if article:
            begin = doc[min(word.i for word in token.subtree if word.i <= token.i)]
            put_in[begin.idx] = _an(article, begin.text)
    if 0 not in put_in and _is_strange(doc[0], text):
        return ""
    for place in sorted(put_in, reverse=True):
        small = f"{small[:place]}{put_in[place]} {small[place:]}"
    return f"{small[:1].upper()}{small[1:]}."


def _with_small_first(statement: str, text: str) -> str:
    first = statement.split(" ", 1)[0]
    is_word = bool(re.search(rf"\b{re.escape(first.lower())}\b", text)) and first[1:].islower()
    return statement[:1].lower() + statement[1:] if is_word else statement


def _is_strange(first: Token, text: str) -> bool:
    """Whether the first word may be a noun without its article: a name would stand in the story, or behind an office."""
    head = first
    while head.dep_ in ("compound", "amod", "nmod"):
        head = head.head
    is_named = (head.i > first.i and head.tag_ == "NNP") or _is_before_name(head)
    is_noun = first.tag_ in ("NN", "NNP", "JJ") and not is_named
    return is_noun and not re.search(rf"\b{re.escape(first.text)}\b", text)


def _lacks_article(token: Token) -> bool:
    """Whether it is the noun of a phrase, one and not many, with nothing that says which."""
    is_noun = (
        token.tag_ == "NN" or token.lower_ in word_list("with_the") or (token.i == 0 and is_voice(token.text))
    )
    return is_noun and token.dep_ in _HEADS and not _determiners(token) and not _is_before_name(token)


def _is_before_name(noun: Token) -> bool:
    """ "Ferry builder Joan Pike": what somebody is stands before the name without an article."""
    return noun.tag_ == "NN" and noun.i + 1 < len(noun.doc) and noun.nbor().tag_ == "NNP"


def _determiners(noun: Token) -> list[str]:
    """What says which or how many; a year does not."""
    return [
        child.lower_
        for child in noun.children
        if child.dep_ in _DETERMINED and not _YEAR.fullmatch(child.text)
    ]


def _article_of(noun: Token, sources: list[Doc]) -> str | None:
    """
    What the story has before the noun in the same place of a clause: an article, or nothing; None where it is not sure.

    Nothing is sure only of a noun that never has "a" and is no subject; "the best" never has "a" either.
    """
    same = [
        token
        for doc in sources
        for token in doc
        if token.lower_ == noun.lower_
        and token.dep_ not in ("compound", "nmod")
        and _place(token) == _place(noun)
    ]
    if noun.lower_ in word_list("with_the"):
        return "the"
    found = [next(iter(_determiners(token)), "") for token in same]
    is_best = any(child.tag_ == "JJS" or child.lower_ in _ONLY for child in noun.children)
    if not found or found[0] not in ("", "a", "an", "the") or (is_best and found[0] != "the"):
        return None
    is_mass = noun.dep_ not in ("nsubj", "nsubjpass") and not {"a", "an"} & set(found)
    return found[0] if found[0] or is_mass else None


def _place(noun: Token) -> str:
    """Subject, object, or the preposition before it: "on fire" tells nothing of "a fire"."""
    if noun.dep_ == "pobj":
        return noun.head.lower_
    return "owner" if noun.dep_ == "poss" else "clause"


def _an(article: str, following: str) -> str:
    if article == "the":
        return article
    letters = following[:2].isupper()
    return "an" if (_AN_LETTERS if letters else _AN).match(following) else "a"

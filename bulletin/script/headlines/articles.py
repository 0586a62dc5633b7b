"""The articles that print leaves out, where a headline is given its verb: "A man has been held"."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from bulletin.script.headlines.case import is_common, is_used_as_verb
from bulletin.script.headlines.tree import MARKS, parse_title
from bulletin.script.headlines.words import word_list
from bulletin.script.parse import parse_sentence, read_words

if TYPE_CHECKING:
    from bulletin.script.parse import Doc, Token

_PHRASE = frozenset({"JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "CD", "HYPH", "$", "SYM", "AFX"})
_WHICH = frozenset({"DT", "PDT", "PRP$", "POS", "WDT", "WP$"})
_NO_PART = _WHICH | {",", "RB", "''", "``", ":"}
_PLACES = frozenset({"pobj", "dobj", "nsubj", "nsubjpass"})
_ONLY = frozenset("first last only same next own".split())
_NATION = re.compile(r"[A-Z]\w+(?:an|ish|ese|i)|French|Dutch|Welsh|Greek|Swiss|Czech")
_AN = re.compile(
    r"(?!eu|one|uni|use|U[KNS]|Eu)[aeiouAEIOU]|hour|honou?r|honest|heir|8|11\b|18\b|[FHLMNRSX][A-Z]+\b"
)


def with_articles(told: str, first_sentence: str) -> str:
    """
    The headline with the articles of the story's first sentence; nothing where that does not tell which.

    "Ferry is to stop" with "The ferry will stop in May" is "The ferry is to stop".
    """
    source = parse_sentence(first_sentence)
    if re.search(r" -+\w|^Top ", told):
        # "Ferry to stop --official"
        return ""
    small = _with_small_first(told, source)
    doc = parse_title(small)
    begin = len(small)
    for token in reversed(doc[:-1]):
        if (
            token.i
            and token.tag_ in ("VB", "VBP")
            and token.nbor().lower_ in ("is", "are", "has", "have", "will")
        ):
            # "Axe attack is": the parser takes its noun for a verb
            return ""
        phrase = _phrase(token)
        is_several = token.tag_ == "NNS" and not any(word.lower_ in _ONLY for word in phrase)
        # "US high school" is one
        if token.idx >= begin or not phrase or not _ends_phrase(token) or _is_told_which(phrase):
            continue
        if is_several:
            # "as ferry sinks": the verb is taken for a noun
            is_clause = len(phrase) > 1 and phrase[0].i and phrase[0].nbor(-1).lower_ in MARKS
            if is_clause and is_used_as_verb(token.lower_):
                return ""
            continue
        article = _article_of(phrase, source)
        if article is None:
            return ""
        begin = phrase[0].idx
        article = "an" if article == "a" and _AN.match(small, begin) else article
        small = f"{small[:begin]}{article} {small[begin:]}" if article else small
    return small[:1].upper() + small[1:]


def _with_small_first(told: str, source: Doc) -> str:
    first = parse_title(told)[0]
    forms = {token.text for token in source if token.lower_ == first.lower_}
    is_word = first.lower_ in forms | word_list("persons") or (
        first.text[1:].islower()
        and first.text not in forms
        and (first.tag_ in ("JJ", "VBN", "VBG") or not first.nbor().text[:1].isupper())
        and not _NATION.fullmatch(first.text)
        and is_common(first.lower_, first.tag_)
    )
    return told[:1].lower() + told[1:] if is_word else told


def _ends_phrase(noun: Token) -> bool:
    after = noun.nbor() if noun.i + 1 < len(noun.doc) else None
    is_time = after is not None and after.dep_ == "npadvmod"
    return after is None or is_time or not (after.tag_.startswith("NN") or after.text == "-")


def _phrase(noun: Token) -> list[Token]:
    """The noun with what stands before it, from its article on; nothing where it is of several, or no noun."""
    # "amid pandemic", "in shooting"
    is_noun = noun.dep_ in _PLACES and (noun.tag_ == "JJ" or noun.lower_ in word_list("events"))
    is_noun = is_noun or (
        noun.lower_ in ("shooting", "stabbing", "killing") and noun.i > 0 and noun.nbor(-1).tag_ == "IN"
    )
    if not noun.tag_.startswith("NN") and not is_noun:
        return []
    return [*reversed(list(takewhile(_is_part, reversed(noun.doc[: noun.i])))), noun]


def _is_part(word: Token) -> bool:
    """ "hit-and-run", "stolen"."""
    is_glued = not word.whitespace_ or (word.i > 0 and word.nbor(-1).tag_ == "HYPH")
    is_first = word.i == 0 and word.tag_ == "RB"
    return (
        is_first or word.tag_ in _PHRASE or (word.tag_ not in _NO_PART and (word.dep_ == "amod" or is_glued))
    )


def _is_told_which(phrase: list[Token]) -> bool:
    which = phrase[0].nbor(-1) if phrase[0].i else None
    is_one = bool({"one", "1", "crore", "lakh", "percent", "million", "billion"} & {w.lower_ for w in phrase})
    # "last year"
    is_one = is_one or phrase[-1].dep_ == "npadvmod"
    return is_one or (which is not None and (which.tag_ in _WHICH or which.lower_ == "no"))


def _article_of(phrase: list[Token], source: Doc) -> str | None:
    """The article; nothing where the noun stands without; None where it is not sure."""
    noun, before = phrase[-1], phrase[0].nbor(-1) if phrase[0].i else None
    if noun.text[:1].isupper():
        return _of_name(phrase, source)
    # "as settlers torch village": the verb is taken for a noun
    verbs = [w for w in phrase if w.tag_ == "NNS" and w.nbor().tag_.startswith("NN")]
    is_verbal = any(w.lower_ not in word_list("plural_attributes") for w in verbs)
    is_loose = before is not None and before.tag_[:2] in ("NN", "CD")
    if is_loose or is_verbal or any(word.tag_ == "JJS" or word.lower_ in _ONLY for word in phrase):
        return None
    if noun.lower_ in word_list("persons"):
        return "a"
    is_alone = (
        len(phrase) == 1
        and before is not None
        and before.tag_ in ("IN", "CC", "VB")
        and before.lower_ not in ("by", "after")
    )
    is_state = before is not None and f"{before.lower_} {noun.lower_}" in word_list("states")
    is_mass = is_state or noun.lower_ in word_list("mass")
    same = [_phrase(word) for word in source if word.lower_ == noun.lower_ and _ends_phrase(word)]
    article = "" if is_mass and is_alone else _told_of(phrase, same)
    if article is None and not same:
        names = [word.text for word in phrase if word.tag_ == "NNP"]
        is_event = noun.lower_ in word_list("events") and (not names or any(n in source.text for n in names))
        article = "" if is_mass and is_alone else "a" if is_event else None
    if before is None and article in ("", "the") and not (is_mass or noun.lower_ in word_list("voices")):
        # "The ferryman has been held": nobody knows him yet
        return None
    is_this = article == "" and before is not None and before.lower_ in ("over", "with", "after", "for")
    return "the" if is_this and noun.nbor().lower_ == "of" else article


def _told_of(phrase: list[Token], same: list[list[Token]]) -> str | None:
    for found in filter(None, same):
        which = found[0].nbor(-1).lower_ if found[0].i else ""
        # "the Hall venue", "the venue of the fair": what says which may not be in the title
        is_same = found[0].lower_ == phrase[0].lower_ or phrase[-1].lower_ in word_list("voices")
        is_same = is_same and (phrase[0].i == 0 or phrase[0].nbor(-1).tag_ != "VBG")
        is_named = any(word.tag_ == "NNP" for word in found)
        if which in ("a", "an"):
            return "a"
        if which == "the" and is_same and not is_named and (not _goes_on(found[-1]) or _goes_on(phrase[-1])):
            return "the"
        if not is_named and not _is_told_which(found):
            return ""
    return None


def _goes_on(noun: Token) -> bool:
    """ "The bell of the ferry", "the bell that rang": what follows says which."""
    is_place = noun.nbor().lower_ in ("at", "in", "on", "between", "from")
    return noun.nbor().tag_ in ("IN", "WDT", "WP", "VBN", "VBG", "TO") and not is_place


def _of_name(phrase: list[Token], source: Doc) -> str | None:
    name = list(reversed(list(takewhile(lambda word: word.text[:1].isupper(), reversed(phrase)))))
    last = name[-1]
    if " ".join(word.lower_ for word in name) in word_list("with_the"):
        return "the"
    # "in upcoming film Ferry", "Protest Leader"; "Palestinian", "Sebastian"
    is_titled = len(name) < len(phrase) and bool(phrase[0].i)
    is_unknown = last.text not in source.text and last.text not in read_words()
    is_titled = is_titled or (last.i == 0 and is_unknown)
    if is_titled or (last.i == 0 and last.text.endswith(("ian", "man"))):
        return None
    # "Torture Case", "Premier": a word with a capital that may be a thing's
    missing = None if last.tag_ == "JJ" or f"{last.lower_}s" in read_words() else ""
    if missing is None and name[0].lower_ in word_list("with_the"):
        return "the"
    for word in source:
        if word.text == last.text and _ends_phrase(word) and word.i >= len(name):
            return "the" if word.doc[word.i - len(name)].lower_ == "the" else ""
    return missing

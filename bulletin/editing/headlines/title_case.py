"""A title in Title Case with small letters; what the parser's own words tell of a word."""

from __future__ import annotations

import re

from bulletin.editing.english.word_lists import TITLE_WORD, any_of, listed, regex
from bulletin.editing.headlines.clean_title import is_title_case
from bulletin.editing.headlines.headline_tree import parse_title
from bulletin.language.sentence_parser import has_parser, read_words

_NATION = r"(?:an|ish|ese|i)s?$"


def sentence_case(text: str, first_sentence: str) -> str:
    """
    A title in Title Case with small letters, but for names; as long as it was.

    Small are the words that the story has so, and those that the parser has read with small letters alone.
    """
    if not has_parser():
        return text
    text = re.sub(
        r"\b[A-Z]{5,}\b", lambda loud: loud[0].lower() if is_common(loud[0].lower()) else loud[0], text
    )
    if not is_title_case(text):
        return text
    words = [word.removesuffix("'s") for word in TITLE_WORD.findall(first_sentence.replace("’", "'"))]
    names = {word for word in words[1:] if word[0].isupper()}
    small_words = {word for word in words if word.islower()}
    tags = {token.idx: token.tag_ for token in parse_title(text)}

    def small(match: re.Match[str]) -> str:
        word, low = match[0].removesuffix("'s"), match[0].removesuffix("'s").lower()
        is_kept = (
            match.start() == 0
            or word in names
            or low in listed("headlines", "proper")
            or sum(map(str.isupper, word)) > 1
        )
        is_word = low in small_words or is_common(low, tags.get(match.start(), ""))
        return match[0] if is_kept or not is_word or len(low) != len(word) else match[0].lower()

    return any_of("proper").sub(lambda match: match[0].title(), TITLE_WORD.sub(small, text))


def is_common(word: str, tag: str = "") -> bool:
    """Whether the parser has read the word, or a form of it, and never with a capital; else whether it is no name here."""
    if "-" in word:
        return all(is_common(part) for part in word.split("-") if part.isalpha())
    stem = re.sub(r"(?:s|ed|ing)$", "", word)
    forms = [word, *(f"{part}{end}" for part in (word, stem) for end in ("s", "ed", "ing", "ly"))]
    is_form = any(form in read_words() and form.title() not in read_words() for form in forms)
    # "Mayor Calls": in Title Case a verb is taken for a name
    is_form = is_form or (word.endswith("s") and word[:-1] in read_words() and is_used_as_verb(word))
    is_here = tag not in ("", "NNP", "NNPS") and not regex(_NATION).search(word)
    return len(word) > 1 and word in read_words() and (is_form or is_here)


def is_used_as_verb(word: str) -> bool:
    """Whether the parser has read its form in "-ed" or "-ing": of "trigger", and neither of "complaints" nor "child"."""
    stems = {word, word.removesuffix("s"), word.removesuffix("es")}
    stems |= {stem.removesuffix("e") for stem in stems}
    return word in listed("headlines", "plain_verbs") or any(
        f"{stem}{end}" in read_words()
        for stem in stems
        for end in ("ed", "d", "ing", f"{stem[-1:]}ed", f"{stem[-1:]}ing")
    )

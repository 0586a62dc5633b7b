"""
Sentences -> the names of people, places and organisations in them, each once and in full; pure.

Source: names are runs of words with capitals (Quirk et al. 1985, chapter 5, names); joints such as "van" are in
name_words.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bulletin.language.read_word_lists import word_set

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
"""Example: `_runs`."""
_LETTERS = r"[^\W\d_]"
"""Example: `_runs`."""
_WORD = re.compile(
    rf"(?<![\w@#'’.-])(?:(?:[aAeE][lnrsz]|[Uu][dlr]|[Dd]|[Ll])[-'’](?={_CAPITAL}))?"  # al-Assad, d'Estaing
    rf"{_CAPITAL}{_LETTERS}*(?:['’]{_LETTERS}+|-{_CAPITAL}{_LETTERS}*|-{_LETTERS}+(?=-{_CAPITAL}))*"
    rf"(?![@_]|\.\w)"
)
"""Example: `_runs`."""
_POSSESSIVE = re.compile(r"['’]s?$")
"""Example: `_runs`."""
_OPENS = re.compile(r"(?:^|[.?!:]\s+|\n)[\W_]*$|[“‘\"]$")
"""Example: `_runs`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProperName:
    """A person, a place or an organisation."""

    name: str
    """As written and in full, without title or possessive: "Anna Bogumilska"."""
    sentence: str
    """The first sentence that holds it, or a part of it, as written."""
    position: tuple[int, int]
    """Number of this sentence, and of the first letter in it."""


def find_names(sentences: Iterable[str], *, is_ordinary: Callable[[str], bool]) -> tuple[ProperName, ...]:
    """
    Names in the order of their first use; "Bogumilska" alone belongs to "Anna Bogumilska".

    A word that opens a sentence counts only if it is not `is_ordinary`, or if another sentence has it with a capital in
    its middle.

    >>> sentences = ["Anna Bogumilska rows.", "Then Bogumilska left."]
    >>> [found.name for found in find_names(sentences, is_ordinary=lambda word: word == "Then")]
    ['Anna Bogumilska']
    """
    first: dict[str, ProperName] = {}
    in_doubt: list[ProperName] = []
    for number, sentence in enumerate(sentences):
        for start, name, opens in _runs(sentence, is_ordinary):
            proper_name = ProperName(name=name, sentence=sentence, position=(number, start))
            if opens and is_ordinary(name.partition(" ")[0]):
                in_doubt.append(proper_name)
            elif name not in first:
                first[name] = proper_name
    for proper_name in in_doubt:
        name = proper_name.name if proper_name.name in first else proper_name.name.partition(" ")[2]
        if _is_name(name) and (name not in first or first[name].position > proper_name.position):
            first[name] = replace(proper_name, name=name)
    return tuple(sorted(_in_full(first), key=lambda proper_name: proper_name.position))


def _in_full(first: dict[str, ProperName]) -> Iterator[ProperName]:
    """
    Each name that is not a part of a longer one, at the place of its first part.

    >>> found = find_names(["Fox left.", "Ann Fox rows."], is_ordinary=lambda word: False)
    >>> [(name.name, name.position) for name in found]
    [('Ann Fox', (0, 0))]
    """
    longest = sorted(first, key=len, reverse=True)
    whole: dict[str, ProperName] = {}
    for name in longest:
        owner = next((longer for longer in whole if f" {name} " in f" {longer} "), None)
        if owner is None:
            whole[name] = first[name]
        elif first[name].position < whole[owner].position:
            whole[owner] = replace(first[name], name=owner)
    yield from whole.values()


def _runs(sentence: str, is_ordinary: Callable[[str], bool]) -> Iterator[tuple[int, str, bool]]:
    """
    Names as they stand, each with its place and whether it opens the sentence.

    Names are runs of words with capitals (Quirk et al. 1985, chapter 5, names).

    >>> list(_runs("Ann Fox met Fox's Bakery in Wexcombe.", lambda word: False))
    [(0, 'Ann Fox', True), (12, 'Fox', False), (18, 'Bakery', False), (28, 'Wexcombe', False)]
    """
    words: list[str] = []
    begin = end = 0
    is_closed = True
    for match in _WORD.finditer(sentence):
        joint = sentence[end : match.start()]
        if is_closed or not _joins(joint, words[-1], is_ordinary):
            yield from _trimmed(words, sentence, begin)
            words, begin = [], match.start()
        elif len(words[-1]) == 1:
            words[-1] += joint.strip()
        else:
            words += joint.strip(" .").split()
        word = _POSSESSIVE.sub("", match[0])
        words.append(word)
        end, is_closed = match.end(), word != match[0]
    yield from _trimmed(words, sentence, begin)


def _joins(joint: str, before: str, is_ordinary: Callable[[str], bool]) -> bool:
    """
    Whether the text between two capital words makes them one name: a space, an initial, "van der".

    "of" joins a name with a common word at its start ("University of Wexcombe"), not "Joan Pike of Wexcombe".

    >>> def is_ordinary(word): return word == "University"
    >>> [_joins(*pair, is_ordinary) for pair in ((" de ", "Joan"), (" of ", "University"), (" of ", "Pike"))]
    [True, True, False]
    """
    if joint == " ":
        return True
    if joint in (". ", "."):
        return len(before) == 1 or before.lower() in _words("titles")
    words = joint.split()
    if not words or not all(word in _words("joints") for word in words):
        return False
    return words[0] not in ("of", "for") or is_ordinary(before)


def _trimmed(words: list[str], sentence: str, begin: int) -> Iterator[tuple[int, str, bool]]:
    """
    The name without the office before it and the day after it; empty if no name is left.

    >>> list(_trimmed(["Mayor", "Ann", "Fox", "Monday"], "Mayor Ann Fox Monday rowed.", 0))
    [(0, 'Ann Fox', False)]
    """
    opens = bool(_OPENS.search(sentence[:begin]))
    offices = [index for index, word in enumerate(words) if word.lower() in _words("offices")]
    start = max(offices, default=-1) + 1
    words = words[start:] if start < len(words) else words
    while words and (words[0].lower() in _words("titles") or words[0].lower() in _words("joints")):
        words, start = words[1:], start + 1
    while words and words[-1].lower() in _words("no_names"):
        words = words[:-1]
    if _is_name(" ".join(words)):
        yield begin, " ".join(words), opens and not start


def _is_name(name: str) -> bool:
    """
    Whether a run of capitals is a name that may need a respelling; initials alone are none.

    >>> _is_name("Fox"), _is_name("MPs")
    (True, False)
    """
    return any(letter.islower() for letter in name.removesuffix("s")) or " " in name


def _words(name: str) -> frozenset[str]:
    """A list of name_words.toml. Example: `find_names`."""
    return word_set("bulletin.editing.names", "name_words.toml", f"{name}.words")

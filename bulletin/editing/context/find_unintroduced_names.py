"""
Proper names in a sentence, and whether a listener has heard them in full; pure.

Source: a person is named in full at first mention and by the surname afterwards (AP Stylebook and Guardian style
guide, "names"), so a surname alone points back.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bulletin.editing.english.guess_parts_of_speech import bare
from bulletin.editing.english.word_list_regexes import WORD, listed, regex

_POSSESSIVE = r"['’]s?$"
"""Example: `names_in`."""
_INITIALS = r"\(([A-Z][A-Za-z]{0,2}[A-Z]{1,4}s?)\)"
"""Letters that an article explains: "the Wexcombe Port Authority (WPA)". Example: `find_unheard_name`."""


@lru_cache(maxsize=2_048)  # the sentences before another one are asked for again and again
def names_in(text: str) -> tuple[tuple[str, ...], ...]:
    """
    Runs of capitalised words; a single word at the start may be no name.

    >>> names_in("Ann Fox rowed to Fox's Bakery in Wexcombe.")
    (('Ann', 'Fox'), ('Fox',), ('Bakery',), ('Wexcombe',))
    """
    return tuple(_find_names(text))


def _find_names(text: str) -> Iterator[tuple[str, ...]]:
    """
    The names one after another.

    >>> list(_find_names("Fox rowed."))
    [('Fox',)]
    """
    run: list[str] = []
    end = 0
    for match in WORD.finditer(text):
        word = regex(_POSSESSIVE).sub("", match[0]).rstrip(".")
        joins = text[end : match.start()] in (" ", ". ") or text[end : match.start()].strip() in ("'", "’")
        if run and not (joins and word[:1].isupper() and not ends_name(text, end)):
            yield tuple(run)
            run = []
        if word[:1].isupper() and bare(word) not in listed("words", "not_names", "pronouns", "prepositions"):
            run.append(word)
        elif run:
            yield tuple(run)
            run = []
        end = match.end()
    if run:
        yield tuple(run)


def has_name(text: str) -> bool:
    """
    Whether the text has a name; the capital of a first word proves none.

    >>> has_name("The ferry hit Ann Fox."), has_name("Ferries sank.")
    (True, False)
    """
    return any(len(name) > 1 or not text.startswith(name[0]) for name in names_in(text))


def ends_name(text: str, end: int) -> bool:
    """
    Whether a possessive ends the name at `end`: "Fox's Bakery" is two names.

    >>> ends_name("Fox's Bakery", 5)
    True
    """
    return text[max(0, end - 2) : end] in ("'s", "’s")


def find_unheard_name(text: str, *, before: str, heard: str) -> str:
    """
    A short form of a name that the article gave in full `before`, in a sentence that was not `heard`.

    "Fox said", where the article had "Ann Fox, who leads the council" and the listener did not hear it.

    >>> find_unheard_name("The mayor met Fox.", before="Ann Fox leads the council.", heard="The ferry sank.")
    'Fox'
    >>> find_unheard_name("The mayor met Fox.", before="Ann Fox leads the council.", heard="Ann Fox leads the council.")
    ''
    >>> find_unheard_name("The WPA met.", before="The Wexcombe Port Authority (WPA) rows.", heard="It sank.")
    'WPA'
    """
    known = {word for name in names_in(heard) for word in name}
    longer = {word for name in names_in(before) if len(_without_title(name)) > 1 for word in name}
    explained = set(regex(_INITIALS).findall(before))
    for name in names_in(text):
        plain = _without_title(name)
        if len(plain) == 1 and plain[0] not in known and (plain[0] in longer or plain[0] in explained):
            return plain[0]
    return ""


def _without_title(name: tuple[str, ...]) -> tuple[str, ...]:
    """
    The words of a name without a title such as "Mr": a title and a surname are no full name.

    A person is named in full at first mention (AP Stylebook and Guardian style guide, "names").

    >>> _without_title(("Mr", "Fox")), _without_title(("Ann", "Fox"))
    (('Fox',), ('Ann', 'Fox'))
    """
    titles = listed("words", "titles")
    return tuple(word for word in name if bare(word) not in titles)

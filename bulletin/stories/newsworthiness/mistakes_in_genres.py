"""
Content of a language's genres.toml -> mistakes in its tables, keys and phrases.

Source: docs/CHOICE.md, "What is news"; the kinds are those of English and of all languages, because a profile names them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from bulletin.stories.newsworthiness.load_news_word_lists import read_table

_SIGNS = ("sections", "headlines", "bylines", "writes")
"""Lists of a kind. Example: `mistakes_in_genres`."""
_TABLES = ("never", "soft", "sport")
"""Example: `mistakes_in_genres`."""


def mistakes_in_genres(content: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """
    Key and mistake of each wrong entry of genres.toml.

    >>> [mistake for _, mistake in mistakes_in_genres({"never": {"opinon": {"sections": ["debatt"]}}})]
    ['[never.opinon] is an unknown kind; did you mean "opinion"?']
    >>> [mistake for _, mistake in mistakes_in_genres({"never": {"opinion": {"sections": "debatt"}}})]
    ['[never.opinion] "sections" is a list of texts in quotes']
    """
    for name, table in content.items():
        if name not in _TABLES or not isinstance(table, dict):
            yield (name,), f"[{name}] is an unknown table (known: [never.KIND], [soft.KIND], [sport])"
        elif name == "sport":
            yield from _mistakes_in_signs(("sport",), table, known=("sections",))
        else:
            for kind, signs in table.items():
                yield from _mistakes_in_kind(name, kind, signs)


def _mistakes_in_kind(table: str, kind: str, signs: object) -> Iterator[tuple[tuple[str, ...], str]]:
    """
    Mistakes in a table such as [never.opinion].

    >>> list(_mistakes_in_kind("soft", "opinion", {}))
    [(('soft', 'opinion'), '[soft.opinion] must be [never.opinion]')]
    """
    known = _kinds()
    where = f"[{table}.{kind}]"
    if kind not in known:
        near = get_close_matches(kind, known, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else f" (known: {', '.join(sorted(known))})"
        yield (table, kind), f"{where} is an unknown kind{hint}"
    elif known[kind] != table:
        yield (table, kind), f"{where} must be [{known[kind]}.{kind}]"
    elif not isinstance(signs, dict):
        yield (table, kind), f"{where} is a table with {', '.join(_SIGNS)}"
    else:
        yield from _mistakes_in_signs((table, kind), signs, known=_SIGNS)


def _mistakes_in_signs(
    place: tuple[str, ...], signs: Mapping[str, Any], *, known: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """
    Mistakes in the lists of a kind.

    >>> list(_mistakes_in_signs(("sport",), {"section": ["sport"]}, known=("sections",)))
    [(('sport', 'section'), '[sport] "section" is an unknown list (known: sections)')]
    """
    where = f"[{'.'.join(place)}]"
    for key, phrases in signs.items():
        if key not in known:
            yield (*place, key), f'{where} "{key}" is an unknown list (known: {", ".join(known)})'
        elif not isinstance(phrases, list) or not all(
            isinstance(one, str) and one.strip() for one in phrases
        ):
            yield (*place, key), f'{where} "{key}" is a list of texts in quotes'
        elif key == "writes":
            try:
                re.compile("|".join(phrases))
            except re.error as error:
                yield (*place, key), f'{where} "{key}" is not a regular expression ({error})'


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, str]:
    """
    Kind -> its table, as English has it.

    >>> _kinds()["opinion"], _kinds()["culture"]
    ('never', 'soft')
    """
    genres = read_table("en").genres
    return {genre.name: "soft" if genre.is_soft else "never" for genre in genres}

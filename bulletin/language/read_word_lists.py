"""Word lists: TOML files beside a module, as sets and as alternatives of regular expressions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=64)
def read_table(package: str, file: str) -> Mapping[str, Any]:
    """Content of a TOML file that stands beside the modules of a package."""
    return tomllib.loads((resources.files(package) / file).read_text(encoding="utf-8"))


@lru_cache(maxsize=1_024)
def word_set(package: str, file: str, name: str) -> frozenset[str]:
    """One list of such a file: words in one string, or a list of phrases; `name` may be "group.list"."""
    entries: Any = read_table(package, file)
    for key in name.split("."):
        entries = entries[key]
    return frozenset(entries.split() if isinstance(entries, str) else entries)


def either(words: Iterable[str]) -> str:
    """
    Join words as alternatives of a regular expression, the longest first; no words match nothing.

    >>> import re
    >>> re.findall(either(["s", "sq km"]), "5 sq km in 3 s")
    ['sq km', 's']
    """
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word)))) or "(?!)"

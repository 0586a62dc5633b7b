"""First names by grammatical gender."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def given_names() -> dict[str, frozenset[str]]:
    """
    First names that are nearly always a man's ("He") or a woman's ("She"), in small letters.

    >>> "joan" in given_names()["She"], "joan" in given_names()["He"]
    (True, False)
    """
    text = (resources.files("bulletin.language") / "first_names.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)["given"]
    return {"He": frozenset(table["he"].split()), "She": frozenset(table["she"].split())}

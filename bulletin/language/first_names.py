"""Nothing -> first names that tell whether somebody is a man or a woman, or that somebody is a person at all."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def given_names() -> dict[str, frozenset[str]]:
    """First names that are nearly always a man's, and a woman's."""
    text = (resources.files("bulletin.language") / "first_names.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)["given"]
    return {"He": frozenset(table["he"].split()), "She": frozenset(table["she"].split())}

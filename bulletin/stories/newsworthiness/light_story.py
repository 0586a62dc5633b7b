"""Article -> is it light? The "and finally" of a bulletin: a smile, and nobody hurt."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from bulletin.model import Article

_LEAD_WORDS = 90
_WORD = re.compile(r"[^\W\d_]+")
_FINALLY = re.compile(r"\band finally\b", re.IGNORECASE)


def is_light(article: Article) -> bool:
    """
    Whether an article is a light story.

    Filed as light, or "and finally" in the headline; or a smile in the headline, or two in the lead, and no grave
    word in the lead. A grave word in the headline speaks against either. The words are in light_words.toml.
    """
    title = _words(article.title)
    lead = _words(" ".join((article.text or article.summary).split()[:_LEAD_WORDS]))
    smiles, grave = _listed("smiles"), _listed("grave")
    if grave & title:
        return False
    if is_filed_as_light(article):
        return True
    return not grave & lead and (bool(smiles & title) or len(smiles & lead) >= 2)


def is_filed_as_light(article: Article) -> bool:
    """Whether the category of its feed or its own headline calls an article light."""
    return article.category.casefold() in _listed("categories") or bool(_FINALLY.search(article.title))


@cache
def _listed(name: str) -> frozenset[str]:
    text = files("bulletin.stories.newsworthiness").joinpath("light_words.toml").read_text("utf-8")
    words: str | list[str] = tomllib.loads(text)[name]
    return frozenset(words.split() if isinstance(words, str) else words)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))

"""Script -> the names in it that no lexicon knows, so that an engineer can add them before air."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from bulletin.model import Script, Sentence
from bulletin.script.lexicon import Lexicon

_NAME = re.compile(r"(?<![\w@#'’.-])[^\W\d_a-zß-öø-ÿ][^\W\d_]*[^\W\d_A-ZÀ-ÖØ-Þ](?:['’-][^\W\d_]+)*(?![\w@])")
_DICTIONARIES = (
    "lexicon_gb_gold.json.gz",
    "lexicon_gb_silver.json.gz",
    "lexicon_us_gold.json.gz",
    "lexicon_us_silver.json.gz",
)
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualName:
    """A name that a voice has to guess."""

    name: str
    """As written, without a possessive: "Bogumilska"."""
    sentence: str
    """The first sentence that holds it, as written."""


def list_unusual_names(said: Script | Iterable[Sentence | str], lexicon: Lexicon) -> tuple[UnusualName, ...]:
    """
    Names that neither `lexicon` nor a pronouncing dictionary holds, in the order of their first use.

    A name is a word with a capital letter. One that is known in part ("Wexcombe Road") is listed by the
    part that is not.
    """
    found: dict[str, str] = {}
    for text in _texts(said):
        # Names that the lexicon knows, alone or as a part of a longer entry, give way to letters without case.
        shielded, _ = lexicon.shield(text)
        for match in _NAME.finditer(shielded):
            name = _POSSESSIVE.sub("", match[0])
            is_initials = name.removesuffix("s").isupper()
            if name not in found and not is_initials and not _is_known(name):
                found[name] = text
    return tuple(UnusualName(name=name, sentence=text) for name, text in found.items())


def _texts(said: Script | Iterable[Sentence | str]) -> Iterator[str]:
    if isinstance(said, Script):
        said = (sentence for passage in said.passages() for sentence in passage.sentences)
    for item in said:
        yield item if isinstance(item, str) else item.text


def _is_known(name: str) -> bool:
    """Each part of a hyphened name; "O'Brien" and plurals by their stem too."""
    words = known_words()
    for part in re.split(r"['’-]", name):
        word = part.lower()
        if len(word) > 2 and word not in words and word.removesuffix("s") not in words:
            return False
    return True


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """
    English words and names, in small letters, that the embedded voice's own dictionaries can say.

    They are data files of hibari-tts (misaki's dictionaries, Apache-2.0), read without loading the engine,
    and Faker's common names.
    Without that package every name is listed: too many are better than one said wrongly.
    """
    package = find_spec("hibari")
    places = list(package.submodule_search_locations or ()) if package else []
    found: set[str] = set()
    for name in _DICTIONARIES:
        for place in places:
            path = Path(place) / "assets" / name
            if path.is_file():
                found.update(word.lower() for word in json.loads(gzip.decompress(path.read_bytes())))
    return frozenset(found | _common_names())


def _common_names() -> set[str]:
    """First names and surnames that British and American voices meet every day; the dictionaries lack them."""
    from faker.providers.person import en_GB, en_US

    lists = ("first_names", "first_names_male", "first_names_female", "last_names")
    providers = (en_GB.Provider, en_US.Provider)
    return {name.lower() for provider in providers for kind in lists for name in getattr(provider, kind, ())}

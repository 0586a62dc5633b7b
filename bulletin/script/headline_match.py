"""Whether a sentence tells of what the headline tells of: the same names, the same event; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.script.edits.content_words import weighty
from bulletin.script.edits.edit import small_words
from bulletin.script.edits.grammar import listed
from bulletin.script.edits.proper_names import has_name, names_in

STEM = 5
"""Letters by which two forms of a word are taken for one: "resigns", "resignation"."""
FULLY = 0.34
"""Share of the headline's words that a sentence further down must hold to open the story."""
MANY = 3
"""Words that make a match, whatever they are."""
TWO_NAMES = 2
"""Names in one headline and one sentence that make a match: "paid" may be "pays" or "money" there."""


_INTRODUCES = re.compile(
    r"(?:An?|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Hundreds|Thousands|Dozens|Police|More than|At least|\d[\d,.]*) "
)
"""Opens a sentence that needs no earlier mention: "A driver has been jailed"."""


_ON_A_DAY = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday|tonight|last night|this (?:morning|afternoon|evening|week))\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineMatch:
    """The weighty words of a headline."""

    has_title: bool
    words: frozenset[str]
    names: frozenset[str]
    """Those that are names wherever the article has them."""

    @classmethod
    def of(cls, title: str, *, source: str, opening: Sequence[str]) -> HeadlineMatch:
        """Nothing is asked of a sentence where the headline shares no word with the article's `opening`: it is wit."""
        stems = _stems(title)
        small = small_words(source)
        names = {
            _stem(word.casefold())[:STEM]
            for name in names_in(source)
            for word in name
            if word.casefold() not in small
        }
        if not any(stems & _stems(text) for text in opening):
            stems = frozenset()
        return cls(has_title=bool(title), words=stems, names=stems & names)

    def is_told(self, text: str) -> bool:
        """
        Of an article's own first sentence: it shares names and event with the headline, or many words.

        Under a headline that is only wit it must at least name or introduce somebody or something.
        """
        if not self.words:
            return not self.has_title or has_name(text) or bool(_INTRODUCES.match(text))
        shared = self._shared(text)
        event = self.words - self.names
        names_it = bool(shared & self.names) or not self.names
        tells_it = bool(shared & event) or not event
        named = sum(bool(_stems(" ".join(name)) & self.names) for name in names_in(text))
        is_alike = len(shared) >= min(MANY, len(self.words)) or named >= TWO_NAMES
        # the day marks an event, and the name says whose
        is_alike = is_alike or bool(shared & self.names and _ON_A_DAY.search(text))
        introduces = bool(_INTRODUCES.match(text)) and len(shared & event) >= TWO_NAMES
        return (names_it and tells_it) or is_alike or introduces

    def is_told_fully(self, text: str) -> bool:
        """Of any other sentence: it holds a third of the headline's words, two of the event and a name among them where it has any."""
        shared = self._shared(text)
        enough = max(FULLY * len(self.words), min(MANY, len(self.words)))
        tells_it = len(shared - self.names - _times()) >= min(2, len(self.words - self.names))
        return (
            bool(shared)
            and len(shared) >= enough
            and tells_it
            and bool(shared & self.names or not self.names)
        )

    def names_in_full(self, text: str) -> bool:
        """Whether the sentence gives the full name of somebody or something that the headline names."""
        return any(len(name) > 1 and _stems(" ".join(name)) & self.names for name in names_in(text))

    def _shared(self, text: str) -> frozenset[str]:
        return self.words & _stems(text)


def _times() -> frozenset[str]:
    return _stems(" ".join(listed("words", "times") | listed("opening", "ordinals")))


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word)[:STEM] for word in weighty(text))


def _stem(word: str) -> str:
    """ "dies" and "died", "adds" and "added" are one."""
    word = f"{word[:-1]}" if len(word) == len("died") and word.endswith("ed") else word
    return next(
        (
            word.removesuffix(end)
            for end in ("ed", "es", "s", "e")
            if word.endswith(end) and len(word) > 2 + len(end)
        ),
        word,
    )

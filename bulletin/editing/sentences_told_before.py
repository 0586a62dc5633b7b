"""
Sentences that a listener has heard in other words, in any language: by their longer words.

Source: a listener has no use for a fact twice (BBC News Style Guide, "The basics of radio scripting"); sentences on one
thing share its words (Halliday and Hasan 1976, "Cohesion in English", "lexical cohesion").
Judgement, no source: how much of a sentence two have to share.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bulletin.language.split_sentences import likeness, words

_ALIKE = 0.6
"""Likeness of two sentences of which a listener needs one. Example: `says_same`."""
FEWEST_SHARED, _SHARE, _LONGER = 3, 0.7, 2.0
"""Words that two sentences share, as a number and a share; words of a sentence that adds more. Example: `says_same`."""
_FEWEST_KNOWN, _SHARE_KNOWN = 4, 0.5
"""Words, and share of a sentence's, that were told before it; the rest adds nothing to a story. Example: `adds_nothing`."""


def says_same(text: str, told: str) -> bool:
    """
    Whether a sentence repeats one that was told: both are much alike, or share most words of the shorter one.

    >>> says_same("Diese Woche tagt die Notenbank erneut über den Leitzins.", "Die EZB tagt erneut über den Leitzins.")
    True
    >>> says_same("Fox reist am Montag nach Wexum und trifft dort den Kanzler.", "Fox reist nach Wexum.")
    False
    """
    if likeness(text, told) > _ALIKE:
        return True
    own, known = content_of(text), content_of(told)
    shared = len(own & known)
    most = max(shared / len(own), shared / len(known)) if own and known else 0.0
    return shared >= FEWEST_SHARED and most >= _SHARE and len(own) <= _LONGER * len(known)


def adds_nothing(text: str, told: Sequence[str], common: Collection[str] = ()) -> bool:
    """
    Whether most words of a sentence are among those of the `told` ones; the language's `common` words count for nothing.

    A summary and the article's first sentences tell the same news in other words.

    >>> told = ["Fox settled with the court in Wexcombe on Monday.", "She has to pay a heavy fine."]
    >>> adds_nothing("After a day in court in Wexcombe, Fox settled on a heavy fine.", told, ["after"])
    True
    >>> adds_nothing("The court in Wexcombe meets again in March to settle the case of the ferry Anna.", told)
    False
    """
    empty = content_of(" ".join(common))
    own, known = content_of(text) - empty, content_of(" ".join(told))
    shared = len(own & known)
    return shared >= _FEWEST_KNOWN and shared >= _SHARE_KNOWN * len(own)


def content_of(text: str) -> frozenset[str]:
    """
    Beginnings of a sentence's longer words.

    >>> sorted(content_of("Die EZB tagt erneut"))
    ['erneu', 'tagt']
    """
    return frozenset(word.casefold()[:5] for word in words(text) if len(word) > 3)

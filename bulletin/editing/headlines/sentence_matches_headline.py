"""
Whether a sentence covers the headline: the same names, the same event; pure.

Source: a signal of the learnt choice of sentences, whose weights are measured by
`python -m bench.sentence_weights` (docs/decisions/0004). Judgement, no source: the shares and numbers of words,
because they were set before the weights were learnt and a wrong one only weakens a signal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bulletin.editing.context.find_unintroduced_names import has_name, names_in
from bulletin.editing.english.word_list_regexes import content_words, listed, regex, table
from bulletin.editing.headlines.headline_parse_tree import parse_title, root_of, sentence_case, subject_of
from bulletin.editing.rewrite_sentence_for_radio import small_words
from bulletin.language.english_grammar_parser import has_parser

STEM = 5
"""
Letters that two forms of one word have in common: "resigns", "resignation".

Example: `HeadlineMatch.of`.
"""
FULLY = 0.34
"""
Least share of the headline's words in a sentence further down that opens the story.

Example: `HeadlineMatch.covers_headline_fully`.
"""
HALF = 0.5
"""
Share from which a match needs no name, which may be that of the police or a street.

Example: `HeadlineMatch.covers_headline_fully`.
"""
MANY = 3
"""Words of any kind that make a match. Example: `HeadlineMatch.covers_event`."""
TWO_NAMES = 2
"""
Names in one headline and one sentence that make a match: "paid" may be "pays" or "money" there.

Example: `HeadlineMatch.covers_event`.
"""


_INTRODUCES = r"(?:An?|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Hundreds|Thousands|Dozens|Police|More than|At least|\d[\d,.]*) "
"""
Opens a sentence that needs no earlier mention: "A driver has been jailed".

Example: `HeadlineMatch.covers_headline`.
"""


_ON_A_DAY = r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday|tonight|last night|this (?:morning|afternoon|evening|week|weekend))\b"
"""Example: `HeadlineMatch.covers_headline`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineMatch:
    """The content words of a headline, stemmed."""

    has_title: bool
    words: frozenset[str]
    names: frozenset[str]
    """Words that are names throughout the article."""
    event: frozenset[str]
    """Words of its verb and object, because the subject alone is no news."""

    @classmethod
    def of(cls, title: str, *, source: str, opening: Sequence[str]) -> HeadlineMatch:
        """
        The match of a title with its article.

        Empty where the headline shares no word with the article's `opening`: such a headline is a play on words.

        >>> opening = ["A ferry sank off Wexcombe."]
        >>> matches = [HeadlineMatch.of(title, source=opening[0], opening=opening) for title in ("Ferry sinks", "All at sea")]
        >>> [sorted(match.words) for match in matches]
        [['ferry', 'sink'], []]
        """
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
        event = (stems - _subject(title, source)) or stems
        return cls(has_title=bool(title), words=stems, names=stems & names, event=_alike(event - names))

    def covers_headline(self, text: str) -> bool:
        """
        Whether the article's first sentence covers the headline: it shares names and event, or many words.

        Under a headline that is a play on words it must at least name or introduce a person or thing.

        >>> title, lead = "Ferry sinks off Wexcombe, two dead", "A ferry sank off Wexcombe."
        >>> match = HeadlineMatch.of(title, source=lead, opening=[lead])
        >>> match.covers_headline("A ferry sank off Wexcombe on Monday."), match.covers_headline("Ann Fox rows.")
        (True, False)
        >>> match.covers_headline("Wexcombe slept on Monday."), match.covers_headline("Wexcombe slept.")
        (True, False)
        >>> pun = HeadlineMatch.of("All at sea", source=lead, opening=[lead])
        >>> pun.covers_headline("A driver rows."), pun.covers_headline("Some rowed.")
        (True, False)
        """
        if not self.words:
            return not self.has_title or has_name(text) or bool(regex(_INTRODUCES).match(text))
        shared = self._shared(text)
        event = self.words - self.names
        names_it = bool(shared & self.names) or not self.names
        tells_it = bool(shared & event or self.event & _alike(_stems(text))) or not event
        is_alike = len(shared) >= min(MANY, len(self.words)) or self.count_names(text) >= TWO_NAMES
        # the day marks an event, and the name says whose
        is_alike = is_alike or bool(shared & self.names and regex(_ON_A_DAY).search(text))
        introduces = bool(regex(_INTRODUCES).match(text)) and len(shared & event) >= TWO_NAMES
        return (names_it and tells_it) or is_alike or introduces

    def covers_headline_fully(self, text: str) -> bool:
        """
        Whether a later sentence covers the headline: a third of its words, two of the event, and a name.

        >>> title, lead = "Ferry sinks off Wexcombe, two dead", "A ferry sank off Wexcombe."
        >>> match = HeadlineMatch.of(title, source=lead, opening=[lead])
        >>> match.covers_headline_fully(lead), match.covers_headline_fully("Two people died in Wexcombe.")
        (True, False)
        """
        shared = self._shared(text)
        enough = max(FULLY * len(self.words), min(MANY, len(self.words)))
        tells_it = len(shared - self.names - _times()) >= min(2, len(self.words - self.names))
        is_half = len(shared) >= HALF * len(self.words) and not text.startswith("The ")
        names_it = bool(shared & self.names) or not self.names or is_half
        return bool(shared) and len(shared) >= enough and tells_it and names_it

    def covers_event(self, text: str) -> bool:
        """
        Whether a sentence holds a word of the headline's verb or object; a scene or a look back has none.

        >>> title, lead = "Ferry sinks off Wexcombe, two dead", "A ferry sank off Wexcombe."
        >>> match = HeadlineMatch.of(title, source=lead, opening=[lead])
        >>> match.covers_event("Two people died in Wexcombe."), match.covers_event("Ann Fox rows.")
        (True, False)
        """
        # in a title of three words the subject counts
        shared = len(self.words) <= MANY or not self.event or self.event & _alike(_stems(text))
        return bool(shared) or (self.count_names(text) >= TWO_NAMES and bool(regex(_ON_A_DAY).search(text)))

    def covers_harm(self, text: str) -> bool:
        """
        Whether a sentence mentions the dead and hurt of the headline.

        >>> title, lead = "Ferry sinks off Wexcombe, two dead", "A ferry sank off Wexcombe."
        >>> match = HeadlineMatch.of(title, source=lead, opening=[lead])
        >>> match.covers_harm("Two people died in Wexcombe."), match.covers_harm(lead)
        (True, False)
        """
        return listed("events", "harm") & self.event <= _alike(_stems(text))

    def count_shared(self, text: str) -> int:
        """
        Content words that sentence and headline share.

        >>> title, lead = "Ferry sinks off Wexcombe, two dead", "A ferry sank off Wexcombe."
        >>> match = HeadlineMatch.of(title, source=lead, opening=[lead])
        >>> match.count_shared("The ferry left Wexcombe.")
        2
        """
        return len(self._shared(text))

    def count_names(self, text: str) -> int:
        """
        Names that sentence and headline share.

        >>> title, lead = "Ferry sinks off Wexcombe, two dead", "A ferry sank off Wexcombe."
        >>> match = HeadlineMatch.of(title, source=lead, opening=[lead])
        >>> match.count_names("The ferry left Wexcombe.")
        1
        """
        return sum(bool(_stems(" ".join(name)) & self.names) for name in names_in(text))

    def shares_name(self, text: str) -> bool:
        """
        Whether sentence and headline share a name.

        >>> title, lead = "Ferry sinks off Wexcombe, two dead", "A ferry sank off Wexcombe."
        >>> match = HeadlineMatch.of(title, source=lead, opening=[lead])
        >>> match.shares_name("The ferry left Wexcombe."), match.shares_name("The ferry sank.")
        (True, False)
        """
        return bool(_stems(text) & self.names)

    def _shared(self, text: str) -> frozenset[str]:
        """
        The stems that sentence and headline share.

        >>> title, lead = "Ferry sinks off Wexcombe", "A ferry sank off Wexcombe."
        >>> sorted(HeadlineMatch.of(title, source=lead, opening=[lead])._shared("The ferry left Wexcombe."))
        ['ferry', 'wexco']
        """
        return self.words & _stems(text)


def _subject(title: str, source: str) -> frozenset[str]:
    """
    The headline's subject, stemmed; empty without the parser or a verb.

    >>> sorted(_subject("Ann Fox rows old ferry", "A ferry sank.")), _subject("Old ferry", "A ferry sank.")
    (['ann', 'fox'], frozenset())
    """
    if not has_parser():
        return frozenset()
    subject = subject_of(root_of(parse_title(sentence_case(title, source[:2_000]))))
    return _stems(" ".join(word.text for word in subject.subtree)) if subject else frozenset()


def _alike(stems: frozenset[str]) -> frozenset[str]:
    """
    The stems, and one word for each event that they name: "dies", "killed", "fatal".

    >>> bool(_alike(_stems("Two died")) & _alike(_stems("Crash kills Fox")))
    True
    """
    return stems | {name for name, words in _events() if stems & words}


@lru_cache(maxsize=1)
def _events() -> tuple[tuple[str, frozenset[str]], ...]:
    """Name of each event, and the stems of its words. Example: `_alike`."""
    return tuple((row.split()[0], _stems(row)) for row in table()["events"]["alike"])


def _times() -> frozenset[str]:
    """
    Stems of words for a time or an order, which are no event: "year", "first".

    >>> sorted(_stems("Ferry sank last year") - _times())
    ['ferry', 'sank']
    """
    return _stems(" ".join(listed("words", "times") | listed("opening", "ordinals")))


@lru_cache(maxsize=2_048)
def _stems(text: str) -> frozenset[str]:
    """
    The stems of a text's content words, cut to five letters, so that a noun matches its verb.

    >>> _stems("The mayor resigns") == _stems("the mayor's resignation")
    True
    """
    return frozenset(_stem(word)[:STEM] for word in content_words(text.replace("-", " ")))


def _stem(word: str) -> str:
    """
    The stem: "dies" and "died", "adds" and "added" have one.

    >>> _stem("dies") == _stem("died"), _stem("adds") == _stem("added")
    (True, True)
    """
    word = word[:-1] if len(word) == len("died") and word.endswith("ed") else word
    return re.sub(r"(?<=\w\w\w)(?:ed|es|s|e)$", "", word)

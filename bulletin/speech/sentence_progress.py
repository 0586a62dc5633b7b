"""Sentences spoken so far -> progress with the time left, and a line in the log every ten seconds."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bulletin.language.split_sentences import count_letters

log = logging.getLogger(__name__)

_LOG_EVERY_S = 10.0
_SURE_AFTER_S = 2.0
"""Before, a model is being loaded, or too little is known about the voice."""


@dataclass(slots=True, kw_only=True)
class SentenceProgress:
    """Progress of one voice through a bulletin."""

    who: str
    """ "kokoro: bf_emma"."""
    total: int
    """Sentences, those of earlier bulletins included."""
    done: int
    letters_left: int
    """Of the sentences that have yet to be spoken."""
    show: Callable[[int, int, str], None]
    verb: str = "speaking"
    """For the log."""
    clock: Callable[[], float] = time.monotonic
    _begun_s: float = field(init=False)
    _logged_s: float = field(init=False)
    _letters: int = 0

    def __post_init__(self) -> None:
        self._begun_s = self._logged_s = self.clock()
        self.show(self.done, self.total, self.who)

    def spoken(self, text: str) -> None:
        """Count one sentence."""
        self.done += 1
        self._letters += count_letters(text)
        self.letters_left -= count_letters(text)
        now_s = self.clock()
        left = describe_time_left(self._letters, self.letters_left, seconds=now_s - self._begun_s)
        self.show(self.done, self.total, f"{self.who}, {left}" if left else self.who)
        if now_s - self._logged_s >= _LOG_EVERY_S and left:
            self._logged_s = now_s
            log.info("%s: voice=%s sentences=%d/%d: %s", self.verb, self.who, self.done, self.total, left)


def count_all_letters(texts: Iterable[str]) -> int:
    """Letters of all sentences."""
    return sum(map(count_letters, texts))


def describe_time_left(spoken: int, left: int, *, seconds: float) -> str:
    """
    Time that `left` letters take, if `spoken` ones took `seconds`; empty where that is not known yet, or nothing is left.

    >>> describe_time_left(300, 1200, seconds=12.0), describe_time_left(300, 6000, seconds=12.0)
    ('about 50 s left', 'about 4 min left')
    """
    if not spoken or left <= 0 or seconds < _SURE_AFTER_S:
        return ""
    left_s = seconds / spoken * left
    if left_s >= 90:
        return f"about {left_s / 60:.0f} min left"
    return f"about {max(5, 5 * round(left_s / 5)):.0f} s left"

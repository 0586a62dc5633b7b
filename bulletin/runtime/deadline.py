"""Until when a piece of work must be done: handed down the road, so that each stage can tell what is left."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the clock that nobody can turn back (time.monotonic)."""

    at_s: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """So many seconds from now."""
        return cls(time.monotonic() + seconds)

    @property
    def left_s(self) -> float:
        """Seconds that are left; none when it is over."""
        return max(0.0, self.at_s - time.monotonic())

    @property
    def is_over(self) -> bool:
        return self.left_s == 0.0

    def share(self, part: float) -> Self:
        """An earlier deadline: the end of a part of what is left."""
        return type(self)(time.monotonic() + part * self.left_s)

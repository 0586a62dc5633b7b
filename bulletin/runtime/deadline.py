"""Deadline of a piece of work, passed from stage to stage."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Deadline:
    """Moment of the monotonic clock (time.monotonic), which is never set back."""

    at_s: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """The deadline so many seconds from now."""
        return cls(time.monotonic() + seconds)

    @property
    def left_s(self) -> float:
        """Seconds until the deadline; 0 when it is over."""
        return max(0.0, self.at_s - time.monotonic())

    @property
    def is_over(self) -> bool:
        return self.left_s == 0.0

    def share(self, part: float) -> Self:
        """An earlier deadline, after `part` (0 to 1) of the time that is left."""
        return type(self)(time.monotonic() + part * self.left_s)

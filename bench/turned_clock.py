"""A clock that all processes of a campaign share: real seconds, which a campaign may let jump to the next slot."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.moments import faketime_environment


class TurnedClock:
    """
    Clock of the wall, turned by libfaketime; the monotonic clock and time-outs stay real.

    Each process reads the offset from a file, so that a jump holds for all of them at once. `ahead_s` gives a process
    a clock that is wrong by so many seconds.
    """

    def __init__(self, folder: Path, *, begin: datetime) -> None:
        """Raises SystemExit where libfaketime is not installed."""
        self._library = faketime_environment()
        if not self._library:
            raise SystemExit("libfaketime is not installed: apt install libfaketime")
        self._folder = folder
        self._wrong_s: dict[str, float] = {}
        self._offset_s = begin.timestamp() - time.time()

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._offset_s, UTC)

    def jump(self, moment: datetime) -> None:
        """Let the time be `moment` now; never back."""
        self._offset_s = max(self._offset_s, moment.timestamp() - time.time())
        for name in self._wrong_s:
            self._write(name)

    def moment_of(self, moment: datetime) -> datetime:
        """When that moment comes by the real clock, which is the database's; valid until the next jump."""
        return datetime.fromtimestamp(moment.timestamp() - self._offset_s, UTC)

    def set_wrong(self, name: str, ahead_s: float) -> None:
        """Turn the clock of one process by so many seconds from the right time, while it runs; 0: set it right."""
        self._wrong_s[name] = ahead_s
        self._write(name)

    def environment(self, name: str = "right", *, ahead_s: float = 0.0) -> dict[str, str]:
        """Environment of a process; one whose clock is wrong by `ahead_s` needs a `name`."""
        self._wrong_s[name] = ahead_s
        self._write(name)
        return {
            **os.environ,
            **self._library,
            "FAKETIME_TIMESTAMP_FILE": str(self._folder / f"{name}.clock"),
            "FAKETIME_NO_CACHE": "1",
            "NO_FAKE_STAT": "1",
        }

    def _write(self, name: str) -> None:
        part = self._folder / f"{name}.part"
        part.write_text(f"{self._offset_s + self._wrong_s.get(name, 0.0):+.3f}\n", encoding="ascii")
        part.replace(self._folder / f"{name}.clock")  # libfaketime reads it all the time, never half of it

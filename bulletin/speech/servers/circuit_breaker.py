"""Circuit breaker with its state in a file: a server that refused is not asked again for some time."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.errors import EngineBusyError
from bulletin.runtime.files.atomic_write import write_atomically

_LONGEST = timedelta(hours=3)


class CircuitBreaker:
    """
    Calls pass while it is closed, and are refused while it is open, for some minutes after a failure.

    After that time one call may try: a success closes the breaker, a failure opens it for twice as
    long. The state is a file, because each hour's bulletin may be another process. (pybreaker
    and stamina keep their state in memory.)
    """

    def __init__(
        self, path: Path, *, name: str, first: timedelta, clock: Callable[[], datetime] | None = None
    ):
        self._path = path
        self._name = name
        self._first = first
        self._clock = clock or (lambda: datetime.now(UTC))

    def check(self) -> None:
        """Raise EngineBusyError while the breaker is open, with the time and the reason."""
        until, _, reason = self._read()
        left_s = (until - self._clock()).total_seconds()
        # A clock that was set back must not block the first voice for years.
        if 0 < left_s <= _LONGEST.total_seconds():
            raise EngineBusyError(
                f"{self._name}: paused until {until:%H:%M} UTC ({reason}); to try now, delete {self._path}",
                retry_after_s=left_s,
            )

    def open(self, reason: str, *, at_least_s: float = 0.0) -> None:
        """Refuse calls from now on, longer after each failure in a row; calls that fail side by side are one failure."""
        until, failures, _ = self._read()
        failures -= failures > 0 and until - _LONGEST <= self._clock() < until
        asked = timedelta(seconds=min(at_least_s, _LONGEST.total_seconds()))  # Retry-After may be any number
        wait = min(_LONGEST, max(self._first * 2 ** min(failures, 10), asked))
        state = {"until": (self._clock() + wait).isoformat(), "failures": failures + 1, "reason": reason}
        # Without a state file the next run asks once more, which is harmless.
        with contextlib.suppress(OSError):
            write_atomically(self._path, json.dumps(state, indent=1))

    def close(self) -> None:
        """Let calls pass again, after a success."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _read(self) -> tuple[datetime, int, str]:
        """End of the pause, failures in a row, reason; a pause long ago without a readable file."""
        try:
            state = json.loads(self._path.read_text(encoding="utf-8"))
            until = datetime.fromisoformat(state["until"]).astimezone(UTC)
            return until, int(state["failures"]), str(state["reason"])
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return datetime.min.replace(tzinfo=UTC), 0, ""

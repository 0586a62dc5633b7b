"""A circuit breaker with a memory: a server that refused is left alone, in later runs too."""

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
    Closed, a call goes through; open, for some minutes after a failure, it is refused at once.

    When the time is over one call may try: a success closes the circuit, a failure opens it for
    twice as long. The state is a small file, so a station that speaks once an hour does not ask in
    vain each time. (pybreaker keeps its state in memory and has one fixed time-out.)
    """

    def __init__(
        self, path: Path, *, name: str, first: timedelta, clock: Callable[[], datetime] | None = None
    ):
        self._path = path
        self._name = name
        self._first = first
        self._clock = clock or (lambda: datetime.now(UTC))

    def check(self) -> None:
        """Raise EngineBusyError while the circuit is open, saying until when and why."""
        until, _, reason = self._read()
        left_s = (until - self._clock()).total_seconds()
        # A clock that was set back must not close the station's first voice for years.
        if 0 < left_s <= _LONGEST.total_seconds():
            raise EngineBusyError(
                f"{self._name}: left alone until {until:%H:%M} UTC after: {reason} (delete {self._path} to try now)",
                retry_after_s=left_s,
            )

    def open(self, reason: str, *, at_least_s: float = 0.0) -> None:
        """Refuse calls from now on, longer after each failure in a row."""
        _, failures, _ = self._read()
        asked = timedelta(seconds=min(at_least_s, _LONGEST.total_seconds()))  # servers name any number
        wait = min(_LONGEST, max(self._first * 2 ** min(failures, 10), asked))
        state = {"until": (self._clock() + wait).isoformat(), "failures": failures + 1, "reason": reason}
        # A breaker that can't be remembered still protects nobody less than none.
        with contextlib.suppress(OSError):
            write_atomically(self._path, json.dumps(state, indent=1))

    def close(self) -> None:
        """It works again."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _read(self) -> tuple[datetime, int, str]:
        """Until when, failures in a row, why; long ago when there is no readable memory."""
        try:
            state = json.loads(self._path.read_text(encoding="utf-8"))
            until = datetime.fromisoformat(state["until"]).astimezone(UTC)
            return until, int(state["failures"]), str(state["reason"])
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return datetime.min.replace(tzinfo=UTC), 0, ""

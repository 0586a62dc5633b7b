"""Circuit breaker: a server that refused is not asked again for some time, by any machine of a group."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.errors import ArchiveError, EngineBusyError
from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.speech.servers.character_budget import Counts

_LONGEST = timedelta(hours=3)


class CircuitBreaker:
    """
    Calls pass while it is closed, and are refused while it is open, for some minutes after a failure.

    After that time one call may try: a success closes the breaker, a failure opens it for twice as
    long. The state is a file, because each hour's bulletin may be another process. (pybreaker
    and stamina keep their state in memory.) A group has its state in the archive; while that is away, this machine's
    file counts.
    """

    def __init__(
        self, path: Path, *, name: str, first: timedelta, clock: Callable[[], datetime] | None = None
    ):
        self._path = path
        self._name = name
        self._first = first
        self._clock = clock or (lambda: datetime.now(UTC))
        self._shared: Counts | None = None

    def share(self, shared: Counts) -> None:
        """Keep the state where all machines of a group read and change it."""
        self._shared = shared

    def check(self) -> None:
        """Raise EngineBusyError while the breaker is open, with the time and the reason."""
        shared = self._read_shared()
        state = self._read_file() if shared is None else shared
        if left_s := self._left_s(state):
            until, _, reason = _read_state(state)
            pause = f"{self._name}: paused until {until:%H:%M} UTC"
            text = f"{pause} on all machines of the group ({reason}); the next voice reads meanwhile"
            if shared is None:
                text = f"{pause} ({reason}); to try now, delete {self._path}"
            raise EngineBusyError(text, retry_after_s=left_s)

    def open(self, reason: str, *, at_least_s: float = 0.0) -> None:
        """Refuse calls from now on, longer after each failure in a row; calls that fail side by side are one failure."""
        state = ""
        if self._shared:
            with contextlib.suppress(OSError, ArchiveError), self._shared.changing() as put:
                state = self._after_failure(self._shared.read() or "", reason, at_least_s=at_least_s)
                put(state)
        state = state or self._after_failure(self._read_file(), reason, at_least_s=at_least_s)
        # Without a state file the next run asks once more, which is harmless.
        with contextlib.suppress(OSError):
            write_atomically(self._path, state)

    def close(self) -> None:
        """Let calls pass again, after a success; that of a call which began before the pause does not end it."""
        if self._shared and self._has_ended(self._read_shared()):  # most calls find nothing to change
            with contextlib.suppress(OSError, ArchiveError), self._shared.changing() as put:
                if self._has_ended(self._shared.read()):
                    put("")
        if not self._left_s(self._read_file()):
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _left_s(self, state: str) -> float:
        """Seconds until the pause ends; 0: it has ended."""
        until, _, _ = _read_state(state)
        left_s = (until - self._clock()).total_seconds()
        # A clock that was set back must not block the first voice for years.
        return left_s if 0 < left_s <= _LONGEST.total_seconds() else 0.0

    def _has_ended(self, state: str | None) -> bool:
        """Whether there was a pause, and it has ended."""
        return bool(state) and not self._left_s(state or "")

    def _after_failure(self, state: str, reason: str, *, at_least_s: float) -> str:
        """The state after one more failure."""
        until, failures, _ = _read_state(state)
        failures -= failures > 0 and until - _LONGEST <= self._clock() < until
        asked = timedelta(seconds=min(at_least_s, _LONGEST.total_seconds()))  # Retry-After may be any number
        wait = min(_LONGEST, max(self._first * 2 ** min(failures, 10), asked))
        new = {"until": (self._clock() + wait).isoformat(), "failures": failures + 1, "reason": reason}
        return json.dumps(new, indent=1)

    def _read_shared(self) -> str | None:
        """The state of the group; None: this machine is in none, or the archive is away."""
        if self._shared:
            with contextlib.suppress(OSError, ArchiveError):
                return self._shared.read() or ""
        return None

    def _read_file(self) -> str:
        """The state of this machine; empty: it cannot be read."""
        with contextlib.suppress(OSError, ValueError):
            return self._path.read_text(encoding="utf-8")
        return ""


def _read_state(text: str) -> tuple[datetime, int, str]:
    """End of the pause, failures in a row, reason; a pause long ago where the text is none."""
    try:
        state = json.loads(text)
        until = datetime.fromisoformat(state["until"]).astimezone(UTC)
        return until, int(state["failures"]), str(state["reason"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return datetime.min.replace(tzinfo=UTC), 0, ""

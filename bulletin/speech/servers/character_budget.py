"""Characters that a paid voice may cost in a day: counted in a file or, in a group, in its archive."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from bulletin.errors import ArchiveError, EngineBusyError, EngineUnavailableError, OutletError
from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.runtime.files.file_lock import hold

_LOCK_WAIT_S = 5.0


@dataclass(slots=True, kw_only=True)
class _Count:
    """Content of the file."""

    day: str
    characters: int = 0
    refused_at: int = 0
    """Budget that was too small today; 0: none was."""


class Counts(Protocol):
    """A text that all runs read and change, one after another: a file, or a row of a group's archive."""

    def read(self) -> str | None:
        """The text; None: there is none yet. Raises OSError, BulletinError."""

    def changing(self) -> AbstractContextManager[Callable[[str], None]]:
        """Exclude others, and replace the text by the function that is given. Raises OSError, BulletinError."""


@dataclass(frozen=True, slots=True)
class CountFile:
    """A count for all processes of one user on one machine."""

    path: Path

    def read(self) -> str | None:
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    @contextmanager
    def changing(self) -> Iterator[Callable[[str], None]]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with hold(self.path.with_suffix(".lock"), wait_s=_LOCK_WAIT_S):
            yield lambda text: write_atomically(self.path, text)


class CharacterBudget:
    """
    A number of characters for each day of UTC.

    Characters are taken before they are sent, and given back only if the server certainly charged nothing: a
    killed process or a broken connection never costs more than the budget. After the first refusal nothing is
    spent for the rest of the day, so that no bulletin is begun by a voice that cannot end it. Where the file
    cannot be written nothing is sent.
    """

    def __init__(
        self, counts: Counts, *, name: str, per_day: int, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._counts = counts
        self._name = name
        self._per_day = per_day
        self._clock = clock or (lambda: datetime.now(UTC))

    @property
    def used(self) -> int:
        """Characters charged today."""
        return self._read().characters

    def check(self) -> None:
        """Raise EngineBusyError until midnight when the budget was used up today."""
        if self._read().refused_at >= self._per_day:
            raise self._exhausted()

    def take(self, characters: int) -> None:
        """Count characters before they are sent. Raises EngineBusyError when they are too many for today."""
        with self._locked() as count:
            has_room = (
                not count.refused_at >= self._per_day and count.characters + characters <= self._per_day
            )
            if has_room:
                count.characters += characters
            else:
                count.refused_at = max(count.refused_at, self._per_day)
        if not has_room:
            raise self._exhausted()

    def settle(self, *, taken: int, charged: int) -> None:
        """Correct characters that were taken by what the server has charged."""
        if taken != charged:
            with self._locked() as count:
                count.characters = max(0, count.characters + charged - taken)

    def _exhausted(self) -> EngineBusyError:
        now = self._clock()
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=UTC)
        return EngineBusyError(
            f"{self._name}: today's budget of {self._per_day:,} characters is used up until 00:00 UTC; "
            f"raise [speech.engines.{self._name}] budget_per_day",
            retry_after_s=(midnight - now).total_seconds(),
        )

    @contextmanager
    def _locked(self) -> Iterator[_Count]:
        """The count, which is written at the end. Raises EngineUnavailableError where it cannot be kept."""
        try:
            with self._counts.changing() as put:
                count = self._read()
                yield count
                put(json.dumps(asdict(count)))
        except (OSError, OutletError, ArchiveError) as error:
            remedy = "set the variable BULLETIN_DATA to a folder that this user can write"
            if isinstance(error, ArchiveError):
                remedy = "the next voice reads meanwhile"
            raise EngineUnavailableError(
                f"{self._name}: the count of characters cannot be kept, so nothing is sent ({error}); {remedy}"
            ) from error

    def _read(self) -> _Count:
        today = f"{self._clock():%Y-%m-%d}"
        try:
            text = self._counts.read()
            if text is None:
                return _Count(day=today)
            stored = json.loads(text)
            count = _Count(
                day=str(stored["day"]),
                characters=int(stored["characters"]),
                refused_at=int(stored["refused_at"]),
            )
        except (OSError, ArchiveError, ValueError, TypeError, KeyError, RecursionError):
            # unreadable: nobody knows what was spent today
            return _Count(day=today, characters=self._per_day)
        return count if count.day == today else _Count(day=today)

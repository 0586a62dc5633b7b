"""The service: stations on air by their clocks, until it is told to stop."""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bulletin.archive.ledger import Ledger
from bulletin.articles.answers import Answers
from bulletin.config.load import LoadedProfile
from bulletin.errors import ConfigError, RunningError
from bulletin.lock import LockedError, hold
from bulletin.model import SlotRecord
from bulletin.service.clock import TICK_S, ring_until_stopped
from bulletin.service.keeper import Keeper
from bulletin.service.post import StationPost
from bulletin.service.roles import Outcome
from bulletin.service.staff import Staff
from bulletin.station import STATE, make_folder, open_archive

log = logging.getLogger(__name__)

STOP_WITHIN_S = 20.0
"""How long a stop waits for what is being made; then it is given up, and begun again at the next start."""
_AT_ONCE = 2
"""Bulletins made at the same time: a small computer has not more to give."""


class Diary:
    """Writes into the log what the keeper tells."""

    def met(self, record: SlotRecord) -> None:
        """A slot has what it needs."""
        ahead_s = (record.due - record.ready_at).total_seconds() if record.ready_at else 0.0
        log.info(
            "slot met: station=%s due=%s level=%s ahead_s=%.0f in_time=%s note=%s",
            record.station,
            record.due.isoformat(),
            record.level,
            ahead_s,
            "yes" if record.is_met else "no",
            record.note or "-",
        )

    def prepared(self, station: str, due: datetime, outcome: Outcome) -> None:
        """A stand-by lies there."""
        log.info(
            "stand-by ready: station=%s due=%s level=%s note=%s",
            station,
            due.isoformat(),
            outcome.level,
            outcome.note or "-",
        )

    def missed(self, record: SlotRecord) -> None:
        """A slot passed with nothing."""
        log.error(
            "slot missed: station=%s due=%s note=%s",
            record.station,
            record.due.isoformat(),
            record.note or "-",
        )

    def failed(self, station: str, what: str, error: BaseException) -> None:
        """Something went wrong that was not foreseen."""
        log.error("failed: station=%s what=%s error=%s", station or "all", what, error)


def serve(loaded: Sequence[LoadedProfile], *, output: Path, every_s: float = TICK_S) -> None:
    """
    Keep the clocks of stations that share an output folder, until SIGTERM or Ctrl-C.

    Raises ConfigError for a station without slots, RunningError where another service has one of the
    stations already, ArchiveError, OutletError when the folder cannot be written.
    """
    for one in loaded:
        if not one.profile.clock.slots:
            raise ConfigError(
                f'{one.path}: has no slots; add, for instance: [[clock.slots]] at = "06:00-19:00"'
            )
    with ExitStack() as stack:
        _take_locks(stack, loaded, output)
        archive = stack.enter_context(open_archive(output))
        staff, answers = Staff(min(_AT_ONCE, len(loaded))), Answers()
        keeper = Keeper(
            ledger=Ledger(archive),
            posts=[
                StationPost(loaded=one, output=output, archive=archive, answers=answers) for one in loaded
            ],
            owner=f"{os.getpid()}-{uuid.uuid4().hex[:8]}",
            hire=staff.hire,
            hands=staff.count,
            watcher=Diary(),
            now=lambda: datetime.now(UTC),
        )
        keeper.begin()
        log.info("on air: stations=%s", ",".join(one.id for one in loaded))
        ring_until_stopped(keeper.tick, every_s=every_s)
        if not staff.finish(within_s=STOP_WITHIN_S):
            log.warning("stopped in the middle of a bulletin; it is begun again at the next start")
        log.info("stopped")


def _take_locks(stack: ExitStack, loaded: Sequence[LoadedProfile], output: Path) -> None:
    """One service for each station; the system frees the locks of a service that dies."""
    make_folder(output / STATE)
    for one in loaded:
        try:
            stack.enter_context(hold(output / STATE / f"{one.id}.service.lock"))
        except LockedError as error:
            raise RunningError(
                f"{one.id}: another service keeps this station on air already; stop that one first"
            ) from error

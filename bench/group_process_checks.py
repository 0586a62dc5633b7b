"""Checks of the processes of a group: late results of frozen workers, exit codes, memory."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterable, Iterator, Mapping

from bench.group_checks import Findings
from bench.group_processes import End, Freeze, Group, Member
from bench.session_memory import MOST_MB
from bulletin.errors import ArchiveError, StoreError

FROZEN, DIED = "workers frozen in a mix", "frozen workers that ended without a result"
REFUSED, FAILED, ACCEPTED = "late results refused", "late pieces failed", "late results accepted"
HELD = "pieces still held after a freeze"
MEMORY = "MB of a worker at most, with its parser processes"
ENDS_WELL = "processes that ended by themselves, exit code 0"
ENDS_EARLY = "starts without database or store, exit code 8 or 10"
_AWAY_CODES = (ArchiveError.exit_code, StoreError.exit_code)
_NOT_REFUSED = "its late result was not refused"
_ENDS = {
    "late result refused": REFUSED,
    "piece of work failed, tried again if time is left": FAILED,
    "piece of work left to its lease, the database failed": FAILED,
    "piece of work ended": _NOT_REFUSED,
}
"""
Line of a worker's log -> end of its piece.

A refused or failed piece has the last line, too, after its own. "Its result will be refused" is no end: that is said
when its lease is renewed, before there is a result.
"""
_ENDS_WITHIN_S = 30.0


def check_late_results(group: Group, found: Findings) -> None:
    """
    Workers that were frozen in a mix and woken: their result was refused, and the slot's news is another one's.

    A worker that wakes before another one has taken the piece still holds it, and may publish. One that fails or ends
    after it wakes has no result. Each of these is counted apart, and proves nothing.
    """
    while group.frozen:
        freeze = group.frozen.pop()
        found.checked[FROZEN] += 1
        row = group.sql("SELECT owner, fence, state FROM work WHERE kind = 'mix' AND key = %s", freeze.key)
        if row and is_kept(freeze, row[0]):
            found.checked[HELD] += 1
            continue
        _wait_for_end(group, freeze)
        end = late_end(freeze, log=group.log_of(freeze.worker), row=row[0] if row else None)
        if end not in (REFUSED, FAILED) and freeze.worker.starts > freeze.starts:
            found.checked[DIED] += 1
        elif end in (REFUSED, FAILED):
            found.checked[end] += 1
        else:
            found.checked[ACCEPTED] += end == _NOT_REFUSED
            found.other.append(f"mix/{freeze.key} of {freeze.worker.name}, which was frozen: {end}")


def is_kept(freeze: Freeze, row: tuple[str, int, str]) -> bool:
    """Whether no claim came after that of the frozen worker."""
    owner, fence, _ = row
    return (owner, fence) == (freeze.worker.name, freeze.fence)


def late_end(freeze: Freeze, *, log: str, row: tuple[str, int, str] | None) -> str:
    """
    End of a piece whose worker was frozen past its lease: REFUSED, FAILED, or what is wrong with it.

    The first line of the worker's log counts: the piece may have come back to it later.
    """
    if row is None:
        return "is not in the ledger"
    if row[1] <= freeze.fence:
        return "no other worker took it"
    return next(_ends_in(log, freeze), "its late result has no end in the log")


def _ends_in(log: str, freeze: Freeze) -> Iterator[str]:
    """Ends of the piece since the freeze, by the log of its worker."""
    piece = re.escape(f"piece=mix/{freeze.key}")
    for found in re.finditer(
        rf"({'|'.join(map(re.escape, _ENDS))}): {piece}(?=[ :]|$)", log[freeze.logged :], re.MULTILINE
    ):
        yield _ENDS[found[1]]


def _wait_for_end(group: Group, freeze: Freeze) -> None:
    """Wait until a woken worker has ended its piece, or was started again."""
    until = time.monotonic() + _ENDS_WITHIN_S
    while time.monotonic() < until and freeze.worker.starts == freeze.starts:
        if any(_ends_in(group.log_of(freeze.worker), freeze)):
            return
        time.sleep(0.5)


def check_ends(members: Iterable[Member], found: Findings) -> None:
    """A process that was ready ends with exit code 0, as when the database has gone, or is killed by a fault."""
    for member in members:
        for end in member.ends:
            if is_right_end(end):
                found.checked[ENDS_WELL] += end.code == 0
                found.checked[ENDS_EARLY] += end.code in _AWAY_CODES
            else:
                found.wrong_ends.append(f"{member.name}: {end}")


def is_right_end(end: End) -> bool:
    """Whether a process may end so; one that starts while database or store are away says which."""
    if end.code == -signal.SIGKILL:
        return end.was_killed
    return end.code == 0 or (not end.was_ready and end.code in _AWAY_CODES)


def check_memory(peaks_mb: Mapping[str, float], found: Findings) -> None:
    """Peaks of the workers, each with its parser processes."""
    found.checked[MEMORY] = round(max(peaks_mb.values(), default=0.0))
    found.other += [
        f"{name}: {peak_mb:.0f} MB with its parser processes, below {MOST_MB:.0f} wanted"
        for name, peak_mb in peaks_mb.items()
        if peak_mb >= MOST_MB
    ]

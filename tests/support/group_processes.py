"""Group of stations in a temporary folder: real planner and worker processes with a real PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.waiting_work import HeldPiece, WaitingWork
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.config.tables.group_options import GroupOptions
from bulletin.model import SlotRecord, SlotState
from bulletin.station.open_archive import open_group_archive
from tests.faults.station_on_clock import GAZETTE, NO_MUSIC, news
from tests.support.fake_engines import GATE, SPOKEN, GatedEngine, NotingEngine, SlowEngine

SLOW_VOICE = f'"{SlowEngine.__module__}:{SlowEngine.__name__}"'
"""Voice of a profile: a piece of speech takes seconds."""
WAIT_S = 300.0
"""The longest wait for a condition, on a busy machine."""
_PROFILE = """\
name = "Station {number}"
time_zone = "UTC"
length = "up to 0:30"
{feeds}
[stories]
max_age_h = 336
[script]
headlines = 0
[clock]
margin_s = 5
slots = [{{ at = "{at}", every_min = {every_min} }}]
[speech]
chain = [{voice}]
[imaging]
{music}
[outputs]
make = [{outputs}]
{tables}
"""


@dataclass(slots=True, kw_only=True)
class GroupProcesses:
    """`home` has feeds/ with the profiles, out/ for the workers, store/ for shared files."""

    home: Path
    database: str
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    _words: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def write(
        self,
        *,
        stations: int,
        due: datetime | None = None,
        minutes: int = 3,
        voice: str = '"tone"',
        outputs: str = '"fm"',
        tables: str = "",
        feeds: str = GAZETTE,
        stories: int = 8,
        every_min: int = 60,
        first: int = 0,
        now: datetime | None = None,
    ) -> datetime:
        """
        Write profiles and a feed; return when the slot of all stations is due: `minutes` from now, or a little earlier.

        Work on a first slot begins three minutes ahead, so by default at once, and with time for processes that start
        slowly on a busy machine. A test that waits for the slot itself takes fewer minutes.
        """
        now = now or datetime.now(UTC)
        due = due or now.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
        folder = self.home / "feeds"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "gazette.rss").write_text(news(count=stories, at=now), encoding="utf-8")
        group = f'[group]\ndatabase = "{self.database}"\nstore = "{self.home / "store"}"\nname = "test"\n'
        (folder / "group.toml").write_text(group, encoding="utf-8")
        for number in range(first, first + stations):
            text = _PROFILE.format(
                number=number,
                at=f"{due:%H:%M}",
                every_min=every_min,
                voice=voice,
                music=NO_MUSIC,
                outputs=outputs,
                feeds=feeds,
                tables=tables,
            )
            (folder / f"st{number}.toml").write_text(text, encoding="utf-8")
        return due

    def start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        """Start `bulletin group WORDS --name NAME`."""
        return self.start_command(name, "group", *words, "--name", name)

    def start_command(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        """Start `bulletin WORDS --output out`; its log is that of `name`."""
        return self.start_plain(name, *words, "--output", "out")

    def start_plain(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        """Start `bulletin WORDS`; its log is that of `name`."""
        command = [sys.executable, "-m", "bulletin", *words]
        environment = os.environ | {"PYTHONPATH": str(Path.cwd())} | self.environment
        with (self.home / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=self.home, env=environment, stdout=log, stderr=log)
        self.processes[name] = process
        self._words[name] = words
        return process

    def restart_ended(self) -> list[int]:
        """Start processes again that have ended, as `Restart=always` does; returns their exit codes."""
        ended = {name: process for name, process in self.processes.items() if process.poll() is not None}
        for name in ended:
            self.start_command(name, *self._words[name])
        return [process.returncode for process in ended.values()]

    def note_sentences(self) -> str:
        """Let the voice that this returns note its sentences, in the processes that are started from now on."""
        self.environment[SPOKEN] = str(self.home / "sentences.txt")
        return f'"{NotingEngine.__module__}:{NotingEngine.__name__}"'

    def sentences(self) -> list[str]:
        """What that voice has spoken."""
        return (self.home / "sentences.txt").read_text("utf-8").splitlines()

    def hold_voice(self) -> str:
        """Let the voice that this returns wait for `release_voice`, in the processes that are started from now on."""
        self.environment[GATE] = str(self.home / "gate")
        return f'"{GatedEngine.__module__}:{GatedEngine.__name__}"'

    def release_voice(self) -> None:
        (self.home / "gate").touch()

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Kind and state -> number of pieces."""
        with self.archive() as archive:
            return WorkLedger(archive, now=archive.now).counts()

    def owners(self, kind: str) -> set[str]:
        """Workers that hold a piece of a kind."""
        with self.archive() as archive:
            held = WaitingWork(archive, now=archive.now).held()
        return {piece.owner for piece in held if piece.kind == kind}

    def log_of(self, name: str) -> str:
        """What a process has logged so far."""
        return (self.home / f"{name}.log").read_text("utf-8", "replace")

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal that ends a process; its exit code."""
        process = self.processes.pop(name)
        process.send_signal(number)
        return process.wait(WAIT_S)

    def stop_all(self) -> None:
        """End all processes."""
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
        for process in self.processes.values():
            process.wait(WAIT_S)
        self.processes.clear()

    @contextmanager
    def archive(self) -> Iterator[Archive]:
        group = GroupOptions(database=self.database, store=str(self.home / "store"), name="test")
        with open_group_archive(group, output=self.home / "out") as opened:
            yield opened

    def rows(self, due: datetime, states: Collection[SlotState] = (SlotState.DONE,)) -> list[SlotRecord]:
        """Slots of that time in one of these states."""
        with self.archive() as archive:
            rows = SlotLedger(archive).rows(since=due, until=due + timedelta(seconds=1))
        return [row for row in rows if row.state in states]

    def wait_until_done(self, due: datetime, *, stations: int) -> list[SlotRecord]:
        """Wait until the slot of all stations is done."""
        self.wait(lambda: len(self.rows(due)) == stations, f"{stations} slots done")
        return self.rows(due)

    def wait_for_piece(self, kind: str, *states: str) -> None:
        """
        Wait until a piece of a kind is in one of these states.

        A piece may be done before anyone looks: a test that needs one in speech uses `SLOW_VOICE`, and one that needs
        one in the mix uses `freeze_in`.
        """

        self.wait(
            lambda: not self.counts().keys().isdisjoint((kind, state) for state in states),
            f"a piece {kind} {' or '.join(states)}",
        )

    def freeze_in(self, name: str, kind: str) -> list[HeldPiece]:
        """Freeze a worker while it holds pieces of a kind; those pieces."""
        held: list[HeldPiece] = []

        def is_frozen() -> bool:
            self.processes[name].send_signal(signal.SIGSTOP)
            with self.archive() as archive:
                pieces = WaitingWork(archive, now=archive.now).held()
            held.extend(one for one in pieces if one.kind == kind and one.owner == name)
            if not held:
                self.processes[name].send_signal(signal.SIGCONT)
            return bool(held)

        self.wait_for_piece(kind, "working", "done")
        self.wait(is_frozen, f"{name} holds a piece {kind}")
        return held

    def wait(self, is_so: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + WAIT_S
        while not is_so():
            if time.monotonic() > deadline:
                logs = "\n".join(f"--- {name}\n{self.log_of(name)[-3000:]}" for name in self.processes)
                raise TimeoutError(f"waited in vain: {what}\n{logs}")
            time.sleep(0.1)


@contextmanager
def run_group(home: Path, database: str) -> Iterator[GroupProcesses]:
    """A group whose processes are killed at the end."""
    with ExitStack() as stack:
        group = GroupProcesses(home=home, database=database)
        stack.callback(group.stop_all)
        yield group

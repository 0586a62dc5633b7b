"""A group of stations on this machine: PostgreSQL, a store, publishers, planners and workers, each a real process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bench.faulty_connection import FaultyConnection
from bench.turned_clock import TurnedClock
from tests.support.bucket_process import BUCKET, BucketProcess, bucket_process
from tests.support.postgres_server import PostgresServer

if TYPE_CHECKING:
    import psycopg

_DISK_MB = 400
"""Disk of the database, so that it can be filled."""
_SMALL_BYTES = 100_000
_SERVER_BACK_S = 20.0
"""Longest time until a killed server is there again."""
_RESTART_S = 1.0
"""Pause of the service manager before it starts a dead process again (Restart=always)."""
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """End of a process that the service manager started again."""

    code: int
    """As in subprocess: that of a signal is negative."""
    was_ready: bool
    was_killed: bool = False
    """By a fault of the campaign."""


@dataclass(slots=True, kw_only=True)
class Member:
    """A planner or a worker, as the service manager of its machine sees it."""

    name: str
    command: Sequence[str]
    database: FaultyConnection
    process: subprocess.Popen[bytes] | None = None
    is_wanted: bool = True
    starts: int = 0
    is_killed: bool = False
    """The process that runs now was killed by a fault."""
    logged_bytes: int = 0
    """Length of the log when that process was started."""
    ends: list[End] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A worker that was frozen in a piece of work until another one had claimed it or time was over, and woken."""

    worker: Member
    key: str
    fence: int
    logged: int
    """Characters of its log before."""
    starts: int = 0
    """How often the worker had been started: a killed one brings no late result."""


class StoredObjects(Mapping[str, bytes]):
    """Objects of a store; small ones are read once."""

    def __init__(self, client: Any, keys: dict[str, str], read: dict[str, bytes]) -> None:
        self._client, self._keys, self._read = client, keys, read

    def __getitem__(self, sha256: str) -> bytes:
        """Raises KeyError where it is not in the store."""
        if sha256 in self._keys and sha256 in self._read:
            return self._read[sha256]
        data: bytes = self._client.get_object(Bucket=BUCKET, Key=self._keys[sha256])["Body"].read()
        if len(data) < _SMALL_BYTES:
            self._read[sha256] = data
        return data

    def __contains__(self, sha256: object) -> bool:
        return sha256 in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class Group:
    """The processes of a group; a thread starts those again that have died."""

    def __init__(
        self, folder: Path, *, profiles: Path, clock: TurnedClock, workers: int, planners: int
    ) -> None:
        self._folder, self._profiles, self._clock = folder, profiles, clock
        self._numbers = (workers, planners)
        self.database = PostgresServer(tcp=True)
        self.members: list[Member] = []
        self.frozen: list[Freeze] = []
        """Workers that were frozen while they mixed."""
        self.freezing = threading.Lock()
        self._ahead_s: dict[str, float] = {}
        self._read: dict[str, bytes] = {}
        self._parts = ExitStack()
        self._is_over = threading.Event()
        self._starting = threading.Lock()

    def __enter__(self) -> Self:
        self._parts.enter_context(self.database)
        is_root = os.geteuid() == 0
        self._url = self.database.make_small_database(_DISK_MB) if is_root else self.database.make_database()
        self._bucket: BucketProcess = self._parts.enter_context(bucket_process())
        self.store_connection = FaultyConnection(self._bucket.port)
        workers, planners = self._numbers
        for number in range(planners):
            self._add(f"planner-{number}", "plan")
        for number in range(workers):
            self._add(f"worker-{number}", "worker")
        threading.Thread(target=self._look_after, name="service manager", daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        with self._starting:
            for member in self.members:
                member.is_wanted = False
                if member.process and member.process.poll() is None:
                    member.process.send_signal(signal.SIGCONT)
                    member.process.kill()
                    member.process.wait()
        self._parts.close()

    @property
    def workers(self) -> list[Member]:
        return [member for member in self.members if member.name.startswith("worker")]

    @property
    def planners(self) -> list[Member]:
        return [member for member in self.members if member.name.startswith("planner")]

    @property
    def url(self) -> str:
        """Address of the database on its socket, which no fault touches."""
        return self._url

    @property
    def store(self) -> str:
        return self._bucket.address("valley", endpoint=f"http://127.0.0.1:{self.store_connection.port}")

    @property
    def store_environment(self) -> dict[str, str]:
        return dict(_CREDENTIALS)

    def environment(self, member: Member) -> dict[str, str]:
        name = self._url.split("/")[3].partition("?")[0]
        return {
            **self._clock.environment(member.name, ahead_s=self._ahead_s.get(member.name, 0.0)),
            **self.store_environment,
            "GROUP_DATABASE": self.database.tcp_url(name, port=member.database.port),
            "GROUP_STORE": self.store,
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of an editor, on a machine without faults."""
        member = Member(name="editor", command=(), database=FaultyConnection(self.database.port))
        done = subprocess.run(
            [sys.executable, "-m", "bulletin", *arguments],
            cwd=self._profiles.parent,  # the other stations are those of ./feeds
            env=self.environment(member) | {"PYTHONPATH": str(Path.cwd())},
            text=True,
            capture_output=True,
            check=False,
        )
        with (self._folder / "editor.log").open("a", encoding="utf-8") as log:
            log.write(f"{self._clock.now()} {arguments} -> {done.returncode}\n{done.stdout}{done.stderr}\n")
        return done

    def sql(self, command: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a query, or [] of another command. A killed server is waited for."""
        with self._connect() as connection:
            cursor = connection.execute(command, values or None)
            return cursor.fetchall() if cursor.description else []

    def _connect(self) -> psycopg.Connection[Any]:
        import psycopg

        until = time.monotonic() + _SERVER_BACK_S
        while True:
            try:
                return psycopg.connect(self._url, autocommit=True)
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)

    def objects(self) -> StoredObjects:
        """Objects of published files, by their checksum, as they are now."""
        client = self._bucket.client()
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="valley/objects/")
        keys = {
            item["Key"].rpartition("/")[2]: item["Key"] for page in pages for item in page.get("Contents", [])
        }
        return StoredObjects(client, keys, self._read)

    # -- faults

    def kill(self, member: Member) -> None:
        """kill -9; the service manager starts it again under the same name."""
        if member.process:
            member.is_killed = True
            with suppress(ProcessLookupError):
                member.process.kill()

    def signal(self, member: Member, number: signal.Signals) -> None:
        if member.process and member.process.poll() is None:
            member.process.send_signal(number)

    def turn_clock(self, member: Member, ahead_s: float) -> None:
        """Let the clock of a member be wrong by so many seconds, also after a restart; 0: right again."""
        self._ahead_s[member.name] = ahead_s
        self._clock.set_wrong(member.name, ahead_s)

    def log_of(self, member: Member) -> str:
        """What a member has logged so far."""
        path = self._log_file(member)
        return path.read_text("utf-8", "replace") if path.exists() else ""

    @contextmanager
    def database_full(self) -> Iterator[None]:
        """Fill the disk of the database up to its last byte."""
        disk = next(path for path in self.database.folder.glob("disk-*"))
        balloon = disk / "balloon"
        try:
            with suppress(OSError), balloon.open("wb") as file:
                while True:
                    file.write(b"\0" * 4096)
                    file.flush()
            yield
        finally:
            balloon.unlink(missing_ok=True)

    # -- the service manager

    def _add(self, name: str, what: str) -> None:
        stations = [str(path) for path in sorted(self._profiles.glob("*.toml"))]
        command = [sys.executable, "-m", "bulletin", "group", what, *stations]
        command += ["--output", str(self._folder / name), "--name", name]
        self.members.append(Member(name=name, command=command, database=FaultyConnection(self.database.port)))

    def _look_after(self) -> None:
        while not self._is_over.wait(_RESTART_S):
            with self._starting:
                for member in self.members:
                    if member.process and (code := member.process.poll()) is not None:
                        member.ends.append(self._end_of(member, code))
                        member.process = None
                    if member.is_wanted and member.process is None:
                        self._start(member)

    def _end_of(self, member: Member, code: int) -> End:
        """How a process ended; it was ready where its log says so."""
        with self._log_file(member).open("rb") as log:
            log.seek(member.logged_bytes)
            was_ready = b" ready: name=" in log.read()
        return End(code=code, was_ready=was_ready, was_killed=member.is_killed)

    def _start(self, member: Member) -> None:
        member.starts += 1
        member.is_killed = False
        with self._log_file(member).open("ab") as log:
            member.logged_bytes = log.seek(0, os.SEEK_END)
            member.process = subprocess.Popen(
                member.command, env=self.environment(member), stdout=log, stderr=log, start_new_session=True
            )

    def _log_file(self, member: Member) -> Path:
        return self._folder / f"{member.name}.log"

    def worker_pids(self) -> dict[str, int]:
        """Processes of the workers that run now; each leads a session."""
        running = ((member.name, member.process) for member in self.workers)
        return {name: process.pid for name, process in running if process}

    def wait_until_up(self, within_s: float = 60.0) -> None:
        """Wait until every member is registered. Raises TimeoutError."""
        ends = time.monotonic() + within_s
        while time.monotonic() < ends:
            with suppress(Exception):
                if self.sql("SELECT count(*) FROM group_workers")[0][0] >= len(self.members):
                    return
            time.sleep(0.2)
        raise TimeoutError(f"the group does not begin; see the logs in {self._folder}")

"""
Real PostgreSQL of its own, for tests and benchmarks: Debian's programs, a socket in a temporary folder, not as root.

    with PostgresServer() as server:
        archive = open_server_archive(server.make_database())

Its methods break it: `kill`, `stop`, `freeze`, `start` again.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit

import pytest

from tests.support.free_ports import free_port

USER = "bulletin"
"""Superuser; on the socket without a password."""
PASSWORD = "open-sesame"
"""Its password on TCP."""
TEMPLATE = "archive_template"
_WAIT_S = 60.0
_OPTIONS = {
    # survives kill -9, which leaves the pages to the kernel; not a power cut
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "120",
    "jit": "off",
    "lc_messages": "C",
    "autovacuum_naptime": "10min",
}


def find_programs() -> Path | None:
    """Folder of the newest installed PostgreSQL; None: there is none."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    found.sort(key=lambda path: float(path.parent.name))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class PostgresServer:
    """A cluster in a temporary folder, which is deleted at the end. It listens on TCP only with `tcp`."""

    def __init__(self, *, tcp: bool = False, **options: str) -> None:
        programs = find_programs()
        if programs is None:
            raise FileNotFoundError("PostgreSQL is not installed: apt install postgresql")
        self._programs = programs
        self._account = _account()
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.port = free_port() if tcp else 5432
        """On TCP, and in the name of the socket."""
        self._options = _OPTIONS | {"listen_addresses": "127.0.0.1" if tcp else ""} | options
        self._process: subprocess.Popen[bytes] | None = None
        self._mounts: list[Path] = []
        self._numbers = count(1)
        self._has_template = False

    # -- life

    def __enter__(self) -> Self:
        if os.getuid() == 0:
            shutil.chown(self.folder, *self._account)
        password = self.folder / "password"
        password.write_text(PASSWORD, "utf-8")
        password.chmod(0o644)
        self._run(
            *("initdb", "--pgdata", str(self.data), "--username", USER, "--encoding", "UTF8", "--no-sync"),
            *(
                "--no-locale",
                "--auth-local",
                "trust",
                "--auth-host",
                "scram-sha-256",
                "--pwfile",
                str(password),
            ),
        )
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(ProcessLookupError):
            self.thaw()
        self.kill()
        for mount in self._mounts:
            subprocess.run(["umount", "--lazy", str(mount)], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def standby(self) -> Iterator[PostgresServer]:
        """A read-only copy that follows this server."""
        copy = PostgresServer()
        shutil.chown(copy.folder, *self._account)
        self._run(
            "pg_basebackup", "-D", str(copy.data), "-d", self.url("postgres"), "-R", "-c", "fast", "--no-sync"
        )
        copy.start()
        try:
            yield copy
        finally:
            copy.__exit__()

    def start(self) -> None:
        """Start it, also after `kill` and `stop`; return when it accepts connections."""
        settings = [f"--{name.replace('_', '-')}={value}" for name, value in self._options.items()]
        command = [
            *(str(self._programs / "postgres"), "-D", str(self.data), "-p", str(self.port)),
            *("-k", str(self.folder), *settings),
        ]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **self._as_user()
            )
        self._wait_until_ready()

    def stop(self, *, immediately: bool = False) -> None:
        """Stop it as an operator does; sessions are ended."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT if immediately else signal.SIGINT)
            self._process.wait(_WAIT_S)

    def kill(self) -> None:
        """kill -9 of all its processes."""
        if self._process:
            pids = self._pids()
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait(_WAIT_S)
            _wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids[1:]))

    def freeze(self) -> None:
        """Stop the clock of all its processes: connections stay, and nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    # -- databases

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def url(self, database: str) -> str:
        """Address of a database on the socket."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self.folder), safe='')}&port={self.port}"

    def tcp_url(self, database: str, *, password: str = PASSWORD, port: int | None = None) -> str:
        """Address of a database on TCP; `port` may be that of a proxy."""
        return f"postgresql://{USER}:{quote(password)}@127.0.0.1:{port or self.port}/{database}"

    def make_database(self, *, template: str = "template0", options: str = "") -> str:
        """Create an empty database, or a copy of `template`; return its address on the socket."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} {options}")
        return self.url(name)

    def make_archive(self) -> str:
        """Create a database with today's tables, in 50 ms; return its address on the socket."""
        from bulletin.archive.server_archive import open_server_archive

        if not self._has_template:
            self.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 {self._words_sorted_by_people()}")
            open_server_archive(self.url(TEMPLATE)).close()
            self._has_template = True
        return self.make_database(template=TEMPLATE)

    def drop(self, url: str) -> None:
        """Delete a database, also while somebody uses it."""
        self.execute(f"DROP DATABASE IF EXISTS {urlsplit(url).path.strip('/')} WITH (FORCE)")

    def execute(self, command: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one command as the superuser; return its rows."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(command)
            return cursor.fetchall() if cursor.description else []

    def make_small_database(self, megabytes: int) -> str:
        """Create an empty database on a disk of that size; needs root. Return its address on the socket."""
        disk = self.folder / f"disk-{secrets.token_hex(3)}"
        disk.mkdir()
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)],
            check=True,
            capture_output=True,
        )
        self._mounts.append(disk)
        space = disk / "space"
        space.mkdir()
        shutil.chown(space, *self._account)
        self.execute(f"CREATE TABLESPACE {disk.name.replace('-', '_')} LOCATION '{space}'")
        return self.make_database(options=f"TABLESPACE {disk.name.replace('-', '_')}")

    def _words_sorted_by_people(self) -> str:
        """Options of a database that sorts "a" before "B", unlike SQLite, where the server can."""
        can = self.execute("SELECT 1 FROM pg_collation WHERE collprovider = 'i' AND collname = 'en-US-x-icu'")
        return "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'" if can else ""

    def enlarge_disks(self, megabytes: int) -> None:
        """Give the databases on small disks more room."""
        for mount in self._mounts:
            subprocess.run(
                ["mount", "-o", f"remount,size={megabytes}m", str(mount)], check=True, capture_output=True
            )

    # -- its processes

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            capture_output=True,
            cwd="/",
            check=False,
            **self._as_user(),
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')[-2000:]}")

    def _as_user(self) -> dict[str, Any]:
        if os.getuid() != 0:
            return {}
        user, group = self._account
        return {"user": user, "group": group, "extra_groups": []}

    def _wait_until_ready(self) -> None:
        import psycopg

        deadline = time.monotonic() + _WAIT_S
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                ended = self._process is None or self._process.poll() is not None
                if ended or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL does not start: {self.log[-2000:]}") from error
                time.sleep(0.02)

    def _pids(self) -> list[int]:
        """The first process, then its children."""
        if self._process is None or self._process.poll() is not None:
            return []
        first, children = self._process.pid, []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError, ValueError):
                parent = int(status.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
                if parent == first:
                    children.append(int(status.parent.name))
        return [first, *children]

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._pids():
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def _account() -> tuple[int, int]:
    """User and group of the server's processes: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    import pwd  # not on Windows

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    return 65534, 65534


def _wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _WAIT_S
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("processes of PostgreSQL do not end")
        time.sleep(0.01)


# -- fixtures, in tests/conftest.py for all tests


@contextmanager
def run_postgres(**options: Any) -> Iterator[PostgresServer]:
    """A server for one test; skips the test where PostgreSQL or psycopg is not installed."""
    pytest.importorskip("psycopg", reason="pip install 'psycopg[binary]'")
    if find_programs() is None:
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    with PostgresServer(**options) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server that all tests of a process share; a test that breaks it runs its own (`run_postgres`)."""
    with run_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Address of a new database with today's tables."""
    url = postgres_server.make_archive()
    yield url
    postgres_server.drop(url)

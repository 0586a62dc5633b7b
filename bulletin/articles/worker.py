"""
Hostile bytes -> what they hold, read in a process of its own that can be killed.

Both sides of the pipe are in this file: `Worker` here, `main` there. A plain subprocess instead of
multiprocessing, because that would import the caller's main module again wherever it has to spawn.
"""

from __future__ import annotations

import gc
import os
import pickle
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import IO, Any, Self

from bulletin.errors import ArticleError

_JOBS = {
    "feed": ("bulletin.articles.parse", "read_feed"),
    "page": ("bulletin.articles.extract", "read_page"),
    "links": ("bulletin.articles.links", "find_hints"),
}
"""The libraries are loaded over there, not here."""
_MEMORY = 1_500_000_000
_BOOT = "import sys; sys.path[:] = {path!r}; from bulletin.articles.worker import main; main()"
_LENGTH = struct.Struct(">I")


class WorkerError(Exception):
    """The worker was killed, or died: what it was given cannot be read."""


class Worker:
    """
    One reader of hostile bytes, started when it is first needed and again after it had to be killed.

    Safe to be used from several threads: they take turns.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start it early, so that it boots while the network is waited for; `run` tells where it cannot be."""
        with self._lock, suppress(WorkerError):
            self._running()

    def run(self, job: str, body: bytes, *, timeout_s: float, **options: Any) -> Any:
        """
        Do `job` over there and return what it returns.

        Raises what it raises if that is an ArticleError, and WorkerError when it took too long, too
        much memory, or failed in a way that nobody foresaw.
        """
        with self._lock:
            process = self._running()
            late = threading.Event()
            alarm = threading.Timer(timeout_s, self._kill_late, (process, late))
            alarm.daemon = True
            alarm.start()
            try:
                answer = _exchange(process, pickle.dumps((job, body, options)))
            finally:
                alarm.cancel()
            if answer is None:
                self._drop()
                taken = (
                    f"reading it took longer than {timeout_s:g} s" if late.is_set() else "reading it failed"
                )
                raise WorkerError(f"{taken}; it may be broken on purpose")
        kind, value = pickle.loads(answer)
        if kind == "ok":
            return value
        if kind == "refused":
            error, url, reason = value
            raise error(url, reason)
        raise WorkerError(f"cannot be read ({value})")

    def close(self) -> None:
        """Kill it, even in mid-sentence; whoever waits for it is told so."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._drop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise WorkerError("stopped")
        if self._process is None or self._process.poll() is not None:
            self._drop()
            self._process = _start()
            if self._closed:  # meanwhile, by somebody who saw no process to kill
                self._drop()
                raise WorkerError("stopped")
        return self._process

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)

    @staticmethod
    def _kill_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
        late.set()
        process.kill()


def _start() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [sys.executable, "-X", "utf8", "-c", _BOOT.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # none flashes up on Windows
        )
    except OSError as error:  # no room for one more, or Python was taken away from under us
        raise WorkerError(f"no process can be started that reads it: {error.strerror or error}") from error


def main() -> None:
    """Read jobs from standard input until it ends; the worker's own main."""
    _restrain()
    # Imports make many objects and hardly any circle; what is hostile is bounded by its memory.
    gc.set_threshold(100_000, 50, 100)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not enter the answers
    while (message := _receive(source)) is not None:
        _send(sink, _work(message))


def _work(message: bytes) -> bytes:
    """Whatever a library throws at hostile bytes is an answer here, the process is the wall."""
    job, body, options = pickle.loads(message)
    try:
        module, function = _JOBS[job]
        answer: tuple[str, Any] = ("ok", getattr(import_module(module), function)(body, **options))
    except ArticleError as error:
        answer = ("refused", (type(error), error.url, error.reason))
    except Exception as error:  # noqa: BLE001 - see above
        answer = ("error", f"{type(error).__name__}: {error}"[:200])
    return pickle.dumps(answer)


def _restrain() -> None:
    """No Ctrl-C of its own, and a limit of memory where the system has one."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix" and sys.platform != "darwin":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _exchange(process: subprocess.Popen[bytes], message: bytes) -> bytes | None:
    """None when the other side is gone."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        _send(process.stdin, message)
        return _receive(process.stdout)
    except (OSError, ValueError):
        return None


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_LENGTH.pack(len(message)) + message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = pipe.read(length)
    return message if len(message) == length else None


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:  # flushing to a process that is gone
        return

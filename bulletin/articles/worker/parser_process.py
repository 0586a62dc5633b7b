"""
Hostile bytes -> what they hold, read in a process of its own that can be killed.

Both sides of the pipe are in this file: `ParserProcess` here, `main` there. A plain subprocess instead of
multiprocessing, because that would import the caller's main module again wherever it has to spawn.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import TracebackType
from typing import IO, Any, Self

from bulletin.articles.feed_document import FeedDocument, FeedHint, PageText
from bulletin.articles.worker.worker_protocol import pack, unpack
from bulletin.errors import ArticleError, FetchError, ParseError

_JOBS: dict[str, tuple[str, str, Any]] = {
    "feed": ("bulletin.articles.feeds.parse_feed", "read_feed", FeedDocument),
    "page": ("bulletin.articles.pages.extract_text", "read_page", PageText),
    "links": ("bulletin.articles.feeds.feed_links", "find_hints", tuple[FeedHint, ...]),
}
"""Module, function and what it gives. The libraries are loaded over there, not here."""
_REFUSALS = {kind.__name__: kind for kind in (ArticleError, FetchError, ParseError)}
_MEMORY = 1_500_000_000
_MOST_BYTES = 64 * 2**20
"""Of an answer: several times what a feed may have."""
_ENDING_S = 2.0
"""A process that is killed closes its pipes a moment before it can be waited for."""
_HAS_CPU_TIMER = hasattr(signal, "setitimer")
"""Not on Windows: there the time by the wall is the only limit."""
_BOOT = "import sys; sys.path[:] = {path!r}; from bulletin.articles.worker.parser_process import main; main()"
_LENGTH = struct.Struct(">I")


class WorkerError(Exception):
    """The worker was killed, or died, or could not do its work: what it was given was not read."""

    def __init__(self, message: str, *, is_its_fault: bool = False) -> None:
        super().__init__(message)
        self.is_its_fault = is_its_fault
        """It is what was read that took too much or broke the reader, and not a machine that has no time."""


class ParserProcess:
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

    def run(self, job: str, body: bytes, *, cpu_s: float, within_s: float, **options: Any) -> Any:
        """
        Do `job` over there and return what it returns.

        It may take `cpu_s` seconds of processor time, from the moment at which it is begun, with all
        libraries loaded, and `within_s` seconds by the wall, which a busy machine uses up without any fault of
        what is read. Raises what the job raises if that is an ArticleError, and WorkerError when it took too
        long, too much memory, or failed in a way that nobody foresaw.
        """
        head = json.dumps({"job": job, "cpu_s": cpu_s, "options": options}).encode()
        with self._lock:
            process = self._running()
            late = threading.Event()
            alarm = threading.Timer(within_s, self._kill_late, (process, late))
            alarm.daemon = True
            alarm.start()
            try:
                answer = _exchange(process, head, body)
            except OverflowError as error:
                self._drop()
                raise WorkerError(f"reading it gave {error}", is_its_fault=True) from error
            finally:
                alarm.cancel()
            if answer is None:
                code = self._drop(_ENDING_S)
                if self._closed:
                    raise WorkerError("stopped")
                raise _why_gone(code, cpu_s=cpu_s, within_s=within_s, is_late=late.is_set())
        return _understood(answer, _JOBS[job][2])

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

    def _drop(self, wait_s: float = 0.0) -> int:
        """Have it gone; one that is ending by itself is waited for. The exit code."""
        process, self._process = self._process, None
        if process is None:
            return 0
        with suppress(subprocess.TimeoutExpired):
            process.wait(wait_s)
        process.kill()
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)
        return code

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


def _why_gone(code: int, *, cpu_s: float, within_s: float, is_late: bool) -> WorkerError:
    """`code`: the exit code of the process, by which a signal is known."""
    if _HAS_CPU_TIMER and code == -signal.SIGPROF:
        return WorkerError(
            f"reading it took longer than {cpu_s:g} s of processor time",
            is_its_fault=True,
        )
    if is_late:
        return WorkerError(
            f"there was no time to read it: not done within {within_s:.0f} s; this machine is too busy"
        )
    if os.name == "posix" and code == -signal.SIGKILL:
        return WorkerError("the process that read it was killed; was this machine out of memory?")
    return WorkerError("the parser crashed while reading it", is_its_fault=True)


def _understood(answer: bytes, kind: Any) -> Any:
    outcome, _, content = answer.partition(b"\n")
    try:
        if outcome == b"ok":
            return unpack(kind, content)
        name, url, reason = unpack(tuple[str, str, str], content)
    except ValueError as error:
        raise WorkerError("its reader answered what is no answer", is_its_fault=True) from error
    if outcome == b"refused" and name in _REFUSALS:
        raise _REFUSALS[name](url, reason)
    raise WorkerError(f"cannot be read ({name}: {reason})")


def main() -> None:
    """Read jobs from standard input until it ends; the worker's own main."""
    _restrain()
    # Imports make many objects and hardly any circle; what is hostile is bounded by its memory.
    gc.set_threshold(100_000, 50, 100)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not enter the answers
    while (head := _receive(source)) is not None and (body := _receive(source)) is not None:
        _send(sink, _work(head, body))


def _work(head: bytes, body: bytes) -> bytes:
    """Whatever a library throws at hostile bytes is an answer here, the process is the wall."""
    order = json.loads(head)
    try:
        module, function, _ = _JOBS[order["job"]]
        read = getattr(import_module(module), function)  # that takes its time, and is nobody's fault
        with _no_longer_than(order["cpu_s"]):
            return b"ok\n" + pack(read(body, **order["options"]))
    except ArticleError as error:
        return b"refused\n" + pack((type(error).__name__, error.url, error.reason))
    except Exception as error:  # noqa: BLE001 - see above
        return b"error\n" + pack((type(error).__name__, "", str(error)[:200]))


@contextmanager
def _no_longer_than(cpu_s: float) -> Iterator[None]:
    """The system ends this process, whatever it is busy with, when it has used so much processor time."""
    if not _HAS_CPU_TIMER:
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _restrain() -> None:
    """No Ctrl-C of its own, and a limit of memory where the system has one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _HAS_CPU_TIMER:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
    if os.name == "posix" and sys.platform != "darwin":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _exchange(process: subprocess.Popen[bytes], *messages: bytes) -> bytes | None:
    """None when the other side is gone. Raises OverflowError for an answer that nobody can have asked for."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        for message in messages:
            _send(process.stdin, message)
        return _receive(process.stdout, most=_MOST_BYTES)
    except (OSError, ValueError):
        return None


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_LENGTH.pack(len(message)) + message)
    pipe.flush()


def _receive(pipe: IO[bytes], *, most: int = 2**32) -> bytes | None:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > most:
        raise OverflowError(f"{length / 1e6:.0f} MB, more than {most / 1e6:.0f}")
    message = pipe.read(length)
    return message if len(message) == length else None


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:  # flushing to a process that is gone
        return

"""
Parser process: bytes of a feed or page -> its content, parsed in a process that can be killed.

Both sides of the pipe are in this file: `ParserProcess` here, `main` there. docs/decisions/0005-parser-process.md
says why this is no process pool.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, Self

from bulletin.articles.parsed_feed import FeedDocument, PageText
from bulletin.errors import ArticleError, FetchError, ParseError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_JOBS: dict[str, tuple[str, str, Any]] = {
    "feed": ("bulletin.articles.feeds.parse_feed", "read_feed", FeedDocument),
    "page": ("bulletin.articles.pages.extract_text", "read_page", PageText),
    "links": ("bulletin.articles.feeds.parse_feed", "find_hints", dict[str, str]),
}
"""Module, function and type of the result. The libraries are loaded in the process, not here."""
_REFUSALS = {kind.__name__: kind for kind in (ArticleError, FetchError, ParseError)}
_MEMORY = 1_500_000_000
_MOST_BYTES = 64 * 2**20
"""Limit of an answer: several times that of a feed."""
_ENDING_S = 2.0
"""Seconds to wait for an exit code: a killed process closes its pipes a moment before."""
_HAS_CPU_TIMER = hasattr(signal, "setitimer")
"""False on Windows: there wall time is the only limit."""
_BOOT = "import sys; sys.path[:] = {path!r}; from bulletin.articles.worker.parser_process import main; main()"
_LENGTH = struct.Struct(">I")


class WorkerError(Exception):
    """The parser process was killed, crashed or could not work: the bytes were not read."""

    def __init__(self, message: str, *, is_its_fault: bool = False) -> None:
        super().__init__(message)
        self.reason = message
        self.is_its_fault = is_its_fault
        """The bytes took too much time or memory, or crashed the parser; False for a busy machine."""


class ParserProcess:
    """
    One parser process, started when it is first needed and again after it had to be killed.

    One thread uses it; another may close it.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start it early, so that it boots while the network is waited for; `run` raises if that fails."""
        with self._lock, suppress(WorkerError):
            self._running()

    def run(self, job: str, body: bytes, *, cpu_s: float, within_s: float, **options: Any) -> Any:
        """
        Do `job` in the process and return its result.

        It may take `cpu_s` seconds of processor time, counted after all libraries are loaded, and `within_s`
        seconds of wall time, which a busy machine uses up without any fault of the bytes. Raises the job's
        own ArticleError, and WorkerError when it took too much time or memory or failed otherwise.
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
                raise WorkerError(f"the parsed feed is too large: {error}", is_its_fault=True) from error
            finally:
                alarm.cancel()
            if answer is None:
                code = self._drop(_ENDING_S)
                if self._closed:
                    raise WorkerError("stopped")
                raise _why_gone(code, cpu_s=cpu_s, within_s=within_s, is_late=late.is_set())
        return _parse_answer(answer, _JOBS[job][2])

    def close(self) -> None:
        """Kill it, even in the middle of a job; threads that wait for it get WorkerError."""
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
            if self._closed:  # meanwhile, by a thread that saw no process to kill
                self._drop()
                raise WorkerError("stopped")
        return self._process

    def _drop(self, wait_s: float = 0.0) -> int:
        """Kill it unless it ends within `wait_s`; returns the exit code."""
        process, self._process = self._process, None
        if process is None:
            return 0
        with suppress(subprocess.TimeoutExpired):
            process.wait(wait_s)
        with suppress(OSError), process:  # flushing to a process that has ended
            process.kill()
        return process.returncode or 0

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
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:  # no memory for it, or Python was replaced by an update
        raise WorkerError(
            f"the feed parser's process cannot be started: {error.strerror or error}"
        ) from error


def _why_gone(code: int, *, cpu_s: float, within_s: float, is_late: bool) -> WorkerError:
    """`code` is the exit code of the process; minus a signal's number when that ended it."""
    if _HAS_CPU_TIMER and code == -signal.SIGPROF:
        return WorkerError(f"parsing took more than {cpu_s:g} s of processor time", is_its_fault=True)
    if is_late:
        return WorkerError(f"feed or page not parsed within {within_s:.0f} s: this machine is too busy")
    if os.name == "posix" and code == -signal.SIGKILL:
        return WorkerError("the parser process was killed; was this machine out of memory?")
    return WorkerError("the parser process crashed", is_its_fault=True)


def pack(value: object) -> bytes:
    """
    Convert a value of `feed_document` to JSON, so that a process taken over by hostile input can send data only.

    Dates are in ISO 8601, half a surrogate pair is a question mark.
    """
    return json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "replace")


def unpack(kind: Any, data: bytes) -> Any:
    """
    The value of type `kind` that was packed; dates are aware.

    Raises ValueError for JSON of another shape.
    """
    return _adapter(kind).validate_json(data, strict=True)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} is not a type of parsed_feed")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # imported late: the parser process never unpacks, and is started for every run
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _parse_answer(answer: bytes, kind: Any) -> Any:
    outcome, _, content = answer.partition(b"\n")
    try:
        if outcome == b"ok":
            return unpack(kind, content)
        name, url, reason = unpack(tuple[str, str, str], content)
    except ValueError as error:
        raise WorkerError("the feed parser's process gave an invalid answer", is_its_fault=True) from error
    if outcome == b"refused" and name in _REFUSALS:
        raise _REFUSALS[name](url, reason)
    raise WorkerError(f"cannot be read ({name}: {reason})")


def main() -> None:
    """Do jobs from standard input until it ends: the main function of the process."""
    _restrain()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # prints of a library must not enter the answers
    while (head := _receive(source)) is not None and (body := _receive(source)) is not None:
        _send(sink, _work(head, body))


def _work(head: bytes, body: bytes) -> bytes:
    """Answer of a job; any exception becomes one, because libraries raise all kinds at hostile bytes."""
    order = json.loads(head)
    try:
        module, function, _ = _JOBS[order["job"]]
        read = getattr(import_module(module), function)  # not counted as processor time of the job
        _limit_cpu(order["cpu_s"])
        return b"ok\n" + pack(read(body, **order["options"]))
    except ArticleError as error:
        return b"refused\n" + pack((type(error).__name__, error.url, error.reason))
    except Exception as error:  # noqa: BLE001 - see above
        return b"error\n" + pack((type(error).__name__, "", str(error)[:200]))
    finally:
        _limit_cpu(0)


def _limit_cpu(seconds: float) -> None:
    """Let the system kill this process after so many seconds of processor time; 0 for no limit."""
    if _HAS_CPU_TIMER:
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _restrain() -> None:
    """Ignore Ctrl-C, and limit memory where the system can."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _HAS_CPU_TIMER:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
    if os.name == "posix" and sys.platform != "darwin":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _exchange(process: subprocess.Popen[bytes], *messages: bytes) -> bytes | None:
    """The answer; None when the process has ended. Raises OverflowError for an answer that is too large."""
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

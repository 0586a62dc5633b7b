"""
Restrained process: a job with limits of memory, processor time, wall time and file size.

Both sides of the pipe are in this file: `run_restrained` here, `main` there. A bomb or a hang ends the process, not
the service; docs/decisions/0066-recorded-clips.md says why it is not the parser process of the feeds.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from io import BytesIO
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, Literal

from bulletin.errors import BulletinError

_BOOT = "import sys; sys.path[:] = {path!r}; from bulletin.runtime.restrained_process import main; main()"
_MOST_ANSWER_BYTES = 1_000_000
_SHOW_EVERY_S = 0.5
_REPORT = b"progress: "
_job_reports = False
"""In the process of a job: whether somebody reads its reports."""
_KEPT_VARIABLES = frozenset(
    (
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "TEMP",
        "TMP",
        "SYSTEMROOT",
        "USERPROFILE",
        "LD_LIBRARY_PATH",
    )
)
_TIMER_SIGNAL = getattr(signal, "SIGPROF", 0)

StopReason = Literal["wall time", "processor time", "memory", "crash", "disk", "start"]


class RefusedError(BulletinError):
    """The job ended with an error of its own, whose message is for the user."""


class StoppedError(BulletinError):
    """The process had no answer: it ran into a limit, crashed, or could not be started."""

    def __init__(self, why: StopReason, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why: StopReason = why
        self.detail = detail
        """The system's own words; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one job."""

    memory_bytes: int
    cpu_s: float
    within_s: float = 300.0
    """Wall time, on a busy machine."""
    file_bytes: int = 400_000_000
    """Largest file that it may write."""


def run_restrained(
    job: str, facts: Mapping[str, Any], *, limits: Limits, progress: Callable[[int], None] | None = None
) -> dict[str, Any]:
    """
    Do a job, "package.module:function", in a process of its own and return its answer.

    The module is imported in the process, never here. `progress` is called in this thread with each count that the
    job hands to `report_progress`. Raises RefusedError, StoppedError.
    """
    order = {"job": job, "facts": dict(facts), "limits": asdict(limits), "reports": progress is not None}
    try:
        process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-c", _BOOT.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if progress else subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise StoppedError("start", error.strerror or str(error)) from error
    with process:
        try:
            answer = _await(process, json.dumps(order).encode(), within_s=limits.within_s, progress=progress)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise StoppedError("wall time", f"{limits.within_s:.0f} s") from error
        except BaseException:  # an interrupt ends the process, too
            process.kill()
            raise
    return parse_answer(answer, process.returncode)


def _await(
    process: subprocess.Popen[bytes],
    order: bytes,
    *,
    within_s: float,
    progress: Callable[[int], None] | None,
) -> bytes:
    """The answer of a process; its reports are shown meanwhile. Raises subprocess.TimeoutExpired."""
    if progress is None:
        return process.communicate(order, timeout=within_s)[0]
    reports: SimpleQueue[int] = SimpleQueue()
    errors, process.stderr = process.stderr, None  # ours to read, not communicate's
    reader = Thread(target=_read_reports, args=(errors, reports), daemon=True)
    reader.start()
    until_s, sent = time.monotonic() + within_s, order
    while True:
        try:
            return process.communicate(
                sent, timeout=min(_SHOW_EVERY_S, max(0.0, until_s - time.monotonic()))
            )[0]
        except subprocess.TimeoutExpired:
            sent = b""
            if time.monotonic() >= until_s:
                raise
        finally:
            while not reports.empty():
                progress(reports.get())


def _read_reports(errors: IO[bytes] | None, reports: SimpleQueue[int]) -> None:
    """Lines of standard error that are reports; the others are a library's."""
    with errors or BytesIO() as lines:
        for line in lines:
            if line.startswith(_REPORT) and (count := line.removeprefix(_REPORT).strip()).isdigit():
                reports.put(int(count))


def report_progress(count: int) -> None:
    """Tell the process that waits for this job that `count` more of its parts are done; nothing outside of a job."""
    if _job_reports:
        sys.stderr.write(f"{_REPORT.decode()}{count}\n")
        sys.stderr.flush()


def _environment() -> dict[str, str]:
    """Variables of the process: no key or password of the station, and one thread for numpy."""
    kept = {name: value for name, value in os.environ.items() if name.upper() in _KEPT_VARIABLES}
    return kept | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def parse_answer(answer: bytes, code: int) -> dict[str, Any]:
    """
    Answer of a process that ended with that exit code: minus a signal's number where that ended it.

    Raises RefusedError, and StoppedError where there is no answer.
    """
    with suppress(ValueError):
        facts = json.loads(answer[:_MOST_ANSWER_BYTES])
        if isinstance(facts, dict):
            if refused := facts.get("refused"):
                raise RefusedError(str(refused)[:500])
            if stopped := facts.get("stopped"):
                raise StoppedError(stopped, str(facts.get("detail", ""))[:500])
            return facts
    if _TIMER_SIGNAL and code == -_TIMER_SIGNAL:
        raise StoppedError("processor time")
    raise StoppedError("crash", f"exit code {code}")


def main() -> None:
    """Do the job of standard input: the main function of the process."""
    global _job_reports
    order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    _job_reports = order["reports"]
    answer_to = os.fdopen(os.dup(1), "wb")
    sys.stdout = sys.stderr  # prints of a library must not enter the answer
    module, _, function = order["job"].partition(":")
    _restrain(Limits(**order["limits"]))
    try:
        answer: dict[str, Any] = getattr(import_module(module), function)(order["facts"])
    except MemoryError:
        answer = {"stopped": "memory"}
    except BulletinError as error:
        answer = {"refused": str(error)}
    except OSError as error:
        answer = {"stopped": "disk", "detail": error.strerror or str(error)}
    answer_to.write(json.dumps(answer).encode())
    answer_to.close()


def _restrain(limits: Limits) -> None:
    """Ignore Ctrl-C, and limit time, memory and file size where the system can."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, limits.cpu_s)
    if os.name == "posix" and sys.platform != "darwin":
        import resource

        for kind, value in (
            (resource.RLIMIT_AS, limits.memory_bytes),
            (resource.RLIMIT_FSIZE, limits.file_bytes),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):
                resource.setrlimit(kind, (value, value))

"""Sentences -> cleaned samples of one engine, in parallel if it allows."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from weakref import WeakSet

from bulletin.errors import AudioError, BadSpeechError, LateSpeechError, SpeechError
from bulletin.model import Voice
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.sound_file import Samples, read_sound
from bulletin.speech.clean_speech import clean_speech
from bulletin.speech.engine_port import Engine

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what)."""

_LAST_SENTENCE_S = 20.0
_threads: WeakSet[Thread] = WeakSet()

Said = tuple[str, Samples, int]
"""Text, mono samples, rate in Hz."""


def say_sentences(
    texts: Sequence[str], *, engine: Engine, voice: Voice, deadline: Deadline | None = None
) -> Iterator[Said]:
    """
    Speak each of `texts` and yield it, cleaned, as soon as it is ready (in any order).

    Raises SpeechError for the first failure, and stops; LateSpeechError at the `deadline`, even when the
    engine hangs. The engine's files are in a temporary folder that is deleted afterwards, also after Ctrl-C.
    """
    with tempfile.TemporaryDirectory(prefix="bulletin-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        jobs = [(text, folder / f"{number}{engine.suffix}") for number, text in enumerate(texts)]

        def say(job: tuple[str, Path]) -> Said:
            text, path = job
            with engine_errors(engine):
                engine.synthesize(text, voice, path)
            return text, *_read_clean(path, text=text, voice=voice)

        if not deadline and (engine.at_once == 1 or len(jobs) == 1):
            yield from map(say, jobs)
        else:
            # An engine that hangs cannot be stopped, but its thread can be abandoned.
            yield from _side_by_side(say, jobs, at_once=engine.at_once, folder=folder, deadline=deadline)


@contextmanager
def engine_errors(engine: Engine) -> Iterator[None]:
    """
    Turn a broken connection or a missing file into a SpeechError, so that the next voice takes over.

    The port asks engines to raise SpeechError; those of other packages may not. Other exceptions are bugs and
    pass.
    """
    try:
        yield
    except (OSError, EOFError) as error:
        raise SpeechError(f"{engine.name}: failed ({type(error).__name__}: {error})") from error


def _read_clean(path: Path, *, text: str, voice: Voice) -> tuple[Samples, int]:
    try:
        samples, rate_hz = read_sound(path)
        return clean_speech(samples, rate_hz=rate_hz, text=text, pace_wps=voice.pace_wps), rate_hz
    except (AudioError, BadSpeechError) as error:
        raise BadSpeechError(f"{voice.engine}: {error}") from error
    finally:
        path.unlink(missing_ok=True)


def _side_by_side(
    say: Callable[[tuple[str, Path]], Said],
    jobs: Sequence[tuple[str, Path]],
    *,
    at_once: int,
    folder: Path,
    deadline: Deadline | None,
) -> Iterator[Said]:
    """Daemon threads, not a pool: Ctrl-C must not wait for sentences that are no longer needed."""
    waiting: SimpleQueue[tuple[str, Path] | None] = SimpleQueue()
    ready: SimpleQueue[Said | BaseException] = SimpleQueue()
    stop = Event()

    def work() -> None:
        while (job := waiting.get()) is not None and not stop.is_set():
            try:
                ready.put(say(job))
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that asked
                ready.put(error)
                break
        if stop.is_set():  # the last thread deletes files written after the stop
            shutil.rmtree(folder, ignore_errors=True)

    for job in jobs:
        waiting.put(job)
    threads = min(at_once, len(jobs))
    for _ in range(threads):
        waiting.put(None)
        thread = Thread(target=work, name="speech", daemon=True)
        _threads.add(thread)
        thread.start()
    try:
        for _ in jobs:
            try:
                result = ready.get(timeout=deadline.left_s if deadline else None)
            except Empty:
                raise LateSpeechError("not ready in time") from None
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        stop.set()


@atexit.register
def _join_threads() -> None:
    """
    Wait for sentences that are still being spoken when the program ends.

    Before version 3.14 Python kills a thread that returns from C++ during shutdown, and with it the
    process: "terminate called without an active exception".
    """
    for thread in tuple(_threads):
        thread.join(_LAST_SENTENCE_S)

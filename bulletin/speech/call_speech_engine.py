"""Sentences -> cleaned samples of one engine, in parallel if it allows."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread, current_thread
from weakref import WeakSet

from bulletin.errors import AudioError, BadSpeechError, LateSpeechError, SpeechError
from bulletin.model import Voice
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.read_sound_file import Samples, read_sound
from bulletin.speech.engine_interface import Engine
from bulletin.speech.run_in_daemon_threads import run_in_daemons
from bulletin.speech.trim_and_level_speech import clean_speech

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what)."""

_WITHOUT_DEADLINE_S = 86_400.0
_LAST_SENTENCE_S = 20.0
_threads: WeakSet[Thread] = WeakSet()

SpokenText = tuple[str, Samples, int]
"""Text, mono samples, rate in Hz."""


def say_sentences(
    texts: Sequence[str], *, engine: Engine, voice: Voice, deadline: Deadline | None = None
) -> Iterator[SpokenText]:
    """
    Speak each of `texts` and yield it, cleaned, as soon as it is ready (in any order).

    Raises SpeechError for the first failure, and stops; LateSpeechError at the `deadline`, even when the
    engine hangs. The engine's files are in a temporary folder that is deleted afterwards, also after Ctrl-C.
    """
    with tempfile.TemporaryDirectory(prefix="bulletin-", ignore_cleanup_errors=True) as folder:

        def say(numbered: tuple[int, str]) -> SpokenText:
            _threads.add(current_thread())
            number, text = numbered
            path = Path(folder, f"{number}{engine.suffix}")
            try:
                with engine_errors(engine):
                    engine.synthesize(text, voice, path)
                return text, *_read_clean(path, text=text, voice=voice)
            finally:
                path.unlink(missing_ok=True)

        jobs = list(enumerate(texts))
        limit = deadline or Deadline.after(_WITHOUT_DEADLINE_S)
        try:
            yield from run_in_daemons(say, jobs, at_once=engine.at_once, deadline=limit)
        except TimeoutError as error:
            raise LateSpeechError(str(error)) from None


@contextmanager
def engine_errors(engine: Engine) -> Iterator[None]:
    """
    Turn a broken connection or a missing file into a SpeechError, so that the next voice takes over.

    The port asks engines to raise SpeechError; engines of other packages may not. Other exceptions are bugs
    and pass.
    """
    try:
        yield
    except (OSError, EOFError) as error:
        reason = f"a file could not be read or a connection broke ({type(error).__name__}: {error})"
        raise SpeechError(f"voice engine {engine.name}: {reason}; try again") from error


def _read_clean(path: Path, *, text: str, voice: Voice) -> tuple[Samples, int]:
    try:
        samples, rate_hz = read_sound(path)
        return clean_speech(samples, rate_hz=rate_hz, text=text, pace_wps=voice.pace_wps), rate_hz
    except (AudioError, BadSpeechError) as error:
        raise BadSpeechError(f"{voice.engine}: {error}") from error


@atexit.register
def _join_threads() -> None:
    """
    Wait for sentences that are still being spoken when the program ends.

    Before version 3.14 Python kills a thread that returns from C++ during shutdown, and with it the
    process: "terminate called without an active exception".
    """
    for thread in tuple(_threads):
        thread.join(_LAST_SENTENCE_S)

"""Job on a recording in a restrained process: every way to fail becomes a RecordingError with its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bulletin.runtime.restrained_process import Limits, RefusedError, StoppedError, run_restrained
from bulletin.speech.clips.recording_checks import RecordingError

_DAMAGED = "the file is damaged or made to do harm: reading it {why}; save it again as WAV"


class UndecodableError(RecordingError):
    """The process had no answer: it ran into a limit, or crashed."""


def decode_restrained(job: str, facts: Mapping[str, Any], *, limits: Limits) -> dict[str, Any]:
    """Do a job ("package.module:function") on a recording. Raises RecordingError, also where it was stopped."""
    try:
        return run_restrained(job, facts, limits=limits)
    except RefusedError as error:
        raise RecordingError(str(error)) from error
    except StoppedError as error:
        if error.why in ("memory", "disk"):  # the decoder itself is well
            raise RecordingError(_explain(error, limits)) from error
        raise UndecodableError(_explain(error, limits)) from error


def _explain(error: StoppedError, limits: Limits) -> str:
    if error.why == "wall time":
        return f"not decoded within {limits.within_s:.0f} s: this machine is too busy; try again later"
    if error.why == "start":
        return f"its decoder's process cannot be started ({error.detail}); try again later"
    if error.why == "memory":
        return "reading it needs too much memory; save only the passage that you need as WAV"
    if error.why == "disk":
        return f"the clip cannot be written ({error.detail}); free some space on this disk"
    if error.why == "processor time":
        return _DAMAGED.format(why=f"takes more than {limits.cpu_s:.0f} s of processor time")
    return _DAMAGED.format(why="needs too much memory or crashes the decoder")

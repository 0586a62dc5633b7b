"""A job on foreign bytes cannot take this process with it, and its end is explained."""

from __future__ import annotations

import pytest

from bulletin.runtime.restrained_process import Limits
from bulletin.speech.clips.recording_checks import RecordingError
from bulletin.speech.clips.restrained_process import decode_restrained

JOBS = "tests.support.restrained_jobs"
BOMBS = {
    "fill_memory": "too much memory",
    "compute_forever": "processor time",
    "crash": "crashes the decoder",
}


@pytest.mark.slow
@pytest.mark.parametrize(("bomb", "message"), BOMBS.items(), ids=BOMBS)
def test_a_bomb_ends_the_process_with_a_clear_answer(bomb: str, message: str) -> None:
    with pytest.raises(RecordingError, match=message):
        decode_restrained(f"{JOBS}:{bomb}", {}, limits=Limits(memory_bytes=2_000_000_000, cpu_s=1.0))

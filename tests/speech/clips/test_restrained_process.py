"""A job on foreign bytes cannot take this process with it."""

from __future__ import annotations

import pytest

from bulletin.speech.clips import restrained_process as module
from bulletin.speech.clips.recording_checks import RecordingError
from bulletin.speech.clips.restrained_process import Limits, parse_answer, run_restrained

BOMBS = {
    "memory": ("bytearray(3 * 10**9)", "too much memory"),
    "time": ("[None for _ in iter(int, 1)]", "processor time"),
    "crash": ("__import__('os').abort()", "crashes the decoder"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("bomb", "message"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_ends_the_process_with_a_clear_answer(
    monkeypatch: pytest.MonkeyPatch, bomb: str, message: str
) -> None:
    boot = module._BOOT.replace(
        "; main()", f"; import builtins; builtins.bomb = lambda facts: {bomb}; "
        "from bulletin.speech.clips import restrained_process as r; "
        "r._JOBS['import'] = ('builtins', 'bomb'); main()"
    )  # fmt: skip
    monkeypatch.setattr(module, "_BOOT", boot)

    with pytest.raises(RecordingError, match=message):
        run_restrained("import", {}, limits=Limits(memory_bytes=2_000_000_000, cpu_s=1.0))


@pytest.mark.slow
def test_the_process_has_no_secret_of_the_station(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATION_KEY", "4711-secret")
    boot = module._BOOT.replace(
        "; main()", "; import builtins, os; builtins.tell = lambda facts: dict(names=sorted(os.environ)); "
        "from bulletin.speech.clips import restrained_process as r; "
        "r._JOBS['import'] = ('builtins', 'tell'); main()"
    )  # fmt: skip
    monkeypatch.setattr(module, "_BOOT", boot)

    names = run_restrained("import", {}, limits=Limits(memory_bytes=2_000_000_000, cpu_s=5.0))["names"]

    assert "PATH" in names
    assert "STATION_KEY" not in names


def test_the_answer_of_a_killed_process_is_explained() -> None:
    with pytest.raises(RecordingError, match="too much memory or crashes the decoder"):
        parse_answer(b"", -11, cpu_s=90.0)
    with pytest.raises(RecordingError, match="more than 90 s of processor time"):
        parse_answer(b'{"half', -27, cpu_s=90.0)
    assert parse_answer(b'{"words": ""}', 0, cpu_s=90.0) == {"words": ""}

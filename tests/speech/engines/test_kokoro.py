"""Kokoro specifics; the rest is in the contract tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.speech.engines.kokoro import KokoroEngine
from bulletin.speech.installing.kokoro_files import MODEL, STYLES, kokoro_folder


@pytest.mark.parametrize(
    ("size", "message"), [(100, "has 100 bytes"), (STYLES["bf_emma"].size, "has sha256")]
)
def test_a_damaged_voice_is_named_with_the_remedy(tmp_path: Path, size: int, message: str) -> None:
    (path := kokoro_folder(tmp_path) / STYLES["bf_emma"].name).parent.mkdir(parents=True)
    path.write_bytes(bytes(size))
    engine = KokoroEngine(folder=tmp_path)

    with pytest.raises(EngineUnavailableError, match=f"bf_emma {message}.*bulletin voices install kokoro"):
        engine._style("bf_emma")


@pytest.mark.parametrize(
    ("size", "message"),
    [(None, "is missing"), (1000, r"has 1,000 bytes instead of 92,361,271"), (MODEL.size, "has sha256")],
)
def test_half_a_model_is_named_with_the_remedy(tmp_path: Path, size: int | None, message: str) -> None:
    model = kokoro_folder(tmp_path) / MODEL.name
    model.parent.mkdir(parents=True)
    if size is not None:
        with model.open("wb") as made:
            made.truncate(size)  # a sparse file: no byte is written
    engine = KokoroEngine(folder=tmp_path)

    with pytest.raises(EngineUnavailableError, match=rf"{message}.*bulletin voices install kokoro"):
        engine.synthesize("Good morning.", engine.voices()[0], tmp_path / "said.wav")

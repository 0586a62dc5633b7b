"""Kokoro specifics; the rest is in the contract tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.speech.engines.kokoro import KokoroEngine
from bulletin.speech.installing.install_kokoro import STYLES, kokoro_folder


def test_a_voice_has_a_style_for_each_length_that_the_model_takes(tmp_path: Path) -> None:
    """256 numbers for each of up to 510 signs; a file of another size was cut off."""
    (path := kokoro_folder(tmp_path) / STYLES["bf_emma"].name).parent.mkdir(parents=True)
    path.write_bytes(bytes(STYLES["bf_emma"].size))
    engine = KokoroEngine(folder=tmp_path)

    assert engine._style("bf_emma").shape == (510, 256)

    path.write_bytes(bytes(STYLES["bf_emma"].size - 4 * 128))
    with pytest.raises(EngineUnavailableError, match="voices install kokoro"):
        engine._style("bf_emma")

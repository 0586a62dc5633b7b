from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from bulletin.cli.inspect import command
from bulletin.errors import AudioError
from bulletin.pcm import write_wav


def sound(path: Path, *, gap_s: float = 0.0) -> Path:
    """Two seconds of a tone, a gap, two seconds more."""
    time = np.arange(2 * 44100) / 44100
    tone = (0.2 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
    gap = np.zeros(round(gap_s * 44100), dtype=np.float32)
    write_wav(path, np.concatenate([tone, gap, tone]), rate_hz=44100)
    return path


def test_a_sound_file_is_measured(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(sound(tmp_path / "a.wav")), "--json"])

    report = json.loads(result.output)
    assert result.exit_code == 0
    assert report["duration_s"] == 4.0
    assert report["fit"]


def test_dead_air_is_not_fit_to_go_out(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(sound(tmp_path / "a.wav", gap_s=2.0))])

    assert result.exit_code == 6
    assert "not fit to go out" in result.output


def test_what_is_no_sound_is_named(tmp_path: Path) -> None:
    path = tmp_path / "text.mp3"
    path.write_text("no sound", encoding="utf-8")

    result = CliRunner().invoke(command, [str(path)])

    assert isinstance(result.exception, AudioError)
    assert "text.mp3" in str(result.exception)

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from bulletin.cli.making.inspect import command
from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import write_wav


def sound(path: Path, *, gap_s: float = 0.0) -> Path:
    """A tone of two seconds, a gap, and the tone again."""
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
    assert result.output.splitlines()[-1] == "failed"


def test_a_file_that_is_no_sound_is_named(tmp_path: Path) -> None:
    path = tmp_path / "text.mp3"
    path.write_text("no sound", encoding="utf-8")

    result = CliRunner().invoke(command, [str(path)])

    assert isinstance(result.exception, AudioError)
    assert "text.mp3" in str(result.exception)


def test_a_picture_is_drawn_when_asked_for(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"

    result = CliRunner().invoke(command, [str(sound(tmp_path / "a.wav")), "--picture", str(picture)])

    assert result.exit_code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_picture_is_a_png(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(sound(tmp_path / "a.wav")), "--picture", "a.jpg"])

    assert result.exit_code == 2
    assert "does not end in .png; name a .png file" in result.output


def test_the_text_lists_the_checks(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(sound(tmp_path / "a.wav", gap_s=2.0))])

    rows = {line[:11].strip(): line[11:] for line in result.output.splitlines()}
    assert (rows["length"], rows["format"]) == ("0:06.00", "44100 Hz, mono")
    assert rows["dead air"] == "2.0 to 4.0 s"
    assert {"loudness", "range", "true peak", "clipped", "clicks", "offset", "mono", "title"} <= set(rows)


def test_a_measure_of_a_short_file_is_null(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.zeros(4410, dtype=np.float32), rate_hz=44100)

    report = json.loads(CliRunner().invoke(command, [str(tmp_path / "a.wav"), "--json"]).output)

    assert (report["loudness_lufs"], report["short_term_max_lufs"], report["fit"]) == (None, None, False)

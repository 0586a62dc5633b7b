"""Side files of fixed audio files: the JSON keys are an interface, and the file may be damaged."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.model import Level
from bulletin.publishing.json_sidecar_file import SideFile

SIDE_FILE = SideFile(
    station="wex",
    kind="fm",
    title="News at seven",
    guid="wex-fm-1",
    audio="fm.wav",
    media_type="audio/wav",
    made=datetime(2026, 11, 25, 6, 57, tzinfo=UTC),
    due=datetime(2026, 11, 25, 7, tzinfo=UTC),
    valid_until=datetime(2026, 11, 25, 8, tzinfo=UTC),
    level=Level.PARTIAL,
    duration_s=118.5,
    loudness_lufs=-23.0,
    true_peak_dbtp=-3.1,
    size_bytes=1234,
    sha256="0" * 64,
)


def test_the_keys_and_their_order_are_those_that_playouts_read() -> None:
    written = json.loads(SIDE_FILE.to_json())

    assert list(written) == [
        *("station", "kind", "title", "guid", "audio", "media_type", "made", "due", "valid_until", "level"),
        *("duration_s", "loudness_lufs", "true_peak_dbtp", "bytes", "sha256"),
    ]
    assert (written["due"], written["level"], written["bytes"]) == (
        "2026-11-25T07:00:00+00:00",
        "partial",
        1234,
    )


def test_a_written_side_file_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "fm.json").write_bytes(SIDE_FILE.to_json())

    assert SideFile.read(tmp_path / "fm.json") == SIDE_FILE


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_every_field_of_a_damaged_file_is_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "fm.json").write_bytes(content)

    assert SideFile.read(tmp_path / "fm.json") == SideFile.read(tmp_path / "none.json") == SideFile()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("due", "2026-11-25T07:00:00"),
        ("made", 7),
        ("level", "superb"),
        ("bytes", True),
        ("title", 5),
        ("guid", None),
    ],
)
def test_a_field_of_another_type_is_empty_and_the_others_are_read(key: str, value: object) -> None:
    facts = SIDE_FILE.to_facts() | {key: value}

    read = SideFile.from_facts(facts)

    assert key not in read.to_facts()
    assert read.audio == "fm.wav"


def test_the_audio_file_is_looked_up_in_its_folder_only(tmp_path: Path) -> None:
    (tmp_path / "fm.wav").write_bytes(b"sound")

    assert SIDE_FILE.sound_in(tmp_path) == tmp_path / "fm.wav"
    assert SideFile(audio="../../etc/passwd").sound_in(tmp_path) is None
    assert SideFile().sound_in(tmp_path) is None

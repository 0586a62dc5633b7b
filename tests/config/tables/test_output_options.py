"""Impossible options of renditions are refused when the profile is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bulletin.config.load_profile import load_profile
from bulletin.config.tables.output_options import FmOptions, PodcastOptions, SpeakerOptions, StoryFilesOptions
from bulletin.errors import ConfigError

PROFILE = """\
name = "Valley Radio"
[[feeds]]
url = "gazette.rss"
[outputs.podcast]
loudness_lufs = -9
"""


@pytest.mark.parametrize("kind", [FmOptions, PodcastOptions, SpeakerOptions, StoryFilesOptions])
def test_default_renditions_have_headroom_for_their_peaks(kind: Any) -> None:
    made = kind()

    assert made.true_peak_dbtp - made.loudness_lufs >= 12


@pytest.mark.parametrize(
    ("kind", "given", "most"),
    [
        (PodcastOptions, {"loudness_lufs": -11.4}, "-11.5"),
        (PodcastOptions, {"true_peak_dbtp": -7.0}, "-17"),
        (SpeakerOptions, {"loudness_lufs": -11.0}, "-12"),
        (FmOptions, {"format": "opus", "loudness_lufs": -10.0}, "-11"),
        (FmOptions, {"true_peak_dbtp": -3.0, "loudness_lufs": -10.0}, "-11"),
        (PodcastOptions, {"bitrate_kbps": 96, "loudness_lufs": -13.0}, "-13.5"),
        (SpeakerOptions, {"bitrate_kbps": 64, "loudness_lufs": -13.5}, "-14"),
    ],
)
def test_a_loudness_without_room_for_peaks_says_which_has(
    kind: Any, given: dict[str, Any], most: str
) -> None:
    with pytest.raises(ValidationError, match=rf"too loud for true_peak_dbtp.*; write {most} or less"):
        kind(**given)


def test_a_wav_needs_less_room_than_an_mp3_and_a_finer_one_less_than_a_coarse_one() -> None:
    assert FmOptions(loudness_lufs=-9.0).loudness_lufs == -9.0
    assert PodcastOptions(loudness_lufs=-11.5, bitrate_kbps=112).loudness_lufs == -11.5
    assert SpeakerOptions(loudness_lufs=-14.0, bitrate_kbps=64).loudness_lufs == -14.0


@pytest.mark.parametrize(
    ("kind", "key", "taken", "refused"),
    [
        (SpeakerOptions, "loudness_lufs", -19.0, -19.1),
        (SpeakerOptions, "true_peak_dbtp", -2.0, -1.9),
        (FmOptions, "cut_id", "4" * 63, "4" * 64),
        (FmOptions, "category", "N" * 63, "N" * 64),
    ],
)
def test_options_unfit_for_speakers_or_cart_fields_are_refused(
    kind: Any, key: str, taken: object, refused: object
) -> None:
    assert getattr(kind(**{key: taken}), key) == taken
    with pytest.raises(ValidationError, match=key):
        kind(**{key: refused})


def test_a_wrong_rendition_is_reported_with_table_and_line(tmp_path: Path) -> None:
    (tmp_path / "valley.toml").write_text(PROFILE)

    with pytest.raises(
        ConfigError, match=r"valley\.toml:4: 'outputs\.podcast': loudness_lufs = -9 is too loud"
    ):
        load_profile(str(tmp_path / "valley.toml"))

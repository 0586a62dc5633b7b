"""The encoded file is measured, and made again if its loudness is off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from bulletin.audio.formats.encoding_request import Order
from bulletin.audio.formats.write_id3_tags import Head, Tags
from bulletin.audio.metering.loudness import Floats, measure_powers
from bulletin.audio.metering.measure_sound_file import FileMeasurements
from bulletin.audio.mixing.mix_block_by_block import Mixer
from bulletin.audio.mixing.write_mixed_file import render_file, take_turns
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.runtime.read_sound_file import Samples, read_sound
from tests.audio.music_measures import loudness_lufs, true_peak_dbtp
from tests.audio.sounds import make_music
from tests.support.factories import NOW

pytestmark = pytest.mark.slow

RATE_HZ = 44_100
TAGS = Tags(artist="Wexcombe Radio", album="News", date=NOW)


class ForecastMixer:
    """A mixer with a loudness forecast that is `off_lu` too high."""

    def __init__(self, samples: Samples, *, off_lu: float = 0.0) -> None:
        self._samples = samples
        self._off_lu = off_lu
        self.played = 0

    def powers(self) -> Floats:
        predicted_powers: Floats = measure_powers(self._samples, rate_hz=RATE_HZ) * 10 ** (self._off_lu / 10)
        return predicted_powers

    def blocks(self) -> Iterator[Samples]:
        self.played += 1
        for start in range(0, len(self._samples), RATE_HZ):
            yield self._samples[start : start + RATE_HZ].copy()


def make(mixer: ForecastMixer, folder: Path, **options: Any) -> tuple[FileMeasurements, Path]:
    order = Order(kind="podcast", path=folder / "news.mp3", options=PodcastOptions(**options))
    head = Head(tags=TAGS, title="7am news")
    [heard] = take_turns([render_file(cast("Mixer", mixer), order, path=order.path, head=head)])
    return heard, order.path


def spiky_music(seconds: float) -> Samples:
    """A chord with drum hits 12 dB above it."""
    music = 0.7 * make_music(seconds, rate_hz=RATE_HZ)
    blow = 0.9 * (np.hanning(180) * np.sin(np.arange(180))).astype(np.float32)[:, None]
    for at in range(RATE_HZ // 4, len(music) - 200, RATE_HZ // 4):
        music[at : at + 180] += blow
    return music


@pytest.mark.parametrize("off_lu", [-1.5, -0.4, 0.4, 1.5])
def test_a_file_that_came_out_at_another_loudness_is_made_again(tmp_path: Path, off_lu: float) -> None:
    mixer = ForecastMixer(make_music(8, rate_hz=RATE_HZ), off_lu=off_lu)

    heard, path = make(mixer, tmp_path)

    assert loudness_lufs(read_sound(path)[0]) == pytest.approx(-16.0, abs=0.2)
    assert heard.loudness_lufs == pytest.approx(-16.0, abs=0.2)
    assert mixer.played == 2


def test_a_file_that_is_right_is_made_once(tmp_path: Path) -> None:
    mixer = ForecastMixer(make_music(8, rate_hz=RATE_HZ))

    make(mixer, tmp_path)

    assert mixer.played == 1


@pytest.mark.parametrize("most_dbtp", [-1.5, -6.0])
def test_loudness_lost_in_the_limiter_is_restored_within_the_peak_limit(
    tmp_path: Path, most_dbtp: float
) -> None:
    _, path = make(ForecastMixer(spiky_music(8)), tmp_path, true_peak_dbtp=most_dbtp)

    samples, _ = read_sound(path)
    assert most_dbtp - 3.0 < true_peak_dbtp(samples) <= most_dbtp + 0.05
    assert loudness_lufs(samples) == pytest.approx(-16.0, abs=0.2)


def test_corrections_end_when_the_loudness_is_never_right(tmp_path: Path) -> None:
    """Silence has no loudness that could be corrected."""
    mixer = ForecastMixer(np.zeros((4 * RATE_HZ, 2), dtype=np.float32))

    make(mixer, tmp_path)

    assert mixer.played <= 5
    assert list(tmp_path.glob("part-*")) == []

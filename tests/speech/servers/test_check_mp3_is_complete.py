"""MP3 frame sizes against a real encoder: every sample rate at every bitrate."""

from __future__ import annotations

import lameenc
import pytest

from bulletin.speech.servers.check_mp3_is_complete import ends_whole

KBPS = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 320)
"""Bitrates of MPEG 1 and 2; LAME takes the nearest one that a sample rate has."""


def encode(rate_hz: int, kbps: int) -> bytes:
    """MP3 with some frames of silence."""
    encoder = lameenc.Encoder()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(rate_hz)
    encoder.set_out_sample_rate(rate_hz)
    encoder.set_bit_rate(kbps)
    encoder.set_quality(9)
    encoder.silence()
    return bytes(encoder.encode(bytes(2 * 3 * 1152)) + encoder.flush())


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000])
def test_an_mp3_without_its_last_byte_is_incomplete(rate_hz: int) -> None:
    mp3s = [encode(rate_hz, kbps) for kbps in KBPS]

    bitrates = {mp3[2] >> 4 for mp3 in mp3s}  # bitrate index of the frame header
    assert len(bitrates) == (8 if rate_hz < 16_000 else 14)
    assert [ends_whole(mp3) for mp3 in mp3s] == [True] * len(KBPS)
    assert [ends_whole(mp3[:-1]) for mp3 in mp3s] == [False] * len(KBPS)

"""Samples -> MP3 file, encoded in a thread beside the mixer: the only file that knows lameenc."""

from __future__ import annotations

from typing import BinaryIO

import lameenc
import numpy as np
import numpy.typing as npt

from bulletin.audio.formats.encoder_thread import EncoderThread
from bulletin.audio.formats.mp3_info_frame import frame_size, make_info_frame
from bulletin.runtime.read_sound_file import Samples

_QUALITY = 3
"""LAME's quality setting: half the CPU of 2, a quarter of 0, and the same sound for speech over music."""


def lame_gain(kbps: int) -> float:
    """
    Gain that compensates LAME's own scaling.

    At constant bitrates LAME scales by a factor of its presets (presets.c); measured: −0.45 dB up to
    160 kbps, −0.27 at 192, −0.18 at 224, none above.
    """
    scales = ((160, 0.95), (192, 0.97), (224, 0.98))
    return next((1 / scale for most, scale in scales if kbps <= most), 1.0)


def overshoot_db(kbps: int) -> float:
    """Rise of decoded peaks above a hard ceiling, measured on speech with music and rounded up."""
    return 1.1 if kbps <= 128 else 0.8


class Mp3Encoder:
    """
    Writes a constant-bitrate MP3 at the position of `file`, the Info frame first.

    LAME releases the interpreter and works in its own thread: one block is rendered while the one before
    is encoded.
    """

    def __init__(self, file: BinaryIO, *, rate_hz: int, channels: int, kbps: int) -> None:
        self._file = file
        self._start = file.tell()
        self._rate_hz = rate_hz
        self._channels = channels
        self._kbps = kbps
        self._gain = np.float32(32767.0 * lame_gain(kbps))
        self._lame = _make_lame(rate_hz=rate_hz, channels=channels, kbps=kbps)
        self._samples = self._bytes = 0
        self._file.write(bytes(frame_size(kbps, rate_hz)))
        self._beside = EncoderThread(self._encode, name="LAME")

    def write(self, block: Samples) -> None:
        """Take the next frames, of shape (frames, channels). Raises AudioError when the encoder has failed."""
        self._samples += len(block)
        whole = block * self._gain
        np.rint(whole, out=whole)
        self._beside.put(whole.clip(-32768, 32767, out=whole).astype("<i2", order="C"))

    def close(self) -> None:
        """Wait until everything is encoded, then write the Info frame."""
        self._beside.finish()
        self._take(self._lame.flush())
        end = self._file.tell()
        self._file.seek(self._start)
        self._file.write(
            make_info_frame(
                kbps=self._kbps,
                rate_hz=self._rate_hz,
                channels=self._channels,
                samples=self._samples,
                audio_bytes=self._bytes,
            )
        )
        self._file.seek(end)

    def abandon(self) -> None:
        """Let the thread end without finishing the file."""
        self._beside.abandon()

    def _encode(self, block: npt.NDArray[np.int16]) -> None:
        # LAME takes the array itself; bytes would be a copy.
        self._take(self._lame.encode(block))

    def _take(self, frames: bytearray) -> None:
        self._file.write(frames)
        self._bytes += len(frames)


def _make_lame(*, rate_hz: int, channels: int, kbps: int) -> lameenc.Encoder:
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_bit_rate(kbps)
    lame.set_in_sample_rate(rate_hz)
    lame.set_out_sample_rate(rate_hz)
    lame.set_channels(channels)
    lame.set_quality(_QUALITY)
    return lame

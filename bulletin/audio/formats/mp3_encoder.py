"""Samples -> MP3 file, encoded in a thread beside the mixer: the only file that knows lameenc."""

from __future__ import annotations

from typing import BinaryIO

import lameenc
import numpy as np
import numpy.typing as npt

from bulletin.audio.formats.encoder_thread import EncoderThread
from bulletin.audio.formats.mp3_info_frame import Checksum, count_frames, info_size, make_info_frame
from bulletin.runtime.sound_file import Samples

_QUALITY = 3
"""LAME's quality setting: half the CPU of 2, a quarter of 0, and the same sound for speech over music."""
_AT_ONCE = 2**15
"""Frames converted at once, to stay in the processor's cache."""
_MOST_WHOLE = 32767
_TWICE = np.uint32(2**16 + 1)
_Whole = npt.NDArray[np.int16]
_END: _Whole = np.zeros((0, 2), dtype=np.int16)
"""Queued after the last block: flushes LAME."""


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
        self._checksum = Checksum()
        self._file.write(bytes(info_size(kbps, rate_hz)))
        self._beside: EncoderThread[_Whole] = EncoderThread(self._encode, name="LAME")

    def write(self, block: Samples) -> None:
        """Take the next frames, of shape (frames, channels). Raises AudioError when the encoder has failed."""
        if not len(block):
            return
        self._samples += len(block)
        frames = np.empty(block.shape, dtype="<i2")
        # A voice alone is one channel, broadcast to two: it is converted once.
        is_shared = self._channels == 2 and block.strides[1] == 0
        for at in range(0, len(block), _AT_ONCE):
            part = frames[at : at + _AT_ONCE]
            for side in range(1 if is_shared else self._channels):
                whole = _round(block[at : at + _AT_ONCE, side], self._gain)
                if is_shared:
                    # Both channels in one word: twice as fast as one after the other.
                    np.multiply(whole.astype("<i2").view("<u2"), _TWICE, out=part.view("<u4")[:, 0])
                else:
                    part[:, side] = whole
        self._beside.put(frames)

    def close(self) -> None:
        """Wait until everything is encoded, then write the Info frame."""
        self._beside.put(_END)
        self._beside.finish()
        end = self._file.tell()
        self._file.seek(self._start)
        self._file.write(
            make_info_frame(
                kbps=self._kbps,
                rate_hz=self._rate_hz,
                channels=self._channels,
                samples=self._samples,
                frames=count_frames(self._bytes, self._kbps, self._rate_hz),
                audio_bytes=self._bytes,
                audio_crc=self._checksum.value,
            )
        )
        self._file.seek(end)

    def abandon(self) -> None:
        """Let the thread end without finishing the file."""
        self._beside.abandon()

    def _encode(self, block: _Whole) -> None:
        # LAME takes the array itself; bytes would be a copy.
        frames = bytes(self._lame.encode(block) if len(block) else self._lame.flush())
        self._file.write(frames)
        self._bytes += len(frames)
        self._checksum.feed(frames)


def _round(samples: Samples, gain: np.float32) -> Samples:
    """Scaled, rounded and clipped; the bounds are checked first, since that is faster than clipping."""
    whole = samples * gain
    np.rint(whole, out=whole)
    if whole.max() > _MOST_WHOLE or whole.min() < -_MOST_WHOLE - 1:
        np.clip(whole, -_MOST_WHOLE - 1, _MOST_WHOLE, out=whole)
    return whole


def _make_lame(*, rate_hz: int, channels: int, kbps: int) -> lameenc.Encoder:
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_bit_rate(kbps)
    lame.set_in_sample_rate(rate_hz)
    lame.set_out_sample_rate(rate_hz)
    lame.set_channels(channels)
    lame.set_quality(_QUALITY)
    return lame

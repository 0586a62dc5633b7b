"""Samples -> MP3 frames, in a thread beside whoever renders them: the only file that knows lameenc."""

from __future__ import annotations

from typing import BinaryIO

import lameenc
import numpy as np
import numpy.typing as npt

from bulletin.audio.formats.encoder_thread import EncoderThread
from bulletin.audio.formats.mp3_info_frame import Checksum, count_frames, info_size, make_info_frame
from bulletin.runtime.sound_file import Samples

_QUALITY = 3
"""LAME's own scale: half the CPU of 2, a quarter of 0, and no difference that speech over music shows."""
_AT_ONCE = 2**15
"""Frames that are made whole numbers in one go, near the processor."""
_MOST_WHOLE = 32767
_TWICE = np.uint32(2**16 + 1)
_Whole = npt.NDArray[np.int16]
_END: _Whole = np.zeros((0, 2), dtype=np.int16)
"""Handed to the thread in place of a block: LAME gives out what it still holds."""


def lame_gain(kbps: int) -> float:
    """
    What to multiply samples with so that LAME's output is as loud as they were.

    At constant bitrates LAME silently scales by its presets' factor (presets.c); measured as −0.45 dB up to
    160 kbps, −0.27 at 192, −0.18 at 224, none above.
    """
    scales = ((160, 0.95), (192, 0.97), (224, 0.98))
    return next((1 / scale for most, scale in scales if kbps <= most), 1.0)


def overshoot_db(kbps: int) -> float:
    """How far decoded peaks rise above a hard ceiling, as measured on speech with music; rounded up."""
    return 1.1 if kbps <= 128 else 0.8


class Mp3Encoder:
    """
    Writes a constant-bitrate MP3 from where `file` stands, the Info frame first.

    LAME works in its own thread (it lets go of the interpreter), so a block is rendered while the one
    before is encoded.
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
        # A voice alone is one channel that is seen twice: what both sides share is reckoned once.
        is_shared = self._channels == 2 and block.strides[1] == 0
        for at in range(0, len(block), _AT_ONCE):
            place = frames[at : at + _AT_ONCE]
            for side in range(1 if is_shared else self._channels):
                whole = _to_whole(block[at : at + _AT_ONCE, side], self._gain)
                if is_shared:
                    # Both sides in one word: twice as quick as one after the other.
                    np.multiply(whole.astype("<i2").view("<u2"), _TWICE, out=place.view("<u4")[:, 0])
                else:
                    place[:, side] = whole
        self._beside.put(frames)

    def close(self) -> None:
        """Wait until everything is written, the Info frame last."""
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
        # It takes an array as it is; bytes of it would be a copy.
        frames = bytes(self._lame.encode(block) if len(block) else self._lame.flush())
        self._file.write(frames)
        self._bytes += len(frames)
        self._checksum.feed(frames)


def _to_whole(samples: Samples, gain: np.float32) -> Samples:
    """Rounded; clipped where it is needed, which bounds tell more quickly."""
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

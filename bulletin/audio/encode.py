"""Samples -> MP3 frames, in a thread beside whoever renders them: the only file that knows lameenc."""

from __future__ import annotations

import threading
from queue import Queue
from typing import BinaryIO, Protocol

import lameenc
import numpy as np

from bulletin.audio.mp3frame import count_frames, crc16, info_size, make_info_frame
from bulletin.errors import AudioError
from bulletin.pcm import Samples

_QUALITY = 3
"""LAME's own scale: half the CPU of 2, a quarter of 0, and no difference that speech over music shows."""
_AHEAD = 2
"""Blocks that may wait for the encoder: enough to keep it busy, few enough to stay small."""


class Encoder(Protocol):
    """Takes blocks of one sound, in order, and writes a file."""

    def write(self, block: Samples) -> None: ...

    def close(self) -> None: ...


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
        self._samples = self._frames = self._bytes = self._crc = 0
        self._rest = b""
        """The start of a frame that LAME has not finished."""
        self._error: BaseException | None = None
        self._blocks: Queue[bytes | None] = Queue(maxsize=_AHEAD)
        self._file.write(bytes(info_size(kbps, rate_hz)))
        self._thread = threading.Thread(target=self._work, name="lame", daemon=True)
        self._thread.start()

    def write(self, block: Samples) -> None:
        """Take the next frames, of shape (frames, channels). Raises AudioError when the encoder has failed."""
        whole = block * self._gain
        np.clip(np.rint(whole, out=whole), -32768, 32767, out=whole)
        self._samples += len(block)
        self._blocks.put(whole.astype("<i2").tobytes())
        self._check()

    def close(self) -> None:
        """Wait until everything is written, the Info frame last."""
        self._blocks.put(None)
        self._thread.join()
        self._check()
        end = self._file.tell()
        self._file.seek(self._start)
        self._file.write(
            make_info_frame(
                kbps=self._kbps,
                rate_hz=self._rate_hz,
                channels=self._channels,
                samples=self._samples,
                frames=self._frames,
                audio_bytes=self._bytes,
                audio_crc=self._crc,
            )
        )
        self._file.seek(end)

    def abandon(self) -> None:
        """Let the thread end without finishing the file."""
        self._error = self._error or AudioError("the mix was given up")
        self._blocks.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (block := self._blocks.get()) is not None:
            if self._error:
                continue
            try:
                self._take(bytes(self._lame.encode(block)))
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that writes
                self._error = error
        if not self._error:
            try:
                self._take(bytes(self._lame.flush()))
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that writes
                self._error = error

    def _take(self, frames: bytes) -> None:
        self._file.write(frames)
        whole, used = count_frames(self._rest + frames)
        self._rest = (self._rest + frames)[used:]
        self._frames += whole
        self._bytes += len(frames)
        self._crc = crc16(frames, self._crc)

    def _check(self) -> None:
        if isinstance(self._error, OSError | AudioError):
            raise self._error
        if self._error:
            raise AudioError(f"MP3: LAME failed ({self._error})") from self._error


def _make_lame(*, rate_hz: int, channels: int, kbps: int) -> lameenc.Encoder:
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_bit_rate(kbps)
    lame.set_in_sample_rate(rate_hz)
    lame.set_out_sample_rate(rate_hz)
    lame.set_channels(channels)
    lame.set_quality(_QUALITY)
    return lame

"""Length and checksum of an MP3 <-> LAME "Info" frame, from which players know the exact length. Pure bytes."""

from __future__ import annotations

import struct
from functools import lru_cache

import numpy as np

BITRATES_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES = (44100, 48000, 32000)
FRAME = 1152
"""Samples of a frame of MPEG 1, layer III."""
ENCODER_DELAY = 576
"""Samples of silence that LAME adds before the sound; decoders add another 529 and remove both."""
_SIDE_INFO = {1: 17, 2: 32}
"""Bytes between header and data, by channels."""
_ORDER = 2**15 - 1
"""Number of zero bytes (and of zero bits) after which a checksum repeats."""
_TAG = 156
"""Bytes of the Info tag, from name to checksum."""
_MOST_BEFORE_TAG = 48
"""Bytes of the longest header, checksum, side information and tag name."""


def frame_size(kbps: int, rate_hz: int, *, padded: bool = False) -> int:
    """Bytes of one frame."""
    return 144_000 * kbps // rate_hz + padded


def count_frames(audio_bytes: int, kbps: int, rate_hz: int) -> int:
    """
    Number of frames in so many bytes at a constant bitrate.

    LAME adds a byte to a frame when the bytes lost by rounding down make one; the first frame has none.
    Raises ValueError when the last frame is incomplete.
    """
    size, lost = divmod(144_000 * kbps, rate_hz)
    frames = audio_bytes * rate_hz // (144_000 * kbps)
    # The division rounds down, perhaps to the frame before.
    for count in (frames, frames + 1):
        if count * size - (-(count - 1) * lost // rate_hz if count else 0) == audio_bytes:
            return count
    raise ValueError(f"{audio_bytes} bytes are no whole frames of {kbps} kbps")


def info_size(kbps: int, rate_hz: int) -> int:
    """Bytes of the Info frame; of a higher bitrate where the frames of the stream are too small."""
    return frame_size(_info_kbps(kbps, rate_hz), rate_hz)


def make_info_frame(
    *, kbps: int, rate_hz: int, channels: int, samples: int, frames: int, audio_bytes: int, audio_crc: int
) -> bytes:
    """
    First frame of a constant-bitrate stream: a silent frame with the exact length.

    `samples` is the length of each channel. Layout: Xing's tag with LAME's extension
    (gabriel.mp3-tech.org/mp3infotag.html).
    """
    size = info_size(kbps, rate_hz)
    padding = frames * FRAME - ENCODER_DELAY - samples
    if not 0 <= padding < 4096:
        raise ValueError(f"{frames} frames cannot hold {samples} samples")
    total = size + audio_bytes
    # At a constant bitrate the n-th hundredth of the time is the n-th hundredth of the bytes.
    seek = bytes(min(255, 256 * (size + audio_bytes * n // 100) // total) for n in range(100))
    tag = b"Info" + struct.pack(">III", 0b1111, frames, total) + seek + struct.pack(">I", 78)
    tag += b"LAME3.100" + bytes([0x01, 0])
    tag += struct.pack(">IHH", 0, 0, 0)
    tag += bytes([4, min(255, kbps)])
    tag += bytes([ENCODER_DELAY >> 4, (ENCODER_DELAY & 15) << 4 | padding >> 8, padding & 255])
    tag += bytes([0x41 | (3 if channels == 2 else 0) << 2, 0]) + struct.pack(">H", 0)
    tag += struct.pack(">IH", total, audio_crc)
    frame = _info_header(kbps, rate_hz, channels) + bytes(_SIDE_INFO[channels]) + tag
    frame += struct.pack(">H", crc16(frame))
    return frame + bytes(size - len(frame))


def read_length(audio: bytes) -> int | None:
    """
    Length in samples by the header frame at the start of `audio`; None without one.

    Reads Xing's frame, called Info at a constant bitrate, and Fraunhofer's VBRI, of any version of MPEG.
    """
    if len(audio) < _MOST_BEFORE_TAG or audio[0] != 0xFF or audio[1] & 0xE6 != 0xE2:
        return None
    is_mpeg_1 = audio[1] >> 3 & 3 == 0b11
    frame = FRAME if is_mpeg_1 else FRAME // 2
    tags = ((audio.find(name, 4, _MOST_BEFORE_TAG), name) for name in (b"Info", b"Xing", b"VBRI"))
    at, name = next(((at, name) for at, name in tags if at >= 0), (-1, b""))
    if at < 0 or len(audio) < at + 144:
        return None
    if name == b"VBRI":
        return int.from_bytes(audio[at + 14 : at + 18], "big") * frame or None
    flags, frames = (int.from_bytes(audio[at + n : at + n + 4], "big") for n in (4, 8))
    if not flags & 1:
        return None
    optional = ((1, 4), (2, 4), (4, 100), (8, 4))
    lame = at + 8 + sum(length for flag, length in optional if flags & flag)
    delay = audio[lame + 21] << 4 | audio[lame + 22] >> 4
    padding = (audio[lame + 22] & 15) << 8 | audio[lame + 23]
    return frames * frame - delay - padding


class Checksum:
    """
    CRC-16/ARC of bytes that come in pieces, for LAME's tag.

    Its polynomial, (x + 1)(x^15 + x + 1), divides x^32767 + 1, so blocks of 32767 bytes can be XORed into
    one: a Python loop over one block is quick, one over a whole file would not be.
    """

    def __init__(self) -> None:
        self._folded = np.zeros(_ORDER, dtype=np.uint8)
        self._at = 0
        """Position of the next byte in the block."""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        end = self._at + len(data)
        blocks = np.zeros(-(-max(end, 1) // _ORDER) * _ORDER, dtype=np.uint8)
        blocks[self._at : end] = np.frombuffer(data, dtype=np.uint8)
        self._folded ^= np.bitwise_xor.reduce(blocks.reshape(-1, _ORDER), axis=0)
        self._at = end % _ORDER

    @property
    def value(self) -> int:
        """Checksum so far. The block is turned to end with the last byte: leading zeros change nothing."""
        return crc16(np.roll(self._folded, -self._at).tobytes())


def crc16(data: bytes) -> int:
    """CRC-16/ARC of a short piece of data."""
    table, crc = _crc_table(), 0
    for byte in data:
        crc = (crc >> 8) ^ table[(crc ^ byte) & 255]
    return crc


@lru_cache(maxsize=1)
def _crc_table() -> list[int]:
    """Checksum of each byte."""
    values = list(range(256))
    for _ in range(8):
        values = [(value >> 1) ^ 0xA001 if value & 1 else value >> 1 for value in values]
    return values


def _info_kbps(kbps: int, rate_hz: int) -> int:
    least = 4 + _SIDE_INFO[2] + _TAG
    return next(k for k in BITRATES_KBPS if k >= kbps and frame_size(k, rate_hz) >= least)


def _info_header(kbps: int, rate_hz: int, channels: int) -> bytes:
    index = BITRATES_KBPS.index(_info_kbps(kbps, rate_hz))
    mode = 0b01 if channels == 2 else 0b11
    return bytes([0xFF, 0xFB, index << 4 | _RATES.index(rate_hz) << 2, mode << 6])

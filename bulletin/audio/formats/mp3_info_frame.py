"""MP3 frames and the LAME "Info" frame that tells players the exact length. Pure bytes."""

from __future__ import annotations

import struct
from functools import lru_cache

import numpy as np
import numpy.typing as npt

_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES = (44100, 48000, 32000)
FRAME = 1152
"""Samples in a frame of MPEG 1, layer III."""
ENCODER_DELAY = 576
"""Samples of silence that LAME puts before the sound; decoders add 529 of their own and know it."""
_SIDE_INFO = {1: 17, 2: 32}
"""Bytes between header and data, by channels."""
_ORDER = 2**15 - 1
"""So many zero bytes (bits, too) leave a checksum as it is."""
_TAG = 156
"""Bytes of the Info tag, from its name to its checksum."""
_MOST_BEFORE_TAG = 48
"""The longest header and side information, with a checksum between them, and the tag's name."""


def frame_size(kbps: int, rate_hz: int, *, padded: bool = False) -> int:
    """Bytes of one frame."""
    return 144_000 * kbps // rate_hz + padded


def count_frames(audio_bytes: int, kbps: int, rate_hz: int) -> int:
    """
    How many frames of a constant bitrate are so many bytes, as LAME deals them out.

    A byte is added to a frame when what the frames before have lost by rounding down makes one; the first
    frame has none. Raises ValueError when the last frame is not whole.
    """
    size, lost = divmod(144_000 * kbps, rate_hz)
    frames = audio_bytes * rate_hz // (144_000 * kbps)
    # Rounded down it may be the frame before.
    for count in (frames, frames + 1):
        if count * size - (-(count - 1) * lost // rate_hz if count else 0) == audio_bytes:
            return count
    raise ValueError(f"{audio_bytes} bytes are no whole frames of {kbps} kbps")


def info_size(kbps: int, rate_hz: int) -> int:
    """Bytes of the Info frame; where the stream's own frames are too small, it is a larger one."""
    return frame_size(_info_kbps(kbps, rate_hz), rate_hz)


def make_info_frame(
    *, kbps: int, rate_hz: int, channels: int, samples: int, frames: int, audio_bytes: int, audio_crc: int
) -> bytes:
    """
    The first frame of a constant-bitrate stream: a silent frame that holds the exact length.

    `samples` is the true length for each channel. Layout: Xing's tag with LAME's extension
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
    Samples for each channel that the header frame at the start of `audio` promises; None without one.

    Xing's, called Info at a constant bitrate, or Fraunhofer's VBRI, of any version of MPEG.
    """
    if len(audio) < _MOST_BEFORE_TAG or audio[0] != 0xFF or audio[1] & 0xE6 != 0xE2:
        return None
    is_first = audio[1] >> 3 & 3 == 0b11
    frame = FRAME if is_first else FRAME // 2
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
    CRC-16/ARC of bytes that come in pieces, as LAME's tag asks for it.

    The polynomial, (x + 1)(x^15 + x + 1), divides x^32767 + 1: stretches of so many bytes may be laid over
    one another, and only one is left to be walked through.
    """

    def __init__(self) -> None:
        self._laid = np.zeros(_ORDER, dtype=np.uint8)
        self._at = 0
        """Where the next byte is laid."""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        lead, lap = self._at, len(data) + self._at
        if lap <= _ORDER:
            self._laid[lead:lap] ^= np.frombuffer(data, dtype=np.uint8)
        else:
            rows = np.zeros(-(-lap // _ORDER) * _ORDER, dtype=np.uint8)
            rows[lead:lap] = np.frombuffer(data, dtype=np.uint8)
            self._laid ^= np.bitwise_xor.reduce(rows.reshape(-1, _ORDER), axis=0)
        self._at = lap % _ORDER

    @property
    def value(self) -> int:
        """Of all bytes so far: the last of them end the stretch, and zeros before a message change nothing."""
        return crc16(np.roll(self._laid, -self._at).tobytes())


def crc16(data: bytes) -> int:
    """The same of bytes that are there; of a long stretch `Checksum` is quicker."""
    # A checksum is linear: rows are walked side by side, two bytes at a time, then shifted past one another.
    width = 1 << max(5, len(data).bit_length() // 2)
    rows = len(data) // width
    words = np.frombuffer(data[: rows * width], dtype="<u2").reshape(rows, width // 2).T
    table = _table()
    sums = np.zeros(rows, dtype=np.uint16)
    for column in np.ascontiguousarray(words):
        sums = table[sums ^ column]
    low, high = _shift_tables(width)
    crc = 0
    for row in sums.tolist():
        crc = low[crc & 255] ^ high[crc >> 8] ^ row
    for byte in data[width * rows :]:
        crc = (crc >> 8) ^ _byte_table()[(crc ^ byte) & 255]
    return crc


@lru_cache(maxsize=1)
def _byte_table() -> list[int]:
    """What becomes of a checksum by a byte."""
    values = list(range(256))
    for _ in range(8):
        values = [(value >> 1) ^ 0xA001 if value & 1 else value >> 1 for value in values]
    return values


@lru_cache(maxsize=1)
def _table() -> npt.NDArray[np.uint16]:
    """The same by two bytes."""
    single = np.array(_byte_table(), dtype=np.uint16)
    values = np.arange(1 << 16, dtype=np.uint16)
    for _ in range(2):
        values = (values >> 8) ^ single[values & 255]
    return values


@lru_cache(maxsize=16)
def _shift_tables(width: int) -> tuple[list[int], list[int]]:
    """What a checksum becomes by `width` zero bytes, an even number, for its low and for its high byte."""
    shifted = np.concatenate([np.arange(256), np.arange(256) << 8]).astype(np.uint16)
    for _ in range(width // 2):
        shifted = _table()[shifted]
    return shifted[:256].tolist(), shifted[256:].tolist()


def _info_kbps(kbps: int, rate_hz: int) -> int:
    least = 4 + _SIDE_INFO[2] + _TAG
    return next(k for k in _BITRATES if k >= kbps and frame_size(k, rate_hz) >= least)


def _info_header(kbps: int, rate_hz: int, channels: int) -> bytes:
    index = _BITRATES.index(_info_kbps(kbps, rate_hz))
    mode = 0b01 if channels == 2 else 0b11
    return bytes([0xFF, 0xFB, index << 4 | _RATES.index(rate_hz) << 2, mode << 6])

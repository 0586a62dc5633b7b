"""Length of an MP3 <-> LAME "Info" frame, from which players know the exact length. Pure bytes."""

from __future__ import annotations

import struct

BITRATES_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES = (44100, 48000, 32000)
FRAME = 1152
"""Samples of a frame of MPEG 1, layer III."""
ENCODER_DELAY = 576
"""Samples of silence that LAME adds before the sound; decoders add another 529 and remove both."""
_SIDE_INFO = {1: 17, 2: 32}
"""Bytes between header and data, by channels."""
_MOST_BEFORE_TAG = 48
"""Bytes of the longest header, checksum, side information and tag name."""


def frame_size(kbps: int, rate_hz: int) -> int:
    """Bytes of a frame without padding. From 64 kbps on it holds an Info frame."""
    return 144_000 * kbps // rate_hz


def make_info_frame(*, kbps: int, rate_hz: int, channels: int, samples: int, audio_bytes: int) -> bytes:
    """
    First frame of a constant-bitrate stream: a silent frame with the exact length.

    `samples` is the length of each channel. Layout: Xing's tag with LAME's extension
    (gabriel.mp3-tech.org/mp3infotag.html), without its optional checksum of the sound. Raises ValueError when the
    bytes cannot hold so many samples.
    """
    size = frame_size(kbps, rate_hz)
    # LAME adds a byte to a frame when the bytes lost by rounding down make one.
    frames = round(audio_bytes * rate_hz / (144_000 * kbps))
    padding = frames * FRAME - ENCODER_DELAY - samples
    if not 0 <= padding < 4096:
        raise ValueError(f"{frames} frames cannot hold {samples} samples")
    total = size + audio_bytes
    # At a constant bitrate the n-th hundredth of the time is the n-th hundredth of the bytes.
    seek = bytes(min(255, 256 * (size + audio_bytes * n // 100) // total) for n in range(100))
    is_stereo = channels == 2
    frame = bytes([0xFF, 0xFB, BITRATES_KBPS.index(kbps) << 4 | _RATES.index(rate_hz) << 2])
    frame += bytes([0b01_000000 if is_stereo else 0b11_000000]) + bytes(_SIDE_INFO[channels])
    frame += b"Info" + struct.pack(">III", 0b1111, frames, total) + seek + struct.pack(">I", 78)
    frame += b"LAME3.100" + bytes([0x01, 0, *bytes(8), 4, min(255, kbps)])
    frame += bytes([ENCODER_DELAY >> 4, (ENCODER_DELAY & 15) << 4 | padding >> 8, padding & 255])
    frame += bytes([0x41 | (3 if is_stereo else 0) << 2, 0, 0, 0]) + struct.pack(">IH", total, 0)
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


def crc16(data: bytes) -> int:
    """CRC-16/ARC of a short piece of data."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc

"""MP3 -> its frames, without the tags around them. Pure bytes."""

from __future__ import annotations

from collections.abc import Iterator

_BITRATES = {
    1: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Sampling rates by the two version bits of the header: MPEG 1, 2 and 2.5."""


def split_mp3(data: bytes) -> Iterator[tuple[bytes, float]]:
    """Each whole frame of layer III and its seconds; bytes between frames are skipped."""
    at = after_tags(data)
    while 0 <= at < len(data) - 3:
        header = read_header(data, at)
        # One header may occur by chance: a real frame is followed by another, by a tag, or by the end.
        if header is None or not _is_border(data, at + header[0]):
            at = data.find(b"\xff", at + 1)
            continue
        size, length_s = header
        if at + size <= len(data):
            yield data[at : at + size], length_s
        at += size


def after_tags(data: bytes) -> int:
    """Position behind all ID3 tags, whose pictures could be taken for sound."""
    at = 0
    while data[at : at + 3] == b"ID3" and len(data) >= at + 10:
        size = sum(
            (byte & 0x7F) << shift for byte, shift in zip(data[at + 6 : at + 10], (21, 14, 7, 0), strict=True)
        )
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    return at


def read_header(data: bytes, at: int) -> tuple[int, float] | None:
    """Bytes and seconds of the layer III frame at this position (ISO/IEC 11172-3, 13818-3), if there is one."""
    if data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    bitrate, rate = data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        return None
    rate_hz = _RATES[version][rate]
    kbps = _BITRATES[1 if version == 3 else 2][bitrate - 1]
    samples = 1152 if version == 3 else 576
    return samples // 8 * 1000 * kbps // rate_hz + (data[at + 2] >> 1 & 1), samples / rate_hz


def _is_border(data: bytes, at: int) -> bool:
    return at + 4 > len(data) or data[at : at + 3] in (b"TAG", b"APE") or read_header(data, at) is not None

"""
Frames of an MP3 file: how many there are, how many its header announces, whether the last is whole. Pure.

libsndfile reads as many frames as the header announces, and guesses without one: of a file of variable bit rate
without a header, or of two files joined, it reads a part only. `with_length` gives such a file a true header.
"""

from __future__ import annotations

from dataclasses import dataclass

_MOST_FRAMES = 500_000
"""Three hours and more; a file made to do harm has more."""
_KBPS = {
    (True, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Whether MPEG-1, layer as the header has it (3: layer I) -> bit rates of the indexes 1 to 14; ISO 11172-3, 13818-3."""
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_ID3V1_BYTES = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Mp3Frames:
    """What a walk from frame to frame finds."""

    first_at: int
    """Place of the first frame, after the tag."""
    count: int
    """Frames of sound; the last may be cut off."""
    announced: int
    """Frames of sound by the header in the first frame (Xing, Info, VBRI); 0: none."""
    is_cut: bool
    """The file ends within a frame or a tag."""
    is_variable: bool
    """Frames have different bit rates."""


def is_mp3(head: bytes) -> bool:
    """Whether a file that begins so may be one: with a tag, or with a frame of layer III."""
    return head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] > b"\xdf" and head[1] & 0x06 == 0x02)


def read_mp3_frames(data: bytes) -> Mp3Frames:
    """Walk through a file, over tags between its frames, up to its end or to what is no frame."""
    first_at = at = after_tag(data, 0)
    count, rates = 0, set()
    while at + 4 <= len(data) and count < _MOST_FRAMES:
        if size := frame_bytes(data[at : at + 4]):
            rates.add(data[at + 2] >> 4)
            at, count = at + size, count + 1
        elif (after := after_tag(data, at)) > at:  # files that were joined
            at = after
        else:
            break
    announced = _announced_frames(data[first_at : first_at + 200])
    return Mp3Frames(
        first_at=first_at,
        count=count - bool(announced and count),
        announced=announced,
        is_cut=at > len(data) or (0 < len(data) - at < 4 and data[at] == 0xFF),
        is_variable=len(rates) > 1,
    )


def after_tag(data: bytes, at: int) -> int:
    """Place after the tag that begins there (id3.org, ID3v1 and ID3v2.4); the same place without one."""
    if data[at : at + 3] == b"TAG":
        return at + _ID3V1_BYTES
    if data[at : at + 3] != b"ID3" or len(data) < at + 10:
        return at
    size = 0
    for byte in data[at + 6 : at + 10]:
        size = size << 7 | byte & 0x7F
    return at + 10 + size + (10 if data[at + 5] & 0x10 else 0)


def frame_bytes(head: bytes) -> int:
    """
    Length of an MPEG audio frame by its header of four bytes; 0: it is none, or of free format.

    >>> frame_bytes(bytes.fromhex("fffb9064"))
    417
    """
    version, layer, index, rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if head[0] != 0xFF or head[1] < 0xE0 or version == 1 or not layer or index in (0, 15) or rate == 3:
        return 0
    bits = 1000 * _KBPS[version == 3, layer][index - 1]
    rate_hz, padding = _RATES_HZ[version][rate], head[2] >> 1 & 1
    if layer == 3:
        return 4 * (12 * bits // rate_hz + padding)
    return (72 if layer == 1 and version != 3 else 144) * bits // rate_hz + padding


def _announced_frames(frame: bytes) -> int:
    for mark in (b"Xing", b"Info"):
        at = frame.find(mark, 4, 48)
        if at > 0 and len(frame) >= at + 12 and frame[at + 7] & 1:
            return int.from_bytes(frame[at + 8 : at + 12], "big")
    at = frame.find(b"VBRI", 4, 48)
    return int.from_bytes(frame[at + 14 : at + 18], "big") if at > 0 else 0


def with_length(data: bytes) -> bytes:
    """The file with a header that announces all its frames, where its own announces fewer or is missing."""
    frames = read_mp3_frames(data)
    head = data[frames.first_at : frames.first_at + 4]
    is_layer_3 = len(head) == 4 and head[1] & 0x06 == 0x02
    is_true = frames.count <= frames.announced + 1 if frames.announced else not frames.is_variable
    if not is_layer_3 or is_true:
        return data
    sound_at = frames.first_at + (frame_bytes(head) if frames.announced else 0)
    return data[: frames.first_at] + _announce(head, frames.count) + data[sound_at:]


def _announce(head: bytes, count: int) -> bytes:
    """A silent frame with the header "Xing", which stands after the side information of the frame."""
    new = bytes([head[0], head[1] | 1, 9 << 4 | head[2] & 0x0C, head[3]])  # no checksum, a middle bit rate
    is_mono, is_mpeg_1 = head[3] >> 6 == 3, head[1] & 0x18 == 0x18
    side = (17 if is_mono else 32) if is_mpeg_1 else (9 if is_mono else 17)
    facts = new + bytes(side) + b"Xing" + (1).to_bytes(4, "big") + count.to_bytes(4, "big")
    return facts.ljust(frame_bytes(new), b"\0")

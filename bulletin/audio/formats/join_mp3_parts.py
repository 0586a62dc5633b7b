"""
MP3 parts of one bulletin -> one stream of frames, without a second encode. Pure bytes.

Frames of layer III depend on their neighbours, so files that are only put one after the other click at the joint
(ISO/IEC 11172-3, 2.4.3): half of each block overlaps the block before it, and a frame may keep its data in up to 511
bytes of the frames before it (the bit reservoir, `main_data_begin`). So the parts are encoded on one grid of frames,
and around a border from the same samples: silence, or a bed. The joint is where the blocks before it have the same window
in both, and the data of the next frames are copied into bytes that the frames before them do not use. Every frame keeps
its header and its data, bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.audio.formats.mp3_info_frame import make_info_frame
from bulletin.errors import AudioError
from bulletin.runtime.mp3_frames import after_tag, frame_bytes

_HEADER = 4
_SIDE_INFO = {True: 17, False: 32}
"""Bytes of side information of MPEG 1, by whether the frame is mono."""
_GRANULE_BITS = 59
"""Bits of side information for each channel of a granule."""
_LATEST_JOINT = 20
"""Frames after a border up to which a joint is tried; the first frame of a part has no overlap yet."""
_IN_ONE_PIECE = "mix the bulletin in one piece"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mp3Part:
    """A part of a bulletin, encoded at a constant bitrate from the start of a frame on."""

    data: bytes
    """MP3 with or without tag and Info frame. Its sound may go on behind the part, with the start of the next one."""
    frames: int
    """Length in frames of 1152 samples; that of the last part does not count."""


@dataclass(frozen=True, slots=True)
class _SideInfo:
    """What a joint needs to know of a frame."""

    back: int
    """main_data_begin: bytes before this frame in which its data begin."""
    used: int
    """Bytes of its data, without stuffing."""
    windows: tuple[int, ...]
    """Types of the last block of each channel, which the next block continues; none of a silent frame."""


def join_mp3_parts(
    parts: Sequence[Mp3Part], *, samples: int, kbps: int, rate_hz: int, channels: int
) -> bytes:
    """
    Join parts to one stream with an Info frame for `samples` of each channel, without a tag.

    Raises AudioError where no joint is possible: parts of other bitrates, other windows on the two sides of a border,
    or frames before it without room for the data of the next.
    """
    streams = [split_frames(part.data) for part in parts]
    if len({_constant_bits(frame) for stream in streams for frame in stream}) != 1:
        raise AudioError(f"parts of different bitrates or channels cannot be joined; {_IN_ONE_PIECE}")
    joined, border = streams[0], 0
    for part, following in zip(parts, streams[1:], strict=False):
        border += part.frames
        joined = _join(joined, following, border)
    stream = b"".join(joined)
    try:
        info = make_info_frame(
            kbps=kbps, rate_hz=rate_hz, channels=channels, samples=samples, audio_bytes=len(stream)
        )
    except ValueError as error:
        raise AudioError(f"joined parts: {error}; {_IN_ONE_PIECE}") from error
    return info + stream


def split_frames(data: bytes) -> list[bytes]:
    """Frames of sound of an MP3 that was written here, without tag and Info frame. Raises AudioError."""
    at, frames = after_tag(data, 0), []
    while at < len(data):
        size = frame_bytes(data[at : at + _HEADER]) if at + _HEADER <= len(data) else 0
        if not size or at + size > len(data) or data[at + 1] & 0xFE != 0xFA:
            raise AudioError(f"no frame of MPEG 1, layer III, at byte {at} of a part; {_IN_ONE_PIECE}")
        frames.append(data[at : at + size])
        at += size
    has_info = bool(frames) and b"Info" in frames[0][: _HEADER + _SIDE_INFO[False] + 4]
    return frames[1:] if has_info else frames


def _join(before: list[bytes], following: list[bytes], border: int) -> list[bytes]:
    """The frames up to the first joint that is possible, and those of the next part from there on."""
    for late in range(1, _LATEST_JOINT + 1):
        if border + late > len(before) or late >= len(following):
            break
        if _side_info(before[border + late - 1]).windows == _side_info(following[late - 1]).windows:
            kept = before[: border + late]
            needed = _side_info(following[late]).back
            reservoir = b"".join(_slot(frame) for frame in following[:late])[-needed:] if needed else b""
            if len(reservoir) == needed and (filled := _fill(kept, reservoir)):
                return filled + following[late:]
    raise AudioError(f"no inaudible joint at frame {border}; {_IN_ONE_PIECE}")


def _fill(frames: list[bytes], reservoir: bytes) -> list[bytes] | None:
    """The frames with these bytes at the end of their data; None where their own data leave no room."""
    room, first = 0, len(frames)
    while room < len(reservoir):
        first -= 1
        if first < 0:
            return None
        info = _side_info(frames[first])
        room += len(_slot(frames[first]))
        if info.used:
            # its data end there: after the bytes that they have in earlier frames
            room += info.back - info.used
            break
    if room < len(reservoir):
        return None
    return _overwrite_ends(frames, reservoir)


def _overwrite_ends(frames: list[bytes], reservoir: bytes) -> list[bytes]:
    """Write bytes into the last slots, backwards from the end of the last frame."""
    filled, left = list(frames), reservoir
    for number in range(len(filled) - 1, -1, -1):
        if not left:
            break
        count = min(len(left), len(_slot(filled[number])))
        filled[number] = filled[number][:-count] + left[-count:]
        left = left[:-count]
    return filled


def _slot(frame: bytes) -> bytes:
    """Bytes of a frame that hold data, of itself or of the next frames."""
    return frame[_HEADER + _SIDE_INFO[_is_mono(frame)] :]


def _side_info(frame: bytes) -> _SideInfo:
    """Side information of a frame of MPEG 1 (ISO/IEC 11172-3, 2.4.1.7)."""
    is_mono = _is_mono(frame)
    size = _SIDE_INFO[is_mono]
    bits = int.from_bytes(frame[_HEADER : _HEADER + size], "big")
    channels = 1 if is_mono else 2

    def field(at: int, width: int) -> int:
        return bits >> 8 * size - at - width & (1 << width) - 1

    # main_data_begin, private bits, and the scale factor flags of each channel
    first = 9 + (5 if is_mono else 3) + 4 * channels
    granules = range(first, first + 2 * channels * _GRANULE_BITS, _GRANULE_BITS)
    used_bits = sum(field(at, 12) for at in granules)
    # part2_3_length, big_values, global_gain and scalefac_compress; then a flag, and the type of an unusual block
    windows = tuple(field(at + 34, 2) if field(at + 33, 1) else 0 for at in granules[channels:])
    return _SideInfo(back=field(0, 9), used=-(-used_bits // 8), windows=windows if used_bits else ())


def _is_mono(frame: bytes) -> bool:
    return frame[3] >> 6 == 0b11


def _constant_bits(frame: bytes) -> tuple[int, int, bool]:
    """Version, layer and checksum; bitrate and rate; channels."""
    return frame[1], frame[2] & 0b1111_1100, _is_mono(frame)

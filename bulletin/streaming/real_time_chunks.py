"""Sound file -> chunks with the time at which each sounds, to be sent at the pace of listening. Pure."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bulletin.streaming.mp3_frames import split_mp3

_CHUNK_S = 0.1
"""Seconds of sound in a chunk; a frame alone would be a packet of 400 bytes, forty times a second."""

_LEAD_BYTES = 2800
"""Silence before the first frame: listeners whom Icecast moves to a mount miss its first block of 1400 bytes."""
_SILENCE_S = 0.3
"""Silence after the last frame: Icecast passes on whole blocks only, and decoders are a frame behind."""
_OPUS_HZ = 48000
_NO_PACKET_ENDS = 0xFFFF_FFFF_FFFF_FFFF
"""Position of an Ogg page in which no packet ends (RFC 3533)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacedChunk:
    """Bytes that sound from `start_s` to `end_s`."""

    start_s: float
    end_s: float
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PacedFile:
    """Sound that can be sent from any of its chunks on."""

    media_type: str
    head: bytes
    """Bytes before the first chunk: Ogg's header pages, which decoders need; for MP3 a moment of silence."""
    pieces: tuple[PacedChunk, ...]
    tail: bytes = b""
    """Silence that pushes the last chunk through buffers."""

    @property
    def duration_s(self) -> float:
        return self.pieces[-1].end_s

    def first_after(self, heard_s: float) -> int:
        """Index of the chunk that sounds at `heard_s`."""
        return max(0, bisect_right(self.pieces, heard_s, key=lambda piece: piece.start_s) - 1)


def split_frames(data: bytes) -> PacedFile:
    """
    Split an MP3 or Ogg file (Opus, Vorbis), without tags, pictures and the frame that gives the length.

    Raises ValueError for any other file, also for one without sound.
    """
    if data.startswith(b"OggS"):
        return _split_ogg(data)
    if data.startswith((b"RIFF", b"RF64", b"fLaC")):
        raise ValueError("the file is WAV or FLAC")
    frames = list(split_mp3(data))
    # LAME's Info frame: players would take its length for that of the stream.
    if frames and any(name in frames[0][0][:48] for name in (b"Info", b"Xing", b"VBRI")):
        del frames[0]
    if not frames:
        raise ValueError("the file is not MP3 (no MP3 frame)")
    frame, length_s = frames[-1]
    silence = _silent(frame)
    return PacedFile(
        media_type="audio/mpeg",
        head=silence * math.ceil(_LEAD_BYTES / len(silence)),
        pieces=tuple(_join_frames(frames)),
        tail=silence * math.ceil(_SILENCE_S / length_s),
    )


def _silent(frame: bytes) -> bytes:
    """A frame of the same form without sound: no checksum, no bits for any band."""
    return bytes([frame[0], frame[1] | 1, *frame[2:4]]) + bytes(len(frame) - 4)


def _join_frames(frames: Iterable[tuple[bytes, float]]) -> Iterator[PacedChunk]:
    start_s = now_s = 0.0
    waiting = bytearray()
    for data, length_s in frames:
        waiting += data
        now_s += length_s
        if now_s - start_s >= _CHUNK_S:
            yield PacedChunk(start_s=start_s, end_s=now_s, data=bytes(waiting))
            waiting.clear()
            start_s = now_s
    if waiting:
        yield PacedChunk(start_s=start_s, end_s=now_s, data=bytes(waiting))


def _split_ogg(data: bytes) -> PacedFile:
    rate_hz, skipped, head_packets = _ogg_kind(data)
    head, pieces = bytearray(), []
    before = 0
    ended = 0
    for page, position, ends in _pages(data):
        if ended < head_packets:
            head += page
            ended += ends
            continue
        now = before if position == _NO_PACKET_ENDS else max(before, position)
        start_s, end_s = (max(0, at - skipped) / rate_hz for at in (before, now))
        pieces.append(PacedChunk(start_s=start_s, end_s=end_s, data=page))
        before = now
    if not pieces:
        raise ValueError("the file contains no sound")
    return PacedFile(media_type="application/ogg", head=bytes(head), pieces=tuple(pieces))


def _ogg_kind(data: bytes) -> tuple[int, int, int]:
    """Clock in Hz, samples that are not heard, number of header packets."""
    packet = data[27 + data[26] :] if len(data) > 28 else b""
    if packet.startswith(b"OpusHead"):
        return _OPUS_HZ, int.from_bytes(packet[10:12], "little"), 2
    if packet.startswith(b"\x01vorbis"):
        return int.from_bytes(packet[12:16], "little") or _OPUS_HZ, 0, 3
    raise ValueError("the file is Ogg, but neither Opus nor Vorbis")


def _pages(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each page, its position in samples, and the number of packets that end in it."""
    at = 0
    while at + 27 <= len(data):
        if data[at : at + 4] != b"OggS":
            raise ValueError(f"the Ogg page at byte {at} is damaged")
        lacing = data[at + 27 : at + 27 + data[at + 26]]
        size = 27 + len(lacing) + sum(lacing)
        position = int.from_bytes(data[at + 6 : at + 14], "little")
        yield data[at : at + size], position, sum(length < 255 for length in lacing)
        at += size

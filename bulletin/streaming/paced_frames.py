"""A finished file -> pieces, each with the time at which it sounds: what is sent at the pace of listening. Pure."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_PIECE_S = 0.1
"""Frames are sent by so much of sound; a frame alone is a packet of 400 bytes, forty times a second."""

_BITRATES = {
    1: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""By the header's two bits of version: MPEG 1, 2 and 2.5."""
_LEAD_BYTES = 2800
"""Of silence before the first frame: listeners whom Icecast moves to a mount miss its first block of 1400 bytes."""
_SILENCE_S = 0.3
"""Sent after the last frame: Icecast passes on whole blocks only, and decoders are a frame behind."""
_OPUS_HZ = 48000
_NO_PACKET_ENDS = 0xFFFF_FFFF_FFFF_FFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class PacedChunk:
    """Bytes that belong together."""

    start_s: float
    end_s: float
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PacedFile:
    """Sound that can be sent from any of its pieces on."""

    media_type: str
    head: bytes
    """What goes before the first piece: Ogg's header pages, which decoders need; for MP3 a moment of silence."""
    pieces: tuple[PacedChunk, ...]
    tail: bytes = b""
    """Silence that carries the last piece through whatever buffers in blocks."""

    @property
    def duration_s(self) -> float:
        return self.pieces[-1].end_s

    def first_after(self, heard_s: float) -> int:
        """The piece that sounds at `heard_s`: where to go on when so much has been heard."""
        return max(0, bisect_right(self.pieces, heard_s, key=lambda piece: piece.start_s) - 1)


def frame(data: bytes) -> PacedFile:
    """
    Cut a whole MP3 or Ogg (Opus, Vorbis) file; tags, pictures and the frame that tells the length are left out.

    Raises ValueError for anything else, also for a file without sound.
    """
    if data.startswith(b"OggS"):
        return _frame_ogg(data)
    if data.startswith((b"RIFF", b"RF64", b"fLaC")):
        raise ValueError("it is WAV or FLAC")
    frames = tuple(_mp3_frames(data))
    if not frames:
        raise ValueError("it holds no MP3 frame")
    whole, length_s = frames[-1]
    silent = _silent(whole)
    return PacedFile(
        media_type="audio/mpeg",
        head=silent * math.ceil(_LEAD_BYTES / len(silent)),
        pieces=tuple(_gather(frames)),
        tail=silent * math.ceil(_SILENCE_S / length_s),
    )


def due_s(piece: PacedChunk, *, burst_s: float) -> float:
    """When a piece is sent, in seconds from the start: before it sounds by the burst, which servers buffer."""
    return max(0.0, piece.start_s - burst_s)


def _silent(whole: bytes) -> bytes:
    """A frame of the same form with nothing in it: no checksum, no bits for any band."""
    return bytes([whole[0], whole[1] | 1, *whole[2:4]]) + bytes(len(whole) - 4)


def _gather(frames: Iterable[tuple[bytes, float]]) -> Iterator[PacedChunk]:
    start_s = now_s = 0.0
    waiting = bytearray()
    for data, length_s in frames:
        waiting += data
        now_s += length_s
        if now_s - start_s >= _PIECE_S:
            yield PacedChunk(start_s=start_s, end_s=now_s, data=bytes(waiting))
            waiting.clear()
            start_s = now_s
    if waiting:
        yield PacedChunk(start_s=start_s, end_s=now_s, data=bytes(waiting))


def _mp3_frames(data: bytes) -> Iterator[tuple[bytes, float]]:
    """Each frame and its seconds; what lies between frames is no sound."""
    at = _after_tags(data)
    is_first = True
    while at + 4 <= len(data):
        found = _mp3_header(data, at)
        if found is None or not _follows(data, at + found[0]):
            at += 1
            continue
        size, length_s = found
        whole = data[at : at + size]
        at += size
        if len(whole) == size and not (is_first and _tells_length(whole)):
            yield whole, length_s
        is_first = False


def _after_tags(data: bytes) -> int:
    """Behind an ID3 tag, or several; its picture would be taken for sound."""
    at = 0
    while data[at : at + 3] == b"ID3" and len(data) >= at + 10:
        size = 0
        for byte in data[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    return at


def _mp3_header(data: bytes, at: int) -> tuple[int, float] | None:
    """Bytes and seconds of the layer III frame that begins there, if one does."""
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


def _follows(data: bytes, at: int) -> bool:
    """Whether another frame, a tag or the end comes there: eleven set bits alone are often chance."""
    if at + 4 > len(data) or data[at : at + 3] in (b"TAG", b"APE"):
        return True
    return _mp3_header(data, at) is not None


def _tells_length(whole: bytes) -> bool:
    """LAME's Info frame: a listener who joins a stream would take it for a length of the stream."""
    return b"Info" in whole[:48] or b"Xing" in whole[:48] or b"VBRI" in whole[:48]


def _frame_ogg(data: bytes) -> PacedFile:
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
        raise ValueError("it holds no sound")
    return PacedFile(media_type="application/ogg", head=bytes(head), pieces=tuple(pieces))


def _ogg_kind(data: bytes) -> tuple[int, int, int]:
    """Clock in Hz, samples that are not heard, packets that make the header."""
    packet = data[27 + data[26] :] if len(data) > 28 else b""
    if packet.startswith(b"OpusHead"):
        return _OPUS_HZ, int.from_bytes(packet[10:12], "little"), 2
    if packet.startswith(b"\x01vorbis"):
        return int.from_bytes(packet[12:16], "little") or _OPUS_HZ, 0, 3
    raise ValueError("it is Ogg, but neither Opus nor Vorbis")


def _pages(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each page, its position in samples, and how many packets end in it."""
    at = 0
    while at + 27 <= len(data):
        if data[at : at + 4] != b"OggS":
            raise ValueError(f"its Ogg page at byte {at} is damaged")
        lacing = data[at + 27 : at + 27 + data[at + 26]]
        size = 27 + len(lacing) + sum(lacing)
        position = int.from_bytes(data[at + 6 : at + 14], "little")
        yield data[at : at + size], position, sum(length < 255 for length in lacing)
        at += size

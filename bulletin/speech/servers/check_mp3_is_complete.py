"""MP3 bytes -> whether the last frame is complete. Pure."""

from __future__ import annotations

from bulletin.streaming.mp3_frames import read_header


def ends_whole(mp3: bytes) -> bool:
    """
    Whether the last frame of an MP3 is complete.

    A truncated answer decodes without an error, only shorter. Data that is not a frame ends the check:
    the decoder decides about it.
    """
    position = 0
    while position + 4 <= len(mp3) and (header := read_header(mp3, position)):
        position += header[0]
    return position <= len(mp3)

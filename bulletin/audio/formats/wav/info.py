"""LIST chunk of the kind INFO (RIFF, Microsoft 1991): the comment of a WAV, which general programs show."""

from __future__ import annotations

import struct

from bulletin.audio.formats.wav.riff_wave import Chunk


def make_info(**texts: str) -> tuple[Chunk, ...]:
    """
    The chunk with the texts of four-letter names (`ICMT` is the comment), as UTF-8; none where all are empty.

    >>> make_info(ICMT="")
    ()
    >>> make_info(ICMT="Oh")[0].data
    b'INFOICMT\\x03\\x00\\x00\\x00Oh\\x00\\x00'
    """
    parts = b"".join(_pack(name, " ".join(text.split())) for name, text in texts.items() if text.strip())
    return (Chunk(name=b"LIST", data=b"INFO" + parts),) if parts else ()


def _pack(name: str, text: str) -> bytes:
    """A text with the zero at its end, which its size counts, and the padding to an even length, which it does not."""
    data = text.encode("utf-8") + b"\0"
    return name.encode("ascii") + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)

"""A sound file or its samples -> what is wrong with it, in words that an editor can act upon."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from bulletin.pcm import Samples

_CLIPPED_AT = 0.999
_CLIPPED_RUN = 4
"""Neighbours at full scale that make a flat top: three a good limiter leaves too, at 44.1 kHz."""
_CLIPPED_TOPS = 5
"""Fewer flat tops than these in a whole jingle nobody hears."""
_WHERE_FTYP = 4
_FOREIGN = (
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (WMA)"),
    (b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    (b"#!AMR", "an AMR phone recording"),
    (b"MThd", "MIDI notes, no sound"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF", "a PDF document"),
)
"""What a file begins with, whatever it is called."""
_OURS = (b"RIFF", b"RIFX", b"RF64", b"FORM", b"fLaC", b"OggS", b"caff")
"""Sound, should the length behind the name look like letters."""


def describe_format(path: Path) -> str:
    """What an unreadable file really is, by its first bytes: "MPEG-4 (M4A)"; empty when that is not known."""
    with suppress(OSError):
        with path.open("rb") as file:
            head = file.read(16)
        if not head:
            return "an empty file"
        if head[_WHERE_FTYP : _WHERE_FTYP + 4] == b"ftyp":
            brand = head[8:12].strip().upper()
            # M4P is what the iTunes Store sold with FairPlay.
            return "a copy-protected M4P purchase" if brand == b"M4P" else "MPEG-4 (M4A, M4P or video)"
        known = next((name for magic, name in _FOREIGN if head.startswith(magic)), "")
        if known:
            return known
        if not head.startswith(_OURS) and all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head):
            return "plain text"
    return ""


def count_flat_tops(samples: Samples) -> int:
    """How many crests of (frames, channels) are cut off flat at full scale."""
    tops = 0
    for side in samples.T:
        high = np.abs(side) >= _CLIPPED_AT
        if high.any():
            edges = np.flatnonzero(np.diff(np.concatenate([[False], high, [False]]).astype(np.int8)))
            tops += int((edges[1::2] - edges[::2] >= _CLIPPED_RUN).sum())
    return tops


def is_clipped(samples: Samples) -> bool:
    """Whether so many crests are cut off that it is heard."""
    return count_flat_tops(samples) >= _CLIPPED_TOPS

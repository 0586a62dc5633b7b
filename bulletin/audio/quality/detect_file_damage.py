"""Sound file or its samples -> damage: a foreign format, a cut-off end, lost frames, clipping."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from bulletin.audio.formats.read_sound_file_tags import read_metadata
from bulletin.audio.metering.measure_sound_file import count_flat_tops
from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import Samples
from bulletin.streaming.mp3_frames import after_tags, split_mp3

_CLIPPED_RUN = 4
"""Neighbours at full scale that make a flat top: a good limiter leaves three of them too, at 44.1 kHz."""
_CLIPPED_TOPS = 5
"""Flat tops in a whole jingle that are audible."""
_WHERE_FTYP = 4
_FOREIGN = (
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (WMA)"),
    (b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    (b"#!AMR", "an AMR phone recording"),
    (b"MThd", "a MIDI file, not sound"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF", "a PDF document"),
)
"""First bytes of a file -> its real format; the name may be wrong."""
_OURS = (b"RIFF", b"RIFX", b"RF64", b"FORM", b"fLaC", b"OggS", b"caff", b"Creative Voice")
"""First bytes of sound files, whose length field may look like text."""

MISSING_S = 0.1
"""Tolerance of a promised length: encoders without a delay field promise up to two frames too many."""
_ID3V1, _APE_FOOTER = 128, 32


def describe_format(path: Path) -> str:
    """Real format of a file by its first bytes, such as "plain text"; empty when it is sound or unknown."""
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


def describe_truncation(path: Path, *, length_s: float, rate_hz: int, is_torn: bool = False) -> str:
    """
    Sign of an incomplete copy: "ends after 3.2 of 6.0 s"; empty for a whole file, and for formats without signs.

    A header promises more than the `length_s` that were decoded, an Ogg has no last page, or the decoder gave up
    (`is_torn`).
    """
    with suppress(AudioError):
        metadata = read_metadata(path)
        promised_s = metadata.promised_frames / rate_hz if metadata and metadata.promised_frames else 0.0
        if promised_s - length_s >= MISSING_S:
            return f"ends after {length_s:.1f} of {promised_s:.1f} s"
        is_torn = is_torn or bool(metadata and not metadata.has_end)
    return f"ends after {length_s:.1f} s" if is_torn else ""


def lost_share(path: Path) -> float:
    """
    Share of an MP3 outside its frames: decoders skip it, or make noise of it.

    0 for any other file, and for an MP3 of another layer or of a free bitrate.
    """
    with suppress(OSError):
        data = path.read_bytes()
        if not data.startswith(_OURS):
            data = _strip_end_tags(data)
            sound = sum(len(frame) for frame, _ in split_mp3(data))
            return 1.0 - sound / (len(data) - after_tags(data)) if sound else 0.0
    return 0.0


def _strip_end_tags(data: bytes) -> bytes:
    """Bytes without ID3v1 and APE tags behind the sound, which may hold a picture."""
    if data[-_ID3V1:].startswith(b"TAG"):
        data = data[:-_ID3V1]
    if data[-_APE_FOOTER:].startswith(b"APETAGEX"):
        size = int.from_bytes(data[-_APE_FOOTER + 12 : -_APE_FOOTER + 16], "little")
        data = data[: max(0, len(data) - size)]
    return data


def is_clipped(samples: Samples) -> bool:
    """Whether audibly many crests of (frames, channels) are cut off flat at full scale."""
    return sum(count_flat_tops(side, least_run=_CLIPPED_RUN) for side in samples.T) >= _CLIPPED_TOPS

"""First bytes of a file -> type of sound, by content and never by name. Pure."""

from __future__ import annotations

from enum import StrEnum


class SoundType(StrEnum):
    """Types of recordings that can be imported."""

    WAV = "WAV"
    AIFF = "AIFF"
    FLAC = "FLAC"
    OGG = "Ogg"
    MP3 = "MP3"
    M4A = "M4A/AAC"
    AAC = "AAC"
    WEBM = "WebM"

    @property
    def needs_pyav(self) -> bool:
        """Whether libsndfile cannot read it."""
        return self in (SoundType.M4A, SoundType.AAC, SoundType.WEBM)


_SUFFIXES = {
    SoundType.WAV: (".wav", ".wave", ".bwf"),
    SoundType.AIFF: (".aif", ".aiff", ".aifc"),
    SoundType.FLAC: (".flac",),
    SoundType.OGG: (".ogg", ".oga", ".opus"),
    SoundType.MP3: (".mp3",),
    SoundType.M4A: (".m4a", ".mp4", ".mov", ".3gp", ".m4b", ".aac"),
    SoundType.AAC: (".aac", ".m4a"),
    SoundType.WEBM: (".webm", ".mkv", ".mka", ".weba"),
}
"""Usual endings of each type."""

_NO_SOUND = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x1f\x8b": "a gzip archive",
    b"<": "a web page or XML",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"#!": "a script",
}


def sniff_sound_type(head: bytes) -> SoundType | None:
    """
    Type of sound of a file that begins with `head`, of which 16 bytes are enough; None: no known sound.

    >>> sniff_sound_type(b"RIFF\\x24\\x00\\x00\\x00WAVEfmt ")
    <SoundType.WAV: 'WAV'>
    """
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return SoundType.WAV
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return SoundType.AIFF
    if head[4:8] == b"ftyp":
        return SoundType.M4A
    for mark, kind in (
        (b"fLaC", SoundType.FLAC),
        (b"OggS", SoundType.OGG),
        (b"ID3", SoundType.MP3),
        (b"\x1a\x45\xdf\xa3", SoundType.WEBM),
    ):
        if head.startswith(mark):
            return kind
    return _sniff_frames(head)


def _sniff_frames(head: bytes) -> SoundType | None:
    """MP3 or AAC (ADTS) by the header of the first frame: eleven bits set, then the layer; ISO 11172-3, 13818-7."""
    if len(head) < 3 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer, is_adts = head[1] & 0x06, head[1] & 0xF0 == 0xF0
    if layer == 0:
        return SoundType.AAC if is_adts else None
    is_valid = head[1] & 0x18 != 0x08 and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C
    return SoundType.MP3 if is_valid else None


def describe_no_sound(head: bytes) -> str:
    """
    What a file without a known sound seems to be.

    >>> describe_no_sound(b"%PDF-1.7")
    'it is a PDF document'
    """
    for mark, name in _NO_SOUND.items():
        if head.startswith(mark):
            return f"it is {name}"
    text = head.decode("utf-8", "ignore")  # the last letter may be cut off
    is_text = len(text.encode()) > len(head) - 4 and text.replace("\n", " ").replace("\t", " ").isprintable()
    return "it is a text" if is_text and text else "its content is no known kind of sound"


def is_mislabelled(name: str, kind: SoundType) -> bool:
    """
    Whether the file's ending names another type than its content.

    >>> is_mislabelled("mayor.wav", SoundType.MP3), is_mislabelled("mayor", SoundType.MP3)
    (True, False)
    """
    dot, ending = name.lower().rpartition(".")[1:]
    known = {suffix for suffixes in _SUFFIXES.values() for suffix in suffixes}
    return f"{dot}{ending}" in known and f"{dot}{ending}" not in _SUFFIXES[kind]

"""Text in any script -> ASCII field of a fixed size, for broadcast files: the only file that knows anyascii."""

from __future__ import annotations

import re
from datetime import datetime

_WORD_IN_LAST = 0.6
"""Share of a field after which a text is cut at the end of a word; a longer word is cut through."""
_EMOJI_NAME = re.compile(r":\w+:")


def to_ascii(text: str) -> str:
    """
    One line of ASCII: "Łódź – “£3m” ☔" becomes 'Lodz - "GBP3m"'.

    Other scripts are transliterated, emoji left out, control characters become blanks.
    """
    if not text.isascii():
        text = "".join(map(_letter, text))
    return " ".join("".join(char if " " <= char <= "~" else " " for char in text).split())


def to_field(text: str, *, size: int) -> bytes:
    """
    Exactly `size` bytes with at least one zero at the end, cut after a word.

    The standards allow a field without a zero, but some readers in C need it.
    """
    return _cut(to_ascii(text), most=size - 1).encode("ascii").ljust(size, b"\0")


def to_lines(text: str, *, most: int = 16_000) -> bytes:
    """
    Lines in ASCII with CR and LF, as many as fit into `most` bytes.

    Padded to an even length: Rivendell does not skip the padding byte after an odd chunk.
    """
    data = b""
    for line in filter(None, map(to_ascii, text.splitlines())):
        longer = data + f"{line}\r\n".encode("ascii")
        if len(longer) > most:
            break
        data = longer
    return data + bytes(len(data) % 2)


def from_field(data: bytes) -> str:
    """Text before the first zero; Latin-1 of other programs is accepted."""
    return data.partition(b"\0")[0].decode("latin-1").rstrip()


def to_date_and_time(moment: datetime) -> bytes:
    """Local date and time in 18 bytes, with the separators that both standards prefer."""
    return f"{moment.year:04d}-{moment:%m-%d%H:%M:%S}".encode("ascii")


def from_date_and_time(data: bytes) -> datetime | None:
    """Local date and time without a zone, with any separators; None for an impossible one."""
    text = data.decode("latin-1")
    day, clock = (
        "-".join((text[:4], text[5:7], text[8:10])),
        ":".join((text[10:12], text[13:15], text[16:18])),
    )
    try:
        return datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        return None


def _letter(char: str) -> str:
    if char.isascii():
        return char
    from anyascii import anyascii  # imported late: most texts are ASCII

    transliterated = anyascii(char)
    return "" if _EMOJI_NAME.fullmatch(transliterated) else transliterated


def _cut(line: str, *, most: int) -> str:
    if len(line) <= most:
        return line
    blank = line.rfind(" ", round(most * _WORD_IN_LAST), most + 1)
    return line[: blank if blank > 0 else most].rstrip()

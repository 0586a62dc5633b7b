"""Words in any script -> ASCII of a fixed length, as broadcast files want it: the only file that knows anyascii."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

_WORD_IN_LAST = 0.6
"""A word's end in the last part of a field is where it is cut; one long word is cut through."""
_EMOJI_NAME = re.compile(r":\w+:")


def to_ascii(text: str) -> str:
    """
    One line as a playout can show it: "Łódź – “£3m” ☔" is 'Lodz - "GBP3m"'.

    Other scripts are spelt with Latin letters, pictures left out, control characters are blanks.
    """
    if not text.isascii():
        text = "".join(map(_letter, text))
    return " ".join("".join(char if " " <= char <= "~" else " " for char in text).split())


def to_field(text: str, *, size: int) -> bytes:
    """
    Exactly `size` bytes, ended by at least one zero, cut after a word.

    The standards allow a field without its zero; readers in C do not all live with that.
    """
    return _cut(to_ascii(text), most=size - 1).encode("ascii").ljust(size, b"\0")


def to_url_field(url: str, *, size: int) -> bytes:
    """An address cut short leads elsewhere: one that is too long is left out."""
    data = quote(url.strip(), safe="%/:?#[]@!$&'()*+,;=~-._", errors="replace").encode("ascii")
    return (data if len(data) < size else b"").ljust(size, b"\0")


def to_lines(text: str, *, most: int = 16_000) -> bytes:
    """
    Lines in ASCII, each ended by CR and LF, as many as `most` bytes hold.

    Filled to an even length: Rivendell looks for the next chunk at the odd byte behind an odd one.
    """
    data = b""
    for line in filter(None, map(to_ascii, text.splitlines())):
        longer = data + f"{line}\r\n".encode("ascii")
        if len(longer) > most:
            break
        data = longer
    return data + bytes(len(data) % 2)


def from_field(data: bytes) -> str:
    """What stands before the first zero, also in somebody else's Latin-1."""
    return data.partition(b"\0")[0].decode("latin-1").rstrip()


def to_date_and_time(moment: datetime) -> bytes:
    """The wall clock of a moment in 18 bytes, with the separators that both standards prefer."""
    return f"{moment.year:04d}-{moment:%m-%d%H:%M:%S}".encode("ascii")


def from_date_and_time(data: bytes) -> datetime | None:
    """A wall clock; None for a day that no calendar has. Any separators, as in Rivendell's reader."""
    text = data.decode("latin-1")
    try:
        day = [int(text[start:end]) for start, end in ((0, 4), (5, 7), (8, 10))]
        clock = [int(text[start:end]) for start, end in ((10, 12), (13, 15), (16, 18))]
        return datetime(*day, *clock)  # type: ignore[arg-type]  # noqa: DTZ001 - a wall clock has no zone
    except ValueError:
        return None


def _letter(char: str) -> str:
    if char.isascii():
        return char
    from anyascii import anyascii  # its tables are for those who need them

    spelt = anyascii(char)
    return "" if _EMOJI_NAME.fullmatch(spelt) else spelt


def _cut(line: str, *, most: int) -> str:
    if len(line) <= most:
        return line
    blank = line.rfind(" ", round(most * _WORD_IN_LAST), most + 1)
    return line[: blank if blank > 0 else most].rstrip()

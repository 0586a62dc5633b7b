"""
Soundfont file -> error with the remedy, if a player could not read it. Pure numpy.

The structure is that of the SoundFont 2.04 specification, chapters 4, 5 and 7: a RIFF file of three lists, and
nine tables that refer to one another. The player trusts these references, so a wrong one could crash it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bulletin.errors import AudioError

_BYTES = {
    b"phdr": 38, b"pbag": 4, b"pmod": 10, b"pgen": 4, b"inst": 22, b"ibag": 4, b"imod": 10, b"igen": 4, b"shdr": 46,
}  # fmt: skip
"""Size of a record of each table."""
_INSTRUMENT, _SAMPLE = 41, 53
"""Generators that refer to an instrument and to a sample."""
_SHORTEST = 44
Numbers = npt.NDArray[np.int64]


def check_soundfont_file(path: Path) -> None:
    """Raises AudioError with the remedy for a file that is missing, no soundfont, cut off or damaged."""
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
    except OSError as error:
        raise AudioError(
            f"{path}: the soundfont cannot be read ({error.strerror}); name another one with --soundfont"
        ) from error
    except ValueError as error:  # an empty file cannot be mapped
        raise AudioError(f"{path}: is empty, not a soundfont; install it again") from error
    if len(data) < _SHORTEST or bytes(data[:4]) != b"RIFF" or bytes(data[8:12]) != b"sfbk":
        raise AudioError(f"{path}: is not a soundfont (SF2 or SF3); name another one with --soundfont")
    promised = int.from_bytes(bytes(data[4:8]), "little") + 8
    if len(data) < promised:
        raise AudioError(
            f"{path}: the soundfont is cut off after {len(data):,} of {promised:,} bytes; install it again"
        )
    try:
        _check_tables(data)
    except (ValueError, KeyError, IndexError) as error:
        raise AudioError(f"{path}: the soundfont is damaged ({error}); install it again") from error


def _check_tables(data: npt.NDArray[np.uint8]) -> None:
    """Raises ValueError or KeyError if a table is missing or refers to what does not exist."""
    lists = {
        bytes(data[at : at + 4]): (at + 4, end) for name, at, end in _chunks(data, 12) if name == b"LIST"
    }
    if missing := {b"sdta", b"pdta"} - set(lists):
        raise ValueError(f"it has no {min(missing).decode()} list")
    tables = {
        name: data[start:end] for name, start, end in _chunks(data, lists[b"pdta"][0], lists[b"pdta"][1])
    }
    samples = {
        name: data[start:end] for name, start, end in _chunks(data, lists[b"sdta"][0], lists[b"sdta"][1])
    }
    if b"smpl" not in samples:
        raise ValueError("it has no samples")
    for name, size in _BYTES.items():
        if name not in tables or not len(tables[name]) or len(tables[name]) % size:
            raise ValueError(f"table {name.decode()} is missing or broken")
    for kind, header, at in ((b"p", b"phdr", 24), (b"i", b"inst", 20)):
        bags, generators, modulators = kind + b"bag", kind + b"gen", kind + b"mod"
        _check_order(header, _column(tables[header], _BYTES[header], at), _count(tables, bags))
        _check_order(bags, _column(tables[bags], 4, 0), _count(tables, generators))
        _check_order(bags, _column(tables[bags], 4, 2), _count(tables, modulators))
    _check_reference(tables[b"pgen"], _INSTRUMENT, _count(tables, b"inst"), "an instrument")
    _check_reference(tables[b"igen"], _SAMPLE, _count(tables, b"shdr"), "a sample")
    _check_samples(tables[b"shdr"], samples[b"smpl"])


def _chunks(data: npt.NDArray[np.uint8], start: int, end: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """Name, first and last byte of each chunk."""
    end = end or len(data)
    while start + 8 <= end:
        size = int.from_bytes(bytes(data[start + 4 : start + 8]), "little")
        if start + 8 + size > end:
            raise ValueError(f"chunk {bytes(data[start : start + 4])!r} is longer than the file")
        yield bytes(data[start : start + 4]), start + 8, start + 8 + size
        start += 8 + size
        # RIFF pads odd chunks with a zero; writers of SF3 often do not.
        if size % 2 and start < end and data[start] == 0:
            start += 1


def _column(table: npt.NDArray[np.uint8], size: int, at: int, width: int = 2) -> Numbers:
    """One field of all records: `width` bytes from byte `at`, little-endian."""
    field = np.ascontiguousarray(table.reshape(-1, size)[:, at : at + width])
    return field.view(f"<u{width}")[:, 0].astype(np.int64)


def _count(tables: dict[bytes, npt.NDArray[np.uint8]], name: bytes) -> int:
    return len(tables[name]) // _BYTES[name]


def _check_order(name: bytes, indices: Numbers, count: int) -> None:
    if (np.diff(indices) < 0).any() or indices[-1] >= count:
        raise ValueError(f"table {name.decode()} refers to records that do not exist")


def _check_reference(generators: npt.NDArray[np.uint8], kind: int, count: int, what: str) -> None:
    """The last record of a table marks its end and cannot be referred to."""
    amounts = _column(generators, 4, 2)[_column(generators, 4, 0) == kind]
    if (amounts >= count - 1).any():
        raise ValueError(f"a zone refers to {what} that does not exist")


def _check_samples(headers: npt.NDArray[np.uint8], samples: npt.NDArray[np.uint8]) -> None:
    """
    Places of the samples lie in their data, and compressed ones begin as Ogg does: the player would take others for waves.

    In SF3 (flag 16) places are bytes of Vorbis data, whose loops count frames; in SF2 they are frames of two
    bytes. Samples in the machine's ROM (flag 0x8000) have no data.
    """
    start, end = _column(headers, 46, 20, 4)[:-1], _column(headers, 46, 24, 4)[:-1]
    flags = _column(headers, 46, 44)[:-1]
    unit = np.where(flags & 16, 1, 2)
    is_here = flags & 0x8000 == 0
    if ((start > end) | (end * unit > len(samples)))[is_here].any():
        raise ValueError("a sample lies outside the data")
    is_vorbis = is_here & (flags & 16 != 0)
    first = samples[np.minimum(start[is_vorbis, None] + np.arange(4), len(samples) - 1)]
    if damaged := int((first != np.frombuffer(b"OggS", dtype=np.uint8)).any(axis=1).sum()):
        raise ValueError(f"{damaged} of its {is_here.sum()} samples cannot be decoded")
    if not is_here.any():
        raise ValueError("it has no samples")

"""Soundfonts for tests: a small SF2 file, written as the SoundFont 2.04 specification says."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np

_RATE_HZ = 22_050
_ROOT = 60
_BAG = struct.Struct("<HH")
_GENERATOR = struct.Struct("<HH")
_INSTRUMENT, _SAMPLE_MODES, _SAMPLE = 41, 54, 53


def make_soundfont(path: Path, presets: Iterable[tuple[int, int]]) -> Path:
    """Write a soundfont whose presets, (bank, preset), all play one looped tone."""
    wave = np.sin(2 * np.pi * 261.63 * np.arange(_RATE_HZ // 2) / _RATE_HZ)
    samples = np.concatenate([(wave * 20_000).astype("<i2"), np.zeros(46, "<i2")])
    path.write_bytes(_riff(samples, sorted(presets)))
    return path


def _riff(samples: np.ndarray, presets: list[tuple[int, int]]) -> bytes:
    frames = len(samples) - 46
    headers = [_preset(f"P{bank}-{number}", bank, number, bag) for bag, (bank, number) in enumerate(presets)]
    count = len(presets)
    tables = {
        b"phdr": b"".join([*headers, _preset("EOP", 0, 0, count)]),
        b"pbag": b"".join(_BAG.pack(bag, 0) for bag in range(count + 1)),
        b"pmod": bytes(10),
        b"pgen": _GENERATOR.pack(_INSTRUMENT, 0) * count + bytes(4),
        b"inst": struct.pack("<20sH20sH", b"Tone", 0, b"EOI", 1),
        b"ibag": _BAG.pack(0, 0) + _BAG.pack(2, 0),
        b"imod": bytes(10),
        b"igen": _GENERATOR.pack(_SAMPLE_MODES, 1) + _GENERATOR.pack(_SAMPLE, 0) + bytes(4),
        b"shdr": _sample("Tone", 0, frames) + _sample("EOS", 0, 0),
    }
    info = (
        _chunk(b"ifil", struct.pack("<HH", 2, 1)) + _chunk(b"isng", b"EMU8000\0") + _chunk(b"INAM", b"Test")
    )
    lists = [
        _list(b"INFO", info),
        _list(b"sdta", _chunk(b"smpl", samples.tobytes())),
        _list(b"pdta", b"".join(_chunk(name, table) for name, table in tables.items())),
    ]
    body = b"sfbk" + b"".join(lists)
    return _chunk(b"RIFF", body)


def _preset(name: str, bank: int, number: int, bag: int) -> bytes:
    return struct.pack("<20sHHHIII", name.encode(), number, bank, bag, 0, 0, 0)


def _sample(name: str, start: int, end: int) -> bytes:
    loop = (start + 100, end - 100) if end else (0, 0)
    return struct.pack("<20sIIIIIBbHH", name.encode(), start, end, *loop, _RATE_HZ, _ROOT, 0, 0, 1)


def _list(kind: bytes, body: bytes) -> bytes:
    return _chunk(b"LIST", kind + body)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

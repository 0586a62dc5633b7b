"""Jingle sets, shipped ones and folders, and their mix points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bulletin.errors import AudioError
from bulletin.runtime.files.toml_reader import parse_toml

SHEET = "imaging.toml"
"""Sheet beside the audio files: maker, licence and mix points."""
SHIPPED_SEEDS = {"bright": 50, "serious": 43, "night": 44, "local": 46}
"""Style -> seed of its shipped set."""

JINGLES = ("ident", "bed", "sting", "closing", "sport", "weather", "travel")
"""Jingles of a set, by file name; the last three are stings before the sections."""
_SUFFIXES = (".flac", ".wav", ".mp3", ".ogg", ".aiff", ".aif")
"""Suffixes of jingles in a folder; the first one found is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixPoints:
    """Span of a jingle over which a voice fits: its ramp, in seconds from its start."""

    start_s: float
    """Mix point: speech may start here, when the opening motif has rung."""
    end_s: float
    """Speech should have ended here: the last hit, or the end."""


def default_jingles(style: str = "bright") -> dict[str, Path]:
    """Files of a style's shipped set, by jingle; the bed is a loop. Raises AudioError without a set."""
    if style not in SHIPPED_SEEDS:
        raise AudioError(f'imaging: no built-in set "{style}"; use one of {", ".join(SHIPPED_SEEDS)}')
    folder = Path(__file__).parent / style
    return {name: folder / f"{name}.{'ogg' if name == 'bed' else 'flac'}" for name in JINGLES}


def find_jingles(folder: Path) -> dict[str, Path]:
    """Jingles of a folder by our file names, such as "ident.wav"."""
    candidates = {name: [folder / f"{name}{suffix}" for suffix in _SUFFIXES] for name in JINGLES}
    files = {name: next(filter(Path.is_file, paths), None) for name, paths in candidates.items()}
    return {name: path for name, path in files.items() if path}


def mix_points(path: Path) -> MixPoints | None:
    """Mix points of a jingle from the sheet beside it; None without a sheet that names the file."""
    try:
        entry = _parse_sheet((path.parent / SHEET).read_text(encoding="utf-8"))["jingles"][path.stem]
        if entry["file"] != path.name:
            return None
        return MixPoints(start_s=float(entry["mix_point_s"]), end_s=float(entry["talk_until_s"]))
    except (OSError, ValueError, KeyError, TypeError):
        # A station's own jingles have no sheet, or a foreign file of that name.
        return None


_parse_sheet = lru_cache(maxsize=8)(parse_toml)
"""One sheet describes all the jingles of its folder."""

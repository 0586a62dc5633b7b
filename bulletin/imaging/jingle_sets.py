"""Where the jingles lie: the sets that ship, sets made to order, and where a voice may start over them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bulletin.errors import AudioError
from bulletin.runtime.files.toml_reader import parse_toml

SHEET = "imaging.toml"
"""Beside the audio: who made it, under which licence, and its mix points."""
SHIPPED_SEEDS = {"bright": 50, "serious": 43, "night": 44}
"""Seeds of the sets in this package; the keys are the styles' own."""

JINGLES = ("ident", "bed", "sting", "closing", "sport", "weather", "travel")
"""What a set holds, by its files' names; the last three are stings before the sections."""
_SUFFIXES = (".flac", ".wav", ".mp3", ".ogg", ".aiff", ".aif")
"""A folder's piece may have any of these; of two the first is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imaging:
    """One set of jingles, as files."""

    ident: Path
    bed: Path
    """A loop."""
    sting: Path
    closing: Path
    sport: Path
    """Stings before the sections."""
    weather: Path
    travel: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class MixPoints:
    """Where a voice fits over a jingle, in seconds from its start."""

    start_s: float
    """Speech may start here: the opening motif has rung, what follows is quieter."""
    end_s: float
    """Speech should have ended here: the last hit, or the end."""


def default_jingles(style: str = "bright") -> Imaging:
    """The set that ships with the package; raises AudioError for a style that has none."""
    if style not in SHIPPED_SEEDS:
        raise AudioError(f'imaging: no set "{style}" ships; there is {", ".join(SHIPPED_SEEDS)}')
    folder = Path(__file__).parent / style
    return Imaging(**{name: folder / f"{name}.{'ogg' if name == 'bed' else 'flac'}" for name in JINGLES})


def find_jingles(folder: Path) -> dict[str, Path]:
    """Jingles that lie in a folder under our names, "ident.wav"; what is not there is not in it."""
    found = {}
    for name in JINGLES:
        path = next((path for suffix in _SUFFIXES if (path := folder / f"{name}{suffix}").is_file()), None)
        if path:
            found[name] = path
    return found


def mix_points(path: Path) -> MixPoints | None:
    """What the sheet beside a jingle says of it; None when there is no sheet or it doesn't name the file."""
    try:
        sheet = _read_sheet((path.parent / SHEET).read_text(encoding="utf-8"))
        entry = sheet["jingles"][path.stem]
        if entry["file"] != path.name:
            return None
        return MixPoints(start_s=float(entry["mix_point_s"]), end_s=float(entry["talk_until_s"]))
    except (OSError, ValueError, KeyError, TypeError):
        # A station's own jingles have no sheet, and a foreign file of that name is none.
        return None


@lru_cache(maxsize=4)
def _read_sheet(text: str) -> dict[str, Any]:
    """Parsed once for all its jingles, and again when it has changed."""
    return parse_toml(text)


def make_imaging(
    folder: Path,
    *,
    style: str = "bright",
    seed: int = 7,
    key: str = "",
    only: tuple[str, ...] = (),
    ships: bool = False,
) -> tuple[Path, ...]:
    """
    Compose a set and write it to `folder`: 16-bit FLAC, a picture, and last the sheet that describes it.

    The same style, seed (0 or more) and key (by default the style's own) give the same bytes on one
    machine, and the same music on all. `only` names pieces; by default all are made. `ships` makes it as
    it lies in this package. About 25 CPU seconds. Raises AudioError.
    """
    # Imported late: whoever plays the shipped set needs no composer, and scipy takes its time.
    from bulletin.imaging.composing.jingle_styles import find_style
    from bulletin.imaging.render_jingles import render_set

    if not 0 <= seed < 2**20:
        raise AudioError(f"imaging: the seed is a whole number from 0 to {2**20 - 1}, not {seed}")
    return render_set(folder, style=find_style(style), seed=seed, key=key, only=only, ships=ships)

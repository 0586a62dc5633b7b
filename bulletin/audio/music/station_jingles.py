"""A station's imaging options -> its jingle files, its own or ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.audio.music.load_jingles import StationJingles
from bulletin.errors import ConfigError
from bulletin.imaging.jingle_sets import JINGLES, default_jingles, find_jingles

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.profile_options import ImagingOptions

_SECTION_STINGS = ("sport", "weather", "travel")


def choose_jingles(options: ImagingOptions, *, folder: Path, kept: Path | None = None) -> StationJingles:
    """
    The file that an option names, else the one in the station's folder, else that of the style; "none" is none.

    Paths are relative to `folder`, the profile's. Our stings of sections go with our sting: beside a sting
    of the station's own they would be strangers. A missing file stays in: the mixer goes without it and
    says so, since a bulletin must go out. Raises ConfigError for a folder of jingles that is none.
    """
    ours = _set_in(folder / options.folder) if options.folder else _set_of(options.style)
    if options.sting:
        ours = {name: path for name, path in ours.items() if name not in _SECTION_STINGS}
    files: dict[str, Path | None] = {}
    mix_points_s: dict[str, float] = {}
    for name in JINGLES:
        own = getattr(options, name)
        files[name] = None if own == "none" else folder / own if own else ours.get(name)
        at_s = getattr(options, f"{name}_mix_s", None)
        if at_s is not None:
            mix_points_s[name] = at_s
    return StationJingles(**files, mix_points_s=mix_points_s, kept=kept)


def _set_of(style: str) -> dict[str, Path]:
    ours = default_jingles(style)
    return {name: getattr(ours, name) for name in JINGLES}


def _set_in(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise ConfigError(f"[imaging] 'folder': {folder} is not there; paths are relative to the profile")
    found = find_jingles(folder)
    if not found:
        raise ConfigError(
            f"[imaging] 'folder': {folder} holds no jingles; they are called ident.wav, bed.mp3, sting.flac ..."
        )
    return found

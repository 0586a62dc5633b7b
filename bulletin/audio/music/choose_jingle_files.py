"""ImagingOptions -> StationJingles: the station's own jingle files, else the files of a shipped set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.audio.music.load_jingles import StationJingles
from bulletin.errors import ConfigError
from bulletin.imaging.find_shipped_jingle_sets import JINGLES, default_jingles, find_jingles

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.profile_options import ImagingOptions

_SECTION_STINGS = ("sport", "weather", "travel")


def choose_jingles(
    options: ImagingOptions, *, folder: Path, cache_folder: Path | None = None
) -> StationJingles:
    """
    Files of the jingles: an option's, else the folder's, else the style's; "none" means no jingle.

    Paths are relative to `folder`, the profile's. Our section stings match our sting only, so they are left
    out beside the station's own sting. A missing file is kept here: the mixer does without it and notes it,
    since the bulletin must air. Raises ConfigError for a folder without jingles.

    `cache_folder` stores prepared jingles from run to run.
    """
    ours = _read_folder(folder / options.folder) if options.folder else default_jingles(options.style)
    if options.sting:
        ours = {name: path for name, path in ours.items() if name not in _SECTION_STINGS}
    files: dict[str, Path | None] = {}
    mix_points_s: dict[str, float] = {}
    for name in JINGLES:
        chosen = getattr(options, name)
        files[name] = None if chosen == "none" else folder / chosen if chosen else ours.get(name)
        at_s = getattr(options, f"{name}_mix_s", None)
        if at_s is not None:
            mix_points_s[name] = at_s
    return StationJingles(**files, mix_points_s=mix_points_s, cache=cache_folder)


def _read_folder(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise ConfigError(f"[imaging] 'folder': {folder} does not exist; paths are relative to the profile")
    jingles = find_jingles(folder)
    if not jingles:
        raise ConfigError(
            f"[imaging] 'folder': {folder} has no jingles; name them ident.wav, bed.mp3, sting.flac ..."
        )
    return jingles

"""Jingles of a station: the file of each, where it comes from, its mix point, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import AudioError, ConfigError
from bulletin.imaging.find_shipped_jingle_sets import JINGLES, default_jingles, mix_points
from bulletin.newsroom.views.station.jingle_waveform import JingleWaveform, read_jingle_waveform
from bulletin.station.build_components_from_profile import build_jingles

PURPOSES = {
    "ident": "At the start; speech begins at its mix point",
    "bed": "Under the headlines, as a loop",
    "sting": "Between stories",
    "closing": "At the end",
    "sport": "Before the first story of sport",
    "weather": "Before the weather",
    "travel": "Before the travel news",
}
HAS_MIX_POINT = tuple(name for name in JINGLES if name != "bed")


@dataclass(frozen=True, slots=True, kw_only=True)
class JingleStatus:
    """A jingle as the station's page shows it."""

    name: str
    purpose: str
    path: Path | None
    """None: the station has none."""
    origin: str
    """ "your file", "your folder", "built-in: bright" or "none"."""
    waveform: JingleWaveform | None
    problem: str
    """Why it is left out of the mix; empty: nothing is wrong."""
    mix_s: float | None
    """Mix point in use; None: speech waits for the end."""
    mix_origin: str
    """ "set here", "from the set's sheet", "detected" or ""."""

    @property
    def has_mix_point(self) -> bool:
        return self.name in HAS_MIX_POINT


def read_jingles(loaded: LoadedProfile, *, cache: Path) -> tuple[JingleStatus, ...]:
    """Every jingle, also those that the station does not have; `cache` as in `read_jingle_waveform`."""
    options, folder = loaded.profile.imaging, loaded.path.parent
    problem = ""
    try:
        jingles = build_jingles(options, folder=folder, cache_folder=cache)
        files: dict[str, Path | None] = {name: getattr(jingles, name) for name in JINGLES}
    except (ConfigError, AudioError) as error:
        files, problem = dict.fromkeys(JINGLES), str(error)
    shipped = set(default_jingles(options.style).values())
    return tuple(
        _status(loaded, name, files[name], problem=problem, is_shipped=files[name] in shipped, cache=cache)
        for name in JINGLES
    )


def find_jingle(loaded: LoadedProfile, name: str) -> Path | None:
    """The file of one jingle; None where the station has none of that name. Raises ConfigError."""
    if name not in JINGLES:
        return None
    jingles = build_jingles(loaded.profile.imaging, folder=loaded.path.parent, cache_folder=None)
    path: Path | None = getattr(jingles, name)
    return path


def _status(
    loaded: LoadedProfile, name: str, path: Path | None, *, problem: str, is_shipped: bool, cache: Path
) -> JingleStatus:
    options = loaded.profile.imaging
    waveform = None
    if path is not None:
        try:
            waveform = read_jingle_waveform(path, cache=cache, is_talked_over=name in HAS_MIX_POINT)
        except AudioError as error:
            problem = str(error).replace(str(path), path.name)
    own = getattr(options, name)
    origin = "none"
    if path is not None:
        origin = (
            f"built-in: {options.style}"
            if is_shipped
            else "your file"
            if own not in ("", "none")
            else "your folder"
        )
    mix_s, mix_origin = _mix_point(loaded, name, path, waveform)
    return JingleStatus(
        name=name,
        purpose=PURPOSES[name],
        path=path,
        origin=origin,
        waveform=waveform,
        problem=problem,
        mix_s=mix_s,
        mix_origin=mix_origin,
    )


def _mix_point(
    loaded: LoadedProfile, name: str, path: Path | None, waveform: JingleWaveform | None
) -> tuple[float | None, str]:
    if path is None or waveform is None or name not in HAS_MIX_POINT:
        return None, ""
    chosen = getattr(loaded.profile.imaging, f"{name}_mix_s")
    if chosen is not None:
        return float(chosen), "set here"
    if points := mix_points(path):
        return points.start_s, "from the set's sheet"
    return waveform.talk_from_s, "detected" if waveform.talk_from_s is not None else ""

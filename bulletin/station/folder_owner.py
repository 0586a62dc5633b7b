"""A station's folder -> whose it is: of one profile, for life. Two stations never mix in one feed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import OutletError
from bulletin.runtime.files.toml_reader import parse_toml

_ENDING = ".owner.json"
_FEED = "feed.xml"


def claim_folder(loaded: LoadedProfile, *, folder: Path, state: Path) -> None:
    """
    Write down that the folder is this profile's; one that was moved, or a copy of it, is the same station's.

    `state` is the private folder of all stations. Raises OutletError where another station's bulletins lie in
    the folder, or where this station's lie in another one because its profile was given another file name.
    """
    path, own = state / f"{loaded.id}{_ENDING}", loaded.path.resolve()
    told = _read(path)
    if told.get("path") == str(own) and told.get("name") == loaded.profile.name:
        return
    if told:
        _check_other(told, own, loaded, folder=folder)
    elif not _has_feed(folder):
        _check_renamed(loaded, folder=folder, state=state)
    with suppress(OSError):  # a disk that is full is told by whoever needs it
        path.write_text(json.dumps({"path": str(own), "name": loaded.profile.name}), encoding="utf-8")


def _check_other(told: Mapping[str, Any], own: Path, loaded: LoadedProfile, *, folder: Path) -> None:
    """A copy of the same profile is the same station; one of another name, which is still there, is not."""
    other = Path(str(told.get("path", "")))
    name = _name_in(other)
    if other == own or name in (None, loaded.profile.name) or not _has_feed(folder):
        return
    raise OutletError(
        f'{folder}: holds the bulletins of "{name}", whose profile is {other}; {own} has the same file name, and '
        f"one feed cannot be of two stations: give one of the two files another name, delete the one that is not used any more, or choose another --output"
    )


def _check_renamed(loaded: LoadedProfile, *, folder: Path, state: Path) -> None:
    """Subscribers, addresses and the archive go by the file's name; the station's own name may change freely."""
    for path in sorted(state.glob(f"*{_ENDING}")):
        told, old = _read(path), path.name.removesuffix(_ENDING)
        before = Path(str(told.get("path", "")))
        is_gone = told.get("name") == loaded.profile.name and not before.exists()
        if is_gone and _has_feed(folder.parent / old):
            raise OutletError(
                f'{folder}: is new, and the bulletins of "{loaded.profile.name}" lie in {folder.parent / old}, whose '
                f"profile {before} is gone. Was it renamed? A station is known by its file name: call the file "
                f"{before.name} again (name, title and colour in it may change), or its listeners stay with the old "
                f"feed. For a new beginning delete {path}"
            )


def _read(path: Path) -> Mapping[str, Any]:
    with suppress(OSError, ValueError, RecursionError):
        told = json.loads(path.read_bytes())
        if isinstance(told, dict):
            return told
    return {}


def _name_in(profile: Path) -> str | None:
    """The station's name in another profile; None where that is gone, or no profile."""
    with suppress(OSError, ValueError):
        name = parse_toml(profile.read_text(encoding="utf-8-sig")).get("name")
        return name if isinstance(name, str) else None
    return None


def _has_feed(folder: Path) -> bool:
    return (folder / _FEED).is_file()

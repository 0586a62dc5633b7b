"""Public folder -> its owner: one profile for life, so that two stations never share a feed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import OutletError
from bulletin.publishing.json_sidecar_file import read_side
from bulletin.runtime.files.toml_reader import parse_toml

_ENDING = ".owner.json"
_FEED = "feed.xml"


def claim_folder(loaded: LoadedProfile, *, folder: Path, state: Path) -> None:
    """
    Record that the folder belongs to this profile; a moved or copied profile is the same station.

    `state` is the private folder of all stations. Raises OutletError where the folder holds another station's
    bulletins, or another folder holds this station's because its profile was renamed.
    """
    path, profile = state / f"{loaded.id}{_ENDING}", loaded.path.resolve()
    owner = {"path": str(profile), "name": loaded.profile.name}
    recorded = read_side(path)
    if recorded == owner:
        return
    if recorded:
        _check_other(recorded, profile, name=loaded.profile.name, folder=folder)
    elif not _has_feed(folder):
        _check_renamed(loaded, folder=folder, state=state)
    with suppress(OSError):  # the outlets report a full disk
        path.write_text(json.dumps(owner), encoding="utf-8")


def _check_other(recorded: Mapping[str, Any], profile: Path, *, name: str, folder: Path) -> None:
    """A copy of the profile is the same station; an existing profile with another name is not."""
    other = Path(str(recorded.get("path", "")))
    other_name = _name_in(other)
    if other == profile or other_name in (None, name) or not _has_feed(folder):
        return
    raise OutletError(
        f'{folder}: holds the bulletins of "{other_name}", whose profile is {other}; {profile} has the same file name, and '
        f"two stations cannot share one feed: give one of the two files another name, delete the one that is not used any more, or choose another --output"
    )


def _check_renamed(loaded: LoadedProfile, *, folder: Path, state: Path) -> None:
    """The file name identifies feed, addresses and archive; the station's display name may change."""
    for path in sorted(state.glob(f"*{_ENDING}")):
        recorded, old = read_side(path), path.name.removesuffix(_ENDING)
        before = Path(str(recorded.get("path", "")))
        is_gone = recorded.get("name") == loaded.profile.name and not before.exists()
        if is_gone and _has_feed(folder.parent / old):
            raise OutletError(
                f"{loaded.path}: the profile {before.name} was renamed, and subscribers of its feed in "
                f"{folder.parent / old} would get no more bulletins; rename the file to {before.name}, "
                f"or delete {path} to start a new feed"
            )


def _name_in(profile: Path) -> str | None:
    """The station's name in another profile; None where that file is missing or not a profile."""
    with suppress(OSError, ValueError):
        name = parse_toml(profile.read_text(encoding="utf-8-sig")).get("name")
        return name if isinstance(name, str) else None
    return None


def _has_feed(folder: Path) -> bool:
    return (folder / _FEED).is_file()

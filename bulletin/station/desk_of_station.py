"""Station -> the desk whose running order it takes: its profile, its feeds, and the store that they share."""

from __future__ import annotations

from pathlib import Path

from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.config.profile_options import Profile
from bulletin.errors import ConfigError
from bulletin.model import Feed
from bulletin.station import build_components_from_profile as components
from bulletin.station.output_folder import make_folder
from bulletin.storage.folder_store import FolderStore
from bulletin.storage.store_interface import Store

SHARED = "shared"
"""Folder in the state with what stations of one running order share, on one machine."""

RUNNING_ORDERS = "running-orders"
"""First part of the key of each running order in the store."""


def load_desk(desk: str, *, path: Path, language: str) -> LoadedProfile:
    """
    The desk's profile, beside that of a station at `path` which speaks `language`.

    Raises ConfigError where it is missing, invalid, or of another language.
    """
    beside = path.with_name(f"{desk}.toml")
    if not beside.is_file():
        raise ConfigError(
            f'{path}: [stories] running_order = "{desk}": there is no profile {beside.name} beside it; '
            "write the name of a profile without .toml"
        )
    loaded = load_profile(str(beside), only_looks=True)
    if loaded.profile.language != language:
        raise ConfigError(
            f'{path}: [stories] running_order = "{desk}": the desk speaks {loaded.profile.language}, this station '
            f"{language}; name a desk of its language"
        )
    return loaded


def feeds_of_desk(desk: str, *, path: Path, language: str) -> tuple[Feed, ...]:
    """The desk's feeds. Raises ConfigError."""
    loaded = load_desk(desk, path=path, language=language)
    profile, folder = loaded.profile, loaded.path.parent
    words = components.build_words(profile, station_id=loaded.id, folder=folder)
    return components.build_feeds(profile.feeds, profile.opml, words=words, folder=folder)


def open_shared(profile: Profile, store: Store | None, *, state: Path) -> Store | None:
    """
    The store of running orders and shared sound: the group's, or a folder of the stations of one output folder.

    None for a station without a running order. Raises OutletError.
    """
    if not profile.stories.running_order:
        return None
    if store is None:
        make_folder(state / SHARED, is_private=True)
    return store or FolderStore(state / SHARED)

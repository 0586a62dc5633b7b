"""A profile's [outputs] -> what the mixer is to make, and the places that take it."""

from __future__ import annotations

from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.audio.encoders import SUFFIXES
from bulletin.audio.mix import Order
from bulletin.config.options import Profile
from bulletin.model import StationWords
from bulletin.outlets.outlet import Outlet
from bulletin.outlets.places.newest import Newest
from bulletin.outlets.places.podcast import Podcast
from bulletin.outlets.places.stories import StoryFiles
from bulletin.outlets.schedule import update_rule

_STORIES = "stories"


def orders_of(profile: Profile, *, folder: Path, audio_name: str) -> tuple[Order, ...]:
    """
    The renditions that the profile asks for, to be made in `folder`; each is listened to closely.

    `audio_name` is the podcast's, a name for life; the others get their names from where they go.
    """
    kinds = tuple(dict.fromkeys(profile.outputs.make))
    return tuple(
        Order(
            kind=kind,
            path=_place(profile, kind, folder=folder, audio_name=audio_name),
            options=profile.outputs.rendition(kind),
            is_up_to=profile.is_up_to(kind),
            is_examined=True,
        )
        for kind in kinds
    )


def outlets_of(
    profile: Profile, *, folder: Path, station: StationWords, artwork: bytes, archive: Archive
) -> tuple[Outlet, ...]:
    """A place for each rendition, all in the station's public folder."""
    outputs = profile.outputs
    places: dict[str, Outlet] = {
        "podcast": Podcast(
            folder=folder,
            options=outputs.podcast,
            station=station,
            artwork=artwork,
            archive=archive,
            updates=update_rule(profile.clock, makes=outputs.make),
        ),
        "fm": Newest(folder=folder, station=station, kind="fm", valid_min=outputs.fm.valid_min),
        "speaker": Newest(folder=folder, station=station, kind="speaker"),
        _STORIES: StoryFiles(folder=folder, station=station, kind=_STORIES, keep_h=outputs.podcast.keep_h),
    }
    return tuple(places[kind] for kind in dict.fromkeys(outputs.make))


def _place(profile: Profile, kind: str, *, folder: Path, audio_name: str) -> Path:
    if kind == "podcast":
        return folder / audio_name
    if kind == _STORIES:
        stories = folder / _STORIES
        stories.mkdir(exist_ok=True)
        return stories
    return folder / f"{kind}{SUFFIXES[profile.outputs.rendition(kind).format]}"

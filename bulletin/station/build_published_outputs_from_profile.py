"""[outputs] of a Profile -> orders for the mixer, and the outlets that publish its files."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.audio.formats.encoders import SUFFIXES
from bulletin.audio.mixing.mix_bulletin import Order
from bulletin.config.profile_options import Profile
from bulletin.model import StationWords
from bulletin.publishing.files.write_newest_bulletin import NewestFile
from bulletin.publishing.files.write_sound_of_each_story import StoryFiles
from bulletin.publishing.outlet_interface import Outlet
from bulletin.publishing.pages.page_pictures import NO_PICTURES, PagePictures
from bulletin.publishing.pages.site_style import SiteStyle
from bulletin.publishing.pages.web_page_outlet import PageOutlet
from bulletin.publishing.podcast.podcast_outlet import PodcastOutlet
from bulletin.publishing.podcast.podcast_recurrence_rule import update_rule
from bulletin.publishing.podcast_urls import folder_url
from bulletin.runtime.files.file_permissions import make_public
from bulletin.schedule.plan_slots import coming_slots, find_holidays

_STORIES = "stories"
_LOOK_AHEAD = timedelta(days=8)
_COMING = 8
"""Slots that the listener page knows: it stays right although some bulletins are not made."""


def build_orders(
    profile: Profile,
    *,
    folder: Path,
    audio_name: str,
    kinds: Collection[str] | None = None,
    is_up_to: bool = False,
) -> tuple[Order, ...]:
    """
    Orders for the profile's renditions in `kinds` (default: all), made in `folder` and examined.

    `audio_name` is the permanent file name of the podcast's sound; `is_up_to` allows every rendition to be shorter.
    """
    return tuple(
        Order(
            kind=kind,
            path=_rendition_path(profile, kind, folder=folder, audio_name=audio_name),
            options=profile.outputs.rendition(kind),
            is_up_to=is_up_to or profile.is_up_to(kind),
        )
        for kind in dict.fromkeys(profile.outputs.make)
        if kinds is None or kind in kinds
    )


def build_outlets(
    profile: Profile,
    *,
    folder: Path,
    station: StationWords,
    artwork: bytes,
    archive: Archive,
    cover: bytes | None = None,
    page_css: str = "",
    page_pictures: PagePictures = NO_PICTURES,
    clock: Callable[[], datetime],
) -> tuple[Outlet, ...]:
    """
    An outlet for each rendition, all in the station's public folder, then the pages that play the podcast's sound.

    `cover` is the small artwork, `page_css` the station's own style rules, `page_pictures` the pages' pictures,
    `clock` the time of publication.
    """
    outputs = profile.outputs
    address = folder_url(outputs.podcast, station.id)
    newest = partial(NewestFile, folder=folder, station=station, clock=clock)
    outlets: dict[str, Outlet] = {
        "podcast": PodcastOutlet(
            folder=folder,
            options=outputs.podcast,
            station=station,
            artwork=artwork,
            archive=archive,
            updates=update_rule(profile.clock, makes=outputs.make),
            clock=clock,
        ),
        "fm": newest(kind="fm", valid_min=outputs.fm.valid_min),
        "speaker": newest(kind="speaker", flash_at=address, site=outputs.podcast.site),
        _STORIES: StoryFiles(folder=folder, station=station, keep_h=outputs.podcast.keep_h, clock=clock),
    }
    chosen = tuple(outlets[kind] for kind in dict.fromkeys(outputs.make))
    if not outputs.page.on or "podcast" not in outputs.make:
        return chosen
    site = SiteStyle(
        station=station,
        podcast=outputs.podcast,
        page=outputs.page,
        colour=profile.imaging.colour,
        own_css=page_css,
        cover=cover,
        pictures=page_pictures,
        disclosure=profile.script.disclosure,
    )
    pages = PageOutlet(
        folder=folder, site=site, archive=archive, clock=clock, coming_slots=partial(_coming_slots, profile)
    )
    return (*chosen, pages)


def _coming_slots(profile: Profile, since: datetime) -> tuple[datetime, ...]:
    """The next slots after `since` that make a podcast, for the listener page."""
    is_holiday = find_holidays(profile.clock.holidays)
    slots = coming_slots(
        profile.clock,
        zone=profile.time_zone,
        since=since + timedelta(seconds=1),
        until=since + _LOOK_AHEAD,
        is_holiday=is_holiday,
    )
    made = (due for due, rule in slots.items() if "podcast" in (rule.outputs or profile.outputs.make))
    return tuple(islice(made, _COMING))


def _rendition_path(profile: Profile, kind: str, *, folder: Path, audio_name: str) -> Path:
    if kind == "podcast":
        return folder / audio_name
    if kind == _STORIES:
        stories = folder / _STORIES
        make_public(stories)
        return stories
    return folder / f"{kind}{SUFFIXES[profile.outputs.rendition(kind).format]}"

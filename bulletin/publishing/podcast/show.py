"""PodcastOptions and StationWords -> PodcastShow. Pure."""

from __future__ import annotations

from bulletin.config.tables.output_options import PodcastOptions
from bulletin.errors import OutletError
from bulletin.model import StationWords
from bulletin.publishing.podcast.rss import PodcastShow
from bulletin.publishing.podcast.show_notes import describe_station, web_link
from bulletin.publishing.podcast.update_frequency import UpdateRule
from bulletin.publishing.podcast_addresses import FEED, base_url, folder_url


def check_addresses(options: PodcastOptions) -> None:
    """Raise OutletError for an invalid address."""
    base_url(options)
    if options.site and not web_link(options.site):
        raise OutletError(f'[outputs.podcast] site = "{options.site}": not a web address')


def describe_show(
    options: PodcastOptions, station: StationWords, *, artwork: str, guid: str, updates: UpdateRule | None
) -> PodcastShow:
    """`artwork` is a file name, `guid` permanent. Raises OutletError for an invalid address."""
    return PodcastShow(
        title=options.title or f"{station.name} News",
        description=options.description or describe_station(station),
        link=web_link(options.site) or base_url(options),
        folder_url=folder_url(options, station.id),
        feed=FEED,
        artwork=artwork,
        language=station.language,
        author=options.author or station.name,
        email=options.email,
        guid=guid,
        time_zone=station.time_zone,
        hub=options.hub,
        updates=updates,
    )

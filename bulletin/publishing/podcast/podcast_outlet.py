"""Bulletin -> Episode of the station's podcast: static files for any web server, the feed last."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from bulletin.archive.records import EpisodeRecord, EpisodeStore
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode, Rendition, StationWords
from bulletin.model.newer_bulletin import Times, is_newer, newest_first
from bulletin.publishing.atomic_files import Batch, check_folder, delete_file, measure, size_of
from bulletin.publishing.outlet_port import Outlet
from bulletin.publishing.podcast.feed_seal import EDITED, is_edited, keep_edited, redact_edited, seal_feed
from bulletin.publishing.podcast.latest_json import describe_latest
from bulletin.publishing.podcast.paged_feed import OlderFeedPages, pages_in, read_newest
from bulletin.publishing.podcast.rss import PodcastShow, build_feed, fitting, newest_hour, recent
from bulletin.publishing.podcast.show import check_addresses, describe_show
from bulletin.publishing.podcast.update_frequency import UpdateRule
from bulletin.publishing.podcast.write_episode_files import (
    LATEST,
    LATEST_JSON,
    check_name,
    correction_date,
    describe_out,
    find_or_describe,
    podcast_rendition,
    tell_behind,
    words_of,
)
from bulletin.publishing.podcast_addresses import FEED, folder_url, image_suffix
from bulletin.publishing.unused_assets import unnamed_artwork
from bulletin.runtime.clock_skew import latest_made

log = logging.getLogger(__name__)

_WORDS_ROOM = 1_000_000
"""Bytes; transcripts, chapters and the feed, generously."""

_CHECK_ROOM, _RENEW_ROOM = 20_000_000, 50_000_000
"""Bytes; an hour's bulletin, its copy as latest.mp3, and some air; a month of older pages."""


class PodcastOutlet(Outlet):
    """
    Files in the public folder: audio under permanent names, transcripts, chapters, artwork, feed.

    `folder` is served at `<options.base_url><station.id>/`. `artwork` is a square JPEG or PNG of 1400 to 3000
    pixels. The podcast takes the rendition "podcast" and copies its sound into the folder.
    """

    name = "podcast"
    lists_others = True

    def __init__(
        self,
        *,
        folder: Path,
        options: PodcastOptions,
        station: StationWords,
        artwork: bytes,
        archive: EpisodeStore,
        updates: UpdateRule | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = folder
        self._options = options
        self._station = station
        self._artwork = artwork
        self._archive = archive
        self._updates = updates
        self._clock = clock
        self._pages = OlderFeedPages(
            folder=folder,
            station=station.id,
            zone=station.time_zone,
            archive=archive,
            is_there=self._is_there,
        )
        self._placed: list[EpisodeRecord] = []
        """Episodes placed since the feed was written, and those that they correct."""
        self._corrected: EpisodeRecord | None = None
        """The last correction."""
        self._known: tuple[EpisodeRecord, ...] | None = None
        """Episodes of the archive, if just read."""

    def check(self) -> None:
        """Check address, artwork, folder and free space."""
        self._check(room_bytes=_CHECK_ROOM)

    def place(self, bulletin: Bulletin) -> Episode:
        """
        Write audio, transcripts, chapters and artwork, then the episode's row in the archive.

        The row comes after the files and before `show` writes the feed: so a feed never names a missing file, and the
        next run completes one that was killed in between.
        """
        return self._place(bulletin, published=self._date_of(bulletin))

    def _date_of(self, bulletin: Bulletin) -> datetime:
        """
        Date of publication: now; for an older hour one second before the next newer episode.

        So the newest episode stays first in the feed, and in apps that sort by date.
        """
        now = self._clock().replace(microsecond=0)
        hour = bulletin.script.at, now
        newer = [record.published for record in self._before() if is_newer(_times(record), hour)]
        return min([now, *(moment - timedelta(seconds=1) for moment in newer)])

    def show(self) -> None:
        """Write latest.mp3, latest.json, the older pages of the feed, and the feed."""
        known = self._before() if self._known is None else self._known
        with Batch(self.folder) as front:
            self._add_front(front, known, changed=self._placed)
            front.commit()
        self._placed, self._known = [], None

    def _place(self, bulletin: Bulletin, *, published: datetime) -> Episode:
        sound = podcast_rendition(bulletin)
        edited = is_edited(self.folder / FEED)
        sha256, length = measure(sound.path)
        self._check(room_bytes=2 * length + len(self._artwork) + _WORDS_ROOM)
        record = find_or_describe(
            self._archive, self._station.id, bulletin, sound, sha256=sha256, length=length, at=published
        )
        self._known, before = None, self._before()
        check_name(record, sound, before, folder=self.folder)
        with Batch(self.folder) as files:
            if sound.path.resolve() != (self.folder / record.audio).resolve():
                files.copy(record.audio, sound.path)
            self._add_words(files, bulletin, sound, record)
            files.put(self._artwork_name, self._artwork)
            files.commit()
        self._archive.add_episode(record)
        self._placed.append(record)
        known = (record, *(other for other in before if other.guid != record.guid))
        self._known = tuple(sorted(known, key=lambda episode: episode.published, reverse=True))
        newest = newest_first(self._shown(self._known), _times)[:1]
        behind = [
            tell_behind(other, zone=self._station.time_zone) for other in newest if other.guid != record.guid
        ]
        return describe_out(
            record,
            outlet=self.name,
            folder=self.folder,
            folder_url=self._folder_url,
            artwork=self._artwork_name,
            notes=(*([EDITED] if edited else []), *behind),
        )

    def has(self, guid: str) -> bool:
        """Whether its address still answers, in the feed or not."""
        record = self._archive.find_episode(self._station.id, guid)
        return record is not None and (self.folder / record.audio).is_file()

    def correct(self, guid: str, bulletin: Bulletin) -> Episode:
        """
        Publish the correction as an episode with its own guid, address and date.

        Only a new guid reaches listeners who downloaded the old episode, and only a new date shows it in apps that sort
        by date. The old address answers with the new sound and text. latest.mp3 stays the bulletin of the newest hour.
        """
        old = self._archive.withdraw_episode(self._station.id, guid, at=self._clock())
        if old is None:
            return self.place(bulletin)
        sound = podcast_rendition(bulletin)
        with Batch(self.folder) as files:
            files.copy(old.audio, sound.path)
            self._add_words(files, bulletin, sound, old)
            redact_edited(files, FEED, is_gone=self._is_gone)
            files.commit()
        self._placed.append(old)
        now = self._clock().replace(microsecond=0)
        episode = self._place(
            bulletin, published=correction_date(bulletin.script.at, self._corrected, now=now)
        )
        self._corrected = self._placed[-1]
        return episode

    def withdraw(self, guid: str) -> None:
        """
        Remove an episode from the feed, then delete its files even if writing the feed fails.

        Apps keep downloaded episodes: only a correction under a new guid reaches them.
        """
        record = self._archive.withdraw_episode(self._station.id, guid, at=self._clock())
        if record is None:
            return
        known = self._before()
        gone = [record.audio, *(name for _, name, _ in record.files)]
        if not self._shown(known):
            gone += [LATEST, LATEST_JSON]
        try:
            with Batch(self.folder) as front:
                self._add_front(front, known, changed=[record])
                redact_edited(front, FEED, is_gone=self._is_gone)
                front.commit()
        except OutletError:
            # latest.mp3 may be the withdrawn one: better none until the next bulletin
            gone += [LATEST, LATEST_JSON]
            raise
        finally:
            for name in gone:
                delete_file(self.folder, name)

    def _before(self) -> tuple[EpisodeRecord, ...]:
        """Newest episodes, without those dated ahead by a wrong clock, which would stay first for days."""
        until = latest_made(self._clock())
        return read_newest(self._archive, self._station.id, keep=self._options.keep, until=until)

    def _shown(self, known: Sequence[EpisodeRecord]) -> tuple[EpisodeRecord, ...]:
        """Episodes of the feed: those whose sound exists."""
        existing = [episode for episode in known if self._is_there(episode)]
        return recent(existing, keep=self._options.keep, keep_h=self._options.keep_h)

    def _is_gone(self, guid: str) -> bool:
        record = self._archive.find_episode(self._station.id, guid)
        return record is not None and record.withdrawn_at is not None

    def _is_there(self, episode: EpisodeRecord) -> bool:
        return size_of(self.folder, episode.audio) == episode.bytes

    def _add_words(self, files: Batch, bulletin: Bulletin, sound: Rendition, record: EpisodeRecord) -> None:
        for name, data in words_of(bulletin, sound, record, speaker=self._station.name):
            files.put(name, data)

    def _add_front(
        self, front: Batch, known: Sequence[EpisodeRecord], *, changed: Sequence[EpisodeRecord]
    ) -> None:
        """
        Add latest.mp3, latest.json, older pages and the feed, in this order, to a batch.

        `known` are the archive's newest episodes, `changed` those added or withdrawn since the feed was written.
        """
        shown = self._shown(known)
        if shown:
            latest = newest_hour(shown)
            front.copy(LATEST, self.folder / latest.audio)
            front.put(LATEST_JSON, describe_latest(latest).to_json())
        show = self._show()
        shown = fitting(show, shown)
        next_page = self._pages.add(front, show, shown, known=known, changed=changed)
        pages = pages_in(self.folder, shown)
        gone_at = self._archive.last_withdrawal(self._station.id, until=latest_made(self._clock()))
        show = replace(show, next_page=next_page, withdrawn_at=gone_at)
        feed = seal_feed(build_feed(show, shown, pages=pages))
        if is_edited(self.folder / FEED):
            keep_edited(front, FEED, is_gone=self._is_gone, now=self._clock())
            log.warning("%s; station=%s", EDITED, self._station.id)
        front.put(FEED, feed)

    def tidy(self) -> None:
        """Rewrite the oldest pages after their sound was deleted."""
        with Batch(self.folder) as front:
            gone = self._pages.tidy(front, self._show())
            front.commit()
        for name in gone:
            delete_file(self.folder, name)

    def renew(self) -> int:
        """Rewrite artwork and older pages, then latest and the feed, from the profile as it is now."""
        self._check(room_bytes=_RENEW_ROOM)
        known, show = self._before(), self._show()
        with Batch(self.folder) as older:
            older.put(self._artwork_name, self._artwork)
            self._pages.renew(older, show)
            older.commit()
        with Batch(self.folder) as front:
            self._add_front(front, known, changed=())
            front.commit()
        return older.changed + front.changed

    def sweep(self) -> None:
        """Delete earlier artwork that no page of the feed names."""
        for name in unnamed_artwork(self.folder, used=(self._artwork_name,)):
            delete_file(self.folder, name)

    def _show(self) -> PodcastShow:
        return describe_show(
            self._options,
            self._station,
            artwork=self._artwork_name,
            guid=self._archive.podcast_guid(self._station.id, self._folder_url + FEED),
            updates=self._updates,
        )

    @property
    def _folder_url(self) -> str:
        return folder_url(self._options, self._station.id)

    @cached_property
    def _artwork_name(self) -> str:
        """File name with the content's hash: Apple fetches artwork again only when its address changes."""
        digest = hashlib.sha256(self._artwork).hexdigest()
        return f"artwork-{digest[:8]}.{image_suffix(self._artwork)}"

    def _check(self, *, room_bytes: int) -> None:
        check_addresses(self._options)
        image_suffix(self._artwork)
        check_folder(self.folder, room_bytes=room_bytes)


def _times(episode: EpisodeRecord) -> Times:
    return episode.due or episode.published, episode.published

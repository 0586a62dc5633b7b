"""Bulletin -> Episode of the station's podcast: static files for any web server, the feed last."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode
from bulletin.model.sort_bulletins_by_time import is_newer
from bulletin.publishing.atomic_file_batch import Batch, check_folder, delete_file, delete_unused, measure
from bulletin.publishing.json_sidecar_file import describe_latest
from bulletin.publishing.outlet_interface import Outlet, make_guid, rendition_of
from bulletin.publishing.podcast.detect_hand_edited_feed import (
    EDITED,
    is_edited,
    keep_edited,
    redact_edited,
    seal_feed,
)
from bulletin.publishing.podcast.paged_feed import IN_A_ROW, PagedFeed, pages_in
from bulletin.publishing.podcast.podcast_recurrence_rule import UpdateRule
from bulletin.publishing.podcast.rss import PodcastShow, build_feed, fitting, newest_hour, recent
from bulletin.publishing.podcast.write_episode_files import LATEST, LATEST_JSON, add_words, describe_new
from bulletin.publishing.podcast_urls import FEED, feed_url, web_link
from bulletin.runtime.latest_credible_time import latest_made

log = logging.getLogger(__name__)

_WORDS_ROOM = 1_000_000
"""Bytes; transcripts, chapters and the feed, generously."""

_CHECK_ROOM, _RENEW_ROOM = 20_000_000, 50_000_000
"""Bytes; an hour's bulletin, its copy as latest.mp3, and some air; a month of older pages."""
_ONE_RUN = timedelta(hours=1)
"""Corrections of one withdrawal are usually made within this time."""
_SIGNATURES = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
"""First bytes of a picture -> its suffix."""


@dataclass(kw_only=True, eq=False)
class PodcastOutlet(PagedFeed, Outlet):
    """
    Files in the public folder: audio under permanent names, transcripts, chapters, artwork, feed.

    `folder` is served at `<options.base_url><station.id>/`. `artwork` is a square JPEG or PNG of 1400 to 3000
    pixels. The podcast takes the rendition "podcast" and copies its sound into the folder.
    """

    name = "podcast"
    lists_others = True

    options: PodcastOptions
    artwork: bytes
    updates: UpdateRule | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _placed: list[EpisodeRecord] = field(default_factory=list, init=False)
    """Episodes placed since the feed was written, and the episodes that they correct."""
    _corrected: EpisodeRecord | None = field(default=None, init=False)
    """The last correction."""

    def check(self) -> None:
        """Check address, artwork, folder and free space."""
        self._check(room_bytes=_CHECK_ROOM)

    def place(self, bulletin: Bulletin) -> Episode:
        """
        Write audio, transcripts, chapters and artwork, then the episode's row in the archive.

        The row comes after the files and before `show` writes the feed. So a feed never names a missing file,
        and the next run completes a run that was killed in between.
        """
        known = self._newest()
        return self._place(bulletin, known, published=self._date_of(bulletin, known))

    def _date_of(self, bulletin: Bulletin, known: Sequence[EpisodeRecord]) -> datetime:
        """
        Date of publication: now; for an older hour one second before the next newer episode.

        So the newest episode stays first in the feed, and in apps that sort by date.
        """
        now = self.clock().replace(microsecond=0)
        dates = [
            record.published - timedelta(seconds=1)
            for record in known
            if is_newer((record.hour, record.published), (bulletin.script.at, now))
        ]
        return min([now, *dates])

    def show(self) -> None:
        """Write latest.mp3, latest.json, the older pages of the feed, and the feed."""
        with Batch(self.folder) as front:
            self._add_front(front, changed=self._placed)
            front.commit()
        self._placed.clear()

    def _place(self, bulletin: Bulletin, known: Sequence[EpisodeRecord], *, published: datetime) -> Episode:
        """`known` are the newest episodes."""
        sound = rendition_of(bulletin, "podcast")
        notes = [EDITED] if is_edited(self.folder / FEED) else []
        sha256, length = measure(sound.path)
        self._check(room_bytes=2 * length + len(self.artwork) + _WORDS_ROOM)
        guid = make_guid(self.station.id, bulletin, sha256)
        record = self.archive.find_episode(self.station.id, guid) or describe_new(
            bulletin, sound, guid=guid, station=self.station.id, sha256=sha256, length=length, at=published
        )
        if record.withdrawn_at:
            raise OutletError(f"{record.title}: was withdrawn; make a new bulletin")
        path = self.folder / record.audio
        is_in_place = sound.path.resolve() == path.resolve()
        # a published address keeps its sound for ever, because apps and caches rely on it
        is_taken = any(other.audio == record.audio and other.guid != guid for other in known)
        if is_taken or (not is_in_place and path.exists() and measure(path)[0] != sha256):
            raise OutletError(f"{path}: belongs to another episode; give the new sound file another name")
        with Batch(self.folder) as files:
            if not is_in_place:
                files.copy(record.audio, sound.path)
            add_words(files, bulletin, sound, record, speaker=self.station.name)
            files.put(name_artwork(self.artwork), self.artwork)
            files.commit()
        self.archive.add_episode(record)
        self._placed.append(record)
        shown = self._shown(known if record in known else (record, *known))
        if shown and (newest := newest_hour(shown)).guid != record.guid:
            due = newest.hour.astimezone(ZoneInfo(self.station.time_zone))
            notes.append(
                f"podcast: {LATEST} and the head of the feed stay the bulletin of {due:%H:%M}, which is newer"
            )
        return Episode(
            guid=record.guid,
            title=record.title,
            published=record.published,
            outlet=self.name,
            places={
                "audio": self.folder / record.audio,
                "latest": self.folder / LATEST,
                "feed": self.folder / FEED,
                "artwork": self.folder / name_artwork(self.artwork),
                "audio_url": self._show().url(record.audio),
                "feed_url": feed_url(self.options, self.station.id),
            },
            notes=tuple(notes),
        )

    def has(self, guid: str) -> bool:
        """Whether its address still answers, in the feed or not."""
        record = self.archive.find_episode(self.station.id, guid)
        return record is not None and (self.folder / record.audio).is_file()

    def correct(self, guid: str, bulletin: Bulletin) -> Episode:
        """
        Publish the correction as an episode with its own guid, address and date.

        Only a new guid reaches listeners who downloaded the old episode, and only a new date shows it in apps that sort
        by date. The old address answers with the new sound and text. latest.mp3 stays the bulletin of the newest hour.
        """
        old = self.archive.withdraw_episode(self.station.id, guid, at=self.clock())
        if old is None:
            return self.place(bulletin)
        sound = rendition_of(bulletin, "podcast")
        with Batch(self.folder) as files:
            files.copy(old.audio, sound.path)
            add_words(files, bulletin, sound, old, speaker=self.station.name)
            redact_edited(files, FEED, is_gone=partial(self.archive.is_withdrawn, self.station.id))
            files.commit()
        self._placed.append(old)
        now = self.clock().replace(microsecond=0)
        # bulletins are corrected newest first, and apps that sort by date must not show the oldest on top
        before = self._corrected
        is_same_run = before and before.hour > bulletin.script.at and now - before.published < _ONE_RUN
        episode = self._place(
            bulletin, self._newest(), published=before.published if before and is_same_run else now
        )
        self._corrected = self._placed[-1]
        return episode

    def withdraw(self, guid: str) -> None:
        """
        Remove an episode from the feed, then delete its files even if writing the feed fails.

        Apps keep downloaded episodes: only a correction under a new guid reaches them.
        """
        record = self.archive.withdraw_episode(self.station.id, guid, at=self.clock())
        if record is None:
            return
        gone = [record.audio, *(name for _, name, _ in record.files)]
        if not self._shown(self._newest()):
            gone += [LATEST, LATEST_JSON]
        try:
            with Batch(self.folder) as front:
                self._add_front(front, changed=[record])
                redact_edited(front, FEED, is_gone=partial(self.archive.is_withdrawn, self.station.id))
                front.commit()
        except OutletError:
            # latest.mp3 may be the withdrawn one: better none until the next bulletin
            gone += [LATEST, LATEST_JSON]
            raise
        finally:
            for name in gone:
                delete_file(self.folder, name)

    def _newest(self) -> tuple[EpisodeRecord, ...]:
        """
        The newest episodes by date and a few more, and the episodes of the newest hours.

        Many corrections of old bulletins may be newer than the bulletin of the newest hour. Episodes dated
        ahead by a wrong clock are left out: they would stay first for days.
        """
        until, station = latest_made(self.clock()), self.station.id
        by_date = self.archive.episodes(station, limit=self.options.keep + IN_A_ROW, until=until)
        by_hour = self.archive.episodes(station, limit=IN_A_ROW, until=until, by_hour=True)
        others = [episode for episode in by_hour if episode not in by_date]
        return (*by_date, *sorted(others, key=lambda record: record.published, reverse=True))

    def _shown(self, known: Sequence[EpisodeRecord]) -> tuple[EpisodeRecord, ...]:
        """Episodes of the feed whose sound exists."""
        existing = list(filter(self.is_there, known))
        return recent(existing, keep=self.options.keep, keep_h=self.options.keep_h)

    def _add_front(self, front: Batch, *, changed: Sequence[EpisodeRecord]) -> None:
        """
        Add latest.mp3, latest.json, older pages and the feed, in this order, to a batch.

        `changed` are the episodes added or withdrawn since the feed was written.
        """
        known = self._newest()
        shown = self._shown(known)
        if shown:
            latest = newest_hour(shown)
            front.copy(LATEST, self.folder / latest.audio)
            front.put(LATEST_JSON, describe_latest(latest).to_json())
        show = self._show()
        shown = fitting(show, shown)
        next_page = self.add_pages(front, show, shown, known=known, changed=changed)
        gone_at = self.archive.last_withdrawal(self.station.id, until=latest_made(self.clock()))
        show = replace(show, next_page=next_page, withdrawn_at=gone_at)
        if is_edited(self.folder / FEED):
            keep_edited(
                front, FEED, is_gone=partial(self.archive.is_withdrawn, self.station.id), now=self.clock()
            )
            log.warning("edited feed replaced: station=%s: %s", self.station.id, EDITED)
        front.put(FEED, seal_feed(build_feed(show, shown, pages=pages_in(self.folder, shown))))

    def tidy(self) -> None:
        """Rewrite the oldest pages after their sound was deleted."""
        with Batch(self.folder) as front:
            gone = self.tidy_pages(front, self._show())
            front.commit()
        for name in gone:
            delete_file(self.folder, name)

    def renew(self) -> int:
        """Rewrite artwork and older pages, then latest and the feed, from the profile as it is now."""
        self._check(room_bytes=_RENEW_ROOM)
        with Batch(self.folder) as older:
            older.put(name_artwork(self.artwork), self.artwork)
            self.renew_pages(older, self._show())
            older.commit()
        with Batch(self.folder) as front:
            self._add_front(front, changed=())
            front.commit()
        return older.changed + front.changed

    def sweep(self) -> None:
        """Delete earlier artwork that neither the feed nor its older pages name."""
        pattern = r"artwork-[0-9a-f]{8}\.(?:jpg|png)"
        used = [name_artwork(self.artwork)]
        delete_unused(self.folder, pattern, used=used, readers=self.folder.glob("*.xml"))

    def _show(self) -> PodcastShow:
        return PodcastShow(
            options=self.options,
            station=self.station,
            artwork=name_artwork(self.artwork),
            guid=self.archive.podcast_guid(self.station.id, feed_url(self.options, self.station.id)),
            updates=self.updates,
        )

    def _check(self, *, room_bytes: int) -> None:
        name_artwork(self.artwork)
        if self.options.site and not web_link(self.options.site):
            raise OutletError(
                f'[outputs.podcast] site = "{self.options.site}": not a web address; write it as '
                '"https://radio.example/"'
            )
        check_folder(self.folder, room_bytes=room_bytes)


def name_artwork(artwork: bytes) -> str:
    """
    File name with the content's hash: Apple fetches artwork again only when its address changes.

    Raises OutletError where it is no JPEG or PNG.
    """
    for signature, suffix in _SIGNATURES.items():
        if artwork.startswith(signature):
            return f"artwork-{hashlib.sha256(artwork).hexdigest()[:8]}.{suffix}"
    raise OutletError("the artwork is not a JPEG or PNG; name another file in [imaging] artwork")

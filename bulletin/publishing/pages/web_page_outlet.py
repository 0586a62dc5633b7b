"""Bulletin -> HTML pages for listeners: front page, one for each bulletin, archive by day, embeddable player."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode
from bulletin.publishing.atomic_file_batch import Batch, check_folder, delete_file, delete_unused, measure
from bulletin.publishing.clean_text_for_feeds import plain_line, plain_title
from bulletin.publishing.measure_waveform_bars import WaveBars, measure_wave_bars
from bulletin.publishing.outlet_interface import Outlet, make_guid, rendition_of
from bulletin.publishing.pages.bulletin_page_data import PageFacts, facts_to_json, page_parts, read_facts
from bulletin.publishing.pages.front_page import EARLIER, FrontPage, compose_front
from bulletin.publishing.pages.json_bulletin_lists_by_day import (
    FOLDER,
    DayEntry,
    DayIndex,
    entries_to_json,
    entry_of,
)
from bulletin.publishing.pages.page_wording import ComingSlot
from bulletin.publishing.pages.render_page_html import PageWriter
from bulletin.publishing.pages.site.now_file import now_to_json
from bulletin.publishing.pages.site.site_file_names import MANIFEST, NOW_FILE, WORKER
from bulletin.publishing.pages.site.site_files import site_files
from bulletin.publishing.pages.site_style import SiteStyle
from bulletin.runtime.latest_credible_time import latest_made

if TYPE_CHECKING:
    from bulletin.archive.contents.episodes import EpisodeArchive

FRONT, PLAYER = "index.html", "player.html"

_PLAYED = "podcast"
"""The rendition."""
_ROOM = 2_000_000
"""Bytes for all pages of one bulletin."""
_PAGE_ROOM = 100_000
"""Bytes for one rewritten page."""


@dataclass(kw_only=True, eq=False)
class PageOutlet(Outlet):
    """
    `index.html` with the newest bulletin, `<sound>.html` for each, `days/`, and `player.html` for iframes.

    The pages play the podcast's file, which must exist. `<sound>.page.json` holds the data of a page,
    `days/<date>.json` a day's list, `now.json` what open pages poll. A bulletin changes its own page, its day,
    the list of days, front and player.
    """

    name = "page"

    folder: Path
    site: SiteStyle
    archive: EpisodeArchive
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    coming_slots: Callable[[datetime], Sequence[datetime]] = lambda since: ()
    """The next slots of the station after a moment, whose bulletins will be on the page."""

    def check(self) -> None:
        """Check the folder and its free space."""
        check_folder(self._days, room_bytes=_ROOM)

    def place(self, bulletin: Bulletin) -> Episode:
        """Write style and script, then the bulletin's page, the days, and the front last."""
        return self._publish(bulletin, corrects="")

    def withdraw(self, guid: str) -> None:
        """Remove its text from front and archive, then delete its pages even if that failed."""
        book = self._book()
        entry = book.find(guid)
        if entry is None:
            return
        others = book.entries(book.day_of(entry))
        gone = [entry, *(old for old in others if old.state == "moved" and old.moved_to == entry.page)]
        for old in gone:
            is_withdrawn = old is entry and not entry.moved_to
            book.put(_blank(old, state="withdrawn" if is_withdrawn else "moved"))
        try:
            self._write(book, {})
        finally:
            for old in gone:
                delete_file(self.folder, f"{old.page}.html")
                delete_file(self.folder, f"{old.page}.page.json")

    def has(self, guid: str) -> bool:
        """Whether its page exists, or its day still lists its stories."""
        entry = self._book().find(guid)
        return entry is not None and (bool(entry.stories) or (self.folder / f"{entry.page}.html").is_file())

    def correct(self, guid: str, bulletin: Bulletin) -> Episode:
        """
        Write a new page; the old address shows it too, and the day lists it in place of the old one.

        Where the podcast no longer has its sound, the old page is withdrawn.
        """
        if not any(made.kind == _PLAYED for made in bulletin.renditions):
            self.withdraw(guid)
            made = self.clock().replace(microsecond=0)
            return Episode(guid=guid, title=bulletin.script.title, published=made, outlet=self.name)
        old = self._book().find(guid)
        episode = self._publish(bulletin, corrects=old.page if old else "")
        if old is None or episode.guid == guid:
            return episode
        book = self._book()
        new = book.find(episode.guid)
        facts = read_facts(self._facts_path(new.page)) if new else None
        if new is None or facts is None:
            raise OutletError(
                f"{self.folder}: the page of the correction is missing; run the same command again"
            )
        book.put(replace(_blank(old, state="moved"), moved_to=new.page))
        self._write(book, {old.page: facts})
        delete_file(self.folder, f"{old.page}.page.json")
        return episode

    def forget_sound(self, pages: Collection[str]) -> None:
        """Mark bulletins in the archive as deleted; `pages` are file names without suffix."""
        book = self._book()
        for page in pages:
            entry = book.of_page(page)
            if entry and entry.state == "out":
                book.put(replace(entry, state="gone"))
            elif entry and entry.state == "moved":
                book.drop(entry)
        if book.changed:
            self._write(book, {})

    def renew(self) -> int:
        """Rewrite every page from its facts, pages that show a correction too, and days with lost lists."""
        book = self._book()
        book.renew()
        pages = {facts.page: facts for facts in self._all_facts()}
        check_folder(self._days, room_bytes=_ROOM + _PAGE_ROOM * len(pages))
        for entry in (entry for day in book.days() for entry in book.entries(day)):
            if entry.state == "moved" and entry.moved_to in pages:
                pages[entry.page] = pages[entry.moved_to]
        return self._write(book, pages)

    def sweep(self) -> None:
        """Delete styles, scripts and pictures that no page references."""
        pattern = r"(?:page|icon|cover|thumb|preview|logo)-[0-9a-f]{8}\.(?:css|js|svg|jpg|png|webp)"
        others = (self.folder / name for name in (MANIFEST, WORKER))
        pages = (*self.folder.glob("*.html"), *self.folder.glob("*/*.html"), *others)
        delete_unused(self.folder, pattern, used=self.site.assets, readers=pages)

    def _publish(self, bulletin: Bulletin, *, corrects: str) -> Episode:
        check_folder(self._days, room_bytes=_ROOM)
        book = self._book()
        facts = self._facts(bulletin, book, corrects=corrects)
        book.put(entry_of(facts))
        self._write(book, {facts.page: facts})
        return Episode(
            guid=facts.guid,
            title=bulletin.script.title,
            published=facts.made,
            outlet=self.name,
            places={
                "page": self.folder / f"{facts.page}.html",
                "front": self.folder / FRONT,
                "player": self.folder / PLAYER,
                "page_url": f"{self.site.address}{facts.page}.html",
            },
        )

    def _facts(self, bulletin: Bulletin, book: DayIndex, *, corrects: str) -> PageFacts:
        """Facts of the page; for the same sound as before they are equal, so no file changes."""
        sound = rendition_of(bulletin, "podcast")
        sha256, length = measure(sound.path)
        guid = make_guid(self.site.station.id, bulletin, sha256, kind=self.name)
        known = book.find(guid)
        if known and known.state == "withdrawn":
            raise OutletError(f"{bulletin.script.title}: was withdrawn; make a new bulletin")
        audio = self._audio(make_guid(self.site.station.id, bulletin, sha256))
        before = read_facts(self._facts_path(audio.stem))
        if before and before.sha256 != sha256:
            before = None
        spoken = [(cue.start_s, cue.end_s) for cue in sound.cues]
        bars = (
            WaveBars(heights=before.wave, music=before.music)
            if before
            else measure_wave_bars(audio, speech=spoken)
        )
        return PageFacts(
            guid=guid,
            page=audio.stem,
            title=plain_title(bulletin.script.title),
            due=bulletin.script.at.astimezone(UTC),
            made=known.made if known else self.clock().replace(microsecond=0),
            audio=audio.name,
            media_type=sound.media_type,
            bytes=length,
            duration_s=round(sound.duration_s, 3),
            sha256=sha256,
            parts=page_parts(bulletin, sound),
            wave=bars.heights,
            music=bars.music,
            corrects=(before.corrects if before else "") or corrects,
            correction=plain_title(bulletin.script.correction),
            likeness=plain_line(bulletin.likeness),
        )

    def _audio(self, guid: str) -> Path:
        """The podcast's sound of that episode, under its permanent name."""
        record = self.archive.find_episode(self.site.station.id, guid)
        if record is None or not (self.folder / record.audio).is_file():
            raise OutletError("page not updated, the podcast lacks its episode; correct the podcast's error")
        return self.folder / record.audio

    def _write(self, book: DayIndex, pages: Mapping[str, PageFacts]) -> int:
        """Write all files, then rename them, so that a full disk changes nothing; return the number of changes."""
        check_folder(self._days, room_bytes=0)
        until = latest_made(self.clock())
        shown = self._front(book, pages)
        writer = PageWriter(self.site)
        with ExitStack() as stack:
            files, days, front = (
                stack.enter_context(Batch(folder)) for folder in (self.folder, self._days, self.folder)
            )
            for name, data in self.site.assets.items():
                files.put(name, data)
            for name, data in site_files(self.site).items():
                files.put(name, data)
            for page, facts in pages.items():
                if page == facts.page:
                    files.put(f"{page}.page.json", facts_to_json(facts))
                files.put(f"{page}.html", writer.bulletin(facts))
            for day, entries in book.changed.items():
                days.put(f"{day}.json", entries_to_json(entries))
                days.put(f"{day}.html", writer.day(day, book.listed(day, until=until)))
            days.put("index.html", writer.days(book.listed_days(until=until)))
            front.put(FRONT, writer.front(shown))
            front.put(PLAYER, writer.player(shown.facts))
            front.put(NOW_FILE, now_to_json(shown.facts, shown.coming))
            for batch in (files, days, front):
                batch.commit()
        return files.changed + days.changed + front.changed

    def _front(self, book: DayIndex, pages: Mapping[str, PageFacts]) -> FrontPage:
        """The bulletin of the newest hour whose page and sound exist, those before it, and the coming slots."""
        entries = book.newest(until=latest_made(self.clock()))
        for entry in entries:
            facts = pages.get(entry.page) or read_facts(self._facts_path(entry.page))
            if facts and (self.folder / facts.audio).is_file():
                return compose_front(facts, [*islice(entries, EARLIER + 1)], self._coming(facts.due))
        return compose_front(None, [], self._coming(self.clock()))

    def _coming(self, since: datetime) -> tuple[ComingSlot, ...]:
        """The slots after the newest bulletin; not after the present, so that it again changes no file."""
        return self.site.words.coming(self.coming_slots(since), after=since)

    def _book(self) -> DayIndex:
        return DayIndex(folder=self._days, words=self.site.words, facts=self._all_facts)

    def _all_facts(self) -> Iterator[PageFacts]:
        """Facts of every page whose sound exists."""
        for path in sorted(self.folder.glob("*.page.json")):
            facts = read_facts(path)
            if facts and (self.folder / facts.audio).is_file():
                yield facts

    @property
    def _days(self) -> Path:
        return self.folder / FOLDER

    def _facts_path(self, page: str) -> Path:
        return self.folder / f"{Path(page).name}.page.json"


def _blank(entry: DayEntry, *, state: Any) -> DayEntry:
    """The entry without its text."""
    return replace(entry, state=state, title="", stories=(), story_ids=(), duration_s=0.0)

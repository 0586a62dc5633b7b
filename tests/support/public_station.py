"""Public folder of a station with real outlets and a real archive, and fake delivery destinations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.delivery_outbox import Outbox
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.delivery.collect_files_to_deliver import PublicFolderReader
from bulletin.delivery.delivery_interface import Delivery, Parcel
from bulletin.delivery.send_deliveries import Sender
from bulletin.delivery.targets_from_profile import DeliveryRoute
from bulletin.errors import DeliveryError
from bulletin.model import Bulletin, Episode
from bulletin.publishing.files.write_newest_bulletin import NewestFile
from bulletin.publishing.podcast.podcast_outlet import PodcastOutlet
from tests.support.factories import NOW, make_bulletin, make_script, make_words

HOUR = timedelta(hours=1)
JPEG = b"\xff\xd8\xff" + b"picture" * 20 + b"\xff\xd9"


class House:
    """Station whose bulletin `n` is due n hours after NOW, with the clock two minutes before."""

    def __init__(
        self, path: Path, archive: Archive, *, station: str = "demo", audio_bytes: int = 13_000
    ) -> None:
        self.station, self.archive, self.now = station, archive, NOW
        self.folder, self.state = path / station, path / ".bulletin"
        self.mixed = path / f"mixed-{station}"
        self.audio_bytes = audio_bytes
        for folder in (self.folder, self.state, self.mixed):
            folder.mkdir(parents=True, exist_ok=True)
        words = make_words(id=station)
        self.fm = NewestFile(folder=self.folder, station=words, kind="fm", clock=self._clock)
        self.podcast = PodcastOutlet(
            folder=self.folder,
            options=PodcastOptions(base_url="https://news.example/"),
            station=words,
            artwork=JPEG,
            archive=archive,
            clock=self._clock,
        )
        self.shelf = PublicFolderReader(
            folder=self.folder,
            station=station,
            time_zone="Europe/London",
            episodes=archive,
            feed_url=f"https://news.example/{station}/feed.xml",
        )

    def _clock(self) -> datetime:
        return self.now

    def bulletin(self, number: int, *, title: str = "", suffix: str = ".wav", name: str = "") -> Bulletin:
        fm = self.mixed / f"fm-{name or number}{suffix}"
        podcast = self.mixed / f"{self.station}-{name or number}.mp3"
        for path in (fm, podcast):
            path.write_bytes((f"{path.name} sound ".encode() * self.audio_bytes)[: self.audio_bytes])
        script = make_script(title=title or f"Bulletin {number}", at=NOW + number * HOUR)
        made = make_bulletin(podcast, script)
        sound = replace(made.renditions[0], kind="fm", path=fm, media_type="audio/wav")
        return replace(made, renditions=(made.renditions[0], sound))

    def publish(self, number: int, *, title: str = "", suffix: str = ".wav") -> tuple[Episode, Episode]:
        """Publish podcast and playout file of a bulletin; return their episodes."""
        self.now = NOW + number * HOUR - timedelta(minutes=2)
        made = self.bulletin(number, title=title, suffix=suffix)
        return self.podcast.publish(made), self.fm.publish(made)

    def sender(self, *deliveries: Delivery, rendition: str = "fm", give_up: timedelta = 24 * HOUR) -> Sender:
        return Sender(
            station=self.station,
            routes=tuple(
                DeliveryRoute(delivery=delivery, rendition=rendition, give_up=give_up)
                for delivery in deliveries
            ),
            shelf=self.shelf,
            state=self.state,
            outbox=Outbox(self.archive),
            clock=self._clock,
        )

    def parcel(self, kind: str = "fm") -> Parcel:
        """Parcel of the newest bulletin of a rendition."""
        scratch = self.state / f"scratch-{len(list(self.state.iterdir()))}"
        scratch.mkdir()
        parcel = self.shelf.pack(kind, self.shelf.list_published(kind)[-1].guid, scratch=scratch)
        assert parcel is not None
        return parcel


class Destination:
    """Delivery destination that records its parcels, or fails with the first of `errors`."""

    def __init__(self, name: str = "place", *, is_newest_only: bool = False) -> None:
        self.name, self.is_newest_only = name, is_newest_only
        self.errors: list[Exception] = []
        self.got: list[str] = []
        self.items: list[Sequence[str]] = []

    def check(self) -> None:
        self._fail()

    def publish(self, parcel: Parcel) -> None:
        self._fail()
        self.got.append(parcel.title)
        self.items.append([item.name for item in parcel.items])

    def withdraw(self, parcel: Parcel) -> None:
        self._fail()
        self.got.append(f"not {parcel.title}")

    def _fail(self) -> None:
        if self.errors:
            raise self.errors[0]


DOWN = DeliveryError("the server is down; start it")
REFUSED = DeliveryError("the server refuses the login; correct the password", is_lasting=True)

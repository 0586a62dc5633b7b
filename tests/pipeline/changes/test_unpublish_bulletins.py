"""Published bulletins without a whole station: an archive, outlets and what is delivered elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode
from bulletin.pipeline.changes.unpublish_bulletins import PublishedBulletins, WithdrawnDelivery
from bulletin.publishing.outlet_interface import Outlet
from tests.support.factories import make_episode_record


@dataclass
class Shelf(Outlet):
    """An outlet that notes what it withdraws."""

    name: str
    error: str = ""
    withdrawn: list[str] = field(default_factory=list)

    def check(self) -> None: ...

    def place(self, bulletin: Bulletin) -> Episode:
        raise NotImplementedError

    def has(self, guid: str) -> bool:
        return guid not in self.withdrawn

    def withdraw(self, guid: str) -> None:
        if self.error:
            raise OutletError(self.error)
        self.withdrawn.append(guid)


class Post:
    """A sender that notes in which order it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def take_back(self, guids: Iterable[str]) -> int:
        self.asked.append(f"take back {' '.join(guids)}")
        return 0

    def note(self) -> int:
        self.asked.append("note")
        return 0


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        yield archive


def published(archive: Archive, *outlets: Shelf, sender: Post | None = None) -> PublishedBulletins:
    return PublishedBulletins(
        station="demo",
        archive=archive,
        outlets={outlet.name: outlet for outlet in outlets},
        sender=sender or Post(),
        publishing=nullcontext,
    )


@pytest.mark.parametrize("has_pages", [False, True])
def test_an_episode_that_no_run_recorded_is_found_with_its_page(archive: Archive, has_pages: bool) -> None:
    archive.add_episode(
        make_episode_record(station="demo", guid="demo-1", title="7am", description="A bridge")
    )
    archive.add_episode(
        make_episode_record(station="demo", guid="demo-2", title="8am", description="A school")
    )
    outlets = [Shelf("podcast"), *([Shelf("page")] if has_pages else [])]

    found = published(archive, *outlets).find_unrecorded(lambda e: "bridge" in e.description, records=())

    page = [WithdrawnDelivery(outlet="page", guid="demo-page-1", title="7am")]
    assert found == [
        WithdrawnDelivery(outlet="podcast", guid="demo-1", title="7am"),
        *(page if has_pages else []),
    ]


def test_what_cannot_be_withdrawn_is_named_and_the_rest_is_withdrawn(archive: Archive) -> None:
    podcast, fm = Shelf("podcast"), Shelf("fm", error="the disk is full")
    out = [("fm", "a"), ("gone", "b"), ("podcast", "c")]

    episodes, failed = published(archive, podcast, fm).replace(out, None)

    assert (episodes, podcast.withdrawn) == ((), ["c"])
    assert failed == [
        "fm: the disk is full",
        'gone: the profile has no output "gone" now; put it back, or delete its files',
    ]


def test_deliveries_are_taken_back_before_a_change_and_noted_after_it(archive: Archive) -> None:
    post = Post()

    with published(archive, sender=post).changing(["a", "b"]):
        post.asked.append("change")

    assert post.asked == ["take back a b", "change", "note"]

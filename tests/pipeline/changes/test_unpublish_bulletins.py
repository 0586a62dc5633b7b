"""Withdrawal of published bulletins, with an archive, fake outlets and a fake sender."""

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
class RecordingOutlet(Outlet):
    """Outlet that records its withdrawals."""

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


class RecordingSender:
    """Sender that records its calls in order."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def take_back(self, guids: Iterable[str]) -> int:
        self.calls.append(f"take back {' '.join(guids)}")
        return 0

    def note(self) -> int:
        self.calls.append("note")
        return 0


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        yield archive


def published(
    archive: Archive, *outlets: RecordingOutlet, sender: RecordingSender | None = None
) -> PublishedBulletins:
    return PublishedBulletins(
        station="demo",
        archive=archive,
        outlets={outlet.name: outlet for outlet in outlets},
        sender=sender or RecordingSender(),
        publishing=nullcontext,
    )


@pytest.mark.parametrize("has_pages", [False, True])
def test_an_unrecorded_episode_is_found_with_its_page(archive: Archive, has_pages: bool) -> None:
    archive.add_episode(
        make_episode_record(station="demo", guid="demo-1", title="7am", description="A bridge")
    )
    archive.add_episode(
        make_episode_record(station="demo", guid="demo-2", title="8am", description="A school")
    )
    outlets = [RecordingOutlet("podcast"), *([RecordingOutlet("page")] if has_pages else [])]

    deliveries = published(archive, *outlets).find_unrecorded(lambda e: "bridge" in e.description, records=())

    page = [WithdrawnDelivery(outlet="page", guid="demo-page-1", title="7am")]
    assert deliveries == [
        WithdrawnDelivery(outlet="podcast", guid="demo-1", title="7am"),
        *(page if has_pages else []),
    ]


def test_a_failing_withdrawal_is_named_and_the_others_succeed(archive: Archive) -> None:
    podcast, fm = (
        RecordingOutlet("podcast"),
        RecordingOutlet("fm", error="fm.wav: cannot be written (No space left on device); free some space"),
    )
    out = [("fm", "a"), ("gone", "b"), ("podcast", "c")]

    episodes, failed = published(archive, podcast, fm).replace(out, None)

    assert (episodes, podcast.withdrawn) == ((), ["c"])
    assert failed == [
        "fm: fm.wav: cannot be written (No space left on device); free some space",
        'gone: output "gone" is not in [outputs] make now; add it, or delete its files',
    ]


def test_deliveries_are_withdrawn_before_a_change_and_noted_after_it(archive: Archive) -> None:
    sender = RecordingSender()

    with published(archive, sender=sender).changing(["a", "b"]):
        sender.calls.append("change")

    assert sender.calls == ["take back a b", "change", "note"]

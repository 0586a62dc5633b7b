"""Methods that read and then write, called by two connections at the same time on a PostgreSQL server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import text, update

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.claim_sentences_before_speaking import SpeechLedger
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction
from bulletin.archive.ledgers.editor_edits import EditLedger, SlotBegunError
from bulletin.archive.ledgers.newsroom_api_keys import ApiKeyLedger
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger, ServiceRequest
from bulletin.archive.ledgers.newsroom_users import User, UserLedger
from bulletin.archive.lock_names import kills_of
from bulletin.archive.record_dataclasses import FeedMemory, Kill
from bulletin.archive.server_archive import open_server_archive
from bulletin.model import Edit, EditAction, EditConflictError, Slot, SlotState
from tests.support.factories import NOW, make_article, make_bulletin

pytestmark = pytest.mark.clients

DUE, LEASE = NOW + timedelta(hours=1), timedelta(minutes=2)
FEED = "https://gazette.example/feed"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class TwoWriters:
    """Two archives, as two processes have them, and a third that looks on."""

    one: Archive
    other: Archive
    onlooker: Archive
    threads: ThreadPoolExecutor

    def overlap(
        self, first: Callable[[Archive], Result], second: Callable[[Archive], Result]
    ) -> tuple[Result, Result]:
        """Call `second` while the transaction of `first` is open, and end that once `second` waits or is done."""
        with self.one.in_one_transaction():
            done_first = first(self.one)
            waiting: Future[Result] = self.threads.submit(second, self.other)
            while not waiting.done() and not self._somebody_waits():
                time.sleep(0.005)
        return done_first, waiting.result(30)

    def _somebody_waits(self) -> bool:
        query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        waiting = text(
            f"SELECT ({query}) + (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        with self.onlooker.reading() as connection:
            return bool(connection.execute(waiting).scalar())


@pytest.fixture
def writers(postgres_url: str) -> Iterator[TwoWriters]:
    with (
        open_server_archive(postgres_url) as one,
        open_server_archive(postgres_url) as other,
        open_server_archive(postgres_url) as onlooker,
        ThreadPoolExecutor(4) as threads,
    ):
        yield TwoWriters(one, other, onlooker, threads)


def edit(key: str, action: EditAction = EditAction.PIN, **changes: Any) -> Edit:
    fields: dict[str, Any] = {
        "station": "hill",
        "editor": "ann",
        "made_at": NOW,
        "due": DUE,
        "story_id": "ferry",
    }
    return Edit(action=action, key=key, **(fields | changes))


def claim(owner: str) -> Callable[[Archive], bool]:
    return lambda archive: bool(SlotLedger(archive).claim("hill", DUE, owner=owner, now=NOW, lease=LEASE))


def ask(archive: Archive, key: str = "k") -> ServiceRequest:
    more = {"asked_by": "ann", "now": NOW, "expires_at": DUE}
    return RequestLedger(archive).ask("hill", RequestKind.PREVIEW, key=key, **more)  # type: ignore[arg-type]


def test_a_slot_goes_to_one_of_two_workers(writers: TwoWriters) -> None:
    SlotLedger(writers.one).plan([Slot(station="hill", due=DUE, length_s=60)])

    assert writers.overlap(claim("a"), claim("b")) == (True, False)


def test_two_planners_plan_a_slot_once(writers: TwoWriters) -> None:
    slots = [Slot(station="hill", due=DUE + n * LEASE, length_s=60) for n in range(30)]

    planned = writers.overlap(
        lambda one: SlotLedger(one).plan(slots), lambda other: SlotLedger(other).plan(slots[::-1])
    )

    assert planned == (30, 0)


def test_a_slot_closes_with_the_stand_by_that_came_last(writers: TwoWriters) -> None:
    SlotLedger(writers.one).plan([Slot(station="hill", due=DUE, length_s=60)])
    values = {"standby": "last-good", "standby_at": NOW}

    _, closed = writers.overlap(
        lambda one: one.execute(update(tables.slots).values(values)),
        lambda other: SlotLedger(other).close("hill", before=DUE + LEASE),
    )

    assert [(row.state, row.level) for row in closed] == [(SlotState.DONE, "last-good")]


def test_a_sentence_is_claimed_by_one_of_two_runs(writers: TwoWriters) -> None:
    taken = writers.overlap(
        lambda one: SpeechLedger(one, owner="a", now=lambda: NOW).claim(["x", "y"]),
        lambda other: SpeechLedger(other, owner="b", now=lambda: NOW).claim(["z", "y"]),
    )

    assert taken == ({"x", "y"}, {"z"})


def test_an_edit_sent_twice_is_recorded_once(writers: TwoWriters) -> None:
    def record(archive: Archive) -> int:
        return EditLedger(archive).record(edit("k")).id

    first, second = writers.overlap(record, record)

    assert first == second
    assert len(EditLedger(writers.one).history("hill")) == 1


def test_the_second_of_two_editors_gets_the_words_of_the_first(writers: TwoWriters) -> None:
    def reword(archive: Archive, text: str) -> str:
        words = {"due": None, "text": text, "replaced": "A ferry sank.", "article_ids": ("ferry",)}
        try:
            return EditLedger(archive).record(edit(text, EditAction.REWORD, **words), seen_id=0).text
        except EditConflictError as conflict:
            return f"theirs: {conflict.theirs.text}"

    said = writers.overlap(lambda one: reword(one, "It sank."), lambda other: reword(other, "She sank."))

    assert said == ("It sank.", "theirs: It sank.")


@pytest.mark.parametrize("due", [DUE, None])
def test_an_edit_counts_for_a_bulletin_that_begins_after_it_only(writers: TwoWriters, due: object) -> None:
    SlotLedger(writers.one).plan([Slot(station="hill", due=DUE, length_s=60)])

    def begin(archive: Archive) -> tuple[Edit, ...]:
        claim("worker")(archive)
        return EditLedger(archive).edits("hill", due=DUE)

    def record(archive: Archive) -> tuple[Edit, ...]:
        return (EditLedger(archive).record(edit("k", due=due)),)

    recorded, seen = writers.overlap(record, begin)

    assert recorded == seen


def test_an_edit_that_waited_for_the_beginning_of_its_bulletin_is_refused(writers: TwoWriters) -> None:
    SlotLedger(writers.one).plan([Slot(station="hill", due=DUE, length_s=60)])

    def record(archive: Archive) -> bool:
        with pytest.raises(SlotBegunError):
            EditLedger(archive).record(edit("k"))
        return True

    assert writers.overlap(claim("worker"), record) == (True, True)


def test_numbers_of_edits_appear_in_order(writers: TwoWriters) -> None:
    """A reader that has seen number 2 never finds number 1 later."""
    first, second = writers.overlap(
        lambda one: EditLedger(one).record(edit("a")).id,
        lambda other: (EditLedger(other).record(edit("b")).id, len(EditLedger(other).history("hill"))),  # type: ignore[arg-type, return-value]
    )

    assert second == (first + 1, 2)


def test_two_editors_who_press_the_same_button_ask_once(writers: TwoWriters) -> None:
    first, second = writers.overlap(lambda one: ask(one, "a"), lambda other: ask(other, "b"))

    assert first.id == second.id


def test_a_request_is_begun_by_one_of_two_services(writers: TwoWriters) -> None:
    number = ask(writers.one).id

    def begin(archive: Archive, owner: str) -> bool:
        return bool(RequestLedger(archive).claim(number, owner=owner, now=NOW, lease=LEASE))

    assert writers.overlap(lambda one: begin(one, "a"), lambda other: begin(other, "b")) == (True, False)


def test_a_kill_waits_for_a_bulletin_that_is_being_published(writers: TwoWriters) -> None:
    """The kill comes before the last check of the list or after the record of the bulletin, which is then withdrawn."""
    bulletin = make_bulletin(Path("a.mp3"))

    def publish(archive: Archive) -> int:
        with archive.in_one_transaction(lock=kills_of("hill")):
            entries = archive.kills("hill")
            archive.record_bulletin("hill", bulletin, made_at=NOW, timings={})
            return len(entries)

    def kill(archive: Archive) -> int:
        archive.add_kill("hill", Kill(entry="ferry", added_at=NOW))
        return len(archive.bulletins("hill"))

    assert writers.overlap(publish, kill) == (0, 1)
    assert writers.overlap(_unkill, publish) == (1, 0)


def _unkill(archive: Archive) -> int:
    return len(archive.remove_kill("hill", "FERRY", at=NOW))


def test_two_bulletins_of_one_station_count_a_story_twice(writers: TwoWriters) -> None:
    bulletin = make_bulletin(Path("a.mp3"))

    def record(minute: int) -> Callable[[Archive], None]:
        made_at = NOW + timedelta(minutes=minute)
        return lambda archive: archive.record_bulletin("hill", bulletin, made_at=made_at, timings={})

    writers.overlap(record(0), record(1))

    assert writers.one.aired("hill", since=NOW)["gazette:1"].times == 2
    assert len(writers.one.bulletins("hill")) == 2


def test_a_delivery_a_user_and_a_key_are_added_once(writers: TwoWriters) -> None:
    ann = User(name="ann", password_hash="x", added_at=NOW, changed_at=NOW)

    def add(archive: Archive, fingerprint: str) -> tuple[bool, bool, bool, str]:
        return (
            Outbox(archive).add("hill", "web", "guid", OutboxAction.PUBLISH, now=NOW),
            UserLedger(archive).add(ann),
            ApiKeyLedger(archive).is_same_request("hill", "key", fingerprint, now=NOW),
            archive.podcast_guid("hill", f"https://{fingerprint}.example"),
        )

    (*first, guid), (*second, same) = writers.overlap(
        lambda one: add(one, "a"), lambda other: add(other, "b")
    )

    assert (first, second) == ([True, True, True], [False, False, False])
    assert guid == same


def test_a_feed_read_by_two_workers_has_the_articles_of_one(writers: TwoWriters) -> None:
    def keep(archive: Archive, *ids: str) -> None:
        archive.keep_feed(FeedMemory(url=FEED), [make_article(id=article_id) for article_id in ids])

    writers.overlap(lambda one: keep(one, "1", "2", "3"), lambda other: keep(other, "3", "4"))

    assert [article.id for article in writers.one.articles_of(FEED)] == ["3", "4"]


def test_transactions_that_wait_for_each_other_are_repeated(writers: TwoWriters) -> None:
    """Each has changed a row that the other wants: the server ends one, and its method is called again."""
    writers.one.keep_feed(FeedMemory(url="a"), [])
    writers.one.keep_feed(FeedMemory(url="b"), [])
    both_have_one = threading.Barrier(2)

    class Pair(Outbox):
        def change(self, first: str, second: str) -> int:
            tries.append(first)
            with self._archive.writing() as connection:
                connection.execute(update(tables.feeds).where(tables.feeds.c.url == first).values(etag="x"))
                if len(tries) <= 2:
                    both_have_one.wait(30)
                connection.execute(update(tables.feeds).where(tables.feeds.c.url == second).values(etag="x"))
            return 1

    tries: list[str] = []
    changed = [
        writers.threads.submit(Pair(archive).change, *urls)
        for archive, urls in ((writers.one, "ab"), (writers.other, "ba"))
    ]

    assert [done.result(30) for done in changed] == [1, 1]
    assert len(tries) >= 3  # the server may end both at first

"""Pieces of work: done once by one worker, in time, whatever dies; the queue may lose every hint."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.database.group_tables import rate_limits, work, work_needs
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group import work_ledger
from bulletin.archive.ledgers.group.piece_times import PieceTimes, seconds_of
from bulletin.archive.ledgers.group.pieces_of_work import (
    MOST_LOST,
    UNSPOKEN,
    ClaimedPiece,
    MorePieces,
    Need,
    Piece,
    PieceState,
    host_key,
)
from bulletin.archive.ledgers.group.rate_limits import RateLimits
from bulletin.archive.ledgers.group.waiting_work import WaitingWork
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.model import Slot

EIGHT = datetime(2026, 11, 25, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=30)
AGAIN = timedelta(seconds=15)


class DatabaseClock:
    """The clock of the database, turned by hand."""

    def __init__(self) -> None:
        self.moment = EIGHT - 10 * MINUTE

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, span: timedelta) -> None:
        self.moment += span


@pytest.fixture
def clock() -> DatabaseClock:
    return DatabaseClock()


@pytest.fixture(scope="module", params=["file", pytest.param("server", marks=pytest.mark.clients)])
def shared_archive(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    """An archive in a file, and one on a PostgreSQL server."""
    if request.param == "file":
        with Archive.open(tmp_path_factory.mktemp("work") / "archive.sqlite") as archive:
            yield archive
        return
    server = request.getfixturevalue("postgres_server")
    from bulletin.archive.server_archive import open_server_archive

    with open_server_archive(server.make_archive()) as archive:
        yield archive


@pytest.fixture
def ledger(shared_archive: Archive, clock: DatabaseClock) -> WorkLedger:
    shared_archive.execute(delete(work), delete(work_needs), delete(rate_limits))
    return WorkLedger(shared_archive, now=clock)


def mix(station: str = "wex", due: datetime = EIGHT) -> Piece:
    return Piece(
        kind="mix", key=f"{station} {due:%H:%M}", due=due, deadline=due + 10 * MINUTE, station=station
    )


def speak(key: str = "ab12", due: datetime = EIGHT, *, reopens: bool = False) -> Piece:
    return Piece(kind="speak", key=key, due=due, needs_voice="hibari:demo", reopens=reopens)


def claim(
    ledger: WorkLedger, piece: Piece, owner: str = "a", voices: tuple[str, ...] = ()
) -> ClaimedPiece | None:
    return ledger.claim(*piece.name, owner=owner, lease=LEASE, abilities=voices)


def held(ledger: WorkLedger, piece: Piece, owner: str = "a") -> ClaimedPiece:
    claimed = claim(ledger, piece, owner, ("hibari:demo",))
    assert claimed is not None
    return claimed


def ready(ledger: WorkLedger, limit: int = 100) -> list[str]:
    return [piece.key for piece in ledger.ready(limit=limit, again=AGAIN)]


def state(ledger: WorkLedger, piece: Piece) -> PieceState:
    record = ledger.find(*piece.name)
    assert record is not None
    return record.state


def test_planning_again_changes_nothing_but_an_earlier_due_time(ledger: WorkLedger) -> None:
    assert ledger.plan([mix(), speak(due=EIGHT + MINUTE)], [Need(of=mix().name, needs=speak().name)]) == 2
    assert ledger.plan([mix(), speak(due=EIGHT + 2 * MINUTE)]) == 0
    ledger.plan([speak(due=EIGHT)])
    record = ledger.find("speak", "ab12")
    assert record is not None
    assert record.due == EIGHT


def test_one_of_two_workers_claims_a_piece(ledger: WorkLedger) -> None:
    ledger.plan([mix()])
    assert claim(ledger, mix(), "a") is not None
    assert claim(ledger, mix(), "b") is None


def test_the_late_result_of_a_piece_that_was_deleted_and_planned_anew_is_refused(
    ledger: WorkLedger, shared_archive: Archive
) -> None:
    """Its fence counts from the start, so the other worker has the same."""
    ledger.plan([mix()])
    first = held(ledger, mix(), "a")
    shared_archive.execute(delete(work).where(work.c.kind == "mix"))
    ledger.plan([mix()])
    second = held(ledger, mix(), "b")
    assert second.fence == first.fence
    assert not ledger.holds(first)
    assert not ledger.finish(first, result="late")
    assert ledger.finish(second)


def test_a_lease_ends_by_the_clock_of_the_database_and_the_late_result_is_refused(
    ledger: WorkLedger, clock: DatabaseClock
) -> None:
    ledger.plan([mix()])
    first = held(ledger, mix(), "a")
    clock.passes(LEASE - SECOND)
    assert claim(ledger, mix(), "b") is None
    clock.passes(SECOND)
    second = held(ledger, mix(), "b")
    assert second.fence == first.fence + 1
    assert not ledger.renew(first, lease=LEASE)
    assert not ledger.holds(first)
    assert not ledger.finish(first, result="late", then=MorePieces(pieces=(speak(),)))
    assert ledger.find("speak", "ab12") is None
    assert ledger.finish(second, result="in time")
    record = ledger.find(*mix().name)
    assert record is not None
    assert (record.state, record.result) == (PieceState.DONE, "in time")


def test_a_frozen_worker_that_wakes_before_anybody_else_claims_goes_on(
    ledger: WorkLedger, clock: DatabaseClock
) -> None:
    ledger.plan([mix()])
    claimed = held(ledger, mix())
    clock.passes(2 * LEASE)
    assert ledger.renew(claimed, lease=LEASE)
    assert claim(ledger, mix(), "b") is None


def test_a_piece_waits_for_what_it_needs_and_goes_on_without_what_failed(ledger: WorkLedger) -> None:
    voices = [speak("one"), speak("two")]
    ledger.plan([mix(), *voices], [Need(of=mix().name, needs=piece.name) for piece in voices])
    assert ready(ledger) == ["one", "two"]
    assert claim(ledger, mix()) is None
    ledger.finish(held(ledger, voices[0]))
    assert ready(ledger) == []
    ledger.give_up(held(ledger, voices[1]), note="no voice")
    assert ready(ledger) == [mix().key]


def test_a_finished_piece_brings_others_in_the_same_transaction(ledger: WorkLedger) -> None:
    draft = Piece(kind="draft", key="wex", due=EIGHT)
    ledger.plan([draft])
    more = MorePieces(pieces=(speak(), mix()), needs=(Need(of=mix().name, needs=speak().name),))
    assert ledger.finish(held(ledger, draft), then=more)
    assert ready(ledger) == ["ab12"]


def test_a_failed_piece_waits_for_what_is_to_be_done_before_its_next_try(
    ledger: WorkLedger, clock: DatabaseClock
) -> None:
    draft = Piece(kind="draft", key="wex", due=EIGHT)
    feed = Piece(kind="feed", key="gazette 1", due=EIGHT, pause=5 * SECOND)
    ledger.plan([draft])
    claimed = held(ledger, draft)
    more = MorePieces(pieces=(feed,), needs=(Need(of=draft.name, needs=feed.name),))
    assert ledger.fail(claimed, note="no news", after=5 * SECOND, then=more)
    assert not ledger.fail(claimed, note="late", after=SECOND, then=more)
    assert ready(ledger) == []
    clock.passes(5 * SECOND)
    assert ready(ledger) == [feed.key]
    ledger.finish(held(ledger, feed))
    assert ready(ledger) == [draft.key]
    assert [row.state for row in ledger.find_all("feed", [feed.key, "other"])] == [PieceState.DONE]


def test_what_needs_a_feed_waits_for_its_pages_too(ledger: WorkLedger) -> None:
    feed, page = Piece(kind="feed", key="gazette", due=EIGHT), Piece(kind="page", key="story", due=EIGHT)
    draft = Piece(kind="draft", key="wex", due=EIGHT)
    ledger.plan([feed, draft], [Need(of=draft.name, needs=feed.name)])
    ledger.finish(held(ledger, feed), then=MorePieces(pieces=(page,), is_part=True))
    assert ready(ledger) == ["story"]
    ledger.finish(held(ledger, page))
    assert ready(ledger) == ["wex"]


def test_drafts_share_the_pages_of_a_feed_also_those_that_are_planned_after_it_was_read(
    ledger: WorkLedger, shared_archive: Archive
) -> None:
    """A row for each page of each draft would be a million rows an hour in a large group."""
    feed, page = Piece(kind="feed", key="gazette", due=EIGHT), Piece(kind="page", key="story", due=EIGHT)
    drafts = [Piece(kind="draft", key=station, due=EIGHT) for station in ("hill", "wex", "late")]
    needs = [Need(of=draft.name, needs=feed.name) for draft in drafts]
    ledger.plan([feed, *drafts[:2]], needs[:2])
    ledger.finish(held(ledger, feed), then=MorePieces(pieces=(page,), is_part=True))
    ledger.plan(drafts[2:], needs[2:])

    assert ready(ledger) == ["story"]
    assert claim(ledger, drafts[2]) is None
    assert len(shared_archive.select(select(work_needs), tuple)) == len(drafts) + 1
    ledger.finish(held(ledger, page))
    assert ready(ledger) == ["hill", "late", "wex"]


def test_a_lost_hint_is_sent_again(ledger: WorkLedger, clock: DatabaseClock) -> None:
    ledger.plan([mix()])
    assert ready(ledger) == [mix().key]
    clock.passes(AGAIN - SECOND)
    assert ready(ledger) == []
    clock.passes(SECOND)
    assert ready(ledger) == [mix().key]


def test_a_piece_of_a_dead_worker_is_sent_again_after_its_lease(
    ledger: WorkLedger, clock: DatabaseClock
) -> None:
    """At once, however short before the hint was sent, and the worker looked whether it still has the piece."""
    ledger.plan([mix()])
    ready(ledger)
    piece = held(ledger, mix())
    clock.passes(LEASE - SECOND)
    assert ledger.holds(piece)
    assert ready(ledger) == []
    clock.passes(SECOND)
    assert ready(ledger) == [mix().key]


def test_the_successor_of_a_dead_worker_frees_its_pieces_at_once(ledger: WorkLedger) -> None:
    ledger.plan([mix(), mix("other")])
    held(ledger, mix(), "uk-1")
    held(ledger, mix("other"), "uk-2")
    assert ledger.release_all("uk-1") == 1
    assert ready(ledger) == [mix().key]


def test_the_earliest_slot_goes_first_then_feeds_before_speech_before_mixes(ledger: WorkLedger) -> None:
    later = Piece(kind="feed", key="later", due=EIGHT + MINUTE)
    feed = Piece(kind="feed", key="feed", due=EIGHT)
    ledger.plan([later, mix(), speak(), feed])
    assert ready(ledger) == ["feed", "ab12", mix().key, "later"]


def test_a_failed_piece_pauses_until_it_is_tried_again(ledger: WorkLedger, clock: DatabaseClock) -> None:
    ledger.plan([mix()])
    assert ledger.fail(held(ledger, mix()), note="feeds away", after=MINUTE)
    assert ready(ledger) == []
    assert claim(ledger, mix()) is None
    clock.passes(MINUTE)
    assert ready(ledger) == [mix().key]
    assert held(ledger, mix()).attempts == 2


def test_a_piece_whose_next_try_would_come_after_its_deadline_has_failed(
    ledger: WorkLedger, clock: DatabaseClock
) -> None:
    ledger.plan([mix()])
    clock.passes(19 * MINUTE)
    ledger.fail(held(ledger, mix()), note="feeds away", after=MINUTE)
    assert state(ledger, mix()) is PieceState.FAILED


def test_a_deadline_is_the_time_that_is_left_whatever_the_clocks_of_the_machines_say(
    shared_archive: Archive, ledger: WorkLedger, clock: DatabaseClock
) -> None:
    ahead = WorkLedger(shared_archive, now=clock, clock=lambda: clock() + MINUTE / 2)
    behind = WorkLedger(shared_archive, now=clock, clock=lambda: clock() - MINUTE / 2)
    left = {"right": (ledger, clock()), "ahead": (ahead, clock() + MINUTE / 2)}
    for key, (one, its_now) in left.items():
        one.plan([replace(speak(key), deadline=its_now + 20 * SECOND)])
    clock.passes(19 * SECOND)
    assert ahead.expire() == behind.expire() == ()
    claimed = behind.claim("speak", "right", owner="a", lease=SECOND, abilities=("hibari:demo",))
    assert claimed is not None
    assert claimed.deadline == clock() - MINUTE / 2 + SECOND
    clock.passes(SECOND)
    assert {piece.key for piece in behind.expire()} == {"right", "ahead"}


def test_a_piece_that_nobody_took_before_its_deadline_has_failed(
    ledger: WorkLedger, clock: DatabaseClock
) -> None:
    ledger.plan([mix(), speak()])
    assert ledger.expire() == ()
    clock.passes(20 * MINUTE)
    assert [piece.key for piece in ledger.expire()] == [mix().key]
    assert state(ledger, speak()) is PieceState.WAITING


def test_a_piece_that_ends_its_workers_is_given_up_and_not_opened_again(
    ledger: WorkLedger, clock: DatabaseClock
) -> None:
    """Whether their leases run out, or they are started again under their names."""
    upload = Piece(kind="deliver", key="wex", due=EIGHT, reopens=True)
    ledger.plan([upload, mix()])
    for number in range(MOST_LOST):
        assert ledger.expire() == ()
        held(ledger, upload)
        ledger.fail(held(ledger, mix()), note="no news", after=SECOND)  # an end, also of a failure
        if number % 2:
            ledger.release_all("a")
        clock.passes(LEASE)
    (given_up,) = ledger.expire()
    assert (given_up.key, given_up.note) == ("wex", "given up, since 5 workers ended while they did it")
    ledger.plan([upload])
    assert state(ledger, upload) is PieceState.FAILED


def test_a_worker_without_the_voice_does_not_take_the_piece(ledger: WorkLedger) -> None:
    ledger.plan([speak()])
    assert claim(ledger, speak(), voices=("gtts:co.uk",)) is None
    assert claim(ledger, speak(), voices=("gtts:co.uk", "hibari:demo")) is not None


def test_a_sentence_of_a_voice_that_no_worker_has_is_not_sent(ledger: WorkLedger) -> None:
    ledger.plan([speak(), mix()])
    assert [piece.key for piece in ledger.ready(limit=9, again=AGAIN, voices=("tone:low",))] == [mix().key]
    assert [piece.key for piece in ledger.ready(limit=9, again=AGAIN, voices=("hibari:demo",))] == ["ab12"]


def page(key: str, host: str = "gazette.example") -> Piece:
    return Piece(kind="page", key=key, due=EIGHT, limit_key=host_key(host))


def test_pieces_of_one_host_are_handed_out_one_after_the_other(
    ledger: WorkLedger, shared_archive: Archive, clock: DatabaseClock
) -> None:
    """They would wait for the host inside the places of a worker, and hold all other feeds."""
    limits = RateLimits(shared_archive, now=clock)
    ledger.plan([page("a"), page("b"), page("c"), page("o", "other.example"), mix()])
    assert ready(ledger) == ["a", "o", mix().key]
    assert ready(ledger) == []
    place = limits.take(host_key("gazette.example"), lease=LEASE)
    assert place is not None
    ledger.finish(held(ledger, page("a")))
    assert ready(ledger) == []
    limits.free(place, after=2 * SECOND)  # the pause of the host
    clock.passes(SECOND)
    assert ready(ledger) == []
    clock.passes(0.6 * SECOND)
    assert ready(ledger) == ["b"]
    clock.passes(AGAIN)
    assert ready(ledger)[0] == "b"  # its hint was lost


def test_some_deliveries_to_one_destination_go_at_a_time(ledger: WorkLedger) -> None:
    uploads = [Piece(kind="deliver", key=key, due=EIGHT, limit_key="delivery:ftp") for key in "abcd"]
    ledger.plan([*uploads, page("p")])

    def send() -> list[str]:
        some = ledger.ready(limit=9, again=AGAIN, kinds=["deliver"], at_once=2)
        return [piece.key for piece in some]

    assert send() == ["a", "b"]
    running = held(ledger, uploads[0])
    assert send() == []
    ledger.finish(running)
    assert send() == ["c"]
    assert [one.key for one in ledger.ready(limit=9, again=AGAIN, limit_key=page("p").limit_key)] == ["p"]


def test_a_hint_that_the_wrong_worker_had_is_sent_again_after_a_moment(
    ledger: WorkLedger, clock: DatabaseClock
) -> None:
    ledger.plan([mix(), mix("other")])
    assert len(ready(ledger)) == 2
    held(ledger, mix("other"))
    assert [ledger.pass_on(*piece.name, after=SECOND) for piece in (mix(), mix("other"))] == [True, False]
    assert ready(ledger) == []
    clock.passes(SECOND)
    assert ready(ledger) == [mix().key]


def test_a_slot_that_was_opened_again_after_its_mix_is_planned_anew(
    ledger: WorkLedger, shared_archive: Archive
) -> None:
    slots = SlotLedger(shared_archive)
    shared_archive.execute(delete(tables.slots))
    slots.plan([Slot(station=name, due=EIGHT, length_s=30.0) for name in ("wex", "hill")])
    made, waiting = mix("wex"), mix("hill")
    ledger.plan([replace(made, kind="draft"), made, waiting])
    for piece in (replace(made, kind="draft"), made):
        ledger.finish(held(ledger, piece))
    span = {"since": EIGHT - MINUTE, "until": EIGHT + MINUTE}
    assert ledger.forget_reopened(since=EIGHT + MINUTE, until=EIGHT + 2 * MINUTE) == frozenset()

    assert ledger.forget_reopened(**span) == {made.key}
    assert ledger.find(*made.name) is None
    assert ledger.find("draft", made.key) is None
    assert state(ledger, waiting) is PieceState.WAITING
    assert ledger.forget_reopened(**span) == frozenset()


def test_a_mix_whose_workers_are_gone_is_for_anybody_once_it_could_begin(ledger: WorkLedger) -> None:
    other, waiting = mix("hill"), replace(mix(), needs_voice="hibari:demo")
    ledger.plan(
        [speak(), waiting, replace(other, needs_voice="gtts:co.uk")],
        [Need(of=mix().name, needs=speak().name)],
    )
    assert ledger.free_of_voices(["mix"], voices=["tone:low"]) == 1
    assert claim(ledger, other) is not None
    ledger.finish(held(ledger, speak()))
    assert claim(ledger, waiting) is None
    assert ledger.free_of_voices(["mix"], voices=["hibari:demo"]) == 0
    assert ledger.free_of_voices(["mix"], voices=()) == 1
    assert claim(ledger, waiting) is not None


def test_a_sentence_that_left_the_cache_is_spoken_again_and_a_running_one_is_not_disturbed(
    ledger: WorkLedger,
) -> None:
    ledger.plan([speak()])
    claimed = held(ledger, speak())
    ledger.plan([speak(reopens=True)])
    assert ledger.finish(claimed)
    ledger.plan([speak()])
    assert state(ledger, speak()) is PieceState.DONE
    ledger.plan([speak(reopens=True)])
    assert ready(ledger) == ["ab12"]


def test_a_stopping_worker_gives_a_piece_back_as_if_it_was_never_tried(ledger: WorkLedger) -> None:
    ledger.plan([mix()])
    assert ledger.release(held(ledger, mix()))
    assert ready(ledger) == [mix().key]
    assert held(ledger, mix(), "b").attempts == 1


def test_a_piece_that_is_left_to_another_worker_costs_no_try(
    ledger: WorkLedger, clock: DatabaseClock
) -> None:
    ledger.plan([mix(), speak()])
    assert ledger.release(held(ledger, mix()), needs_voice="hibari:demo")
    assert ledger.release(held(ledger, speak()), after=SECOND)
    assert ready(ledger) == [mix().key]
    assert claim(ledger, mix()) is None
    assert held(ledger, mix()).attempts == 1
    clock.passes(SECOND)
    again = held(ledger, speak())
    assert (again.attempts, again.needs_voice) == (1, "hibari:demo")


def test_a_voice_rests_after_some_of_its_sentences_were_given_up(
    ledger: WorkLedger, shared_archive: Archive, clock: DatabaseClock
) -> None:
    """One that came too late, or that another reason ended, does not count."""
    waiting = WaitingWork(shared_archive, now=clock)
    sentences = [speak(str(number)) for number in range(4)]
    ledger.plan(sentences)
    ledger.give_up(held(ledger, sentences[0]), note="late")
    for piece in sentences[1:3]:
        ledger.give_up(held(ledger, piece), note="no sound", result=UNSPOKEN)
    begun = clock.moment
    assert not waiting.failed_voices(since=begun, least=3)
    ledger.give_up(held(ledger, sentences[3]), note="no sound", result=UNSPOKEN)
    assert waiting.failed_voices(since=begun, least=3) == {"hibari:demo"}
    assert not waiting.failed_voices(since=begun + SECOND, least=3)


def test_pieces_of_a_removed_station_are_withdrawn_and_its_running_one_ends(ledger: WorkLedger) -> None:
    ledger.plan([mix(), mix(due=EIGHT + MINUTE), mix("other")])
    running = held(ledger, mix())
    assert ledger.withdraw("wex") == 1
    assert ready(ledger) == [mix("other").key]
    assert ledger.finish(running)


def test_pieces_of_a_removed_station_are_withdrawn_with_their_needs(
    ledger: WorkLedger, shared_archive: Archive
) -> None:
    ledger.plan([mix(), speak()], [Need(of=mix().name, needs=speak().name)])
    ledger.withdraw("wex")
    assert not shared_archive.select(select(work_needs), tuple)


def test_old_pieces_are_forgotten_by_their_keys_some_at_a_time(
    ledger: WorkLedger, shared_archive: Archive, clock: DatabaseClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The needs of other pieces are not looked at: there are millions of them."""
    monkeypatch.setattr(work_ledger, "BATCH", 2)
    monkeypatch.setattr(work_ledger, "_MOST_BATCHES", 2)
    mixes = [mix(str(number)) for number in range(5)]
    ledger.plan([*mixes, speak()], [Need(of=one.name, needs=speak().name) for one in mixes])
    shared_archive.execute(update(work).values(state=PieceState.DONE, done_at=clock.moment))
    clock.passes(SECOND)
    ledger.plan([mix("new")], [Need(of=mix("new").name, needs=speak().name)])
    others = insert(work_needs).values(kind="mix", key="of nobody", needs_kind="speak", needs_key="ab12")
    shared_archive.execute(others)

    counts = [ledger.forget(before=clock.moment) for _ in range(3)]

    assert counts == [4, 2, 0]
    left = shared_archive.select(select(work_needs.c.key), lambda row: str(row["key"]))
    assert sorted(left) == ["new 08:00", "of nobody"]


def test_ended_pieces_are_forgotten_with_their_needs(ledger: WorkLedger, clock: DatabaseClock) -> None:
    ledger.plan([mix(), speak()], [Need(of=mix().name, needs=speak().name)])
    ledger.finish(held(ledger, speak()))
    ledger.finish(held(ledger, mix()))
    assert ledger.forget(before=clock.moment) == 0
    assert ledger.forget(before=clock.moment + SECOND) == 2
    ledger.plan([mix()])
    assert ready(ledger) == [mix().key]


def test_counts_and_the_longest_wait_are_known(
    ledger: WorkLedger, shared_archive: Archive, clock: DatabaseClock
) -> None:
    waiting = WaitingWork(shared_archive, now=clock)
    feed, page = (Piece(kind=kind, key=kind, due=EIGHT) for kind in ("feed", "page"))
    ledger.plan([mix(), mix("other"), feed], [Need(of=mix("other").name, needs=feed.name)])
    held(ledger, mix())
    assert ledger.counts() == {("mix", "working"): 1, ("mix", "waiting"): 1, ("feed", "waiting"): 1}
    assert [piece.key for piece in waiting.held()] == [mix().key]
    assert waiting.oldest_ready_at() == clock.moment

    ledger.finish(held(ledger, feed), then=MorePieces(pieces=(page,), is_part=True))
    claimed = held(ledger, page)
    clock.passes(SECOND)
    assert waiting.oldest_ready_at() is None  # the other mix waits for the page of the feed
    ledger.finish(claimed)
    assert waiting.oldest_ready_at() is not None


def test_two_workers_that_ask_at_once_do_every_piece_once(ledger: WorkLedger) -> None:
    pieces = [speak(f"{number:03}") for number in range(12)]
    ledger.plan(pieces)

    def take_all(owner: str) -> list[str]:
        taken = [claim(ledger, piece, owner, ("hibari:demo",)) for piece in pieces]
        return [piece.key for piece in taken if piece and ledger.finish(piece)]

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(take_all, ["a", "b"])
    assert sorted(one + two) == [piece.key for piece in pieces]


def test_two_planners_at_once_send_each_piece_once(ledger: WorkLedger) -> None:
    ledger.plan([speak(f"{number:03}") for number in range(12)])
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda _: ready(ledger), range(2))
    assert len(one + two) == len({*one, *two}) == 12


def test_the_time_of_needs_is_that_of_their_work_without_the_waits(
    ledger: WorkLedger, shared_archive: Archive, clock: DatabaseClock
) -> None:
    draft, feed = Piece(kind="draft", key="wex", due=EIGHT), Piece(kind="feed", key="gazette", due=EIGHT)
    pages = tuple(Piece(kind="page", key=name, due=EIGHT) for name in ("one", "two"))
    ledger.plan([draft, feed], [Need(of=draft.name, needs=feed.name)])
    clock.passes(MINUTE)
    claimed = held(ledger, feed)
    clock.passes(3 * SECOND)
    ledger.finish(claimed, then=MorePieces(pieces=pages, is_part=True))
    clock.passes(MINUTE)
    first, second = (held(ledger, page) for page in pages)
    clock.passes(2 * SECOND)
    ledger.finish(first)
    clock.passes(2 * SECOND)
    ledger.finish(second)

    times = PieceTimes(shared_archive).of_needs(*draft.name)

    assert [one.done_at - one.begun_at for one in times] == [3 * SECOND, 2 * SECOND, 4 * SECOND]
    assert seconds_of(times) == 7.0


def test_a_piece_that_is_opened_again_waits_since_then(
    ledger: WorkLedger, shared_archive: Archive, clock: DatabaseClock
) -> None:
    ledger.plan([speak()])
    ledger.finish(held(ledger, speak()))
    clock.passes(10 * MINUTE)
    ledger.plan([speak(reopens=True)])
    record = ledger.find(*speak().name)
    assert record is not None
    assert (record.made_at, record.begun_at) == (clock.moment, None)
    assert WaitingWork(shared_archive, now=clock).oldest_ready_at() == clock.moment

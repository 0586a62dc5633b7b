"""A worker of a group: what it lacks goes to others, what hangs ends it, a voice that comes later is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import GroupWorker, WorkerLedger
from bulletin.archive.ledgers.group.pieces_of_work import (
    UNSPOKEN,
    ClaimedPiece,
    MorePieces,
    Need,
    Piece,
    PieceState,
)
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger, RequestState
from bulletin.articles.feeds_for_all import FeedsForAll
from bulletin.errors import ArchiveError, StoreError
from bulletin.group import held_pieces, run_worker
from bulletin.group.engines.engine_port import Hint
from bulletin.group.engines.thread_engine import ThreadEngine
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.monitoring.read_group_status import CANARY as CANARY_AT
from bulletin.group.pieces import answer_requests, do_pieces
from bulletin.group.pieces.do_pieces import PieceWork
from bulletin.group.pieces.piece_names import CANARY, REQUEST, request_key, slot_key, tidy_key
from bulletin.group.pieces.voices_of_machine import MachineVoices, voices_of_machine
from bulletin.group.pieces.work_context import WorkContext
from bulletin.group.run_worker import Worker
from bulletin.storage.folder_store import FolderStore
from tests.support.delivery_servers.base import wait_for
from tests.support.group_processes import GroupProcesses

pytestmark = pytest.mark.slow

DUE = datetime(2026, 11, 25, 7, tzinfo=UTC)
NOW = DUE - timedelta(minutes=10)
LEASE = timedelta(seconds=30)
TONE = "tone:low"
WAIT_S = 60.0


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    (tmp_path / "out" / ".bulletin").mkdir(parents=True)
    with Archive.open(tmp_path / "out" / ".bulletin" / "archive.sqlite") as archive:
        yield archive


@pytest.fixture
def context(tmp_path: Path, archive: Archive) -> WorkContext:
    """A machine with the profile of one station, st0, whose voice is tone:low."""
    group = GroupProcesses(home=tmp_path, database="postgresql://not-used/x")
    group.write(stations=1, due=DUE, now=NOW)
    profiles = GroupProfiles(names=[str(tmp_path / "feeds")])
    profiles.refresh()
    (tmp_path / "store").mkdir()
    return WorkContext(
        profiles=profiles,
        archive=archive,
        store=FolderStore(tmp_path / "store"),
        output=tmp_path / "out",
        work=WorkLedger(archive, now=lambda: NOW),
        slots=SlotLedger(archive),
        now=lambda: NOW,
        feeds_for_all=FeedsForAll(archive),
    )


def worker_of(
    context: WorkContext,
    voices: Callable[[], MachineVoices],
    end_process: Callable[[int], None] = lambda code: None,
) -> Worker:
    register = WorkerLedger(context.archive, now=context.archive.now)
    return Worker(
        name="one",
        machine="here",
        context=context,
        register=register,
        engine=ThreadEngine(),
        voices=voices,
        end_process=end_process,
    )


def claim(context: WorkContext, piece: Piece, voices: tuple[str, ...] = (TONE,)) -> ClaimedPiece:
    context.work.plan([piece])
    claimed = context.work.claim(*piece.name, owner="one", lease=LEASE, abilities=voices)
    assert claimed is not None
    return claimed


def mix() -> Piece:
    return Piece(kind="mix", key=slot_key("st0", DUE), due=DUE, station="st0")


def test_a_hint_of_a_station_without_a_profile_here_is_sent_again_soon(context: WorkContext) -> None:
    piece = replace(mix(), key=slot_key("elsewhere", DUE), station="elsewhere")
    context.work.plan([piece])
    context.work.ready(limit=9, again=LEASE)

    worker_of(context, MachineVoices).handle(Hint(kind="mix", key=piece.key))

    left = context.work.find(*piece.name)
    assert left is not None
    assert (left.sent_at, left.lease_until) == (None, NOW + timedelta(seconds=3))


@pytest.mark.parametrize(
    ("waits", "is_ending", "state"),
    [
        (False, False, PieceState.DONE),
        (True, False, PieceState.WAITING),
        (False, True, PieceState.WAITING),
    ],
    ids=["free", "waits for a sentence", "worker ends"],
)
def test_a_worker_goes_on_with_the_mix_of_its_draft_without_a_hint(
    context: WorkContext,
    monkeypatch: pytest.MonkeyPatch,
    waits: bool,
    is_ending: bool,
    state: PieceState,
) -> None:
    sentence = Piece(kind="speak", key="Good morning.", due=DUE)
    then = MorePieces(
        pieces=(sentence, mix()), needs=(Need(of=mix().name, needs=sentence.name),) if waits else ()
    )
    monkeypatch.setitem(do_pieces._DO, "draft", lambda _, piece: context.work.finish(piece, then=then))
    monkeypatch.setitem(do_pieces._DO, "mix", lambda _, piece: context.work.finish(piece))
    draft, worker = replace(mix(), kind="draft"), worker_of(context, MachineVoices)
    context.work.plan([draft])
    if is_ending:
        worker.stop()

    worker.handle(Hint(kind="draft", key=draft.key))

    left = context.work.find(*mix().name)
    assert left is not None
    assert (left.state, left.sent_at) == (state, None)


def test_a_mix_that_the_database_left_is_named_not_its_draft(
    context: WorkContext, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def lose_database(_: PieceWork, piece: ClaimedPiece) -> None:
        raise ArchiveError("the database server is away")

    then = MorePieces(pieces=(mix(),))
    monkeypatch.setitem(do_pieces._DO, "draft", lambda _, piece: context.work.finish(piece, then=then))
    monkeypatch.setitem(do_pieces._DO, "mix", lose_database)
    draft, worker = replace(mix(), kind="draft"), worker_of(context, MachineVoices)
    context.work.plan([draft])

    worker.handle(Hint(kind="draft", key=draft.key))

    assert f"left to its lease, the database failed: piece=mix/{draft.key}: " in caplog.text
    assert "piece=draft" not in caplog.text.partition("left to its lease")[2]


def test_a_request_that_a_killed_worker_had_begun_is_done_by_the_next_one_at_once(
    context: WorkContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own lease of two minutes does not count: the piece of work is free."""
    ledger = RequestLedger(context.archive)
    asked = ledger.ask("st0", RequestKind.BACK_UP, asked_by="anna", key="1", now=NOW, expires_at=NOW + LEASE)
    monkeypatch.setattr(answer_requests, "do_request", lambda work: {"by": work.request.owner})
    dead = context.archive.now()
    assert ledger.claim(asked.id, owner="dead", now=NOW, lease=timedelta(minutes=2), leases_at=dead)
    piece = Piece(
        kind=REQUEST,
        key=request_key("st0", asked.id),
        due=DUE,
        station="st0",
        payload={"number": asked.id, "request": asked.kind},
    )
    context.work.plan([piece])

    worker_of(context, MachineVoices).handle(Hint(kind=REQUEST, key=piece.key))

    (done,) = ledger.rows("st0")
    assert (done.state, done.result) == (RequestState.DONE, {"by": "one"})


def test_a_bulletin_goes_to_the_worker_that_has_the_voice_of_its_station(context: WorkContext) -> None:
    """A make-now and a stand-by speak, too; where no worker has the voice, this one does the piece."""
    register = WorkerLedger(context.archive, now=context.archive.now)
    register.announce(GroupWorker(name="two", voices=(TONE,)))
    asked = Piece(
        kind="request", key="st0@request@1", due=DUE, station="st0", payload={"request": "make-now"}
    )
    for piece in (mix(), asked):
        PieceWork(context=context).do(claim(context, piece, ()))

        left = context.work.find(*piece.name)
        assert left is not None
        assert (left.state, left.needs_voice, left.attempts) == (PieceState.WAITING, TONE, 0)


def test_a_voice_of_another_version_costs_the_sentence_no_try(context: WorkContext) -> None:
    payload = {"text": "Good morning.", "station": "st0"}
    piece = Piece(kind="speak", key="of another version", due=DUE, needs_voice=TONE, payload=payload)
    for _ in range(3):
        PieceWork(context=context).do(claim(context, piece))
        left = context.work.find(*piece.name)
        assert left is not None
        assert (left.state, left.attempts) == (PieceState.WAITING, 0)
        assert left.lease_until == NOW + timedelta(seconds=3)
        context.work = WorkLedger(context.archive, now=lambda: NOW + timedelta(seconds=3))
        assert context.work.release(claim(context, piece))
        context.work = WorkLedger(context.archive, now=lambda: NOW)


def test_a_voice_that_fails_rests_for_the_whole_group(context: WorkContext) -> None:
    register = WorkerLedger(context.archive, now=context.archive.now)
    register.announce(GroupWorker(name="two", voices=(TONE, "hibari:demo")))
    context.work = WorkLedger(context.archive, now=context.archive.now)
    for number in range(3):
        assert context.live_voices() == {TONE, "hibari:demo"}
        piece = Piece(kind="speak", key=str(number), due=DUE, needs_voice=TONE)
        context.work.give_up(claim(context, piece), note="no sound", result=UNSPOKEN)

    assert context.live_voices() == {"hibari:demo"}


def test_first_voices_that_a_machine_lacks_are_named_with_their_stations(
    context: WorkContext, tmp_path: Path
) -> None:
    profile = tmp_path / "feeds" / "st0.toml"
    other = profile.read_text("utf-8").replace('chain = ["tone"]', 'chain = ["kokoro", "tone"]')
    (tmp_path / "feeds" / "st1.toml").write_text(other, "utf-8")
    context.profiles.refresh()

    voices = voices_of_machine(context.station_workers())

    assert voices.working == (TONE,)
    assert list(voices.lacking.values()) == [("st1",)]


@pytest.mark.parametrize("is_stopped", [False, True], ids=["hangs", "is stopped"])
def test_a_piece_that_hangs_past_its_deadline_or_takes_too_long_after_a_stop_ends_the_process(
    context: WorkContext, monkeypatch: pytest.MonkeyPatch, is_stopped: bool
) -> None:
    monkeypatch.setattr(run_worker, "_RENEW_S", 0.02)
    if is_stopped:
        monkeypatch.setattr(run_worker, "_STOP_WITHIN_S", 0.02)
    else:
        monkeypatch.setattr(held_pieces, "_OVERTIME_S", 0.0)
    released, codes = Event(), list[int]()

    class HungStore(FolderStore):
        def list(self, prefix: str = "") -> Iterator[str]:
            if is_stopped:
                worker.stop()
            released.wait(WAIT_S)
            raise StoreError("released")

    context.store = HungStore(context.output.parent / "store")

    def end(code: int) -> None:
        codes.append(code)
        worker.stop()
        released.set()

    worker = worker_of(context, MachineVoices, end)
    deadline = NOW + timedelta(hours=1) if is_stopped else NOW
    piece = Piece(kind="tidy", key=tidy_key("", DUE.date()), due=DUE, deadline=deadline)
    context.work.plan([piece])
    worker.engine.submit([Hint(kind="tidy", key=piece.key)])
    worker.run()

    assert codes[:1] == [0]
    assert not worker.register.workers()
    left = context.work.find(*piece.name)
    assert left is not None
    assert (left.state is PieceState.WAITING) is is_stopped


def test_a_voice_that_is_installed_later_is_announced_and_its_sentences_are_taken(
    context: WorkContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_worker, "_VOICES_EVERY_S", 0.02)
    found = [MachineVoices(working=(TONE,), lacking={"hibari:demo": ("st0",)})]
    worker = worker_of(context, lambda: found[-1])
    thread = Thread(target=worker.run)
    thread.start()
    try:
        wait_for(lambda: [one.lacking for one in worker.register.workers()] == [{"hibari:demo": ("st0",)}])
        found.append(MachineVoices(working=("hibari:demo", TONE)))
        worker.engine.submit([Hint(kind=CANARY, key="heard", queue="voice:hibari:demo")])
        wait_for(lambda: worker.register.value(CANARY_AT) == "heard")
        wait_for(  # the row may come after the hint
            lambda: (
                [(one.voices, one.lacking) for one in worker.register.workers()]
                == [(("hibari:demo", TONE), {})]
            )
        )
    finally:
        worker.stop()
        thread.join(WAIT_S)

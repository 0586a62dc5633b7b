"""
A group with faults: killed and frozen workers, a lost queue, a killed database, two planners.

Every slot is met, no sentence is lost, and no late result is published.
"""

from __future__ import annotations

import hashlib
import json
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.delivery_outbox import Outbox
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.delivery.delivery_interface import PART_SUFFIX
from bulletin.model import Level, SlotRecord
from tests.support.delivery_servers.ftp import FtpServer
from tests.support.group_processes import SLOW_VOICE, WAIT_S, GroupProcesses, run_group
from tests.support.postgres_server import PostgresServer, run_postgres

pytestmark = pytest.mark.clients
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")

STATIONS = 3
DELETE_JOBS = "TRUNCATE bulletin_queue.procrastinate_jobs CASCADE"


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with run_postgres() as server:
        yield server


@pytest.fixture
def group(server: PostgresServer, tmp_path: Path) -> Iterator[GroupProcesses]:
    with run_group(tmp_path, server.make_archive()) as group:
        yield group


def assert_all_fresh(group: GroupProcesses, due: datetime) -> list[SlotRecord]:
    """Every slot has news, each bulletin is recorded once, and nothing is held or left."""
    rows = group.wait_until_done(due, stations=STATIONS)
    assert [row.level for row in rows] == [Level.FRESH] * STATIONS
    with group.archive() as archive:
        assert [len(bulletins_of(archive, row.station, due)) for row in rows] == [1] * STATIONS
        assert all(PublishedFiles(archive).of_station(row.station) for row in rows)
    return rows


def bulletins_of(archive: Archive, station: str, due: datetime) -> list[datetime]:
    """News of that slot; on a busy machine a stand-by may have been on air before."""
    records = (record for record in archive.bulletins(station) if record.at == due)
    return [record.made_at for record in records if record.level is Level.FRESH]


def test_a_worker_that_is_killed_in_a_mix_frees_it_when_it_is_started_again_under_its_name(
    group: GroupProcesses,
) -> None:
    due = group.write(stations=STATIONS)
    group.start("planner", "plan")
    group.start("one", "worker")
    group.freeze_in("one", "mix")
    group.kill("one")
    group.start("one", "worker")
    assert_all_fresh(group, due)
    assert "pieces of a killed worker of this name freed: name=one" in group.log_of("one")


def test_all_queued_jobs_may_be_deleted_at_any_time(group: GroupProcesses, server: PostgresServer) -> None:
    due = group.write(stations=STATIONS, voice=SLOW_VOICE)
    group.start("planner", "plan")
    group.start("one", "worker")
    name = group.database.partition("?")[0].rpartition("/")[2]
    for kind in ("draft", "speak", "mix"):
        group.wait_for_piece(kind, "working", "done")
        server.execute(DELETE_JOBS, database=name)
    assert_all_fresh(group, due)


def test_a_database_that_is_killed_and_started_again_costs_no_slot(
    group: GroupProcesses, server: PostgresServer
) -> None:
    due = group.write(stations=STATIONS, voice=SLOW_VOICE)
    group.start("planner", "plan")
    worker = group.start("one", "worker")
    group.wait_for_piece("speak", "working")
    server.kill()
    group.wait(lambda: worker.poll() is not None, "the worker has ended")
    server.start()
    codes: list[int] = []
    group.wait(lambda: codes.extend(group.restart_ended()) or len(group.rows(due)) == STATIONS, "slots done")
    assert_all_fresh(group, due)
    assert codes
    assert set(codes) == {0}


def test_a_worker_ends_with_code_0_when_the_database_is_stopped_and_a_planner_waits(
    group: GroupProcesses, server: PostgresServer
) -> None:
    group.write(stations=1)
    worker, planner = group.start("one", "worker"), group.start("planner", "plan")
    group.wait(lambda: "worker ready" in group.log_of("one"), "the worker is ready")
    group.wait(lambda: "planner ready" in group.log_of("planner"), "the planner is ready")
    server.stop()
    group.wait(lambda: worker.poll() is not None, "the worker has ended")
    assert worker.returncode == 0
    assert "Traceback" not in group.log_of("one")
    assert planner.poll() is None


@pytest.mark.faults
def test_a_worker_ends_with_code_0_when_the_database_does_not_answer(
    group: GroupProcesses, server: PostgresServer
) -> None:
    """As behind a cut cable: connections stay, and nothing comes back."""
    group.write(stations=1)
    worker = group.start("one", "worker")
    group.wait(lambda: "worker ready" in group.log_of("one"), "the worker is ready")
    server.freeze()
    assert worker.wait(3 * WAIT_S) == 0
    assert "worker ends" in group.log_of("one")


def test_a_frozen_worker_that_wakes_after_its_lease_publishes_nothing(group: GroupProcesses) -> None:
    due = group.write(stations=STATIONS)
    group.start("planner", "plan")
    frozen = group.start("frozen", "worker")
    held = group.freeze_in("frozen", "mix")
    group.start("other", "worker")
    assert_all_fresh(group, due)
    frozen.send_signal(signal.SIGCONT)
    refused = "late result refused"
    group.wait(lambda: group.log_of("frozen").count(refused) >= len(held), "the late results are refused")
    time.sleep(2)
    rows = assert_all_fresh(group, due)
    with group.archive() as archive:
        pieces = [WorkLedger(archive, now=archive.now).find("mix", one.key) for one in held]
    assert [(one and (one.owner, one.state, one.fence)) for one in pieces] == [("other", "done", 2)] * len(
        held
    )
    assert len(rows) == STATIONS


def test_two_planners_do_nothing_twice_and_one_may_be_killed(group: GroupProcesses) -> None:
    due = group.write(stations=STATIONS, voice=group.note_sentences())
    group.start("planner", "plan")
    group.start("second", "plan")
    group.start("one", "worker")
    group.wait_for_piece("speak", "working", "done")
    group.kill("planner")
    assert_all_fresh(group, due)
    spoken = group.sentences()
    assert len(spoken) == len(set(spoken)) == len(list((group.home / "store" / "speech").rglob("*.wav")))


@pytest.fixture
def far(tmp_path: Path) -> Iterator[FtpServer]:
    """FTP server of a playout; it reads uploads slowly until `sips` is False."""
    pytest.importorskip("pyftpdlib", reason="pip install pyftpdlib")
    server = FtpServer(tmp_path / "far" / "root", tls=False)
    server.start()
    server.sips = True
    yield server
    server.stop()


def write_station_of(group: GroupProcesses, far: FtpServer) -> None:
    """A station whose playout is there."""
    options = "\n".join(f"{name} = {json.dumps(value)}" for name, value in far.given().items())
    tables = f'[[deliveries]]\nkind = "ftp"\nname = "far"\nrendition = "fm"\n{options}\nwithin_s = 900\n'
    group.write(stations=1, tables=tables.replace("timeout_s = 5.0", "timeout_s = 300"))


# warnings of pyftpdlib, which leaves sockets open and calls deprecated functions
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("output", ["out", "elsewhere"])
def test_a_worker_that_was_frozen_in_an_upload_delivers_nothing_over_the_other_one(
    group: GroupProcesses, far: FtpServer, output: str
) -> None:
    """The other one is on the same machine, with the same output folder, or on another machine."""
    write_station_of(group, far)
    group.start("planner", "plan")
    frozen = group.start("frozen", "worker")
    group.wait(lambda: any(far.root.glob(f"*{PART_SUFFIX}")), "the upload has begun")
    frozen.send_signal(signal.SIGSTOP)
    far.sips = False
    group.start_plain("other", "group", "worker", "--name", "other", "--output", output)
    group.wait((far.root / "fm.wav").exists, "the other worker has delivered")
    delivered = (far.root / "fm.wav").stat()
    group.wait(lambda: states_of_deliveries(group) == [("done", 1, "")], "the delivery is recorded")
    frozen.send_signal(signal.SIGCONT)
    group.wait(lambda: "late delivery stopped" in group.log_of("frozen"), "the late delivery is stopped")
    now = (far.root / "fm.wav").stat()
    assert (now.st_ino, now.st_mtime_ns) == (delivered.st_ino, delivered.st_mtime_ns)
    assert states_of_deliveries(group) == [("done", 1, "")]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_story_that_is_killed_on_another_machine_during_its_upload_never_reaches_the_playout(
    group: GroupProcesses, far: FtpServer
) -> None:
    """The command lets the worker that has the destination deliver the stand-by, and waits for it."""
    write_station_of(group, far)
    group.start("planner", "plan")
    group.start("one", "worker")
    group.wait(lambda: any(far.root.glob(f"*{PART_SUFFIX}")), "the upload has begun")
    with group.archive() as archive:
        killed = next(p.text for p in archive.bulletins("st0")[-1].running_order if p.story_id).split()[0]
    kill = group.start_plain("kill", "kill", "add", killed, "st0", "--output", "elsewhere")
    group.wait(lambda: len(states_of_deliveries(group)) > 1, "the withdrawal is in the outbox")
    assert not (far.root / "fm.wav").exists()
    far.sips = False
    assert kill.wait(WAIT_S) == 0, group.log_of("kill")
    assert "delivered to far" in group.log_of("kill")
    states = states_of_deliveries(group)
    assert states[0] == ("done", 0, "withdrawn")
    assert {state for state, _, _ in states} == {"done"}
    side = json.loads((far.root / "fm.json").read_bytes())
    with group.archive() as archive:
        published = PublishedFiles(archive).of_station("st0")["fm.wav"].sha256
    assert side["level"] != Level.FRESH
    assert hashlib.sha256((far.root / "fm.wav").read_bytes()).hexdigest() == published


def states_of_deliveries(group: GroupProcesses) -> list[tuple[str, int, str]]:
    with group.archive() as archive:
        return [(item.state, item.tries, item.note) for item in Outbox(archive).rows("st0")]

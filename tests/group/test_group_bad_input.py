"""What a group refuses, with which message, and that the others are not harmed."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from bulletin.archive.archive import Archive
from bulletin.archive.database.group_tables import work
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.archive.ledgers.group.pieces_of_work import PieceState
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.model import Level, SlotState
from bulletin.station.group_files.check_store_of_group import IDENTITY
from tests.faults.station_on_clock import SUBJECTS
from tests.support.bucket_process import bucket_process
from tests.support.group_processes import SLOW_VOICE, WAIT_S, GroupProcesses, run_group
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.clients
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")


@pytest.fixture
def group(tmp_path: Path, postgres_url: str):
    with run_group(tmp_path, postgres_url) as group:
        yield group


def refused(group: GroupProcesses) -> tuple[int, str]:
    """Exit code and message of a worker that does not start."""
    code = group.start("one", "worker").wait(120)
    return code, group.log_of("one").splitlines()[-1]


def test_a_database_that_only_newer_versions_understand_is_left_alone(
    group: GroupProcesses, postgres_server: PostgresServer
) -> None:
    group.write(stations=1)
    name = group.database.partition("?")[0].rpartition("/")[2]
    for command in (
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE group_meta SET value = '9999' WHERE name = 'oldest program revision'",
    ):
        postgres_server.execute(command, database=name)
    code, message = refused(group)
    assert code == 8
    assert "newer" in message
    assert group.start("planner", "plan").wait(120) == 8


def test_another_group_is_refused_in_the_same_database(group: GroupProcesses) -> None:
    group.write(stations=1)
    with group.archive():
        pass
    file = group.home / "feeds" / "group.toml"
    file.write_text(file.read_text("utf-8").replace('name = "test"', 'name = "other"'), encoding="utf-8")
    code, message = refused(group)
    assert code == 8
    assert "test" in message
    assert "other" in message


@pytest.mark.parametrize(
    ("store", "message"),
    [
        ("/nowhere/at/all", "no such folder"),
        ("s3://user:key@bucket", "AWS_ACCESS_KEY_ID"),
    ],
)
def test_a_store_that_cannot_be_opened_is_named(group: GroupProcesses, store: str, message: str) -> None:
    group.write(stations=1)
    file = group.home / "feeds" / "group.toml"
    file.write_text(f'[group]\ndatabase = "{group.database}"\nstore = "{store}"\nname = "test"\n', "utf-8")
    code, text = refused(group)
    assert code == 10
    assert message in text


def test_a_worker_with_wrong_credentials_of_the_store_takes_no_work(group: GroupProcesses) -> None:
    with bucket_process(unchecked_requests=1) as bucket:
        group.write(stations=1)
        text = f'[group]\ndatabase = "{group.database}"\nstore = "{bucket.address()}"\nname = "test"\n'
        (group.home / "feeds" / "group.toml").write_text(text, encoding="utf-8")
        group.environment = {"AWS_ACCESS_KEY_ID": "wrong", "AWS_SECRET_ACCESS_KEY": "wrong"}
        code, message = refused(group)
    assert code == 10
    assert "AWS_ACCESS_KEY_ID" in message


def test_a_store_of_another_group_leaves_an_empty_database_as_it_was(
    group: GroupProcesses, postgres_server: PostgresServer
) -> None:
    """So a corrected first start needs no empty database again."""
    group.database = postgres_server.make_database()
    group.write(stations=1)
    (group.home / "store").mkdir()
    (group.home / "store" / IDENTITY).write_text("other 12ab", "ascii")
    code, message = refused(group)
    assert code == 10
    assert 'belongs to the group "other"' in message
    name = group.database.partition("?")[0].rpartition("/")[2]
    query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    assert postgres_server.execute(query, database=name) == [(0,)]


def test_a_machine_with_another_store_is_refused(group: GroupProcesses) -> None:
    group.write(stations=1)
    group.start("one", "worker")
    group.wait(lambda: "worker ready" in group.log_of("one"), "the worker is ready")
    with run_group(group.home / "other", group.database) as other:
        other.write(stations=1)
        code, message = refused(other)
    assert code == 10
    assert f"store {other.home / 'store'}: is not the store of postgresql://" in message
    assert f"which uses {group.home / 'store'}" in message
    assert group.processes["one"].poll() is None


def test_a_live_name_is_refused_to_another_output_folder_and_no_default_name_is_one(
    group: GroupProcesses,
) -> None:
    group.write(stations=1)
    group.start_plain("first", "group", "worker", "--output", "out")
    group.wait(lambda: "worker ready" in group.log_of("first"), "the worker is ready")
    group.start_plain("second", "group", "worker", "--output", "more")
    group.wait(lambda: "worker ready" in group.log_of("second"), "the other one is ready")
    with group.archive() as archive:
        first, second = (one.name for one in WorkerLedger(archive, now=archive.now).workers())
    assert (first[-9:], second[-9:]) == ("-worker-1", "-worker-2")
    code = group.start_plain("third", "group", "worker", "--name", first, "--output", "third").wait(60)
    assert code == 75
    assert f"{first}: a worker of that name runs with another output folder" in group.log_of("third")


def test_a_second_worker_of_one_name_is_refused(group: GroupProcesses) -> None:
    group.write(stations=1)
    group.start("first", "worker")
    group.wait(lambda: "worker ready" in group.log_of("first"), "the worker is ready")
    code = group.start_command("second", "group", "worker", "--name", "first").wait(60)
    assert code == 75
    assert "give another --name" in group.log_of("second")


def test_a_worker_without_the_voice_leaves_speech_and_mix_to_one_that_has_it(group: GroupProcesses) -> None:
    due = group.write(stations=1, voice='"espeak"', tables="[speech.engines.espeak]\n")
    group.environment = {"PATH": "/nowhere"}
    group.start("mute", "worker")
    group.start("planner", "plan")
    group.wait_for_piece("speak", "waiting")
    group.environment = {}
    group.start("able", "worker")
    group.wait_until_done(due, stations=1)
    with group.archive() as archive:
        register = WorkerLedger(archive, now=archive.now).workers()
        owners = _owners(archive, "speak") | _owners(archive, "mix")
    assert {worker.name: worker.voices for worker in register if worker.role == "worker"}["mute"] == ()
    assert owners == {"able"}


def _owners(archive: Archive, kind: str) -> set[str]:
    query = select(work.c.owner).where(work.c.kind == kind, work.c.state == PieceState.DONE)
    return set(archive.select(query, lambda row: row["owner"]))


def test_an_invalid_profile_of_one_machine_is_left_to_the_others(
    group: GroupProcesses, tmp_path: Path
) -> None:
    due = group.write(stations=2)
    good = (group.home / "feeds" / "st1.toml").read_text("utf-8")
    (group.home / "feeds" / "st1.toml").write_text(good + "\nlenth = 3\n", encoding="utf-8")
    group.start("one", "worker")
    group.wait(lambda: "worker ready" in group.log_of("one"), "the worker is ready")
    with run_group(group.home / "other", group.database) as other:
        other.write(stations=2, due=due)
        (other.home / "store").rmdir() if (other.home / "store").exists() else None
        text = (other.home / "feeds" / "group.toml").read_text("utf-8")
        text = text.replace(str(other.home / "store"), str(group.home / "store"))
        (other.home / "feeds" / "group.toml").write_text(text, encoding="utf-8")
        other.start("planner", "plan")
        other.start("two", "worker")
        rows = other.wait_until_done(due, stations=2)
        with group.archive() as archive:
            workers = {one.name: one for one in WorkerLedger(archive, now=archive.now).workers()}
            mix = WorkLedger(archive, now=archive.now).find("mix", f"st1@{due:%Y%m%dT%H%M%SZ}")
    assert [row.level for row in rows] == [Level.FRESH] * 2
    assert workers["one"].stations == ("st0",)
    assert group.log_of("one").count('"event": "station left alone') == 1
    assert "lenth" in workers["one"].refused["st1"]
    assert mix is not None
    assert mix.owner == "two"


def test_a_station_that_is_removed_while_its_bulletin_is_made_harms_no_other(group: GroupProcesses) -> None:
    due = group.write(stations=2, voice=SLOW_VOICE)
    group.start("planner", "plan")
    group.start("one", "worker")
    group.wait_for_piece("speak", "working")
    (group.home / "feeds" / "st1.toml").unlink()
    group.wait(lambda: any(row.station == "st0" for row in group.rows(due)), "the other slot done")
    group.wait(lambda: "its slots are withdrawn: station=st1" in group.log_of("planner"), "slots withdrawn")
    rows = group.rows(due, states=tuple(SlotState))
    assert [(row.station, row.level) for row in rows if row.station == "st0"] == [("st0", Level.FRESH)]
    assert all(row.state is SlotState.DONE for row in rows)


def test_a_kill_that_is_entered_anywhere_is_in_force_before_the_mix(group: GroupProcesses) -> None:
    due = group.write(stations=1, stories=4, voice=SLOW_VOICE)
    worker = group.start("one", "worker")
    group.start("planner", "plan")
    group.wait_for_piece("speak", "working")
    worker.send_signal(signal.SIGSTOP)
    assert group.start_command("kill", "kill", SUBJECTS[1], "st0").wait(60) == 0
    time.sleep(1)
    worker.send_signal(signal.SIGCONT)
    group.wait_until_done(due, stations=1)
    with group.archive() as archive:
        # on a busy machine a stand-by may have been on air before
        orders = [bulletin.running_order for bulletin in archive.bulletins("st0")]
        texts = " ".join(passage.spoken for order in orders for passage in order)
    assert SUBJECTS[0] in texts
    assert SUBJECTS[1] not in texts


def test_a_kill_for_all_stations_is_in_force_on_every_machine_before_the_next_mix(
    group: GroupProcesses,
) -> None:
    """Both workers speak sentences of drafts that tell the story when an editor blocks it on a third machine."""
    due = group.write(stations=2, voice=group.hold_voice())
    for name in ("one", "two"):
        group.start_plain(name, "group", "worker", "--name", name, "--output", f"{name}-out")
        group.wait(lambda name=name: "worker ready" in group.log_of(name), f"worker {name} is ready")
    group.start("planner", "plan")
    group.wait(lambda: group.owners("speak") == {"one", "two"}, "both workers hold sentences")
    group.wait(lambda: group.counts().get(("draft", "done")) == 2, "both bulletins are drafted")
    with group.archive() as archive:
        killed = next(subject for subject in SUBJECTS if subject in _planned_sentences(archive))
    kill = group.start_plain("kill", "kill", "add", killed, "--all-stations", "--output", "desk-out")
    assert kill.wait(WAIT_S) == 0, group.log_of("kill")
    group.release_voice()
    rows = group.wait_until_done(due, stations=2)
    assert [(row.station, row.level) for row in rows] == [("st0", Level.FRESH), ("st1", Level.FRESH)]
    with group.archive() as archive:
        texts = [
            " ".join(passage.spoken for passage in bulletin.running_order)
            for row in rows
            for bulletin in archive.bulletins(row.station)
        ]
    assert not [text for text in texts if killed in text]
    logs = group.log_of("one") + group.log_of("two")
    assert all(f"drafted again, a story was killed: station={row.station}" in logs for row in rows)


def _planned_sentences(archive: Archive) -> str:
    query = select(work.c.payload).where(work.c.kind == "speak")
    return " ".join(archive.select(query, lambda row: row["payload"]["text"]))

"""Planners and workers as real processes with a real PostgreSQL: from the slot to the published bulletin."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from bulletin.archive.ledgers.delivery_outbox import Outbox
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.ledgers.newsroom_requests import RequestLedger
from bulletin.model import Level
from tests.support.free_ports import free_port
from tests.support.group_processes import run_group

pytestmark = pytest.mark.clients
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")


def test_two_workers_make_the_bulletins_of_all_stations_and_speak_each_sentence_once(
    tmp_path: Path, postgres_url: str
) -> None:
    with run_group(tmp_path, postgres_url) as group:
        due = group.write(stations=4, voice=group.note_sentences())
        group.start("planner", "plan")
        group.start("one", "worker")
        group.start("two", "worker")
        rows = group.wait_until_done(due, stations=4)
        with group.archive() as archive:
            work, register = WorkLedger(archive, now=archive.now), WorkerLedger(archive, now=archive.now)
            names = {worker.name: worker.role for worker in register.workers()}
            counts = work.counts()
            canary = register.value("canary_at")
        codes = [group.kill(name, signal.SIGTERM) for name in ("planner", "one", "two")]
        with group.archive() as archive:
            left = WorkerLedger(archive, now=archive.now).workers()

    assert {row.level for row in rows} == {Level.FRESH}
    assert names == {"planner": "planner", "one": "worker", "two": "worker"}
    assert counts["mix", "done"] == 4
    spoken = group.sentences()
    assert len(spoken) == len(set(spoken)) == len(list((tmp_path / "store" / "speech").rglob("*.wav")))
    assert len(spoken) > counts["speak", "done"] > 0
    assert canary
    assert (codes, left) == ([0, 0, 0], ())


def test_a_voice_that_dies_half_way_leaves_the_whole_bulletin_to_the_next_one(
    tmp_path: Path, postgres_url: str
) -> None:
    with run_group(tmp_path, postgres_url) as group:
        due = group.write(stations=2, voice='"tests.support.fake_engines:HalfwayEngine", "tone"')
        group.start("planner", "plan")
        group.start("one", "worker")
        rows = group.wait_until_done(due, stations=2)
        with group.archive() as archive:
            counts = WorkLedger(archive, now=archive.now).counts()
            bulletins = [archive.bulletins(f"st{number}")[-1] for number in range(2)]

    assert [row.is_met for row in rows] == [True, True]
    assert {row.level for row in rows} == {Level.FRESH}
    assert counts["speak", "failed"] > 0
    assert counts["speak", "done"] > 0
    assert [bulletin.engine for bulletin in bulletins] == ["tone", "tone"]


def test_serve_plans_works_and_answers_in_one_process(tmp_path: Path, postgres_url: str) -> None:
    port = free_port()
    with run_group(tmp_path, postgres_url) as group:
        due = group.write(stations=1)
        group.start_command("service", "serve", "st0", "--listen", f"127.0.0.1:{port}", "--newsroom", "none")
        group.wait_until_done(due, stations=1)
        with urlopen(f"http://127.0.0.1:{port}/st0/fm.json", timeout=10) as answer:
            side_file = json.load(answer)
        with urlopen(f"http://127.0.0.1:{port}/st0/{side_file['audio']}", timeout=10) as answer:
            sound = answer.read()
        code = group.kill("service", signal.SIGTERM)

    assert side_file["level"] == "fresh"
    assert sound.startswith(b"RIFF")
    assert code == 0


def test_a_worker_answers_the_requests_of_editors(tmp_path: Path, postgres_url: str) -> None:
    with run_group(tmp_path, postgres_url) as group:
        due = group.write(stations=1, due=datetime.now(UTC) + timedelta(hours=3))
        group.start("planner", "plan")
        group.start("one", "worker")
        group.wait(lambda: "worker ready" in group.log_of("one"), "the worker is ready")
        asked = group.start_command("ask", "requests", "ask", "make-now", "st0", "--json").wait(60)
        with group.archive() as archive:
            ledger = RequestLedger(archive)
            group.wait(lambda: not ledger.rows("st0")[0].is_open, "the request is done")
            (request,) = ledger.rows("st0")
            (bulletin,) = archive.bulletins("st0")
            files = PublishedFiles(archive).of_station("st0")

    assert asked == 0
    assert (request.state, request.result["level"]) == ("done", "fresh")
    assert bulletin.at < due
    assert "fm.json" in files


def test_a_breaking_story_is_on_air_between_slots(tmp_path: Path, postgres_url: str) -> None:
    story = tmp_path / "story.txt"
    story.write_text(
        "Crane falls in the harbour\n\nA crane has fallen in the harbour of Wex. Nobody was hurt.\n"
    )
    with run_group(tmp_path, postgres_url) as group:
        group.write(stations=2, due=datetime.now(UTC) + timedelta(hours=3))
        group.start("planner", "plan")
        group.start("one", "worker")
        words = ("stories", "add", str(story), "--station", "feeds/st0.toml", "--breaking")
        assert group.start_command("add", *words).wait(60) == 0
        with group.archive() as archive:
            group.wait(lambda: bool(archive.bulletins("st0")), "a bulletin with the story")
            group.wait(
                lambda: not RequestLedger(archive).open_stations(), "no further bulletin with the story"
            )
            (bulletin,) = archive.bulletins("st0")
            others = archive.bulletins("st1")
            files = PublishedFiles(archive).of_station("st0")

    assert "fallen in the harbour" in " ".join(passage.text for passage in bulletin.running_order)
    assert "fm.json" in files
    assert others == ()


def test_a_bulletin_is_delivered_by_a_piece_of_its_own(tmp_path: Path, postgres_url: str) -> None:
    playout = tmp_path / "playout"
    playout.mkdir()
    tables = f'[[deliveries]]\nkind = "folder"\npath = "{playout}"\nrendition = "fm"\n'
    with run_group(tmp_path, postgres_url) as group:
        group.write(stations=1, tables=tables)
        group.start("planner", "plan")
        group.start("one", "worker")
        group.wait(lambda: any(playout.rglob("*.wav")), "the bulletin is delivered")
        group.wait_for_piece("deliver", "done")
        with group.archive() as archive:
            (item,) = Outbox(archive).rows("st0")
            (name,) = [name for name in PublishedFiles(archive).of_station("st0") if name.endswith(".wav")]

    (sound,) = playout.rglob("*.wav")
    assert item.state == "done"
    assert sound.read_bytes().startswith(b"RIFF")
    assert sound.suffix == Path(name).suffix

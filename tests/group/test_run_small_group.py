"""A group of one machine: the pieces of work of a group on threads and SQLite, without a broker."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.config.tables.group_options import HERE
from bulletin.errors import ConfigError
from bulletin.model import Level
from tests.support.group_processes import run_group

pytestmark = pytest.mark.slow


def test_stations_of_one_machine_share_their_pieces_on_threads_and_sqlite(tmp_path: Path) -> None:
    with run_group(tmp_path, HERE) as group:
        due = group.write(stations=3, voice=group.note_sentences())
        group.start_command("service", "serve", "st0", "st1", "st2", "--newsroom", "none", "--listen", "none")
        rows = group.wait_until_done(due, stations=3)
        with group.archive() as archive:
            counts = WorkLedger(archive, now=archive.now).counts()
        code = group.kill("service", signal.SIGTERM)

    assert [row.is_met for row in rows] == [True] * 3
    assert {row.level for row in rows} == {Level.FRESH}
    assert counts["mix", "done"] == 3
    spoken = group.sentences()
    assert len(spoken) == len(set(spoken)) == len(list((tmp_path / "store" / "speech").rglob("*.wav")))
    assert len(list((tmp_path / "out").glob("st*/fm.wav"))) == 3
    assert code == 0


@pytest.mark.parametrize("words", [("worker",), ("plan",), ("status",)])
def test_a_group_of_one_process_has_no_other_processes(tmp_path: Path, words: tuple[str, ...]) -> None:
    with run_group(tmp_path, HERE) as group:
        group.write(stations=1)
        more = () if words == ("status",) else ("--output", "out")
        process = group.start_plain("other", "group", *words, "st0", *more)
        code = process.wait(60)

    assert code == ConfigError.exit_code
    assert 'database = "here" is a group of one process' in group.log_of("other")

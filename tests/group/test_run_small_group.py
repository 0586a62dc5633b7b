"""A group of one machine: the pieces of work of a group on threads and SQLite, without a broker."""

from __future__ import annotations

import json
import signal
import socket
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.config.tables.group_options import HERE
from bulletin.errors import ConfigError
from bulletin.model import Level
from tests.support.free_ports import free_port
from tests.support.group_processes import WAIT_S, run_group

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


@pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")
def test_systemd_learns_that_the_group_is_ready_alive_and_reloaded(tmp_path: Path) -> None:
    port = free_port()
    with (
        run_group(tmp_path, HERE) as group,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
    ):
        group.environment["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        manager.bind(group.environment["NOTIFY_SOCKET"])
        manager.settimeout(WAIT_S)
        group.write(stations=1)
        addresses = ("--newsroom", "none", "--listen", "none", "--health", f"127.0.0.1:{port}")
        service = group.start_command("service", "serve", "st0", *addresses)

        def read_until(word: bytes) -> None:
            while word not in manager.recv(4096):
                pass

        read_until(b"READY=1")
        read_until(b"WATCHDOG=1")
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=WAIT_S) as answer:
            assert json.load(answer)["alive"]
        service.send_signal(signal.SIGHUP)
        read_until(b"RELOADING=1")
        read_until(b"READY=1")
        assert group.kill("service", signal.SIGTERM) == 0


@pytest.mark.parametrize("words", [("worker",), ("plan",), ("status",)])
def test_a_group_of_one_process_has_no_other_processes(tmp_path: Path, words: tuple[str, ...]) -> None:
    with run_group(tmp_path, HERE) as group:
        group.write(stations=1)
        more = () if words == ("status",) else ("--output", "out")
        process = group.start_plain("other", "group", *words, "st0", *more)
        code = process.wait(60)

    assert code == ConfigError.exit_code
    assert 'database = "here" is a group of one process' in group.log_of("other")

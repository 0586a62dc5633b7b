"""The public server and the mirror of a group, as processes beside a real PostgreSQL (mark.clients)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.config.load_profile import load_profile
from bulletin.station.build_station_object import open_station
from bulletin.storage.open_store import open_store
from tests.support.delivery_servers.base import wait_for
from tests.support.free_ports import free_port
from tests.support.group_of_machines import heard, publish, write_profile

pytestmark = pytest.mark.clients


def bulletin(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bulletin", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_group_is_served_and_mirrored_by_other_machines(tmp_path: Path, postgres_url: str) -> None:
    from bulletin.archive.server_archive import open_server_archive

    (tmp_path / "feeds").mkdir()
    profile = write_profile(tmp_path / "feeds")
    store = open_store(str(tmp_path / "store"))
    (tmp_path / "feeds" / "group.toml").write_text(
        f'[group]\ndatabase = "{postgres_url}"\nstore = "{tmp_path / "store"}"\n', encoding="utf-8"
    )
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = bulletin(tmp_path, "group", "serve", "--listen", f"127.0.0.1:{port}", "-o", "served")

    def is_up() -> bool:
        assert server.poll() is None, server.communicate()[0]
        with suppress(URLError), urlopen(f"{address}/", timeout=10) as answer:
            return bool(answer.status == 200)
        return False

    try:
        wait_for(is_up)
        with open_server_archive(postgres_url, group="group") as archive:
            with open_station(load_profile(str(profile)), output=tmp_path / "one") as station:
                publish(station, tmp_path / "scratch", hours=0)  # as every command does
            public = heard(archive, store)
            assert "hill" in PublishedFiles(archive).stations()
        for name in ("latest.mp3", "feed.xml", "index.html", "fm.wav"):
            with urlopen(f"{address}/hill/{name}", timeout=10) as answer:
                assert answer.read() == public[name]
        mirror = bulletin(tmp_path, "group", "mirror", "--to", "www", "--once", "-o", "mirroring")
        assert (mirror.communicate(timeout=120)[0], mirror.returncode)[1] == 0
        web = tmp_path / "www" / "hill"
        assert {
            path.relative_to(web).as_posix(): path.read_bytes() for path in web.rglob("*") if path.is_file()
        } == public
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
    finally:
        server.kill()
        server.communicate()
    wrong = bulletin(
        tmp_path, "group", "mirror", "--to", str(tmp_path / "store"), "--once", "-o", "mirroring"
    )
    said = wrong.communicate(timeout=120)[0]
    assert (wrong.returncode, "is the store of the group itself" in said) == (3, True)

"""gPodder, newsboat with podboat, and podget subscribe to our feed and get every byte."""

from __future__ import annotations

import os
import pty
import select
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.clients.conftest import Run, environment, find

pytestmark = pytest.mark.clients

Station = tuple[str, Path]


def sounds(folder: Path) -> dict[str, bytes]:
    """Episodes in a folder by name: all MP3s except those whose content changes."""
    changing = {"latest.mp3", "speaker.mp3"}
    return {path.name: path.read_bytes() for path in folder.rglob("*.mp3") if path.name not in changing}


def test_gpodder_subscribes_and_downloads(station: Station, run: Run, home: Path) -> None:
    folders = {"GPODDER_HOME": str(home / "gpodder"), "GPODDER_DOWNLOAD_DIR": str(home / "downloads")}

    run("gpo", "subscribe", f"{station[0]}feed.xml", "Valley", **folders)
    run("gpo", "update", **folders)
    run("gpo", "download", **folders)

    assert sounds(home / "downloads") == sounds(station[1])
    with sqlite3.connect(home / "gpodder" / "Database") as database:
        rows = database.execute(
            "select title, guid, total_time, file_size, mime_type from episode"
        ).fetchall()
    database.close()
    assert len({guid for _, guid, *_ in rows}) == 2
    assert {(length, kind) for *_, length, kind in rows} == {
        (len(data), "audio/mpeg") for data in sounds(station[1]).values()
    }
    assert all("news" in title for title, *_ in rows)
    assert {seconds for _, _, seconds, *_ in rows} == {30}


def test_newsboat_reads_and_podboat_downloads(station: Station, run: Run, home: Path) -> None:
    find("podboat")
    downloads = home / "downloads"
    downloads.mkdir()
    (home / "urls").write_text(f"{station[0]}feed.xml\n", encoding="utf-8")
    (home / "config").write_text(f'podcast-auto-enqueue yes\ndownload-path "{downloads}"\n', encoding="utf-8")

    run("newsboat", "-C", f"{home}/config", "-u", f"{home}/urls", "-c", f"{home}/cache.db", "-x", "reload")
    queue = next(home.rglob("queue"))
    play_podboat(home, queue, downloads, count=2)

    assert sounds(downloads) == sounds(station[1])
    with sqlite3.connect(home / "cache.db") as database:
        rows = database.execute("select title, guid, enclosure_type from rss_item").fetchall()
    database.close()
    assert len({guid for _, guid, _ in rows}) == 2
    assert {kind for *_, kind in rows} == {"audio/mpeg"}


def play_podboat(home: Path, queue: Path, downloads: Path, *, count: int) -> None:
    """Run podboat in a terminal until its downloads are done, then press q."""
    inner, outer = pty.openpty()
    command = [find("podboat"), "-C", f"{home}/config", "-q", str(queue), "-a"]
    podboat = subprocess.Popen(
        command, stdin=outer, stdout=outer, stderr=outer, env=environment(home), start_new_session=True
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if select.select([inner], [], [], 0.2)[0]:
                os.read(inner, 65536)
            files = [path for path in downloads.rglob("*") if path.is_file()]
            if len(files) == count and all(path.suffix == ".mp3" for path in files):
                break
        os.write(inner, b"q")
        podboat.wait(10)
    except subprocess.TimeoutExpired:
        podboat.kill()
        podboat.wait()
    finally:
        os.close(inner)
        os.close(outer)


def test_podget_downloads(station: Station, run: Run, home: Path) -> None:
    (home / ".podget").mkdir()
    (home / ".podget" / "serverlist").write_text(f"{station[0]}feed.xml NEWS Valley\n", encoding="utf-8")

    run("podget")  # the first run writes its settings and downloads one episode
    run("podget")

    assert sounds(home / "POD" / "NEWS" / "Valley") == sounds(station[1])

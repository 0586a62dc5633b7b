"""Newest file: broken side files, full disks and clients that poll."""

from __future__ import annotations

import json
import threading

import pytest

from bulletin.errors import OutletError
from tests.publishing.files.newest_station import HOUR, desk  # noqa: F401 - a fixture


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[" * 100_000, b"[]", b"\xff\xfe", b'{"due": 7, "guid": null, "audio": 5}']
)
def test_a_broken_side_file_is_written_anew(desk, content):
    desk.folder.mkdir()
    (desk.folder / "fm.json").write_bytes(content)

    desk.publish(1)

    assert desk.about()["title"] == "Bulletin 1"


def test_a_bulletin_without_the_rendition_is_an_error(desk):
    with pytest.raises(OutletError, match='without the output "speaker"'):
        desk.outlet(kind="speaker").publish(desk.bulletin())


def test_a_missing_audio_file_is_an_error_and_the_old_one_stays(desk):
    desk.publish(1)
    bulletin = desk.bulletin(2)
    bulletin.renditions[1].path.unlink()

    with pytest.raises(OutletError, match="run `bulletin make` again"):
        desk.outlet().publish(bulletin)

    assert desk.about()["title"] == "Bulletin 1"


def test_a_full_disk_is_reported_before_anything_changes(desk, monkeypatch):
    desk.publish(1)
    usage = type("Usage", (), {"free": 10_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)

    with pytest.raises(OutletError, match=r"0.0 MB are free"):
        desk.publish(2)

    assert desk.about()["title"] == "Bulletin 1"


@pytest.mark.slow
def test_a_polling_reader_never_gets_a_torn_file(desk):
    """A reader thread over sixty bulletins: each copy is one complete bulletin."""
    desk.publish(1)
    seen: set[bytes] = set()
    torn: list[int] = []
    is_over = threading.Event()

    def poll() -> None:
        while not is_over.is_set():
            data = (desk.folder / "fm.wav").read_bytes()
            about = json.loads((desk.folder / "fm.json").read_bytes())
            if data != data[:12] * 20_000 or not about["title"].startswith("Bulletin"):
                torn.append(len(data))
            seen.add(data[:12])

    desk.outlet().publish(desk.bulletin(1, size=20_000))
    reader = threading.Thread(target=poll)
    reader.start()
    for number in range(2, 62):
        desk.now += HOUR
        desk.outlet().publish(desk.bulletin(number, size=20_000))
    is_over.set()
    reader.join()

    assert torn == []
    assert len(seen) > 1

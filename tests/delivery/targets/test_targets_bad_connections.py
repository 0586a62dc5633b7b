"""Bad connections of every kind of upload: closed, dripping or silent, and a full disk on the server."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from bulletin.delivery.delivery_result import DeliveryOutcome
from bulletin.errors import DeliveryError
from bulletin.runtime.backoff import FIRST_PAUSE, LASTING_PAUSE, MOST_PAUSE
from tests.delivery.targets.test_targets_uploads import LIST, pytestmark, run
from tests.support.bad_connection import Middle
from tests.support.delivery_servers.base import Server
from tests.support.delivery_servers.bucket import BucketServer
from tests.support.delivery_servers.ftp import FtpServer
from tests.support.delivery_servers.make import make_server
from tests.support.public_station import House

__all__ = ["pytestmark"]

NAMES = ("news-{slot:%H}",)
CUT_HERE = pytest.mark.parametrize("server", ["ftp", "ftp-plain", "sftp", "webdav", "s3"], indirect=True)
"""Servers whose data connections a test can close; vsftpd's do not pass through the proxy's port."""
BIG, CUT = 3_000_000, 400_000


@pytest.fixture
def house(house: House) -> House:
    house.audio_bytes = BIG
    return house


@pytest.fixture
def middle(server: Server) -> Iterator[Middle]:
    with Middle(server.port) as middle:
        server.stand_behind(middle.port)
        yield middle


def cut(server: Server, middle: Middle, after: int | None) -> None:
    """Close the upload after so many bytes. FTP data connections do not pass through the proxy's port."""
    if isinstance(server, FtpServer):
        server.cut_after = after
    else:
        middle.cut_after = after


@CUT_HERE
def test_an_interrupted_upload_leaves_no_incomplete_file(
    house: House, server: Server, middle: Middle
) -> None:
    house.publish(1)
    run(house, server.delivery(), "fm")
    before = server.files()
    house.publish(2)
    cut(server, middle, CUT)
    ((_, result, note),) = run(house, server.delivery(), "fm")

    assert result is DeliveryOutcome.FAILED
    assert "far: " not in note
    remote_files = server.files()
    assert {name: remote_files[name] for name in before} == before
    assert not {name for name in remote_files if name.endswith((".wav", ".json"))} - set(before)

    cut(server, middle, None)
    house.now += MOST_PAUSE
    assert run(house, server.delivery(), "fm") == [("Bulletin 2", DeliveryOutcome.SENT, "")]
    assert server.files()["fm.wav"] == (house.folder / "fm.wav").read_bytes()
    assert set(server.files()) == set(before)


@CUT_HERE
def test_the_rest_of_a_dead_upload_is_deleted_by_an_upload_of_another_name(
    house: House, server: Server, middle: Middle
) -> None:
    house.publish(1)
    run(house, server.delivery(names=NAMES), "fm")
    house.publish(2)
    cut(server, middle, CUT)
    run(house, server.delivery(names=NAMES), "fm")
    cut(server, middle, None)
    house.publish(3)

    assert run(house, server.delivery(names=NAMES), "fm")[-1] == ("Bulletin 3", DeliveryOutcome.SENT, "")
    assert set(server.files()) == {LIST, "news-10.wav", "news-10.json"}


@pytest.mark.parametrize(
    ("server", "way"),
    [
        ("ftp", "down"),
        ("ftp-plain", "down"),
        ("vsftpd", "down"),
        ("sftp", "up"),
        ("webdav", "up"),
        ("webdav", "down"),
        ("s3", "up"),
    ],
    indirect=["server"],
)
def test_a_dripping_connection_is_closed_at_the_time_limit(
    house: House, server: Server, middle: Middle, way: str
) -> None:
    house.publish(1)
    middle.drips_up, middle.drips_down = way == "up", way == "down"

    ((_, result, note),) = run(house, server.delivery(timeout_s=10.0, within_s=0.8), "fm")

    assert result is DeliveryOutcome.FAILED
    assert note.startswith("cut off after 1 s, because the connection or the server is too slow")
    assert not {name for name in server.files() if name.endswith((".wav", ".json"))}
    middle.drips_up = middle.drips_down = False
    house.now += MOST_PAUSE
    assert run(house, server.delivery(), "fm") == [("Bulletin 1", DeliveryOutcome.SENT, "")]
    assert set(server.files()) == {LIST, "fm.wav", "fm.json"}


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        ("reset", r"delivery far: .*the connection broke; is the server up"),
        ("close", r"delivery far: .*the connection broke; is the server up"),
        (
            "silence",
            r"delivery far: (.*no answer within 0\.4 s; is the server up|cut off after 1 s, because the connection or)",
        ),
    ],
)
def test_a_connection_that_ends_at_any_point_has_one_message_and_is_retried(
    server: Server, middle: Middle, ends: Literal["reset", "close", "silence"], message: str
) -> None:
    """For its library, an SSH connection that breaks during the login is a refused login."""
    server.delivery().check()
    all_bytes = middle.passed_down
    points = 9 if ends == "silence" else 25
    if isinstance(server, BucketServer):
        message = r"delivery far: "  # its library writes its own messages
    middle.ends = ends
    faults: list[DeliveryError] = []
    for point in range(points):
        middle.ends_after = all_bytes * point // points
        try:
            server.delivery(timeout_s=0.4 if ends == "silence" else 10.0).check()
        except DeliveryError as error:
            faults.append(error)

    assert not [str(fault) for fault in faults if not re.match(message, str(fault)) or fault.is_lasting]
    # some points are harmless: a second connection follows, or FTP ends with an answer that the client does not await
    assert len(faults) > points / 2
    middle.ends_after = None
    server.delivery().check()


@pytest.fixture
def full(server: Server) -> Iterator[None]:
    """A small server disk: the old bulletin fits, a second one does not."""
    if isinstance(server, BucketServer):
        pytest.skip("a bucket has no disk")
    command = ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(server.root)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small disk")
    server.root.chmod(0o755)
    yield
    subprocess.run(["umount", "-l", str(server.root)], check=True)


def test_a_full_server_disk_keeps_the_old_bulletin_and_takes_the_next_later(
    house: House, server: Server, full: None
) -> None:
    house.publish(1)
    run(house, server.delivery(), "fm")
    before = server.files()
    house.publish(2)

    ((_, result, note),) = run(house, server.delivery(), "fm")

    assert result is DeliveryOutcome.FAILED
    assert "room" in note or "full" in note
    remote_files = server.files()
    assert {name: remote_files[name] for name in before} == before
    subprocess.run(["mount", "-o", "remount,size=9m", str(server.root)], check=True)
    house.now += MOST_PAUSE
    assert run(house, server.delivery(), "fm") == [("Bulletin 2", DeliveryOutcome.SENT, "")]
    assert set(server.files()) == set(before)


@pytest.mark.parametrize("refusal", ["552 Quota exceeded.", "452 No space left."])
def test_a_full_ftp_server_keeps_the_old_bulletin_and_gets_the_missing_ones_later(
    house: House, tmp_path: Path, refusal: str
) -> None:
    house.audio_bytes = 10_000
    server = make_server("ftp", tmp_path)
    assert isinstance(server, FtpServer)
    server.start()
    try:
        house.publish(1)
        run(house, server.delivery(), "podcast")
        before = server.files()
        server.refusal = refusal
        for number in (2, 3):
            house.publish(number)
            ((title, result, note),) = run(house, server.delivery(), "podcast")
            assert (title, result) == ("Bulletin 2", DeliveryOutcome.FAILED)
            assert "is full" in note
            assert "free some space there" in note
        assert server.files() == before

        server.refusal = ""
        house.now += MOST_PAUSE
        results = [(title, result) for title, result, _ in run(house, server.delivery(), "podcast")]
        assert results == [("Bulletin 2", DeliveryOutcome.SENT), ("Bulletin 3", DeliveryOutcome.SENT)]
        assert {"demo-1.mp3", "demo-2.mp3", "demo-3.mp3"} <= set(server.files())
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("head", "message", "is_lasting"),
    [
        ("507 Insufficient Storage", "it is full: free some space there", False),
        ("413 Content Too Large", "it is full: free some space there", False),
        ("500 Internal Server Error", "Its own log says why", False),
        ("423 Locked", "Its own log says why", False),
        ("403 Forbidden", "correct user and password", True),
        ("409 Conflict", "make the folder that url names", True),
        (
            "301 Moved\r\nLocation: https://new.example/dav/",
            "it has moved to https://new.example; correct url",
            True,
        ),
    ],
)
def test_each_webdav_error_has_its_remedy(
    house: House, tmp_path: Path, head: str, message: str, is_lasting: bool
) -> None:
    server = make_server("webdav", tmp_path)
    server.start()
    try:
        with Middle(server.port) as middle:
            server.stand_behind(middle.port)
            middle.answer = f"HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
            house.publish(1)
            ((_, result, note),) = run(house, server.delivery(), "fm")
            assert result is DeliveryOutcome.FAILED
            assert message in note
            (piece,) = house.sender(server.delivery()).outbox.waiting("demo", "far")
            assert (piece.next_try_at - house.now == LASTING_PAUSE) == is_lasting

            middle.answer = None
            house.now += LASTING_PAUSE
            assert run(house, server.delivery(), "fm") == [("Bulletin 1", DeliveryOutcome.SENT, "")]
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("code", "body", "message"),
    [
        (507, b"", "is full"),
        (403, b"QuotaExceeded", "is full"),
        (403, b"XMinioStorageFull", "is full"),
        (403, b"AccessDenied: Cannot upload files, storage cap exceeded.", "is full"),
        (503, b"SlowDown", "is the server up, is the bucket full"),
    ],
)
def test_a_full_bucket_is_reported_and_retried(
    house: House, tmp_path: Path, code: int, body: bytes, message: str
) -> None:
    """Some services report "full" with the code of a refused key, for which the retry delay is half an hour."""
    server = make_server("s3", tmp_path)
    server.start()
    try:
        with Middle(server.port) as middle:
            server.stand_behind(middle.port)
            body = b"<Error><Code>%s</Code></Error>" % body
            middle.answer = b"HTTP/1.1 %d No\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (
                code, len(body), body
            )  # fmt: skip
            house.publish(1)
            ((_, result, note),) = run(house, server.delivery(), "fm")
            assert result is DeliveryOutcome.FAILED
            assert f"{code}" in note
            assert message in note

            middle.answer = None
            house.now += FIRST_PAUSE
            assert run(house, server.delivery(), "fm") == [("Bulletin 1", DeliveryOutcome.SENT, "")]
    finally:
        server.stop()

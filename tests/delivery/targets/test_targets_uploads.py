"""Contract of all upload targets, tested with real servers of other projects."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.delivery.delivery_interface import PART_SUFFIX
from bulletin.delivery.delivery_result import DeliveryOutcome
from bulletin.errors import DeliveryError, LateDeliveryError
from bulletin.runtime.backoff import LASTING_PAUSE, MOST_PAUSE
from tests.support.delivery_servers.base import Server
from tests.support.delivery_servers.bucket import BucketServer
from tests.support.delivery_servers.ftp import FtpServer
from tests.support.delivery_servers.make import make_server
from tests.support.delivery_servers.ssh import SshServer
from tests.support.public_station import HOUR, House

pytestmark = [
    pytest.mark.clients,
    # warnings of third-party servers, which leave sockets open and call deprecated functions
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
LIST = "bulletin-files.json"


def run(house: House, delivery: object, rendition: str = "site") -> list[tuple[str, DeliveryOutcome, str]]:
    sender = house.sender(delivery, rendition=rendition)
    sender.note()
    return [(sent.title, sent.result, sent.note) for sent in sender.send()]


def local(house: House) -> dict[str, bytes]:
    return {
        path.relative_to(house.folder).as_posix(): path.read_bytes()
        for path in house.folder.rglob("*")
        if path.is_file()
    }


def test_the_complete_site_is_uploaded_and_kept_up_to_date(house: House, server: Server) -> None:
    (house.folder / "stories").mkdir()
    (house.folder / "stories" / "ä b&c.json").write_text("{}")
    server.delivery().check()
    for number in (1, 2):
        house.publish(number)
        assert run(house, server.delivery()) == [(f"Bulletin {number}", DeliveryOutcome.SENT, "")]
    episode = house.archive.episodes("demo")[0]
    house.podcast.withdraw(episode.guid)
    run(house, server.delivery())

    remote_files = server.files()
    listed = json.loads(remote_files.pop(LIST))
    assert remote_files == local(house)
    assert "demo-2.mp3" not in remote_files
    assert (listed["station"], set(listed["files"])) == ("demo", set(remote_files))


def test_only_changed_files_are_uploaded(
    house: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.publish(1)
    run(house, server.delivery())
    house.publish(2)
    delivery = server.delivery()
    uploaded_names: list[str] = []
    with delivery._open() as (_, far):
        kind = type(far)
    before = kind.put
    monkeypatch.setattr(
        kind, "put", lambda self, name, source: (uploaded_names.append(name), before(self, name, source))
    )

    run(house, delivery)

    assert "demo-1.mp3" not in uploaded_names
    assert uploaded_names[0] == "demo-2.mp3"
    assert uploaded_names[-2:] == ["feed.xml", LIST]


def test_a_server_that_was_down_gets_all_files_when_it_is_up(house: House, server: Server) -> None:
    house.publish(1)
    run(house, server.delivery())
    server.stop()
    house.publish(2)
    ((title, result, note),) = run(house, server.delivery(timeout_s=2.0))
    assert (title, result) == ("Bulletin 2", DeliveryOutcome.FAILED)
    assert "far: " not in note
    assert "is the server up" in note
    house.publish(3)
    run(house, server.delivery(timeout_s=2.0))

    server.start()
    house.now += MOST_PAUSE
    assert run(house, server.delivery())[-1][1] is DeliveryOutcome.SENT
    there = server.files()
    assert {name: there[name] for name in local(house)} == local(house)


def test_a_server_down_for_an_hour_gets_every_episode_in_order(house: House, server: Server) -> None:
    house.publish(1)
    run(house, server.delivery(), "podcast")
    server.stop()
    for number in (2, 3, 4):
        house.publish(number)
        assert {result for _, result, _ in run(house, server.delivery(timeout_s=2.0), "podcast")} == {
            DeliveryOutcome.FAILED
        }
    server.start()
    house.now += MOST_PAUSE

    results = run(house, server.delivery(), "podcast")

    assert [(title, result) for title, result, _ in results] == [
        (f"Bulletin {n}", DeliveryOutcome.SENT) for n in (2, 3, 4)
    ]
    sounds = {name: data for name, data in server.files().items() if name.endswith(".mp3")}
    assert sounds == {f"demo-{n}.mp3": (house.folder / f"demo-{n}.mp3").read_bytes() for n in (1, 2, 3, 4)}

    server.stop()
    house.publish(5)
    run(house, server.delivery(timeout_s=2.0), "podcast")
    for _ in range(8):
        house.now += 3 * HOUR
        ((title, result, note),) = run(house, server.delivery(timeout_s=2.0), "podcast")
    assert (title, result) == ("Bulletin 5", DeliveryOutcome.GIVEN_UP)
    assert note.startswith("given up after 9 tries: ")
    server.start()


def test_a_refused_login_is_reported_and_retried_late(house: House, server: Server) -> None:
    if isinstance(server, BucketServer):
        pytest.skip("moto takes every key")
    house.publish(1)

    ((_, result, note),) = run(house, server.stranger())

    assert result is DeliveryOutcome.FAILED
    assert "correct user" in note
    assert "let-me-in" not in note
    assert "wrong" not in note.replace("wrong password", "")
    (piece,) = house.sender(server.stranger(), rendition="site").outbox.waiting("demo", "far")
    assert piece.next_try_at - house.now == LASTING_PAUSE


def test_another_stations_folder_is_left_alone(house: House, server: Server, tmp_path: Path) -> None:
    house.publish(1)
    run(house, server.delivery())
    before = server.files()
    other = House(tmp_path, house.archive, station="hill")
    other.publish(1)

    ((_, result, note),) = run(other, server.delivery())

    assert result is DeliveryOutcome.FAILED
    assert 'belongs to the station "demo"' in note
    assert server.files() == before


def test_the_playout_file_has_its_own_name_and_can_be_withdrawn(house: House, server: Server) -> None:
    delivery = server.delivery(names=("news-{slot:%H}",))
    house.publish(1)
    first = house.shelf.list_published("fm")[0]
    run(house, delivery, "fm")
    house.publish(2)
    run(house, delivery, "fm")
    assert set(server.files()) == {LIST, "news-08.wav", "news-08.json", "news-09.wav", "news-09.json"}

    sender = house.sender(delivery, rendition="fm")
    sender.take_back([first.guid])
    sender.send()
    assert set(server.files()) == {LIST, "news-09.wav", "news-09.json"}

    house.publish(12)  # files that have expired by then are deleted
    run(house, delivery, "fm")
    assert set(server.files()) == {LIST, "news-19.wav", "news-19.json"}


def test_an_interrupted_upload_leaves_the_old_file_complete(house: House, tmp_path: Path) -> None:
    server = make_server("ftp", tmp_path)
    assert isinstance(server, FtpServer)
    house.audio_bytes = 3_000_000
    server.start()
    try:
        house.publish(1)
        run(house, server.delivery(), "fm")
        before = server.files()["fm.wav"]
        house.publish(2)
        server.cut_after = 100_000
        ((_, result, _),) = run(house, server.delivery(), "fm")
        assert result is DeliveryOutcome.FAILED
        assert server.files()["fm.wav"] == before

        server.cut_after = None
        house.now += MOST_PAUSE
        assert run(house, server.delivery(), "fm") == [("Bulletin 2", DeliveryOutcome.SENT, "")]
        assert server.files()["fm.wav"] == (house.folder / "fm.wav").read_bytes()
        assert not [name for name in server.files() if "part" in name]
    finally:
        server.stop()


def test_a_server_with_a_changed_host_key_gets_no_files(house: House, tmp_path: Path) -> None:
    server = make_server("sftp", tmp_path)
    assert isinstance(server, SshServer)
    server.start()
    try:
        house.publish(1)
        run(house, server.delivery(), "fm")
        before = server.files()
        server.change_key()
        house.publish(2)

        ((_, result, note),) = run(house, server.delivery(), "fm")

        assert result is DeliveryOutcome.FAILED
        assert "host key has CHANGED" in note
        assert "delete lines 1, 2 of that file, and `bulletin check` shows how to add the new key" in note
        assert server.files() == before
        server.write_known_hosts()
        house.now += LASTING_PAUSE
        assert run(house, server.delivery(), "fm") == [("Bulletin 2", DeliveryOutcome.SENT, "")]
        with pytest.raises(DeliveryError, match=r"does not exist\. It shows ssh-ed25519 SHA256:"):
            server.delivery(known_hosts=str(tmp_path / "none")).check()
    finally:
        server.stop()


def test_bucket_files_have_a_content_type_and_a_cache_time(house: House, tmp_path: Path) -> None:
    server = make_server("s3", tmp_path)
    assert isinstance(server, BucketServer)
    server.start()
    try:
        house.publish(1)
        run(house, server.delivery())
        assert server.headers("demo-1.mp3")["type"] == "audio/mpeg"
        assert "immutable" in server.headers("demo-1.mp3")["cache"]
        assert server.headers("feed.xml")["cache"] == "public, max-age=60"
        assert server.headers("latest.mp3")["cache"] == "public, max-age=60"
        with pytest.raises(DeliveryError, match="correct bucket") as caught:
            server.delivery(bucket="none").check()
        assert caught.value.is_lasting
    finally:
        server.stop()


def test_a_late_worker_does_not_replace_the_newer_bulletin(house: House, server: Server) -> None:
    house.publish(1)
    late = replace(house.parcel("fm"), confirm=refuse_late)
    house.publish(2)
    newer = house.parcel("fm")
    server.delivery().publish(newer)
    before = server.files()

    with pytest.raises(LateDeliveryError, match="another worker"):
        server.delivery().publish(late)
    with pytest.raises(LateDeliveryError, match="another worker"):
        server.delivery().withdraw(replace(newer, confirm=refuse_late))

    whole = {name: data for name, data in server.files().items() if not name.endswith(PART_SUFFIX)}
    assert whole == before
    assert before["fm.wav"] == newer.items[0].path.read_bytes()


def refuse_late() -> None:
    raise LateDeliveryError("another worker has this delivery by now")

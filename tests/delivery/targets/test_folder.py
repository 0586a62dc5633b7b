"""Playout folder, as the playout reads it."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.delivery.delivery_interface import BUILTIN, Delivery
from bulletin.delivery.targets.folder import PlayoutFolder
from bulletin.errors import ConfigError, DeliveryError, LateDeliveryError
from bulletin.runtime.find_plugins import find_part
from tests.support.public_station import HOUR, House


class Playout:
    """A published station, the folder of its playout, and the delivery between them."""

    def __init__(self, house: House, path: Path) -> None:
        self.house, self.path = house, path
        path.mkdir()

    def delivery(self, **changes: object) -> PlayoutFolder:
        options = {"name": "playout", "path": str(self.path), "clock": lambda: self.house.now}
        return PlayoutFolder(**(options | changes))

    def bring(self, number: int, *, title: str = "", suffix: str = ".wav", **changes: object) -> None:
        self.house.publish(number, title=title, suffix=suffix)
        self.delivery(**changes).publish(self.house.parcel())

    def names(self) -> set[str]:
        return {path.name for path in self.path.iterdir()}

    def side_file(self, name: str = "demo.json") -> dict[str, object]:
        return json.loads((self.path / name).read_text("utf-8"))


@pytest.fixture
def playout(tmp_path: Path) -> Iterator[Playout]:
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as archive:
        yield Playout(House(tmp_path, archive), tmp_path / "playout")


def test_the_playout_folder_is_a_built_in_delivery(playout: Playout) -> None:
    assert find_part("deliveries", "folder", BUILTIN) is PlayoutFolder
    delivery: Delivery = playout.delivery()

    delivery.check()
    assert playout.names() == set()


def test_the_newest_bulletin_has_a_fixed_name_and_a_side_file(playout: Playout) -> None:
    playout.bring(1)
    playout.bring(2)

    data = (playout.path / "demo.wav").read_bytes()
    assert playout.names() == {"demo.wav", "demo.json"}
    side_file = playout.side_file()
    assert (side_file["title"], side_file["sha256"], side_file["bytes"]) == (
        "Bulletin 2",
        sha256(data).hexdigest(),
        len(data),
    )
    assert side_file["due"] == "2026-11-24T09:00:00+00:00"
    assert side_file["valid_until"] == "2026-11-24T11:00:00+00:00"
    assert side_file["duration_s"] == 30.0


def test_names_follow_the_hour_and_the_weekday(playout: Playout) -> None:
    carts = (1001, 1002, 1003, 1004, 1005, 1006, 1007)
    playout.bring(1, names=("{station}-{slot:%H%M}", "{cart}_{title}", "news"), carts=carts)

    # a Tuesday in winter: London's time is UTC
    sounds = {name for name in playout.names() if name.endswith(".wav")}
    assert sounds == {"demo-0800.wav", "001002_Bulletin 1.wav", "news.wav"}


def test_yesterdays_file_does_not_keep_the_name_of_todays_hour(playout: Playout) -> None:
    names = ("{station}-{slot:%H%M}", "news")
    playout.bring(1, names=names)
    playout.bring(2, names=names)
    assert "demo-0800.wav" in playout.names()

    playout.bring(9, names=names)

    assert {name for name in playout.names() if name.endswith(".wav")} == {"demo-1600.wav", "news.wav"}


def test_the_same_bulletin_again_touches_nothing(playout: Playout) -> None:
    playout.bring(1)
    for name in playout.names():
        os.utime(playout.path / name, (1_700_000_000, 1_700_000_000))

    playout.delivery().publish(playout.house.parcel())

    assert {path.stat().st_mtime for path in playout.path.iterdir()} == {1_700_000_000}


@pytest.mark.slow
def test_a_poller_never_reads_an_incomplete_file(tmp_path: Path) -> None:
    with Archive.open(tmp_path / ".bulletin" / "archive.sqlite") as archive:
        house = House(tmp_path, archive, audio_bytes=2_000_000)
        playout = Playout(house, tmp_path / "playout")
        playout.bring(1)
        complete_files = {(house.mixed / "fm-1.wav").read_bytes()}
        parcels = []
        for number in range(2, 6):
            house.publish(number)
            parcels.append(house.parcel())
            complete_files.add((house.mixed / f"fm-{number}.wav").read_bytes())
        files_read, names_listed, done = set(), set(), threading.Event()

        def poll() -> None:
            while not done.is_set():
                files_read.add((playout.path / "demo.wav").read_bytes())
                names_listed.update(path.name for path in playout.path.glob("*.wav"))

        reader = threading.Thread(target=poll)
        reader.start()
        for parcel in parcels:
            playout.delivery().publish(parcel)
        done.set()
        reader.join()

    assert files_read <= complete_files
    assert names_listed == {"demo.wav"}


def test_a_share_that_is_not_mounted_is_not_filled_underneath(playout: Playout) -> None:
    playout.house.publish(1)
    missing = str(playout.path / "share")

    with pytest.raises(DeliveryError, match=r"playout: .*share does not exist; mount the share"):
        playout.delivery(path=missing).publish(playout.house.parcel())
    assert not Path(missing).exists()


def test_a_disk_that_is_full_leaves_the_last_bulletin(
    playout: Playout, monkeypatch: pytest.MonkeyPatch
) -> None:
    playout.bring(1)
    before = (playout.path / "demo.wav").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    playout.house.publish(2)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DeliveryError, match="free some space"):
        playout.delivery().publish(playout.house.parcel())

    assert (playout.path / "demo.wav").read_bytes() == before
    assert playout.names() == {"demo.wav", "demo.json"}


def test_another_stations_file_is_kept_until_it_expires(playout: Playout, tmp_path: Path) -> None:
    playout.bring(1, names=("news",))
    other = House(tmp_path, playout.house.archive, station="hill")
    other.publish(1)
    delivery = playout.delivery(names=("news",))

    with pytest.raises(DeliveryError, match='belongs to the station "demo"; give one of the two') as caught:
        delivery.publish(other.parcel())
    assert caught.value.is_lasting
    assert playout.side_file("news.json")["station"] == "demo"

    playout.house.now += 3 * HOUR  # a renamed station takes over its old file name once that file has expired
    other.publish(4)
    delivery.publish(other.parcel())
    assert playout.side_file("news.json")["station"] == "hill"


def test_two_stations_may_share_a_folder_under_different_names(playout: Playout, tmp_path: Path) -> None:
    playout.bring(1)
    other = House(tmp_path, playout.house.archive, station="hill")
    other.publish(1)
    playout.delivery().publish(other.parcel())

    assert playout.names() == {"demo.wav", "demo.json", "hill.wav", "hill.json"}


def test_a_withdrawn_bulletin_is_deleted_under_every_name(playout: Playout) -> None:
    names = ("{station}-{slot:%H%M}", "news")
    playout.bring(1, names=names)
    first = playout.house.shelf.list_published("fm")[0]
    playout.bring(2, names=names)
    farewell = playout.house.shelf.empty_parcel("fm", first.guid, title=first.title, due=first.due)

    playout.delivery(names=names).withdraw(farewell)

    assert {name for name in playout.names() if name.endswith(".wav")} == {"demo-0900.wav", "news.wav"}


def test_a_withdrawn_bulletin_without_side_file_is_found_by_its_hash(playout: Playout) -> None:
    playout.bring(1, side_file=False)
    first = playout.house.shelf.list_published("fm")[0]
    assert playout.names() == {"demo.wav"}

    playout.delivery(side_file=False).withdraw(
        playout.house.shelf.empty_parcel("fm", first.guid, title=first.title, due=first.due)
    )

    assert playout.names() == set()


def test_a_station_that_goes_from_wav_to_mp3_leaves_no_stale_sound(playout: Playout) -> None:
    (playout.path / "demo.flac").write_bytes(b"somebody else's")
    playout.bring(1)
    playout.bring(2, suffix=".mp3")

    assert playout.names() == {"demo.mp3", "demo.json", "demo.flac"}


def test_a_hostile_title_is_neither_a_path_nor_a_wildcard(playout: Playout) -> None:
    playout.bring(1, title='../../etc/<b>"passwd"</b>\n*?|%n_%t', names=("{title}",))

    assert {name for name in playout.names() if name.endswith(".wav")} == {"etc b passwd b n t.wav"}


def test_rivendell_reads_its_fields_out_of_the_name(playout: Playout) -> None:
    """rdimport --metadata-pattern: a field ends at the next literal, so no value may contain that literal."""
    name_ = "{cart}_{title}_{slot:%Y-%m-%d}_{slot:%H:%M:%S}_{until:%Y-%m-%d}_{until:%H:%M:%S}"
    title = "7am news_Tuesday. 24 November"
    playout.bring(1, title=title, names=(name_,), carts=(1042,))

    (name,) = (name for name in playout.names() if name.endswith(".wav"))
    fields = read_by_pattern("%n_%t_%q_%k_%Q_%K.wav", name)
    assert fields == {
        "n": "001042",
        "t": "7am news Tuesday 24 November",
        "q": "2026-11-24",
        "k": "08:00:00",
        "Q": "2026-11-24",
        "K": "10:00:00",
    }
    assert 1 <= int(fields["n"]) <= 999_999


@pytest.mark.parametrize(
    ("names", "carts", "message"),
    [
        (("{stattion}",), (), "unknown field {stattion}"),
        (("{cart}",), (), "needs carts"),
        (("a/b",), (), "is empty or has one of"),
        (("{slot:%H/%M}",), (), "is empty or has one of"),
        (("{",), (), "write for instance"),
        (("x",), (1, 2), "seven from Monday"),
        (("x",), (1_000_000,), "from 1 to 999999"),
    ],
)
def test_a_wrong_name_pattern_is_an_error(
    playout: Playout, names: tuple[str, ...], carts: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        playout.delivery(names=names, carts=carts)


def test_parts_of_dead_runs_are_swept(playout: Playout) -> None:
    dead = playout.path / ".demo.wav.0123456789ab.bulletin-part"
    dead.write_bytes(b"half")
    long_ago = (playout.house.now - timedelta(days=1)).timestamp()
    os.utime(dead, (long_ago, long_ago))

    playout.bring(1)

    assert playout.names() == {"demo.wav", "demo.json"}


def read_by_pattern(pattern: str, name: str) -> dict[str, str]:
    """Left to right: a field takes everything up to the next literal character of the pattern."""
    fields: dict[str, str] = {}
    at, index = 0, 0
    while index < len(pattern):
        if pattern[index] == "%":
            field, literal = pattern[index + 1], pattern[index + 2 : index + 3]
            end = name.index(literal, at) if literal else len(name)
            fields[field], at = name[at:end], end
            index += 2
        else:
            assert name[at] == pattern[index]
            at, index = at + 1, index + 1
    assert at == len(name)
    return fields


def test_a_late_worker_does_not_replace_the_newer_bulletin(playout: Playout) -> None:
    def refuse() -> None:
        raise LateDeliveryError("another worker has this delivery by now")

    playout.house.publish(1)
    late = replace(playout.house.parcel(), confirm=refuse)
    playout.bring(2)
    before = {path.name: path.read_bytes() for path in playout.path.iterdir()}

    with pytest.raises(DeliveryError, match="another worker"):
        playout.delivery().publish(late)

    assert {path.name: path.read_bytes() for path in playout.path.iterdir()} == before

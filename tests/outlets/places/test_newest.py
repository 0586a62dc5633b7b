"""One file under a name that stays, as a playout sees it."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bulletin.errors import OutletError
from bulletin.model import Bulletin
from bulletin.outlets.outlet import BUILTIN, Outlet
from bulletin.outlets.places.newest import Newest
from bulletin.plugins import find_part
from tests.factories import NOW, make_bulletin, make_script, make_words

HOUR = timedelta(hours=1)


class Desk:
    """A public folder, a room where bulletins are mixed, and a clock."""

    def __init__(self, path: Path) -> None:
        self.folder = path / "public"
        self.mixed = path / "mixed"
        self.mixed.mkdir()
        self.now = NOW

    def outlet(self, **changes: object) -> Newest:
        given = {"folder": self.folder, "station": make_words(), "kind": "fm", "clock": lambda: self.now}
        return Newest(**(given | changes))

    def bulletin(self, number: int = 1, *, suffix: str = ".wav", size: int = 1_000) -> Bulletin:
        path = self.mixed / f"bulletin-{number}{suffix}"
        path.write_bytes(f"sound {number:5d} ".encode() * size)
        made = make_bulletin(path, make_script(title=f"Bulletin {number}", at=NOW + number * HOUR))
        sound = replace(made.renditions[0], kind="fm", media_type="audio/wav", loudness_lufs=-23.004)
        return replace(made, renditions=(made.renditions[0], sound))

    def publish(self, number: int = 1, **changes: object):
        self.now = NOW + number * HOUR - timedelta(minutes=2)
        return self.outlet(**changes).publish(self.bulletin(number))

    def about(self, name: str = "fm.json") -> dict[str, object]:
        return json.loads((self.folder / name).read_text("utf-8"))

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


def test_it_is_found_by_name():
    part = find_part("outlets", "newest", BUILTIN)

    assert part is Newest


def test_it_is_an_outlet(desk):
    outlet: Outlet = desk.outlet()

    outlet.check()
    assert outlet.name == "fm"
    assert desk.names() == set()


def test_the_newest_bulletin_lies_under_a_name_that_stays(desk):
    episode = desk.publish(1)
    desk.publish(2)

    assert desk.names() == {"fm.wav", "fm.json"}
    assert (desk.folder / "fm.wav").read_bytes().startswith(b"sound     2 ")
    assert episode.outlet == "fm"
    assert episode.places == {"audio": desk.folder / "fm.wav", "about": desk.folder / "fm.json"}


def test_the_side_file_tells_what_it_is(desk):
    episode = desk.publish(1)

    data = (desk.folder / "fm.wav").read_bytes()
    assert desk.about() == {
        "station": "demo",
        "kind": "fm",
        "title": "Bulletin 1",
        "guid": f"demo-fm-20261124T0800Z-{sha256(data).hexdigest()[:12]}",
        "audio": "fm.wav",
        "media_type": "audio/wav",
        "made": "2026-11-24T07:58:00+00:00",
        "due": "2026-11-24T08:00:00+00:00",
        "valid_until": "2026-11-24T10:00:00+00:00",
        "level": "fresh",
        "duration_s": 30.0,
        "loudness_lufs": -23.0,
        "true_peak_dbtp": -1.8,
        "bytes": len(data),
        "sha256": sha256(data).hexdigest(),
    }
    assert episode.guid == desk.about()["guid"]


def test_how_long_it_is_valid_is_the_stations_to_say(desk):
    desk.publish(1, valid_min=60)

    assert desk.about()["valid_until"] == "2026-11-24T09:00:00+00:00"


def test_the_same_bulletin_again_touches_nothing(desk):
    first = desk.publish(1)
    long_ago = 1_700_000_000
    for name in desk.names():
        os.utime(desk.folder / name, (long_ago, long_ago))

    desk.now += timedelta(minutes=10)
    again = desk.outlet().publish(desk.bulletin(1))

    assert again == first
    assert {(desk.folder / name).stat().st_mtime for name in desk.names()} == {long_ago}


def test_a_new_bulletin_has_a_new_time_of_modification(desk):
    desk.publish(1)
    os.utime(desk.folder / "fm.wav", (1_700_000_000, 1_700_000_000))

    desk.publish(2)

    assert (desk.folder / "fm.wav").stat().st_mtime > 1_700_000_000


def test_an_earlier_hour_never_replaces_a_later_one(desk):
    desk.publish(5)

    desk.outlet().publish(desk.bulletin(3))

    assert desk.about()["title"] == "Bulletin 5"
    assert (desk.folder / "fm.wav").read_bytes().startswith(b"sound     5 ")


def test_a_later_hour_of_a_clock_that_was_set_back_is_replaced(desk):
    desk.publish(5)

    desk.publish(4)

    assert desk.about()["title"] == "Bulletin 4"


@pytest.mark.parametrize(("back_s", "title"), [(20, "Bulletin 5"), (90, "Bulletin 4")])
def test_clocks_that_differ_by_seconds_are_not_set_back(desk, back_s, title):
    """What lies there was made when the clock showed so many seconds more."""
    desk.publish(5)
    desk.now -= timedelta(seconds=back_s)

    desk.outlet().publish(desk.bulletin(4))

    assert desk.about()["title"] == title


def test_a_correction_for_the_same_hour_does(desk):
    desk.publish(5)
    corrected = desk.bulletin(5, size=500)

    desk.outlet().publish(corrected)

    assert (desk.folder / "fm.wav").stat().st_size == 500 * len("sound     5 ")


def test_another_format_leaves_no_stale_file(desk):
    desk.publish(1)

    desk.outlet().publish(desk.bulletin(2, suffix=".mp3"))

    assert desk.names() == {"fm.mp3", "fm.json"}
    assert desk.about()["audio"] == "fm.mp3"


def test_the_file_may_have_another_name(desk):
    desk.publish(1, file_name="NEWS.WAV")

    assert desk.names() == {"NEWS.WAV", "NEWS.json"}


def test_files_of_others_are_left_alone(desk):
    desk.folder.mkdir()
    for name in ("fmx.wav", "fm.txt", "latest.mp3", "fm-2.wav"):
        (desk.folder / name).write_text("other")

    guid = desk.publish(1).guid
    desk.outlet().withdraw(guid)

    assert desk.names() == {"fmx.wav", "fm.txt", "latest.mp3", "fm-2.wav"}


def test_withdrawing_removes_it(desk):
    guid = desk.publish(1).guid

    desk.outlet().withdraw(guid)
    desk.outlet().withdraw(guid)

    assert desk.names() == set()


def test_withdrawing_another_bulletin_leaves_it(desk):
    old = desk.publish(1).guid
    desk.publish(2)

    for guid in (old, "", "demo-20261124T0800Z-0123456789ab", "fm"):
        desk.outlet().withdraw(guid)

    assert desk.names() == {"fm.wav", "fm.json"}


def test_withdrawing_finds_what_a_run_left_that_died(desk):
    """The sound was in place, the side file still told of the hour before."""
    desk.publish(1)
    before = (desk.folder / "fm.json").read_bytes()
    guid = desk.publish(2).guid
    (desk.folder / "fm.json").write_bytes(before)

    desk.outlet().withdraw(guid)

    assert desk.names() == set()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"due": 7, "guid": null, "audio": 5}'])
def test_a_broken_side_file_is_written_anew(desk, content):
    desk.folder.mkdir()
    (desk.folder / "fm.json").write_bytes(content)

    desk.publish(1)

    assert desk.about()["title"] == "Bulletin 1"


def test_a_bulletin_without_the_rendition_is_an_error(desk):
    with pytest.raises(OutletError, match="no speaker rendition"):
        desk.outlet(kind="speaker").publish(desk.bulletin())


def test_a_sound_that_is_gone_is_an_error_and_the_old_one_stays(desk):
    desk.publish(1)
    bulletin = desk.bulletin(2)
    bulletin.renditions[1].path.unlink()

    with pytest.raises(OutletError, match="make it again"):
        desk.outlet().publish(bulletin)

    assert desk.about()["title"] == "Bulletin 1"


def test_no_room_is_told_before_anything_changes(desk, monkeypatch):
    desk.publish(1)
    usage = type("Usage", (), {"free": 10_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)

    with pytest.raises(OutletError, match=r"0.0 MB are free"):
        desk.publish(2)

    assert desk.about()["title"] == "Bulletin 1"


def test_whoever_polls_never_gets_a_torn_file(desk):
    """A reader in a thread of its own, over sixty bulletins: each copy is one whole bulletin."""
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
        desk.outlet().publish(desk.bulletin(number, size=20_000))
    is_over.set()
    reader.join()

    assert torn == []
    assert len(seen) > 1


def test_times_are_told_in_utc(desk):
    desk.publish(1)

    for name in ("made", "due", "valid_until"):
        assert datetime.fromisoformat(str(desk.about()[name])).utcoffset() == timedelta(0)


# -- smart speakers

SPEAKER = {"kind": "speaker", "flash_at": "https://news.example/demo/"}


def speak(desk: Desk, number: int = 1, *, duration_s: float = 30.0):
    """A bulletin for smart speakers, of its own hour."""
    desk.now = NOW + number * HOUR
    made = desk.bulletin(number, suffix=".mp3")
    sound = replace(made.renditions[1], kind="speaker", media_type="audio/mpeg", duration_s=duration_s)
    return desk.outlet(**SPEAKER).publish(replace(made, renditions=(sound,)))


def test_the_flash_briefing_tells_of_the_file_beside_it(desk: Desk) -> None:
    episode = speak(desk)

    flash = desk.about("flash.json")
    assert flash["uid"].endswith(episode.guid)
    assert flash["streamUrl"] == "https://news.example/demo/speaker.mp3"
    assert desk.names() == {"speaker.mp3", "speaker.json", "flash.json"}


def test_each_bulletin_is_a_new_item_and_the_same_one_the_same(desk: Desk) -> None:
    speak(desk)
    first = (desk.folder / "flash.json").read_bytes()

    speak(desk)
    again = (desk.folder / "flash.json").read_bytes()
    speak(desk, 2)

    assert again == first
    assert (desk.folder / "flash.json").read_bytes() != first


def test_a_bulletin_that_alexa_refuses_leaves_no_item_of_another(desk: Desk) -> None:
    speak(desk)

    speak(desk, 2, duration_s=700.0)

    assert desk.names() == {"speaker.mp3", "speaker.json"}


def test_a_withdrawn_bulletin_takes_its_item_with_it(desk: Desk) -> None:
    episode = speak(desk)

    desk.outlet(**SPEAKER).withdraw(episode.guid)

    assert desk.names() == set()

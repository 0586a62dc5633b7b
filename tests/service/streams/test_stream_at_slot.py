"""Streaming at a slot: on time, valid bulletins only, with some patience for late ones."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.config.tables.stream_options import stream_kind
from bulletin.errors import ConfigError
from bulletin.model import Level
from bulletin.service.streams.stream_at_slot import (
    Clock,
    ReadyBulletin,
    air_at,
    describe_sent,
    find_ready,
    next_slot,
    next_time,
    take_file,
)
from bulletin.streaming.stream_interface import StreamError, StreamItem, StreamSent

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Turned:
    """Clock that moves only by sleeping."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def clock(self) -> Clock:
        return Clock(now=lambda: self.at, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Receiver:
    """Stream that records each item and its time."""

    def __init__(self, turned: Turned) -> None:
        self.taken: list[tuple[datetime, StreamItem]] = []
        self._turned = turned

    def check(self) -> None: ...

    def send(self, item: StreamItem) -> StreamSent:
        self.taken.append((self._turned.at, item))
        return StreamSent(duration_s=30.0)


def put(folder: Path, **changes: Any) -> Path:
    folder.mkdir(exist_ok=True)
    data = b"sound"
    (folder / "fm.mp3").write_bytes(data)
    side_file = {
        "title": "Wex FM News",
        "audio": "fm.mp3",
        "due": NINE.isoformat(),
        "valid_until": (NINE + 60 * MINUTE).isoformat(),
        "level": "fresh",
        "duration_s": 30.0,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (folder / "fm.json").write_text(json.dumps(side_file | changes), encoding="utf-8")
    return folder


def profile(folder: Path, text: str) -> LoadedProfile:
    path = folder / "wex.toml"
    path.write_text(f'name = "Wex FM"\ntime_zone = "Europe/London"\n{text}', encoding="utf-8")
    return load_profile(str(path))


def test_a_ready_bulletin_is_sent_exactly_on_time(tmp_path: Path) -> None:
    turned, folder = Turned(NINE - 47 * MINUTE), put(tmp_path)
    receiver = Receiver(turned)

    ready, sent = air_at(
        receiver, lambda: find_ready(folder, "fm", at=NINE), due=NINE, late=MINUTE, clock=turned.clock()
    )

    ((at, item),) = receiver.taken
    assert at == NINE
    assert (item.data, item.title) == (b"sound", "Wex FM News")
    assert (ready.level, ready.duration_s) == (Level.FRESH, 30.0)
    assert describe_sent(sent) == "sent whole and on time"


def test_a_late_bulletin_is_awaited_for_a_limited_time(tmp_path: Path) -> None:
    for comes_s, is_sent in ((20, True), (90, False)):
        turned = Turned(NINE - MINUTE)
        receiver = Receiver(turned)

        def find(turned: Turned = turned, comes_s: int = comes_s) -> ReadyBulletin:
            if turned.at < NINE + timedelta(seconds=comes_s):
                raise StreamError("nothing valid")
            return find_ready(put(tmp_path), "fm", at=NINE)

        if is_sent:
            air_at(receiver, find, due=NINE, late=MINUTE, clock=turned.clock())
            assert NINE + 20 / 60 * MINUTE <= receiver.taken[0][0] <= NINE + 22 / 60 * MINUTE
        else:
            with pytest.raises(StreamError, match="nothing valid"):
                air_at(receiver, find, due=NINE, late=MINUTE, clock=turned.clock())
            assert not receiver.taken
            assert turned.at <= NINE + 62 / 60 * MINUTE


@pytest.mark.parametrize(
    ("changes", "at", "message"),
    [
        ({}, NINE + 60 * MINUTE, r"no bulletin for 10:00 UTC, only that of 24 Nov 09:00"),
        ({"due": (NINE + 30 * MINUTE).isoformat()}, NINE, "no bulletin for 09:00 UTC"),
        ({"sha256": "0" * 64}, NINE, r"fm\.mp3: is not the file that fm\.json describes"),
        ({"audio": "../../etc/passwd"}, NINE, "passwd: the sound file cannot be read"),
        ({"due": None}, NINE, r"fm\.json: is damaged"),
        ({"due": "2026-11-24T09:00:00"}, NINE, r"fm\.json: is damaged"),
        ({"level": "superb"}, NINE, r"fm\.json: is damaged"),
    ],
)
def test_an_invalid_bulletin_is_not_sent(
    changes: dict[str, Any], at: datetime, message: str, tmp_path: Path
) -> None:
    with pytest.raises(StreamError, match=message) as caught:
        find_ready(put(tmp_path, **changes), "fm", at=at)
    assert caught.value.exit_code == 7


@pytest.mark.parametrize("side", [None, b"{", b"[" * 100_000, b"[1]", b"\xff"])
def test_a_missing_or_broken_side_file_is_named(side: bytes | None, tmp_path: Path) -> None:
    if side is not None:
        (tmp_path / "fm.json").write_bytes(side)

    with pytest.raises(StreamError, match=r"fm\.json: .*`bulletin make`"):
        find_ready(tmp_path, "fm", at=NINE)


def test_on_demand_a_bulletin_may_be_for_the_coming_hour_but_not_out_of_date(tmp_path: Path) -> None:
    folder = put(tmp_path, level="last-good")

    assert find_ready(folder, "fm", at=NINE - MINUTE, is_slot=False).level is Level.LAST_GOOD
    with pytest.raises(StreamError, match="no bulletin for"):
        find_ready(folder, "fm", at=NINE + 60 * MINUTE, is_slot=False)


def test_the_podcasts_newest_episode_is_read_from_latest_json(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "fm.json").rename(tmp_path / "latest.json")

    assert find_ready(tmp_path, "podcast", at=NINE).item.path == tmp_path / "fm.mp3"


def test_any_file_can_be_sent_and_a_missing_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.mp3").write_bytes(b"own")

    assert take_file(tmp_path / "own.mp3", title="Own", due=NINE).item.data == b"own"
    with pytest.raises(StreamError, match=r"none\.mp3: the sound file cannot be read"):
        take_file(tmp_path / "none.mp3", title="", due=NINE)


def test_the_next_slot_is_the_next_with_the_streams_rendition(tmp_path: Path) -> None:
    loaded = profile(
        tmp_path,
        """
[outputs]
make = ["fm", "podcast"]
[stream]
url = "http://127.0.0.1:8000/live.mp3"
rendition = "podcast"
[[clock.slots]]
at = "09:00-12:00"
[[clock.slots]]
at = "10:00"
outputs = ["fm"]
""",
    )

    assert next_slot(loaded, since=NINE) == NINE
    assert next_slot(loaded, since=NINE + timedelta(seconds=1)) == NINE + 120 * MINUTE


def test_a_station_without_slots_has_no_next_one(tmp_path: Path) -> None:
    assert next_slot(profile(tmp_path, '[stream]\nurl = "http://h/m"'), since=NINE) is None


@pytest.mark.parametrize(
    ("at", "since", "expected"),
    [
        ("09:00", NINE, NINE),
        ("09:00", NINE + MINUTE, NINE + 24 * 60 * MINUTE),
        ("8:30", NINE, NINE + timedelta(hours=23, minutes=30)),
        # the night with 01:00 to 02:00 twice, and the night without it
        (
            "01:30",
            datetime(2026, 10, 25, 0, 40, tzinfo=UTC),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        ),
        (
            "02:30",
            datetime(2026, 3, 29, 0, 0, tzinfo=UTC),
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        ),
    ],
)
def test_a_time_of_day_is_the_next_on_the_stations_clock(
    at: str, since: datetime, expected: datetime
) -> None:
    assert next_time(at, zone="Europe/London", since=since) == expected


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (StreamSent(), "Liquidsoap has it and plays it"),
        (StreamSent(duration_s=30, late_s=0.4), "sent whole and on time"),
        (StreamSent(duration_s=30, late_s=4.4), "sent whole, but it ended 4 s late"),
        (
            StreamSent(duration_s=30, late_s=4.4, breaks=2),
            "sent whole, but the connection broke 2 times and it ended 4 s late",
        ),
    ],
)
def test_the_result_of_a_stream_is_described(sent: StreamSent, text: str) -> None:
    assert describe_sent(sent) == text


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        ('url = "127.0.0.1:8000"', "write server and mount"),
        ('url = "http://127.0.0.1:8000"', "write server and mount"),
        ('url = "http://source:secret@127.0.0.1:8000/m.mp3"', "write no password into it"),
        ('url = "http://127.0.0.1:8000/m"\nqueue = "/run/x"', "exclude each other"),
        ('queue = "x"', "write the socket of Liquidsoap's server"),
        ('queue = "127.0.0.1:0"', "write the socket of Liquidsoap's server"),
        ('queue = "/run/x"\ncommand = "q.push x"', "write the queue's own command"),
        ('url = "http://127.0.0.1:8000/m"\nrendition = "speaker"', 'rendition "speaker" is not made'),
        ('url = "http://127.0.0.1:8000/m"\nrendition = "fm"', "takes MP3 or Opus"),
    ],
)
def test_a_wrong_option_is_named_with_what_to_write(stream: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        profile(tmp_path, f'[outputs]\nmake = ["fm", "podcast"]\n[stream]\n{stream}\n')
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("outputs", "stream", "kind"),
    [
        ('make = ["podcast", "fm"]', 'url = "http://h/m"', "podcast"),
        ('make = ["podcast", "fm"]\nfm.format = "mp3"', 'url = "http://h/m"', "fm"),
        ('make = ["podcast", "fm"]', 'queue = "unix:/run/x"', "fm"),
        ('make = ["speaker"]\nspeaker.format = "opus"', 'url = "https://h/m"', "speaker"),
    ],
)
def test_the_rendition_is_the_first_that_the_stream_can_take(
    outputs: str, stream: str, kind: str, tmp_path: Path
) -> None:
    loaded = profile(tmp_path, f"[outputs]\n{outputs}\n[stream]\n{stream}\n")

    assert stream_kind(loaded.profile.stream, loaded.profile.outputs) == kind

"""`bulletin stream`, called by hand or from cron, and streaming by the service."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.moments import faketime_environment
from bulletin.cli.running.stream import command
from bulletin.errors import ConfigError, OutletError
from bulletin.runtime.read_sound_file import read_sound, to_mono
from bulletin.streaming.real_time_chunks import split_frames
from tests.streaming.servers import (
    PASSWORD,
    Listener,
    Server,
    assert_whole,
    hiss,
    icecast,
    needs_icecast,
    wait_for,
    write_mp3,
)

PROFILE = """\
name = "Valley Radio"
time_zone = "UTC"
length = "{length}"
{clock}
[[feeds]]
url = "gazette.rss"
[speech]
chain = ["tone"]
[imaging]
ident = "none"
bed = "none"
sting = "none"
closing = "none"
[outputs]
make = ["fm"]
[outputs.fm]
format = "mp3"
[stream]
{stream}
"""
TEXT = (
    "The bridge over the River Wex closes next month for six weeks of repairs. "
    "The county council said drivers should use the A361. "
    "Councillor Joan Pethick said the work would cost 3.5 million pounds. "
)


def write(folder: Path, *, stream: str = "", clock: str = "", length: str = "0:30", text: str = TEXT) -> Path:
    date = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    (folder / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>G</title><item><title>Bridge over the Wex to close</title>'
        f"<guid>1</guid><pubDate>{date}</pubDate><description>{text}</description></item></channel></rss>",
        encoding="utf-8",
    )
    path = folder / "valley.toml"
    path.write_text(PROFILE.format(stream=stream, clock=clock, length=length), encoding="utf-8")
    return path


def write_bulletin(folder: Path) -> Path:
    """Write a short bulletin and its side file, as the service does."""
    folder.mkdir(parents=True)
    made = write_mp3(folder / "fm.mp3", hiss(6.0))
    now = datetime.now(UTC)
    side_file = {
        "title": "Valley Radio News",
        "audio": made.name,
        "due": now.isoformat(),
        "valid_until": (now + timedelta(hours=1)).isoformat(),
        "level": "last-good",
        "duration_s": 6.0,
        "sha256": hashlib.sha256(made.read_bytes()).hexdigest(),
    }
    (folder / "fm.json").write_text(json.dumps(side_file), encoding="utf-8")
    return made


def stream_options(server: Server) -> str:
    return f'url = "http://127.0.0.1:{server.port}/valley.mp3"\npassword = "env:STREAM_PASSWORD"'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with icecast(tmp_path / "icecast", burst=1_000_000) as running:
        yield running


def is_on(server: Server) -> bool:
    return 'Source logging in at mountpoint "/valley.mp3"' in server.read_log()


def assert_heard(listener: Listener, made: Path) -> None:
    """The listener has every frame of the bulletin, and its decoded length within a second."""
    frames = b"".join(piece.data for piece in split_frames(made.read_bytes()).pieces)
    assert frames in bytes(listener.heard)
    heard, rate_hz = read_sound(made)
    assert abs(len(listener.samples(rate_hz)) - len(heard)) < rate_hz
    assert_whole(listener.samples(rate_hz), to_mono(heard), part_s=5.0)


def test_a_station_without_a_stream_gets_lines_to_write(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(write(tmp_path)), "--now"])

    assert isinstance(result.exception, ConfigError)
    assert 'add, for instance:\n  [stream]\n  url = "http://' in str(result.exception)


def test_a_station_without_a_slot_needs_a_time(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(write(tmp_path, stream='url = "http://127.0.0.1:9/m.mp3"'))])

    assert isinstance(result.exception, ConfigError)
    assert "choose a time with --at HH:MM or --now" in str(result.exception)


def test_without_a_valid_bulletin_nothing_is_sent(tmp_path: Path) -> None:
    path = write(tmp_path, stream='url = "http://127.0.0.1:9/m.mp3"')

    result = CliRunner().invoke(command, [str(path), "--now", "--output", str(tmp_path / "output")])

    assert isinstance(result.exception, OutletError)
    assert result.exception.exit_code == 7
    assert "fm.json: does not exist, so there is nothing to stream yet" in str(result.exception)


def test_two_times_are_wrong_usage(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(write(tmp_path)), "--now", "--at", "09:00"])

    assert result.exit_code == 2


def test_an_impossible_stream_is_refused_before_connecting(tmp_path: Path) -> None:
    path = write(tmp_path, stream='url = "http://127.0.0.1:9/m.mp3"')

    sound = tmp_path / "news.mp3"
    sound.write_text("no sound")

    result = CliRunner().invoke(command, [str(path), "--now", "--file", str(sound)])

    assert isinstance(result.exception, OutletError)
    assert (
        "news.mp3: cannot be streamed, because Icecast takes only MP3, Opus and Vorbis: the file is not MP3"
        in str(result.exception)
    )


@pytest.mark.clients
@needs_icecast
def test_a_listener_gets_the_whole_newest_valid_bulletin(server: Server, tmp_path: Path) -> None:
    write(tmp_path, stream=stream_options(server))
    made = write_bulletin(tmp_path / "output" / "valley")

    sending = subprocess.Popen(
        [sys.executable, "-m", "bulletin", "stream", "valley.toml", "--now", "--json"],
        cwd=tmp_path,
        env=os.environ | {"BULLETIN_DATA": str(tmp_path / "data"), "STREAM_PASSWORD": PASSWORD},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: is_on(server) or sending.poll() is not None, explain=server.read_log)
    with Listener(f"http://127.0.0.1:{server.port}/valley.mp3") as listener:
        output, complaints = sending.communicate(timeout=60)

    assert sending.returncode == 0, complaints
    report = json.loads(output)
    assert (report["level"], report["breaks"], report["handed_over"]) == ("last-good", 0, False)
    assert report["late_s"] < 5
    assert_heard(listener, made)
    assert PASSWORD not in output + complaints


def environment_from(until: datetime) -> dict[str, str]:
    """Environment that starts the clock at `until` by libfaketime; empty without it, then the test waits."""
    environment = faketime_environment()
    shift_s = (until - datetime.now(UTC)).total_seconds()
    return environment | {"FAKETIME": f"+{shift_s:.0f}"} if environment and shift_s >= 1 else {}


@pytest.mark.clients
@needs_icecast
def test_the_service_streams_at_the_slot(server: Server, tmp_path: Path) -> None:
    due = (datetime.now(UTC) + timedelta(seconds=105)).replace(second=0, microsecond=0)
    hurried = environment_from(due - timedelta(seconds=40))
    shift = timedelta(seconds=float(hurried.get("FAKETIME", "0")))
    clock = f'[clock]\nmargin_s = 0\n[[clock.slots]]\nat = "{due:%H:%M}"'
    write(
        tmp_path,
        stream=stream_options(server),
        clock=clock,
        length="up to 0:30",
        text=TEXT[: TEXT.index("The county")],
    )
    with (tmp_path / "service.log").open("wb") as out:
        service = subprocess.Popen(
            [sys.executable, "-m", "bulletin", "serve", "valley.toml", "--listen", "none"],
            cwd=tmp_path,
            env=os.environ | {"BULLETIN_DATA": str(tmp_path / "data"), "STREAM_PASSWORD": PASSWORD} | hurried,
            stdout=out,
            stderr=out,
        )
    log = tmp_path / "service.log"
    try:
        wait_for(lambda: is_on(server), within_s=180, explain=lambda: log.read_text(encoding="utf-8"))
        began = datetime.now(UTC) + shift
        with Listener(f"http://127.0.0.1:{server.port}/valley.mp3") as listener:
            wait_for(lambda: "streamed" in log.read_text(encoding="utf-8"), within_s=60)
    finally:
        service.terminate()
        assert service.wait(60) == 0

    assert due <= began < due + timedelta(seconds=20)
    assert_heard(listener, tmp_path / "output" / "valley" / "fm.mp3")
    assert PASSWORD not in log.read_text(encoding="utf-8")

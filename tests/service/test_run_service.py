"""Service process: started, killed, started twice, stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.audio.quality.inspect_sound_file import inspect
from bulletin.model import Level, SlotRecord, SlotState
from bulletin.service.run_service import STOP_WITHIN_S
from tests.support.free_ports import free_port

REPO = Path(__file__).parents[2]
PROFILE = """\
name = "Valley Radio"
frequencies = ["103.5"]
time_zone = "UTC"
length = "0:30"
[clock]
margin_s = 0
[[clock.slots]]
at = "{at}"
[[feeds]]
url = "gazette.rss"
[speech]
chain = ["{voice}"]
[outputs]
make = ["fm"]
[outputs.fm]
format = "flac"
{options}
"""
TEXT = (
    "The bridge over the River Wex closes next month for six weeks of repairs. "
    "The county council said drivers should use the A361. "
    "Councillor Joan Pethick said the work would cost 3.5 million pounds. "
)


class Service:
    """`bulletin serve` run in a folder."""

    def __init__(
        self, folder: Path, *, due: datetime, options: str = "", has_feed: bool = True, voice: str = "tone"
    ) -> None:
        self.folder = folder
        self.due = due.replace(second=0, microsecond=0)
        self.options = options
        self.speaks_by(voice)
        if has_feed:
            date = format_datetime(datetime.now(UTC) - timedelta(hours=1))
            (folder / "gazette.rss").write_text(
                f'<rss version="2.0"><channel><title>G</title><item><title>Bridge over the Wex to close</title>'
                f"<guid>1</guid><pubDate>{date}</pubDate><description>{TEXT}</description></item></channel></rss>",
                encoding="utf-8",
            )
        self.running: list[subprocess.Popen[str]] = []

    def speaks_by(self, voice: str) -> None:
        profile = PROFILE.format(at=f"{self.due:%H:%M}", options=self.options, voice=voice)
        (self.folder / "valley.toml").write_text(profile, encoding="utf-8")

    def start(self, *options: str, **more: Any) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bulletin", "serve", "valley.toml", *options],
            cwd=self.folder,
            env=os.environ | {"BULLETIN_DATA": str(self.folder / "data"), "PYTHONPATH": str(REPO)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **more,
        )
        self.running.append(process)
        return process

    def read_side_file(self) -> dict[str, Any]:
        path = self.folder / "output" / "valley" / "fm.json"
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return data

    def last_words(self) -> str:
        """Text of the last bulletin that is no stand-by."""
        with Archive.open(self.folder / "output" / ".bulletin" / "archive.sqlite") as archive:
            last = archive.last_bulletin("valley")
        return " ".join(passage.text for passage in last.running_order) if last else ""

    def row(self) -> SlotRecord | None:
        path = self.folder / "output" / ".bulletin" / "archive.sqlite"
        if not path.is_file():
            return None
        with Archive.open(path) as archive:
            rows = SlotLedger(archive).rows(since=self.due, until=self.due + timedelta(minutes=1))
        return rows[0] if rows else None

    def wait(self, what: Callable[[], bool], seconds: float = 300.0) -> None:
        until = time.monotonic() + seconds
        while not what():
            died = [p for p in self.running if p.poll() not in (None, -signal.SIGKILL)]
            assert time.monotonic() < until, "it did not happen"
            assert not died, died[0].communicate()[0]
            time.sleep(0.1)

    def is_done(self) -> bool:
        row = self.row()
        return row is not None and row.state is SlotState.DONE


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    made: list[Service] = []

    def make(**options: Any) -> Service:
        made.append(Service(tmp_path, due=datetime.now(UTC) + timedelta(minutes=2), **options))
        return made[-1]

    yield make
    for service in made:
        for process in service.running:
            process.kill()
            process.communicate()


def check_what_it_answers(service: Service, address: str) -> None:
    """Check the pull endpoint, a public file and a private file."""
    with httpx2.Client(base_url=address, trust_env=False, timeout=60) as client:
        pulled = client.get("/stations/valley/bulletin.wav?max_age=3600")
        public = client.get("/valley/fm.flac")
        private = client.get("/.bulletin/archive.sqlite")

    assert (pulled.status_code, pulled.headers["content-type"]) == (200, "audio/wav")
    assert pulled.headers["bulletin-level"] == "fresh"
    assert public.content == (service.folder / "output" / "valley" / "fm.flac").read_bytes()
    assert private.status_code == 404


@pytest.mark.slow
def test_a_slot_is_met_automatically_and_the_stop_is_clean(start: Callable[..., Service]) -> None:
    service = start()
    address = f"127.0.0.1:{free_port()}"
    process = service.start("--listen", address)

    service.wait(service.is_done)
    check_what_it_answers(service, f"http://{address}")

    row = service.row()
    assert row is not None
    assert row.level is Level.FRESH
    assert (service.read_side_file()["level"], service.read_side_file()["due"]) == (
        "fresh",
        service.due.isoformat(),
    )
    assert inspect(service.folder / "output" / "valley" / "fm.flac").faults == ()
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=180)
    assert process.returncode == 0, output
    assert "bulletin on air for a slot: station=valley" in output


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_reaches_both_processes_and_the_stop_is_clean(start: Callable[..., Service]) -> None:
    """A terminal signals the whole group; the public server leaves the stop to the clock's process."""
    service = start(has_feed=False)
    public, health = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    process = service.start("--listen", public, "--health", health, start_new_session=True)
    service.wait(lambda: is_answered(f"http://{health}/healthz") and is_answered(f"http://{public}/healthz"))

    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=180)

    assert process.returncode == 0, output
    assert "stopped" in output
    assert "restarting" not in output
    assert "Traceback" not in output
    assert not is_answered(f"http://{public}/healthz")


def is_answered(url: str) -> bool:
    try:
        return httpx2.get(url, trust_env=False, timeout=60).status_code == 200
    except httpx2.HTTPError:
        return False


@pytest.mark.slow
def test_a_second_service_for_the_station_ends_at_once(start: Callable[..., Service]) -> None:
    service = start()
    service.start()
    service.wait(lambda: service.row() is not None)

    second = service.start()
    output, _ = second.communicate(timeout=180)
    service.running.remove(second)

    assert second.returncode == 75
    assert "another service already runs this station" in output


@pytest.mark.slow
def test_without_news_a_stand_by_is_on_air(start: Callable[..., Service]) -> None:
    service = start(has_feed=False)
    service.start()

    service.wait(service.is_done)

    row = service.row()
    assert row is not None
    assert row.level is Level.EVERGREEN
    assert "gazette" in row.note
    assert service.read_side_file()["level"] == "evergreen"
    assert inspect(service.folder / "output" / "valley" / "fm.flac").faults == ()


@pytest.mark.faults
def test_a_kill_in_the_middle_costs_only_time(start: Callable[..., Service]) -> None:
    service = start()
    first = service.start()
    service.wait(lambda: (row := service.row()) is not None and row.state is SlotState.WORKING)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()

    service.start()
    service.wait(service.is_done)

    row = service.row()
    assert row is not None
    assert (row.level, row.tries) == (Level.FRESH, 2)


@pytest.mark.faults
def test_a_stop_abandons_a_hanging_bulletin_and_the_next_start_makes_it(
    start: Callable[..., Service],
) -> None:
    """SIGTERM while a voice hangs for minutes; the timeout of `communicate` is the limit."""
    service = start(voice="tests.faults.voices:Hanging")
    hanging = service.start()
    service.wait(lambda: (row := service.row()) is not None and row.state is SlotState.WORKING)
    time.sleep(2.0)  # until the voice is at work

    hanging.send_signal(signal.SIGTERM)
    output, _ = hanging.communicate(timeout=STOP_WITHIN_S + 40.0)
    service.running.remove(hanging)

    assert hanging.returncode == 0, output
    assert "stopped while making a bulletin" in output
    assert list((service.folder / "output" / "valley").glob("part-*")) == []
    service.speaks_by("tone")
    service.start()
    service.wait(service.is_done)
    row = service.row()
    assert row is not None
    assert (row.level, row.tries) == (Level.FRESH, 2)


@pytest.mark.slow
def test_a_breaking_story_is_in_the_playouts_file_between_slots(start: Callable[..., Service]) -> None:
    """The prepared stand-by of the next slot stays beside the file."""
    service = start(options="[standby]\nafter_min = 0.01\n")
    service.start()
    service.wait(service.is_done)
    public, aside = (service.folder / "output" / name for name in ("valley", ".bulletin/standby/valley"))
    before = (public / "fm.flac").read_bytes()
    service.wait(lambda: (aside / "fm.json").is_file())
    assert (service.read_side_file()["level"], (public / "fm.flac").read_bytes()) == ("fresh", before)
    story = service.folder / "story.txt"
    story.write_text(
        "Crane falls in the harbour\n\nA crane has fallen in the harbour of Wex. Nobody was hurt.\n"
    )

    command = ["stories", "add", str(story), "--station", "valley.toml", "--breaking"]
    added = subprocess.run(
        [sys.executable, "-m", "bulletin", *command],
        cwd=service.folder,
        env=os.environ | {"BULLETIN_DATA": str(service.folder / "data"), "PYTHONPATH": str(REPO)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Added own-" in added.stdout
    service.wait(lambda: (public / "fm.flac").read_bytes() != before)
    service.wait(
        lambda: service.read_side_file()["sha256"] == sha256((public / "fm.flac").read_bytes()).hexdigest()
    )
    assert service.read_side_file()["level"] == "fresh"
    assert inspect(public / "fm.flac").faults == ()
    service.wait(lambda: "harbour" in service.last_words())


@pytest.mark.slow
def test_a_new_kill_word_discards_the_prepared_stand_by(
    start: Callable[..., Service],
) -> None:
    service = start(options="[standby]\nafter_min = 0.01\n")
    service.start()
    service.wait(service.is_done)
    aside, profile = service.folder / "output/.bulletin/standby/valley", service.folder / "valley.toml"
    service.wait(lambda: (aside / "fm.json").is_file())
    words = profile.read_text(encoding="utf-8")

    profile.write_text(f"{words}\n[stories]\nkill = ['bridge']\n", encoding="utf-8")

    service.wait(lambda: not (aside / "fm.json").is_file())

"""The folder of a small station, in which printed commands run: its story of the harbour bridge has aired."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import soundfile
from click.testing import CliRunner

from bulletin.cli.main import INTERRUPTED, cli
from bulletin.errors import BulletinError
from tests.support.delivery_servers.base import wait_for
from tests.support.example_language import write_example_language
from tests.support.folder_server import served
from tests.support.printed_commands import ROOT
from tests.support.speech_like_sounds import RATE_HZ, speech_like

STORY = "Harbour bridge closes\n\nThe harbour bridge in Wexcombe closes on Monday for six weeks, the council says.\n"
ITEM = """<item><title>Harbour bridge to close for six weeks from Monday</title><description>Wexcombe council will close the
harbour bridge for six weeks from Monday. Engineers found cracks in two arches, the council said.</description></item>
"""
OPML = '<opml version="2.0"><body><outline text="Valley" type="rss" xmlUrl="https://news.example.org/2.xml"/></body></opml>'
ANSWERS = "Valley Radio\n97.3\n\n\n\n0:30\ntone\n\n"
"""Answers to the questions of `bulletin init`."""
TABLES = """
[[clock.slots]]
at = "03:00"
[[deliveries]]
kind = "folder"
path = "{playout}"
rendition = "podcast"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A command that has ended: its exit code, and all that it printed."""

    code: int
    text: str


class Service:
    """A command that runs until it is stopped, and its log so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self._lines = process, list[str]()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def log(self) -> str:
        return "".join(self._lines)

    def wait_until_healthy(self) -> str:
        """Wait until its clock has rung; returns the address that says so, or "" where it has none."""
        addresses = re.findall(r"listening: address=(http://[\d.:]+)", self.log)
        if addresses:
            wait_for(lambda: is_healthy(addresses[0]))
        return str(addresses[0]) if addresses else ""

    def stop(self) -> None:
        """Send SIGTERM; returns after the process's end, with its whole log."""
        self.process.terminate()
        self.process.wait(60)
        self._reader.join(60)

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self._lines.append(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFolder:
    """`home` has feeds/ and output/, a virtual environment in .venv, and files that a reader has at hand."""

    home: Path
    site: str
    """Address of output/ on a web server, with a slash at the end."""

    def call(self, command: str, *, answers: str = "") -> Done:
        """Run a command of Bulletin in this process; `answers` is its standard input."""
        program, *words = shlex.split(command)
        assert program == "bulletin", command
        before = Path.cwd()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment().items():
                patch.setenv(name, value)
            os.chdir(self.home)
            try:
                result = CliRunner().invoke(cli, words, input=answers)
            finally:
                os.chdir(before)
        if isinstance(result.exception, BulletinError):
            return Done(code=result.exception.exit_code, text=f"{result.output}{result.exception}")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(code=result.exit_code, text=result.output)

    def run(self, command: str, *, answers: str = "") -> Done:
        """Run a line in a shell, as a reader does."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.home,
            env=os.environ | self.environment(),
            input=answers,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Done(code=done.returncode, text=done.stdout)

    @contextmanager
    def service(self, command: str, *, ready: str = "on air") -> Iterator[Service]:
        """Start a command that runs until it is stopped; once it is ready the block runs, then SIGTERM stops it."""
        with subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=self.home,
            env=os.environ | self.environment(),
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            service = Service(process)
            try:
                wait_for(lambda: ready in service.log or process.poll() is not None)
                yield service
            finally:
                service.stop()
        assert process.returncode in ((0,) if "serve" in command else (0, INTERRUPTED)), service.log

    def environment(self) -> dict[str, str]:
        """Variables of a shell in which `.venv/bin/activate` has run; no command gets beyond this machine."""
        path = f"{self.home / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return {
            "PATH": path,
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.home),
            "BULLETIN_DATA": str(self.home / "data"),
            "https_proxy": "http://127.0.0.1:1",
            "PIP_NO_INDEX": "1",
            "npm_config_offline": "true",
        }


@contextmanager
def demo_folder(home: Path) -> Iterator[StationFolder]:
    """What a reader has after `make bulletin`, but for the bulletin: the demo's feeds and a virtual environment."""
    shutil.copytree(ROOT / "feeds", home / "feeds")
    demo = home / "feeds" / "demo.toml"
    demo.write_text(re.sub(r"(?m)^chain = .*", 'chain = ["tone"]', demo.read_text("utf-8")), "utf-8")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / ".venv"], check=True)
    _write_program(home, "bulletin", f'exec "{sys.executable}" -m bulletin "$@"')
    _write_program(home, "python", f'exec "{sys.executable}" "$@"')
    _write_program(home, "mpv", "exit 0")
    (home / "story.txt").write_text(STORY, "utf-8")
    soundfile.write(home / "mayor.mp3", speech_like(sentences=1), RATE_HZ, format="MP3")
    soundfile.write(home / "ding.wav", speech_like(sentences=1), RATE_HZ)
    (home / "feeds.opml").write_text(OPML, "utf-8")
    public = home / "output"
    public.mkdir()
    feed = (ROOT / "feeds" / "demo" / "gazette.rss").read_text("utf-8")
    (public / "news.xml").write_text(feed.replace("<item>", f"{ITEM}<item>", 1), "utf-8")
    with served(public) as site:
        yield StationFolder(home=home, site=site)


@contextmanager
def valley_folder(home: Path) -> Iterator[StationFolder]:
    """The station "valley" beside the demo; delivery 1 was removed, 2 and 3 wait without a profile."""
    with demo_folder(home) as station, _liquidsoap() as queue:
        feed = f"{station.site}news.xml --private --name Gazette --category news --credit Gazette"
        playout = home / "playout"
        _end(station.run("bulletin init valley", answers=ANSWERS))
        profile = home / "feeds" / "valley.toml"
        text = re.sub(r'# base_url = ".*?"', f'base_url = "{station.site}"', profile.read_text("utf-8"))
        text = text.replace("[stream]", f'[stream]\nqueue = "{queue}"\nlate_s = 0')
        profile.write_text(text + TABLES.format(playout=playout), "utf-8")
        _end(station.call(f"bulletin feeds add {feed}"))
        _end(station.call("bulletin stories add story.txt --hours 48"))
        _end(station.call('bulletin kill add "some word"'))
        _end(station.call("bulletin make"), code=7)
        _end(station.call("bulletin outbox remove 1"))
        with more_stations(station, ["old", "older"]):
            _end(station.call("bulletin make old"), code=7)
            _end(station.call("bulletin make older"), code=7)
        playout.mkdir()
        write_example_language(home / "languages")
        _end(station.call("bulletin backup station.tar.gz"))
        yield station


@contextmanager
def more_stations(station: StationFolder, names: Sequence[str]) -> Iterator[None]:
    """Profiles beside the station's, until the block ends: with several a command has to name one."""
    profile = station.home / "feeds" / "valley.toml"
    for name in names:
        text = profile.read_text("utf-8").replace("Valley Radio", f"{name.title()} Radio")
        profile.with_stem(name).write_text(text, "utf-8")
    yield
    for name in names:
        profile.with_stem(name).unlink()


@contextmanager
def _liquidsoap() -> Iterator[str]:
    """Address of a server that answers as Liquidsoap's queue does, and plays no sound."""
    answers = {"help": "| bulletin.push <path>", "bulletin.push": "1", "request.metadata": 'status="playing"'}

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):
                for line in self.rfile:
                    answer = answers.get(line.decode().split()[0], "")
                    self.wfile.write(f"{answer}\nEND\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def _write_program(home: Path, name: str, line: str) -> None:
    program = home / ".venv" / "bin" / name
    program.unlink(missing_ok=True)
    program.write_text(f"#!/bin/sh\n{line}\n")
    program.chmod(0o755)


def _end(done: Done, *, code: int = 0) -> None:
    assert done.code == code, done.text


def is_healthy(address: str) -> bool:
    """Whether the service at this address says that its clock rings."""
    try:
        with urlopen(f"{address}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, TimeoutError):
        return False

"""
Commands of README and docs, run as they are printed in the folder of a small station.

Those of blocks page by page, those inside sentences each once; one with a placeholder (STATION, FILE) has its
command and its options checked.

Three things of the world are replaced: public web addresses by a server on loopback, the sound card by a player on
PATH that plays nothing, and a service that runs for ever is stopped once it is ready.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

import bulletin
from tests.support.delivery_servers.base import wait_for
from tests.support.folder_server import served

pytestmark = pytest.mark.slow

ROOT = Path(bulletin.__file__).parent.parent
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
STORY = "Harbour bridge closes\n\nThe harbour bridge in Wexcombe closes on Monday for six weeks, the council says.\n"
ITEM = """<item><title>Harbour bridge to close for six weeks from Monday</title><description>Wexcombe council will close the
harbour bridge for six weeks from Monday. Engineers found cracks in two arches, the council said.</description></item>
"""
ANSWERS = "Valley Radio\n97.3\n\n\n\n0:30\ntone\n\n"
"""Answers to the questions of `bulletin init`."""

ELSEWHERE = {
    "make": "sets up an environment: `.ci/run` runs it",
    ".": "activates that environment",
    "docker": "needs a Docker engine: `.ci/container` carries out the Dockerfile",
    "alias": "needs systemd: tests/service/test_service_systemd_unit.py reads the unit",
    "radio": "the same",
    "py": "Windows",
}
"""First word of a command -> why it is not run here."""

REPLACED = {
    "https://www.example.org/": "{site}news.xml --private --name Gazette --category news --credit Gazette",
    "https://news.example.org/feed.xml": "{site}valley/feed.xml --private",
    "doctor https://news.example.org/valley/": "doctor {site}valley/ --private",
    "--as https://news.example.org/valley/": "--as {site}valley/",
}

NAMED = {
    "bulletin kill": "the group of `kill add` and others",
    "bulletin withdraw": "needs a story; a page runs it in a block",
    "bulletin voices install kokoro": "downloads with pip and npm",
}
"""Command inside a sentence -> why only its name and options are checked."""

EXIT_CODES = {
    "bulletin stream": (3, "bad configuration: this station has no [stream]"),
}
"""Command inside a sentence -> the exit code that the reference gives it here, and why it is not 0."""


def _steps(page: Path) -> list[str]:
    """Commands in their order; in the README also the TOML that a reader writes into the profile."""
    steps = []
    for kind, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "toml" and page.name == "README.md":
            steps.append(block)
        lines = (line for line in block.splitlines() if line.startswith("$ "))
        steps += [re.sub(r"\s+#.*", "", line.removeprefix("$ ")) for line in lines]
    return steps


def _spans() -> list[str]:
    """Commands inside sentences, each once, in the order of the pages."""
    spans = []
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        sentences = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        spans += re.findall(r"`((?:\.venv/bin/)?bulletin [^`]+)`", sentences)
    return list(dict.fromkeys(spans))


PAGES = [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if _steps(page)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demo's feeds, and what a reader has at hand: a story, a player."""
    feeds = tmp_path / "feeds"
    (feeds / "demo").mkdir(parents=True)
    for path in (ROOT / "feeds").rglob("*"):
        if path.is_file():
            target = feeds / path.relative_to(ROOT / "feeds")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    demo = feeds / "demo.toml"
    demo.write_text(re.sub(r"(?m)^chain = .*", 'chain = ["tone"]', demo.read_text(encoding="utf-8")), "utf-8")
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    player = tmp_path / "bin" / "mpv"
    player.parent.mkdir()
    player.write_text("#!/bin/sh\nexit 0\n")
    player.chmod(0o755)
    return tmp_path


def _environment(folder: Path) -> dict[str, str]:
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "BULLETIN_DATA": str(folder / "data")}


def _run(folder: Path, command: str, *, answers: str = "") -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    assert words[0] in ("bulletin", ".venv/bin/bulletin"), command
    return subprocess.run(
        [sys.executable, "-m", "bulletin", *words[1:]],
        cwd=folder,
        env=_environment(folder),
        input=answers,
        capture_output=True,
        text=True,
        check=False,
    )


def _serve(folder: Path, *stations: str) -> None:
    """Stop the service as soon as its clock has rung once: then `/healthz` answers 200."""
    with subprocess.Popen(
        [sys.executable, "-m", "bulletin", "serve", *stations],
        cwd=folder,
        env=_environment(folder),
        stderr=subprocess.PIPE,
        text=True,
    ) as service:
        assert service.stderr
        addresses = []
        for line in service.stderr:
            addresses += re.findall(r"listening: address=(http://[\d.:]+)", line)
            if "on air" in line:
                break
        wait_for(lambda: any(_is_healthy(address) for address in addresses))
        service.send_signal(signal.SIGTERM)
        service.stderr.read()
    assert service.returncode == 0


def _is_healthy(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, TimeoutError):
        return False


def _make_station(folder: Path, site: str) -> None:
    """A station of one's own whose story of the harbour bridge has aired."""
    assert _run(folder, "bulletin init", answers=ANSWERS).returncode == 0
    profile = folder / "feeds" / "valley-radio.toml"
    profile.rename(folder / "feeds" / "valley.toml")
    _add_block(folder, '[[clock.slots]]\nat = "06:00-22:00"\n')
    _set_option(folder, r'# base_url = ".*?"', f'base_url = "{site}"')
    for command in (
        "bulletin feeds add https://www.example.org/",
        "bulletin stories add story.txt --hours 48",
        "bulletin make",
    ):
        done = _run(folder, _replace(command, site))
        assert done.returncode == 0, done.stderr


@contextmanager
def _more_stations(folder: Path, names: Sequence[str]) -> Iterator[None]:
    """Profiles beside the station's, until the block ends: with several a command has to name one."""
    profile = folder / "feeds" / "valley.toml"
    for name in names:
        profile.with_stem(name).write_bytes(profile.read_bytes())
    yield
    for name in names:
        profile.with_stem(name).unlink()


def _set_option(folder: Path, old: str, new: str) -> None:
    profile = folder / "feeds" / "valley.toml"
    profile.write_text(re.sub(old, new, profile.read_text("utf-8")), "utf-8")


def _add_block(folder: Path, toml: str) -> None:
    (profile,) = (path for path in (folder / "feeds").glob("valley*.toml"))
    profile.write_text(f"{profile.read_text('utf-8')}\n{toml}", "utf-8")


def _replace(command: str, site: str) -> str:
    for address, replacement in REPLACED.items():
        command = command.replace(address, replacement.format(site=site))
    return command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_printed_command_works(folder: Path, page: Path) -> None:
    public = folder / "output"
    public.mkdir()
    feed = (ROOT / "feeds" / "demo" / "gazette.rss").read_text("utf-8")
    (public / "news.xml").write_text(feed.replace("<item>", f"{ITEM}<item>", 1), "utf-8")
    with served(public) as site:
        if page.name == "README.md":
            _run(folder, "bulletin make demo")  # as `make bulletin` does
        else:
            _make_station(folder, site)
        for step in _steps(page):
            if step.startswith("["):
                _add_block(folder, step)
            elif step == "bulletin serve":
                _serve(folder)
            elif step.split()[0] not in ELSEWHERE:
                if step.startswith("bulletin restore"):  # on the new machine
                    (folder / "feeds").rename(folder / "old feeds")
                    (folder / "output").rename(folder / "old output")
                done = _run(folder, _replace(step, site), answers=ANSWERS)

                assert done.returncode == 0, f"{step}\n{done.stdout}\n{done.stderr}"


def test_every_command_inside_a_sentence_works(folder: Path) -> None:
    public = folder / "output"
    public.mkdir()
    feed = (ROOT / "feeds" / "demo" / "gazette.rss").read_text("utf-8")
    (public / "news.xml").write_text(feed.replace("<item>", f"{ITEM}<item>", 1), "utf-8")
    wrong = {}
    with served(public) as site:
        _make_station(folder, site)
        for step in _spans():
            words = step.split()
            if step in NAMED or re.search(r"\b[A-Z]{2,}\b", step):
                done, code = _run(folder, f"{step} --help"), 0
            elif words[1] == "serve":
                with _more_stations(folder, words[2:]):
                    _serve(folder, *words[2:])
                continue
            else:
                command = _replace(step, site)
                assert "https://" not in command, f"{step}: no test asks the network"
                done, code = _run(folder, command), EXIT_CODES.get(step, (0, ""))[0]
            if done.returncode != code:
                wrong[step] = f"{done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}"

    assert wrong == {}
    assert {*NAMED, *EXIT_CODES} - set(_spans()) == set()

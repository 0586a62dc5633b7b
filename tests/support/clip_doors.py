"""The three ways to attach a recording, with one signature: the command, the JSON API, the page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import httpx2
from lxml import html

from bulletin.newsroom.desk import Desk
from bulletin.station.open_archive import open_archive
from tests.support.newsroom_desk import add_news, prepare, write_profile
from tests.support.newsroom_server import Browser, ServedNewsroom, SteppedClock, served

DOORS = ("command", "API", "page")
EDITOR = "eddie"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorAnswer:
    """What an editor is told."""

    is_done: bool
    text: str
    code: int
    """Exit code of the command, status of HTTP."""


@dataclass(frozen=True, kw_only=True)
class Doors:
    """A station by the real clock, which commands ask, and an editor with a session and a token."""

    folder: Path
    newsroom: ServedNewsroom
    desk: Desk
    browser: Browser
    program: httpx2.Client

    def attach(self, door: str, file: Path, *, story: str = "bridge", **options: str | bool) -> DoorAnswer:
        """Attach a file; `options` are words, speaker, may_cut, reduce_noise, transcribe."""
        act = {"command": self._command, "API": self._api, "page": self._page}[door]
        return act(file, story, options)

    def _command(self, file: Path, story: str, options: dict[str, str | bool]) -> DoorAnswer:
        flags = []
        for name, value in options.items():
            flag = f"--{name.replace('_', '-')}"
            flags += [flag] if value is True else [flag, str(value)]
        place = ["hill.toml", "--output", "output", "--editor", EDITOR]
        done = subprocess.run(
            [sys.executable, "-m", "bulletin", "edit", "clip", story, str(file), *place, *flags],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        text = done.stdout + done.stderr
        return DoorAnswer(is_done=done.returncode == 0, text=" ".join(text.split()), code=done.returncode)

    def _api(self, file: Path, story: str, options: dict[str, str | bool]) -> DoorAnswer:
        fields = {name: "true" if value is True else str(value) for name, value in options.items()}
        with file.open("rb") as sound:
            answer = self.program.post(
                "/stations/hill/next/clip",
                data={"story": story, **fields},
                files={"file": (file.name, sound)},
            )
        facts = answer.json()
        text = " ".join(facts["hints"]) if answer.is_success else facts["detail"]
        return DoorAnswer(is_done=answer.is_success, text=text, code=answer.status_code)

    def _page(self, file: Path, story: str, options: dict[str, str | bool]) -> DoorAnswer:
        fields = {name: "yes" if value is True else str(value) for name, value in options.items()}
        with file.open("rb") as sound:
            answer = self.browser.post(
                "/hill/next/clip",
                {"story": story, **fields},
                files={"sound": (file.name, sound)},
                headers={"HX-Request": "true"},
                timeout=300,
            )
        said = unquote(answer.headers.get("X-Said", ""))
        text = said if answer.is_success else html.fromstring(answer.text).text_content()
        return DoorAnswer(is_done=answer.is_success, text=" ".join(text.split()), code=answer.status_code)


@contextmanager
def open_doors(folder: Path) -> Iterator[Doors]:
    """The station "hill" in `folder`, with room for a clip of 12 s, its output in "output", its next bulletin prepared."""
    loaded, output, now = write_profile(folder, length="0:30"), folder / "output", datetime.now(UTC)
    with open_archive(output) as archive:
        add_news(archive, now=now)
        prepare(loaded, output, now=now, due=now + timedelta(hours=1))
        clock = SteppedClock(now)
        with served([loaded], output, archive, clock) as newsroom:
            yield Doors(
                folder=folder,
                newsroom=newsroom,
                desk=Desk(loaded=loaded, output=output, archive=archive, editor=EDITOR, now=clock),
                browser=newsroom.browser(EDITOR),
                program=newsroom.program(EDITOR),
            )

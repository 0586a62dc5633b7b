"""Sound file -> loudspeaker, through a player program of this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bulletin.errors import AudioError

PLAYERS = {
    "mpv": ("--no-video", "--really-quiet"),
    "ffplay": ("-nodisp", "-autoexit", "-loglevel", "error"),
    "mpg123": ("-q",),
    "cvlc": ("--play-and-exit", "--quiet"),
    "play": ("-q",),
    "afplay": (),
}
"""Programs that play MP3 and WAV without a window, and their arguments; the first on PATH is used."""


_FFPLAY_FAILED = re.compile(r"audio open failed|^Failed to open file|^Could not ")
"""ffplay ends with 0 also where it opened neither file nor sound device (its function `do_exit`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """A program that plays a sound file."""

    name: str
    executable: str

    def play(self, path: Path) -> None:
        """Play a file to its end. Raises AudioError."""
        command = [self.executable, *PLAYERS.get(self.name, ()), str(path)]
        if self.name == "ffplay":
            _run_ffplay(command, str(path))
            return
        done = subprocess.run(command, check=False)
        if done.returncode:
            raise AudioError(
                f"{self.name} failed with exit code {done.returncode}; choose another with --player"
            )


def _run_ffplay(command: list[str], path: str) -> None:
    done = subprocess.run(command, check=False, stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    failed = (
        line
        for line in done.stderr.splitlines()
        if line.startswith(f"{path}: ") or _FFPLAY_FAILED.search(line)
    )
    reason = next(failed, f"exit code {done.returncode}" if done.returncode else "")
    if reason:
        raise AudioError(f"ffplay failed ({reason.strip()}); choose another with --player")


def find_player(wanted: str | None = None) -> Player | None:
    """The program `wanted`, else the first of PLAYERS that is installed; None without one."""
    program = wanted or next((name for name in PLAYERS if shutil.which(name)), None)
    executable = shutil.which(program) if program else None
    return Player(name=program, executable=executable) if program and executable else None

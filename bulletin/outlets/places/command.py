"""Parcel -> a program of the station's own: JSON on its standard input, no shell."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO

from bulletin.errors import ConfigError, DeliveryError
from bulletin.outlets.delivery import Parcel, parcel_data

_SAID_BYTES = 2000


class Command:
    """The program is told what to do and where the files lie; ending with 0 it has done so."""

    is_newest_only = False

    def __init__(self, *, name: str, command: Sequence[str], timeout_s: float = 300.0) -> None:
        if not command:
            raise ConfigError(
                f'delivery "{name}": command names no program; write command = ["/usr/bin/program"]'
            )
        self.name = name
        self._command, self._timeout_s = list(command), timeout_s

    def check(self) -> None:
        """The program is there."""
        if not shutil.which(self._command[0]):
            raise DeliveryError(
                f"{self.name}: {self._command[0]} is no program here; install it, or correct command",
                is_lasting=True,
            )

    def publish(self, parcel: Parcel) -> None:
        self._run("publish", parcel)

    def withdraw(self, parcel: Parcel) -> None:
        self._run("withdraw", parcel)

    def _run(self, action: str, parcel: Parcel) -> None:
        self.check()
        told = parcel_data(action, parcel)
        told["files"] = [{"name": item.name, "path": str(item.path.resolve())} for item in parcel.items]
        with TemporaryFile() as words, TemporaryFile() as said:
            words.write(json.dumps(told, ensure_ascii=False).encode())
            words.seek(0)
            code = self._wait(words, said)
            if code:
                said.seek(max(0, said.tell() - _SAID_BYTES))
                why = " ".join(said.read().decode("utf-8", "replace").split())[-200:] or "it said nothing"
                raise DeliveryError(f"{self.name}: {self._command[0]} ended with {code}: {why}")

    def _wait(self, words: IO[bytes], said: IO[bytes]) -> int:
        """
        How it ended. Raises DeliveryError when it does not.

        Files, not pipes: a player that it leaves behind would hold a pipe open, and look like a program that
        hangs. One that does hang is killed with all that it has started.
        """
        try:
            running = subprocess.Popen(
                self._command, stdin=words, stdout=said, stderr=said, start_new_session=True
            )
        except OSError as error:
            raise DeliveryError(f"{self.name}: {self._command[0]}: {error.strerror or error}") from error
        try:
            return running.wait(self._timeout_s)
        except subprocess.TimeoutExpired as error:
            raise DeliveryError(
                f"{self.name}: {self._command[0]} did not end within {self._timeout_s:.0f} s; see what it waits for"
            ) from error
        finally:
            if running.poll() is None:
                _kill(running)


def _kill(running: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(running.pid, signal.SIGKILL)
    else:
        running.kill()
    running.wait()

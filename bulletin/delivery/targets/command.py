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

from bulletin.delivery.delivery_port import Parcel, parcel_data
from bulletin.errors import ConfigError, DeliveryError
from bulletin.publishing.plain_text import plain_line
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.files.file_permissions import umask_of_user

_SAID_BYTES = 2000
_MOST_SAID = 50_000_000
"""Bytes, on the disk: a program that writes without end fills it."""
_LOOK_S = 0.2


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
            program, *more = self._command[0].split()
            parted = ", ".join(f'"{word}"' for word in (program, *more))
            remedy = f"write command = [{parted}]" if more else "install it, or correct command"
            raise DeliveryError(
                f"{self.name}: {self._command[0]} is no program here; {remedy}", is_lasting=True
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
                raise DeliveryError(f"{self.name}: {self._command[0]} {_ended(code)}: {_last_words(said)}")

    def _wait(self, words: IO[bytes], said: IO[bytes]) -> int:
        """
        How it ended. Raises DeliveryError when it does not.

        Files, not pipes: a player that it leaves behind would hold a pipe open, and look like a program that
        hangs. One that does hang is killed with all that it has started.
        """
        try:
            running = subprocess.Popen(
                self._command,
                stdin=words,
                stdout=said,
                stderr=said,
                start_new_session=True,
                umask=umask_of_user(),
            )
        except OSError as error:
            raise DeliveryError(f"{self.name}: {self._command[0]}: {error.strerror or error}") from error
        try:
            return self._watch(running, said)
        finally:
            if running.poll() is None:
                _kill(running)

    def _watch(self, running: subprocess.Popen[bytes], said: IO[bytes]) -> int:
        until = Deadline.after(self._timeout_s)
        while True:
            try:
                return running.wait(min(_LOOK_S, until.left_s))
            except subprocess.TimeoutExpired as error:
                if os.fstat(said.fileno()).st_size > _MOST_SAID:
                    raise DeliveryError(
                        f"{self.name}: {self._command[0]} says more than {_MOST_SAID // 10**6} MB and was stopped; "
                        f"have it say less; at last: {_last_words(said)}"
                    ) from error
                if until.is_over:
                    raise DeliveryError(
                        f"{self.name}: {self._command[0]} did not end within {self._timeout_s:.0f} s and was stopped; "
                        f"see what it waits for, or set timeout_s; at last: {_last_words(said)}"
                    ) from error


def _ended(code: int) -> str:
    if code >= 0:
        return f"ended with {code}"
    try:
        return f"was stopped by {signal.Signals(-code).name}"
    except ValueError:
        return f"was stopped by signal {-code}"


def _last_words(said: IO[bytes]) -> str:
    """In one line, without what colours a terminal."""
    said.seek(0, os.SEEK_END)
    said.seek(max(0, said.tell() - _SAID_BYTES))
    return plain_line(said.read(_SAID_BYTES).decode("utf-8", "replace"))[-200:].strip() or "it said nothing"


def _kill(running: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(running.pid, signal.SIGKILL)
    else:
        running.kill()
    running.wait()

"""Parcel -> a program of the station's own: JSON on its standard input, no shell."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence

from bulletin.errors import ConfigError, DeliveryError
from bulletin.outlets.delivery import Parcel, parcel_data


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
        try:
            done = subprocess.run(
                self._command,
                input=json.dumps(told, ensure_ascii=False),
                text=True,
                encoding="utf-8",
                errors="replace",
                capture_output=True,
                timeout=self._timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise DeliveryError(
                f"{self.name}: {self._command[0]} did not end within {self._timeout_s:.0f} s; see what it waits for"
            ) from error
        except OSError as error:
            raise DeliveryError(f"{self.name}: {self._command[0]}: {error.strerror or error}") from error
        if done.returncode:
            said = " ".join((done.stderr or done.stdout).split())[-200:] or "it said nothing"
            raise DeliveryError(f"{self.name}: {self._command[0]} ended with {done.returncode}: {said}")

"""Parcel -> program of the station's own: JSON on its standard input, no shell."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from tempfile import TemporaryFile
from typing import IO, Literal

from bulletin.config.tables.delivery_options import CommandOptions
from bulletin.delivery.delivery_interface import LastingError, Parcel, parcel_data
from bulletin.delivery.notification_base_classes import Action, Notification
from bulletin.errors import DeliveryError
from bulletin.publishing.clean_text_for_feeds import plain_line
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.files.file_permissions import umask_of_user

_QUOTED_BYTES = 2000
"""Bytes of the end of its output that are quoted."""
_MOST_OUTPUT = 50_000_000
"""Bytes, on the disk: a program that writes without end fills it."""
_POLL_S = 0.2


class Command(CommandOptions, Notification):
    """Program that gets the action and the paths of the files; exit code 0 means that it is done."""

    kind: Literal["command"] = "command"

    def check(self) -> None:
        """Raise DeliveryError unless the program is there."""
        if not shutil.which(self.command[0]):
            raise LastingError(
                f"{self._where}: program not found; install it, or correct command (each argument is a "
                "separate item)"
            )

    def notify(self, action: Action, parcel: Parcel) -> None:
        self.check()
        message = parcel_data(action, parcel)
        message["files"] = [{"name": item.name, "path": str(item.path.resolve())} for item in parcel.items]
        # Files, not pipes: a player that the program leaves behind would hold a pipe open, and look like a
        # program that hangs.
        with TemporaryFile() as given, TemporaryFile() as output:
            given.write(json.dumps(message, ensure_ascii=False).encode())
            given.seek(0)
            code = self._run(given, output)
            if code:
                raise DeliveryError(f"{self._where} {_describe_code(code)}; {_last_line(output)}")

    @property
    def _where(self) -> str:
        return f"delivery {self.name}: program {self.command[0]}"

    def _run(self, given: IO[bytes], output: IO[bytes]) -> int:
        """The exit code. A program that hangs is killed with all its children, and DeliveryError raised."""
        try:
            process = subprocess.Popen(
                self.command,
                stdin=given,
                stdout=output,
                stderr=output,
                start_new_session=True,
                umask=umask_of_user(),
            )
        except OSError as error:
            raise DeliveryError(f"{self._where}: {error.strerror or error}") from error
        try:
            return self._wait(process, output)
        finally:
            if process.poll() is None:
                _kill(process)

    def _wait(self, process: subprocess.Popen[bytes], output: IO[bytes]) -> int:
        until = Deadline.after(self.timeout_s)
        while True:
            try:
                return process.wait(min(_POLL_S, until.left_s))
            except subprocess.TimeoutExpired as error:
                if os.fstat(output.fileno()).st_size > _MOST_OUTPUT:
                    reason = (
                        f"writes more than {_MOST_OUTPUT // 10**6} MB and was stopped; have it write less"
                    )
                elif until.is_over:
                    reason = (
                        f"did not end within {self.timeout_s:.0f} s and was stopped; find out why it waits, "
                        "or raise timeout_s"
                    )
                else:
                    continue
                raise DeliveryError(f"{self._where} {reason}; {_last_line(output)}") from error


def _describe_code(code: int) -> str:
    """Words for an exit code; subprocess gives a signal as its negative number."""
    return f"exited with code {code}" if code >= 0 else f"ended by signal {-code} ({signal.strsignal(-code)})"


def _last_line(output: IO[bytes]) -> str:
    """The end of the output, for a message in one line, without terminal colours."""
    output.seek(0, os.SEEK_END)
    output.seek(max(0, output.tell() - _QUOTED_BYTES))
    text = output.read(_QUOTED_BYTES).decode("utf-8", "replace")
    return f"its last line of output: {plain_line(text)[-200:].strip() or 'none'}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()

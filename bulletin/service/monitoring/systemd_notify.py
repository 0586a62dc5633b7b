"""Notifications to systemd over its socket (sd_notify(3)): ready, alive, reloading, stopping; elsewhere none."""

from __future__ import annotations

import logging
import os
import socket
import time

log = logging.getLogger(__name__)


class Notifier:
    """
    Notifies the service manager; without $NOTIFY_SOCKET it does nothing.

    Only the supervisor's loop may call `alive`: a thread of its own would go on when the loop is dead.
    """

    def __init__(self, address: str | None = None) -> None:
        self._address = address if address is not None else os.environ.get("NOTIFY_SOCKET", "")

    def ready(self, status: str) -> None:
        self._send(f"READY=1\nSTATUS={_line(status)}")

    def alive(self, status: str = "") -> None:
        self._send("WATCHDOG=1" + (f"\nSTATUS={_line(status)}" if status else ""))

    def reloading(self) -> None:
        # Type=notify-reload needs the time, so that an earlier READY=1 is not taken for the answer.
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address or not hasattr(socket, "AF_UNIX"):
            return
        # systemd writes an abstract address with a leading "@".
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.sendto(message.encode(), address)
        except OSError as error:
            log.warning("systemd not notified: error=%s", error)


def _line(text: str) -> str:
    return " ".join(text.split())

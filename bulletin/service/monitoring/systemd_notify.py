"""Notifications to systemd over its socket (sd_notify(3)): ready, alive, reloading, stopping; elsewhere none."""

from __future__ import annotations

import logging
import os
import socket

log = logging.getLogger(__name__)


def notify_systemd(*assignments: str, status: str = "") -> None:
    """
    Send assignments, "READY=1", and a status line to the service manager; without $NOTIFY_SOCKET do nothing.

    Only the supervisor's loop may send "WATCHDOG=1": a thread of its own would go on when the loop is dead.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    if address.startswith("@"):  # systemd writes an abstract address so
        address = "\0" + address[1:]
    lines = [*assignments, *([f"STATUS={' '.join(status.split())}"] if status else ())]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto("\n".join(lines).encode(), address)
    except OSError as error:
        log.warning("systemd not notified: error=%s", error)

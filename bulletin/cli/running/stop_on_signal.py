"""SIGTERM and Ctrl-C of a process that runs until it is stopped."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)


def stop_on_signal(stop: Callable[[], None]) -> None:
    """Stop on SIGTERM and Ctrl-C; the second one ends at once."""

    def end(*args: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        log.info("stopping")
        threading.Thread(target=stop, daemon=True).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)

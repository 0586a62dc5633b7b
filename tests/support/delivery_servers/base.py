"""Base of the delivery servers: started and stopped on loopback by the tests that need them."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bulletin.delivery.delivery_interface import BUILTIN
from bulletin.runtime.find_plugins import find_part
from tests.support.free_ports import free_port

PASSWORD = "let-me-in"


def wait_for(is_so: Callable[[], bool], *, within_s: float = 60.0) -> None:
    ends = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.02)


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class Server:
    """Delivery server: `start`, `stop`, and its files."""

    def __init__(self, root: Path) -> None:
        self.root, self.port = root, free_port()
        self.door = self.port
        """Port that deliveries use: a proxy before the server, or the server itself."""
        root.mkdir(parents=True, exist_ok=True)

    def start(self) -> None: ...

    def stop(self) -> None: ...

    kind = ""
    """Kind of the delivery."""
    wrong: Mapping[str, str] = {}
    """Options of a login that is refused."""

    def given(self) -> dict[str, Any]:
        """Options of a delivery to this server, as in a profile."""
        raise NotImplementedError

    def delivery(self, **changes: Any) -> Any:
        part = find_part("deliveries", self.kind, BUILTIN)
        return part(**({"name": "far"} | self.given() | changes))

    def stand_behind(self, port: int) -> None:
        """Use this port for deliveries: a proxy forwards them to the server."""
        self.door = port

    def stranger(self) -> Any:
        """Delivery with a wrong login."""
        return self.delivery(**self.wrong)

    def lost(self) -> dict[str, str]:
        """Options of a folder that cannot be made, since a file has its name."""
        (self.root / "lost").write_text("a file")
        return {"folder": "lost"}

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }

"""Fake model servers with OpenAI's API: real HTTP on loopback."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

from tests.support.loopback import Loopback


@dataclass(kw_only=True)
class ModelServer(Loopback):
    """
    Behaviour set by `mode`: an HTTP status, "hang", "drip" (a byte now and then), "cut" (fewer
    bytes than announced); every other mode is for `answer`, which makes the body.
    """

    path: ClassVar[str]
    mode: str = "ok"
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def answer(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        raise NotImplementedError

    def handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(_Handler):
            model = stand_in

        return Handler

    @property
    def base_url(self) -> str:
        return f"{self.root}/v1"


class _Handler(BaseHTTPRequestHandler):
    model: ModelServer

    def log_message(self, *args: Any) -> None:
        """No log output in tests."""

    def do_GET(self) -> None:
        status = self.model.mode
        self._reply(int(status) if status.isdecimal() else 200, b'{"data": []}')

    def do_POST(self) -> None:
        model = self.model
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == f"/v1/{model.path}"
        model.asked.append(body)
        model.keys.append(self.headers.get("Authorization", ""))
        if model.mode.isdecimal():
            self._reply(int(model.mode), json.dumps({"error": f"no, {model.keys[-1]}"}).encode())
        elif model.mode in ("hang", "drip"):
            self._keep_waiting(drips=model.mode == "drip")
        else:
            status, data = model.answer(body)
            self._reply(status, data, lost=500 if model.mode == "cut" else 0)

    def _reply(self, status: int, data: bytes, *, lost: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) + lost))
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            return

    def _keep_waiting(self, *, drips: bool) -> None:
        if drips:
            self.send_response(200)
            self.end_headers()
        while not self.model.released.wait(0.05):
            try:
                self.wfile.write(b" " if drips else b"")
            except OSError:
                return

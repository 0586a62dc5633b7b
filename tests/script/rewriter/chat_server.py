"""A stand-in for servers of POST /v1/chat/completions: real HTTP on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Model = Callable[[Sequence[dict[str, str]]], str]
"""Messages of a conversation -> the model's words."""


@dataclass
class ChatServer:
    """
    `model` answers while `mode` is "ok". Other modes: an HTTP status, "hang", "drip" (a byte now and then),
    "html", "null" (no content), "list" (JSON, but a list), "cut" (fewer bytes than announced), "length" (stopped at
    the limit of tokens), "huge" (10 MB), "strict" (refuses max_tokens and temperature, as some models do).
    """

    model: Model = lambda messages: ""
    mode: str = "ok"
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.released = threading.Event()
        stand_in = self

        class Handler(_Handler):
            server_state = stand_in

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server_state: ChatServer

    def log_message(self, *args: Any) -> None:
        """Tests are silent."""

    def do_GET(self) -> None:
        status = self.server_state.mode
        self._reply(int(status) if status.isdecimal() else 200, b'{"data": []}')

    def do_POST(self) -> None:
        state = self.server_state
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/v1/chat/completions"
        state.asked.append(body)
        state.keys.append(self.headers.get("Authorization", ""))
        if state.mode.isdecimal():
            said = {"error": f"no, {state.keys[-1]}"}
            self._reply(int(state.mode), json.dumps(said).encode())
        elif state.mode in ("hang", "drip"):
            self._keep_waiting(drips=state.mode == "drip")
        elif state.mode == "strict" and ("max_tokens" in body or "temperature" in body):
            self._reply(400, b'{"error": "unsupported: max_tokens, temperature"}')
        else:
            self._reply(200, _body(state, body), lost=500 if state.mode == "cut" else 0)

    def _reply(self, status: int, data: bytes, *, lost: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) + lost))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            return

    def _keep_waiting(self, *, drips: bool) -> None:
        if drips:
            self.send_response(200)
            self.end_headers()
        while not self.server_state.released.wait(0.02):
            try:
                self.wfile.write(b" " if drips else b"")
            except OSError:
                return


def _body(state: ChatServer, asked: dict[str, Any]) -> bytes:
    if state.mode == "html":
        return b"<html>Welcome</html>"
    if state.mode == "list":
        return b"[1, 2]"
    content = None if state.mode == "null" else state.model(asked["messages"])
    if state.mode == "huge":
        content = "The bridge closes on Monday. " * 350_000
    ended = "length" if state.mode == "length" else "stop"
    message = {"role": "assistant", "content": content}
    return json.dumps({"choices": [{"message": message, "finish_reason": ended}]}).encode()

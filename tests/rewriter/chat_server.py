"""Fake server of POST /v1/chat/completions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.support.model_server import ModelServer

Model = Callable[[Sequence[dict[str, str]]], str]
"""Messages of a conversation -> answer of the model."""


@dataclass(kw_only=True)
class ChatServer(ModelServer):
    """
    Fake chat server; `model` answers while `mode` is "ok".

    Modes beside those of every fake server: "html", "null" (no content), "list" (JSON, but a list), "length"
    (stopped at the limit of tokens), "huge" (10 MB), "strict" (refuses max_tokens and temperature, as some models do).
    """

    path: ClassVar[str] = "chat/completions"
    model: Model = lambda messages: ""

    def answer(self, request: dict[str, Any]) -> tuple[int, bytes]:
        if self.mode == "strict" and ("max_tokens" in request or "temperature" in request):
            return 400, b'{"error": "unsupported: max_tokens, temperature"}'
        if self.mode == "html":
            return 200, b"<html>Welcome</html>"
        if self.mode == "list":
            return 200, b"[1, 2]"
        content = None if self.mode == "null" else self.model(request["messages"])
        if self.mode == "huge":
            content = "The bridge closes on Monday. " * 350_000
        ended = "length" if self.mode == "length" else "stop"
        message = {"role": "assistant", "content": content}
        return 200, json.dumps({"choices": [{"message": message, "finish_reason": ended}]}).encode()

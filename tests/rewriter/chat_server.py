"""A stand-in for servers of POST /v1/chat/completions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.support.model_server import ModelServer

Model = Callable[[Sequence[dict[str, str]]], str]
"""Messages of a conversation -> the model's words."""


@dataclass(kw_only=True)
class ChatServer(ModelServer):
    """
    `model` answers while `mode` is "ok". Other modes, beside those of every server: "html", "null" (no
    content), "list" (JSON, but a list), "length" (stopped at the limit of tokens), "huge" (10 MB), "strict"
    (refuses max_tokens and temperature, as some models do).
    """

    path: ClassVar[str] = "chat/completions"
    model: Model = lambda messages: ""

    def answer(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        if self.mode == "strict" and ("max_tokens" in asked or "temperature" in asked):
            return 400, b'{"error": "unsupported: max_tokens, temperature"}'
        if self.mode == "html":
            return 200, b"<html>Welcome</html>"
        if self.mode == "list":
            return 200, b"[1, 2]"
        content = None if self.mode == "null" else self.model(asked["messages"])
        if self.mode == "huge":
            content = "The bridge closes on Monday. " * 350_000
        ended = "length" if self.mode == "length" else "stop"
        message = {"role": "assistant", "content": content}
        return 200, json.dumps({"choices": [{"message": message, "finish_reason": ended}]}).encode()

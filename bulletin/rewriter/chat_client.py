"""Messages -> answer, by any server with OpenAI's POST /chat/completions: llama.cpp, Ollama, LocalAI, vLLM, a cloud."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from bulletin.config.tables.rewriter_options import RewriterOptions
from bulletin.errors import EngineUnavailableError, RewriterError, SpeechError
from bulletin.rewriter.prompt import Message
from bulletin.runtime.deadline import Deadline
from bulletin.speech.servers.ai_model_http_client import ModelClient, ModelReply

_TOKENS_AT_MOST = 2000
"""Room for a model that reasons first; without a limit some servers fill their memory."""
_CHECK_TIMEOUT_S = 8.0
_LASTING = frozenset((401, 402, 403, 404, 405, 429))
_OPTIONAL = ("temperature", "max_tokens")
"""Options that some models refuse with HTTP 400 and their name."""


class ChatRewriter:
    """Chat client; its key comes from the environment variable `key_env` only. Its answers are not trusted."""

    def __init__(self, options: RewriterOptions) -> None:
        self._options = options
        self._host = urlsplit(options.base_url).netloc
        self._client = ModelClient(
            name="rewriter",
            timeout_s=options.timeout_s,
            key_env=options.key_env,
            bytes_at_most=256_000,  # a story of a hundred words takes four thousand with its JSON
            remedy="; is the server running, and [script.rewriter] base_url right?",
        )
        self._extras: dict[str, Any] = {"temperature": 0.2, "max_tokens": _TOKENS_AT_MOST}

    @property
    def fingerprint(self) -> str:
        """Key of its settings; changes whenever its answers may change."""
        return f"{self._options.base_url} {self._options.model}"

    def check(self) -> None:
        """Request the list of models; any answer but a refused key is enough. Raises RewriterError."""
        status = self._request("GET", "models", within_s=_CHECK_TIMEOUT_S).status
        if status in (401, 403):
            variable = self._options.key_env or "(set [script.rewriter] key_env)"
            raise RewriterError(
                f"{self._host}: the key was refused (HTTP {status}); put a valid one into the environment variable {variable}"
            )

    def answer(self, messages: Sequence[Message], *, within_s: float) -> str:
        """Return the model's next turn. Raises RewriterError without a readable answer within `within_s` seconds."""
        deadline = Deadline.after(min(self._options.timeout_s, within_s))
        reply = self._post(messages, deadline)
        refused = [name for name in _OPTIONAL if name in self._extras and name.encode() in reply.body]
        if reply.status == 400 and refused:
            for name in refused:
                self._extras.pop(name, None)  # another thread may have been quicker
            reply = self._post(messages, deadline)
        if reply.status != 200:
            verdict = "gets too many requests" if reply.status == 429 else "refuses the request"
            reason = f"(HTTP {reply.status}); check [script.rewriter]: {reply.excerpt}".rstrip(": ")
            is_lasting = reply.status in _LASTING
            raise RewriterError(f"the server {self._host} {verdict} {reason}", is_lasting=is_lasting)
        return self._content(reply.body)

    def _post(self, messages: Sequence[Message], deadline: Deadline) -> ModelReply:
        body = {
            "model": self._options.model,
            "messages": list(messages),
            "stream": False,
            **dict(self._extras),
        }
        return self._request("POST", "chat/completions", body, within_s=deadline.left_s)

    def _request(self, method: str, path: str, body: Any = None, *, within_s: float) -> ModelReply:
        url = f"{self._options.base_url}/{path}"
        try:
            return self._client.ask_json(method, url, body, timeout_s=within_s)
        except SpeechError as error:
            raise RewriterError(str(error), is_lasting=isinstance(error, EngineUnavailableError)) from error

    def _content(self, data: bytes) -> str:
        try:
            choice = json.loads(data)["choices"][0]
            content, ended = choice["message"]["content"], choice.get("finish_reason")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise RewriterError(
                f"{self._host}: the answer is not a language model's; check [script.rewriter] base_url"
            ) from error
        if not isinstance(content, str) or not content.strip():
            raise RewriterError(f"{self._host}: the language model's answer is empty; try another model")
        if ended == "length":
            raise RewriterError(f"{self._host}: answer exceeds {_TOKENS_AT_MOST} tokens; try another model")
        return content

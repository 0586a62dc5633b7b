"""Messages -> answer, by any server with OpenAI's POST /chat/completions: llama.cpp, Ollama, LocalAI, vLLM, a cloud."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx2

from bulletin.config.tables.rewriter_options import RewriterOptions
from bulletin.errors import RewriterError
from bulletin.rewriter.prompt import Message
from bulletin.runtime.deadline import Deadline

_BYTES_AT_MOST = 256_000
"""A story of a hundred words takes four thousand with its JSON."""
_TOKENS_AT_MOST = 2000
"""Room for a model that reasons first; without a limit some servers fill their memory."""
_CONNECT_TIMEOUT_S = 3.0
_NO_ANSWER = (httpx2.HTTPError, httpx2.InvalidURL, ImportError, ValueError)
"""ImportError and ValueError: httpx2 cannot use this kind of proxy."""
_LASTING = frozenset((401, 402, 403, 404, 405, 429))
_OPTIONAL = ("temperature", "max_tokens")
"""Options that some models refuse with HTTP 400 and their name."""


class ChatRewriter:
    """Chat client; its key comes from the environment variable `key_env` only. Its answers are not trusted."""

    def __init__(self, options: RewriterOptions) -> None:
        self._options = options
        self._host = urlsplit(options.base_url).netloc
        self._extras: dict[str, Any] = {"temperature": 0.2, "max_tokens": _TOKENS_AT_MOST}

    @property
    def fingerprint(self) -> str:
        """Key of its settings; changes whenever its answers may change."""
        return f"{self._options.base_url} {self._options.model}"

    def check(self) -> None:
        """Request the list of models; any answer but a refused key is enough. Raises RewriterError."""
        try:
            with self._client(_CONNECT_TIMEOUT_S) as client:
                status = client.get("models").status_code
        except _NO_ANSWER as error:
            raise self._unreachable(error) from error
        if status in (401, 403):
            variable = self._options.key_env or "(set [script.rewriter] key_env)"
            raise RewriterError(
                f"{self._host}: the key was refused (HTTP {status}); put it into the environment variable {variable}"
            )

    def answer(self, messages: Sequence[Message], *, within_s: float) -> str:
        """Return the model's next turn. Raises RewriterError without a readable answer within `within_s` seconds."""
        deadline = Deadline.after(min(self._options.timeout_s, within_s))
        status, data = self._post(messages, deadline)
        refused = [name for name in _OPTIONAL if name in self._extras and name.encode() in data]
        if status == 400 and refused:
            for name in refused:
                self._extras.pop(name, None)  # another thread may have been quicker
            status, data = self._post(messages, deadline)
        if status != 200:
            raise self._refused(status, data)
        return self._content(data)

    @property
    def _key(self) -> str:
        return os.environ.get(self._options.key_env, "")

    def _client(self, timeout_s: float) -> httpx2.Client:
        # Loading certificates takes longer than a request on the same machine; plain http needs none.
        is_https = self._options.base_url.startswith("https:")
        return httpx2.Client(
            base_url=self._options.base_url,
            headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
            timeout=httpx2.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_TIMEOUT_S)),
            verify=is_https or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )

    def _post(self, messages: Sequence[Message], deadline: Deadline) -> tuple[int, bytes]:
        if deadline.is_over:
            raise RewriterError(f"{self._host}: no time left", is_lasting=True)
        body = {
            "model": self._options.model,
            "messages": list(messages),
            "stream": False,
            **dict(self._extras),
        }
        try:
            with (
                self._client(deadline.left_s) as client,
                client.stream("POST", "chat/completions", json=body) as answer,
            ):
                return answer.status_code, self._read(answer, deadline)
        except httpx2.TimeoutException as error:
            raise RewriterError(f"{self._host}: no answer in time", is_lasting=True) from error
        except _NO_ANSWER as error:
            raise self._unreachable(error) from error

    def _read(self, answer: httpx2.Response, deadline: Deadline) -> bytes:
        """Read the body within time and size; the library's read time-out would restart with every byte."""
        data = bytearray()
        for block in answer.iter_bytes():
            data += block
            if len(data) > _BYTES_AT_MOST:
                raise RewriterError(f"{self._host}: more than {_BYTES_AT_MOST // 1000} kB came for one story")
            if deadline.is_over:
                raise RewriterError(f"{self._host}: no answer in time", is_lasting=True)
        return bytes(data)

    def _content(self, data: bytes) -> str:
        try:
            choice = json.loads(data)["choices"][0]
            content, ended = choice["message"]["content"], choice.get("finish_reason")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise RewriterError(f"{self._host}: what came is no chat completion") from error
        if not isinstance(content, str) or not content.strip():
            raise RewriterError(f"{self._host}: the answer is empty")
        if ended == "length":
            raise RewriterError(f"{self._host}: the answer was cut off at {_TOKENS_AT_MOST} tokens")
        return content

    def _refused(self, status: int, data: bytes) -> RewriterError:
        body = " ".join(data[:200].decode(errors="replace").split())
        body = body.replace(self._key, "***") if self._key else body
        verdict = "too many requests" if status == 429 else "refuses"
        return RewriterError(
            f"{self._host}: {verdict} (HTTP {status}): {body}".rstrip(": "), is_lasting=status in _LASTING
        )

    def _unreachable(self, error: Exception) -> RewriterError:
        return RewriterError(
            f"{self._host}: cannot be asked ({type(error).__name__}: {error}); "
            "is the server running, and [script.rewriter] base_url right?",
            is_lasting=True,
        )

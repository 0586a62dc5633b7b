"""ChatTurn -> answer, by any server with OpenAI's POST /chat/completions: llama.cpp, Ollama, LocalAI, vLLM, a cloud."""

from __future__ import annotations

import json
import os
import ssl
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx2

from bulletin.errors import RewriterError
from bulletin.rewriter.rewriter_port import ChatTurn

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
    """Chat client; its key comes from the environment variable `key_env` only."""

    name = "chat"

    def __init__(self, *, base_url: str, model: str, key_env: str = "", timeout_s: float = 20.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._model = model
        self._key_env = key_env
        self._timeout_s = timeout_s
        self._extras: dict[str, Any] = {"temperature": 0.2, "max_tokens": _TOKENS_AT_MOST}

    @property
    def fingerprint(self) -> str:
        return f"{self._base_url} {self._model}"

    def check(self) -> None:
        """Request the list of models; any answer but a refused key is enough. Raises RewriterError."""
        try:
            with self._client(httpx2.Timeout(_CONNECT_TIMEOUT_S)) as client:
                status = client.get(f"{self._base_url}/models", headers=self._headers).status_code
        except _NO_ANSWER as error:
            raise self._unreachable(error) from error
        if status in (401, 403):
            raise RewriterError(
                f"{self._host}: the key was refused (HTTP {status}); "
                f"put it into the environment variable {self._key_env or '(set [script.rewriter] key_env)'}"
            )

    def answer(self, turns: Sequence[ChatTurn], *, within_s: float) -> str:
        deadline_s = time.monotonic() + min(self._timeout_s, within_s)
        status, data = self._post(turns, deadline_s=deadline_s)
        refused = [name for name in _OPTIONAL if name in self._extras and name.encode() in data]
        if status == 400 and refused:
            for name in refused:
                self._extras.pop(name, None)  # another thread may have been quicker
            status, data = self._post(turns, deadline_s=deadline_s)
        if status != 200:
            raise self._refused(status, data)
        return self._content(data)

    @property
    def _key(self) -> str:
        return os.environ.get(self._key_env, "") if self._key_env else ""

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    @property
    def _host(self) -> str:
        return urlsplit(self._base_url).netloc

    def _client(self, timeout: httpx2.Timeout) -> httpx2.Client:
        # Loading certificates takes longer than a request on the same machine; plain http needs none.
        is_https = self._base_url.startswith("https:")
        return httpx2.Client(timeout=timeout, verify=is_https or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    def _post(self, turns: Sequence[ChatTurn], *, deadline_s: float) -> tuple[int, bytes]:
        left_s = deadline_s - time.monotonic()
        if left_s <= 0:
            raise RewriterError(f"{self._host}: no time left", is_lasting=True)
        body = {
            "model": self._model,
            "messages": [{"role": turn.who, "content": turn.text} for turn in turns],
            "stream": False,
            **dict(self._extras),
        }
        timeout = httpx2.Timeout(left_s, connect=min(left_s, _CONNECT_TIMEOUT_S))
        try:
            with (
                self._client(timeout) as client,
                client.stream(
                    "POST", f"{self._base_url}/chat/completions", json=body, headers=self._headers
                ) as answer,
            ):
                return answer.status_code, self._read(answer, deadline_s=deadline_s)
        except httpx2.TimeoutException as error:
            raise RewriterError(f"{self._host}: no answer in time", is_lasting=True) from error
        except _NO_ANSWER as error:
            raise self._unreachable(error) from error

    def _read(self, answer: httpx2.Response, *, deadline_s: float) -> bytes:
        """Read the body within time and size; httpx's read time-out would restart with every byte."""
        data = bytearray()
        for block in answer.iter_bytes():
            data += block
            if len(data) > _BYTES_AT_MOST:
                raise RewriterError(f"{self._host}: more than {_BYTES_AT_MOST // 1000} kB came for one story")
            if time.monotonic() > deadline_s:
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

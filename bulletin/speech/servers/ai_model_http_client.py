"""Requests to servers of speech and language models: certificate verified, time and size limited, errors translated."""

from __future__ import annotations

import io
import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import httpx2

from bulletin.errors import AudioError, BadSpeechError, EngineUnavailableError, explain_os_errors
from bulletin.runtime.read_sound_file import Samples, read_sound, to_mono
from bulletin.speech.run_in_daemon_threads import finish_within

_CONNECT_TIMEOUT_S = 2.0
_CHECK_TIMEOUT_S = 8.0
"""Resolvers retry after five seconds: one lost packet must not cost the station its voice."""


class NoConnectionError(EngineUnavailableError):
    """No connection was made: the server was not burdened, so the next try need not wait."""


class UntrustedError(NoConnectionError):
    """The certificate cannot be verified: nothing was sent, and a retry is useless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """Answer of a server, with any status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def excerpt(self) -> str:
        """Beginning of the body, for a message."""
        return " ".join(self.body[:200].decode(errors="replace").split())

    def retry_after_s(self, default: float) -> float:
        """Seconds of the Retry-After header; `default` for a date or no header."""
        value = self.headers.get("Retry-After", "")
        return float(value) if value.isdecimal() else default


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelClient:
    """
    HTTP client of one engine or of the rewriter, whose name begins every message.

    The authorities of the system, or of the PEM file `ca_file`, verify the certificate.
    """

    name: str
    timeout_s: float
    """Time-out of one request, from the name look-up to the last byte."""
    bytes_at_most: int = 50_000_000
    """Size of an answer."""
    ca_file: str = ""
    remedy: str = ""
    """Remedy of a server that cannot be reached."""
    key_env: str = ""
    """Environment variable that holds the key; it is sent with JSON."""
    key_header: str = "Authorization"
    """Header of the key; "Authorization" is sent with "Bearer"."""

    def check(self, url: str) -> None:
        """Raise EngineUnavailableError when `ca_file` cannot be read or no answer comes; any status will do."""
        self.request("HEAD", url, timeout_s=_CHECK_TIMEOUT_S)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout_s: float | None = None,
    ) -> ModelReply:
        """
        Send a request and return the whole answer; redirects are not followed, the system's proxies are used.

        Raises UntrustedError, NoConnectionError, EngineUnavailableError, or BadSpeechError for an answer too large.
        """
        limit_s = self.timeout_s if timeout_s is None else timeout_s
        trust = self._read_authorities(url)
        try:
            request = httpx2.Request(method, url, headers=headers, content=body)
            return finish_within(limit_s, lambda: self._send(request, trust, limit_s))
        except (TimeoutError, httpx2.ReadTimeout, httpx2.WriteTimeout) as error:
            raise EngineUnavailableError(f"{self.name}: no answer in {limit_s:.3g} s{self.remedy}") from error
        except httpx2.HTTPError as error:
            raise self._translate(error, host=urlsplit(url).netloc) from error
        except (ImportError, ValueError) as error:  # a proxy of a kind that httpx2 cannot use
            raise NoConnectionError(
                f"{self.name}: the proxy in the variable https_proxy or all_proxy cannot be used ({error}); correct it"
            ) from error

    @property
    def key(self) -> str:
        """The key without the blanks and the line end of a copied file."""
        return os.environ.get(self.key_env, "").strip()

    def ask_json(
        self, method: str, url: str, data: Any = None, *, timeout_s: float | None = None
    ) -> ModelReply:
        """Send `data` as JSON, with the key; a key that the server repeats is hidden. Raises as `request` does."""
        headers = {"Content-Type": "application/json"}
        if not (self.key.isascii() and self.key.isprintable()):  # the error of the HTTP client would quote it
            raise NoConnectionError(
                f"{self.name}: the variable {self.key_env} is no key (a typographic quote, an accent, a line end in "
                "it); copy the key again"
            )
        if self.key:
            is_bearer = self.key_header == "Authorization"
            headers[self.key_header] = f"Bearer {self.key}" if is_bearer else self.key
        body = json.dumps(data).encode() if data else b""
        reply = self.request(method, url, headers=headers, body=body, timeout_s=timeout_s)
        if reply.status == 200 or not self.key:
            return reply
        return replace(reply, body=reply.body.replace(self.key.encode(), b"***"))

    def read_sound(self, data: bytes) -> tuple[Samples, int]:
        """Mono samples and rate in Hz of a sound file. Raises BadSpeechError."""
        try:
            samples, rate_hz = read_sound(io.BytesIO(data), name=self.name)
        except AudioError as error:
            raise BadSpeechError(f"{self.name}: the answer is not a sound file; try again later") from error
        return to_mono(samples), rate_hz

    def _send(self, request: httpx2.Request, trust: ssl.SSLContext | bool, timeout_s: float) -> ModelReply:
        timeout = httpx2.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_TIMEOUT_S))
        data = bytearray()
        with httpx2.Client(timeout=timeout, verify=trust) as client:
            answer = client.send(request, stream=True)
            for block in answer.iter_bytes():
                data += block
                if len(data) > self.bytes_at_most:
                    raise BadSpeechError(
                        f"{self.name}: answer over {self.bytes_at_most} bytes; check the address"
                    )
        return ModelReply(status=answer.status_code, headers=answer.headers, body=bytes(data))

    def _translate(self, error: httpx2.HTTPError, *, host: str) -> EngineUnavailableError:
        cause = f"{type(error).__name__}: {error}"
        if "CERTIFICATE_VERIFY_FAILED" in cause:
            why = cause.partition("certificate verify failed: ")[2].partition(" (_ssl")[0] or "not verified"
            return UntrustedError(
                f"{self.name}: the certificate of {host} is not trusted ({why}), so nothing was sent; if your network "
                f"has a TLS proxy, name the PEM file of its authority: [speech.engines.{self.name}] ca_file"
            )
        if isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError)):
            return NoConnectionError(f"{self.name}: {host} cannot be reached ({cause}){self.remedy}")
        return EngineUnavailableError(f"{self.name}: no full answer from {host} ({cause}); check the server")

    def _read_authorities(self, url: str) -> ssl.SSLContext | bool:
        """Trusted authorities of the PEM file, or True for the system's; none for plain HTTP."""
        if not self.ca_file:
            # Loading certificates takes longer than a request on the same machine.
            return url.startswith("https:") or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with explain_os_errors(
            EngineUnavailableError,
            f"{self.name}: [speech.engines.{self.name}] ca_file {self.ca_file} cannot be read",
            "name a PEM file",
        ):
            return ssl.create_default_context(cafile=self.ca_file)

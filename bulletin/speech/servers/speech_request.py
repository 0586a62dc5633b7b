"""One request to a speech server: certificate verified, time and size limited, errors in our words."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from bulletin.errors import BadSpeechError, EngineUnavailableError

_CONNECT_TIMEOUT_S = 2.0
_BYTES_AT_MOST = 50_000_000


class NoConnectionError(EngineUnavailableError):
    """Found out at once and without bothering the server: no reason to wait before the next try."""


class UntrustedError(NoConnectionError):
    """The certificate cannot be verified: nothing was sent, and the next try would end the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechReply:
    """What the server answered, whatever the status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(
    url: str,
    *,
    engine: str,
    headers: Mapping[str, str],
    body: bytes,
    timeout_s: float,
    ca_file: str = "",
) -> SpeechReply:
    """
    POST `body` and return the whole answer; redirects are not followed, the system's proxies are used.

    The certificate is verified by the system's authorities, or by those of the PEM file `ca_file`. Messages
    begin with the `engine`'s name. Raises UntrustedError, NoConnectionError, EngineUnavailableError, or BadSpeechError
    for over 50 MB.
    """
    trust = read_authorities(ca_file, engine=engine)
    request = httpx2.Request("POST", url, headers=dict(headers), content=body)
    timeout = httpx2.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_TIMEOUT_S))
    try:
        with httpx2.Client(timeout=timeout, verify=trust) as client:
            answer = client.send(request, stream=True)
            try:
                data = _read(answer, engine=engine, timeout_s=timeout_s)
            finally:
                answer.close()
    except httpx2.HTTPError as error:
        raise _translate(error, engine=engine, host=request.url.host) from error
    except (ImportError, ValueError) as error:  # a proxy of a kind that httpx2 cannot use
        raise NoConnectionError(
            f"{engine}: the proxy that https_proxy or all_proxy names cannot be used ({error})"
        ) from error
    return SpeechReply(status=answer.status_code, headers=answer.headers, body=data)


def _read(answer: httpx2.Response, *, engine: str, timeout_s: float) -> bytes:
    """The whole body, within the time and size: a read time-out starts anew with every byte."""
    data = bytearray()
    deadline_s = time.monotonic() + timeout_s
    for block in answer.iter_bytes():
        data += block
        if time.monotonic() > deadline_s:
            raise EngineUnavailableError(f"{engine}: not done within {timeout_s:g} s")
        if len(data) > _BYTES_AT_MOST:
            raise BadSpeechError(f"{engine}: more than 50 MB came for one sentence")
    return bytes(data)


def _translate(error: httpx2.HTTPError, *, engine: str, host: str) -> EngineUnavailableError:
    said = f"{type(error).__name__}: {error}"
    if "CERTIFICATE_VERIFY_FAILED" in said:
        why = said.partition("certificate verify failed: ")[2].partition(" (_ssl")[0] or "not verified"
        return UntrustedError(
            f"{engine}: the certificate of {host} is not trusted ({why}), so nothing was sent; if a proxy of "
            f"yours stands before it, name its authority's PEM file: [speech.engines.{engine}] ca_file"
        )
    if isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError)):
        return NoConnectionError(f"{engine}: no connection ({said})")
    return EngineUnavailableError(f"{engine}: no answer ({said})")


def read_authorities(ca_file: str, *, engine: str) -> ssl.SSLContext | bool:
    """Who vouches for servers: those of a PEM file; True, the system's, when it names none."""
    if not ca_file:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise EngineUnavailableError(
            f"{engine}: [speech.engines.{engine}] ca_file {ca_file} cannot be read "
            f"({error.strerror or error}); name a PEM file"
        ) from error

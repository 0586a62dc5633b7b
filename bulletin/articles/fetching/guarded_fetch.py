"""HTTP requests with guards: the only module of the articles that knows httpx2."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Literal, Self

import httpx2

from bulletin import __version__
from bulletin.articles.fetching.dns import Resolver
from bulletin.articles.fetching.host_queue import HostQueue
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.response_cache import ResponseCache, cache_key
from bulletin.articles.fetching.ssrf_guard import (
    TO_ALLOW,
    GuardedTarget,
    check_addresses,
    check_url,
    follow_redirect,
    publisher_of,
)
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import FetchError

_MOST_REDIRECTS = 5
_MOST_ADDRESSES = 4
"""Of one host, tried in turn."""
_CONNECT_S = 4.0
_KEEP_ALIVE_S = 4.0
"""How long an idle connection is used again: Apache and Uvicorn close theirs after five seconds."""
_PERMANENT = {301, 308}
_REDIRECTS = _PERMANENT | {302, 303, 307}
_ENCODINGS = {"gzip", "x-gzip", "deflate", "identity", ""}
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
)


@dataclass(slots=True, kw_only=True)
class _Lane:
    """Connection to one host, for one request at a time."""

    host: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    transports: dict[str, httpx2.AsyncHTTPTransport] = field(default_factory=dict)
    has_answered: bool = False
    """In this run: the next request may go over a connection that the host is just closing."""
    closed: str = ""
    """Why the host is not asked again in this run: it asks to be left alone, or cannot be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """Options of one request, redirects included."""

    limit_mb: float
    private: GuardedTarget | None
    headers: Mapping[str, str]
    method: Literal["GET", "HEAD"]


class Fetcher:
    """
    Asks addresses politely and trusts no answer.

    The host's name is resolved here, every address it has must be public, and that very address is
    connected to (a name that resolves differently the second time gains nothing). Redirects are followed
    here and checked again. No proxy or certificate from the environment, no cookies, no authorization: the bare
    transport is used, which knows none of them.
    """

    def __init__(
        self, options: FetchOptions, *, answers: ResponseCache | None = None, to_allow: str = TO_ALLOW
    ) -> None:
        """`to_allow`: how to allow an address of the station's own network, for messages."""
        self._options = options
        self._to_allow = to_allow
        self._answers = answers
        self._turns = answers.turns if answers else HostQueue()
        self._lanes: dict[str, _Lane] = {}
        self._slots = asyncio.Semaphore(options.at_once)
        self._resolver = Resolver()
        self._tls: ssl.SSLContext | None = None
        contact = f" (+{options.contact})" if options.contact else ""
        self._agent = f"Bulletin/{__version__}{contact}".encode("ascii", "replace").decode("ascii")

    async def __aenter__(self) -> Self:
        self._turns.begin_run()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._turns.end_run()
        self._resolver.close()
        for lane in self._lanes.values():
            for transport in lane.transports.values():
                await transport.aclose()

    async def fetch(
        self,
        url: str,
        *,
        limit_mb: float,
        private: GuardedTarget | None = None,
        headers: Mapping[str, str] | None = None,
        method: Literal["GET", "HEAD"] = "GET",
    ) -> HttpResponse:
        """
        Ask for `url`, redirects followed, at most `limit_mb` of decoded body.

        `private` is the feed of the station's own network that leads to `url`: its host may have any address, and
        what it redirects must stay there. Every status is an answer, and so is a recent one of another run. Raises
        FetchError when there is no answer, or the address may not be asked.
        """
        request = _Request(limit_mb=limit_mb, private=private, headers=headers or {}, method=method)
        if self._answers is None or method != "GET":
            return await self._fetch(url, request)
        check_url(url, private=private)  # what one station may ask of its own network, another may not
        return await self._answers.get(
            cache_key(url, private=private.url if private else "", headers=request.headers),
            lambda: self._fetch(url, request),
            limit_mb=limit_mb,
            timeout_s=self._options.timeout_s,
        )

    async def _fetch(self, url: str, request: _Request) -> HttpResponse:
        moved_to, permanent, asked = "", True, url
        for _ in range(_MOST_REDIRECTS + 1):
            target = check_url(url, private=request.private)
            answer = await self._ask(target, request)
            if answer.status not in _REDIRECTS:
                return replace(answer, url=url, moved_to=moved_to)
            location = answer.headers.get("location", "").strip()
            if not location:
                raise FetchError(url, f"answered {answer.status} without saying where to")
            permanent = permanent and answer.status in _PERMANENT
            url = follow_redirect(url, location, private=request.private)
            moved_to = url if permanent else moved_to
        raise FetchError(asked, f"redirects more than {_MOST_REDIRECTS} times")

    async def _ask(self, target: GuardedTarget, request: _Request) -> HttpResponse:
        async with self._turn(target) as lane:
            try:
                async with asyncio.timeout(self._options.timeout_s):
                    addresses = await self._addresses(target, request.private, lane=lane)
                    return await self._exchange(target, addresses, request, lane=lane)
            except TimeoutError as error:
                seconds = f"{self._options.timeout_s:g}"
                raise FetchError(
                    target.url,
                    f"did not answer in full within {seconds} s; raise [fetch] timeout_s if it is worth it",
                ) from error

    @asynccontextmanager
    async def _turn(self, target: GuardedTarget) -> AsyncIterator[_Lane]:
        """Wait for the host's turn first, for one of the few slots second: a pause occupies no slot."""
        host = publisher_of(target)
        lane = self._lanes.setdefault(host, _Lane(host=host))
        async with lane.lock:
            if lane.closed:
                raise FetchError(target.url, lane.closed)
            await self._turns.take(host)
            try:
                if reason := self._turns.why_closed(host):
                    raise FetchError(target.url, reason)
                async with self._slots:
                    yield lane
            finally:
                self._turns.give_back(host)

    async def _addresses(
        self, target: GuardedTarget, private: GuardedTarget | None, *, lane: _Lane
    ) -> Sequence[str]:
        try:
            addresses = await self._resolver.resolve(target.host, url=target.url)
        except FetchError as error:
            lane.closed = error.reason
            raise
        check_addresses(addresses, target, private=private, to_allow=self._to_allow)
        return addresses

    async def _exchange(
        self, target: GuardedTarget, addresses: Sequence[str], request: _Request, *, lane: _Lane
    ) -> HttpResponse:
        try:
            response = await self._connect(target, addresses, request, lane=lane)
            answer = await _receive(response, target, limit=int(request.limit_mb * 1e6))
        finally:
            self._turns.rest(lane.host, gap_s=self._options.host_gap_s)
        if answer.status in (429, 503):
            lane.closed = f"its host asks to be left alone ({answer.status})"
            self._turns.close(lane.host, lane.closed)
        return answer

    async def _connect(
        self, target: GuardedTarget, addresses: Sequence[str], request: _Request, *, lane: _Lane
    ) -> httpx2.Response:
        """Send the request to the first address that accepts the connection."""
        last: Exception | None = None
        for address in addresses[:_MOST_ADDRESSES]:
            sent = self._request(target, address, request)
            try:
                response = await self._send(sent, self._transport(lane, target.scheme), lane=lane)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                last = error
            except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
                raise FetchError(target.url, f"broke off ({_reason(error)})") from error
            else:
                response.request = sent
                lane.has_answered = True
                return response
        reason = f"cannot be reached ({_reason(last)})"
        lane.closed = reason
        raise FetchError(target.url, reason) from last

    async def _send(
        self, request: httpx2.Request, transport: httpx2.AsyncHTTPTransport, *, lane: _Lane
    ) -> httpx2.Response:
        """
        Send it, and again where an idle connection closed under it (RFC 9112, 9.3.1).

        A host closes an idle connection when it likes, and a request that is on its way at that moment gets
        no answer. GET and HEAD may be sent again.
        """
        try:
            return await transport.handle_async_request(request)
        except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError):
            if not lane.has_answered:
                raise
            lane.has_answered = False
            return await transport.handle_async_request(request)

    def _request(self, target: GuardedTarget, address: str, request: _Request) -> httpx2.Request:
        try:
            url = httpx2.URL(target.url)
        except httpx2.InvalidURL as error:
            raise FetchError(target.url, f"is not a valid address ({error})") from error
        return httpx2.Request(
            request.method,
            url.copy_with(host=address.partition("%")[0], fragment=None),
            headers={
                "Host": url.netloc.decode("ascii"),
                "User-Agent": self._agent,
                "Accept": _ACCEPT,
                # Only encodings that are decoded piece by piece; httpx2 decodes the others 1 MiB at a time.
                "Accept-Encoding": "gzip, deflate",
                **request.headers,
            },
            extensions={
                "sni_hostname": target.host,
                "timeout": {"connect": _CONNECT_S, "read": self._options.timeout_s, "write": _CONNECT_S},
            },
        )

    def _transport(self, lane: _Lane, scheme: str) -> httpx2.AsyncHTTPTransport:
        """One for each host and scheme: connections are pooled by IP address, which hosts may share."""
        if scheme not in lane.transports:
            if self._tls is None and scheme == "https":
                self._tls = httpx2.create_ssl_context(trust_env=False)
            lane.transports[scheme] = httpx2.AsyncHTTPTransport(
                verify=self._tls or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # without authorities
                trust_env=False,
                limits=httpx2.Limits(max_connections=1, keepalive_expiry=_KEEP_ALIVE_S),
            )
        return lane.transports[scheme]


async def _receive(response: httpx2.Response, target: GuardedTarget, *, limit: int) -> HttpResponse:
    """Read at most `limit` bytes of the body, decoded."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        if response.status_code in _REDIRECTS or response.status_code == 304:
            return HttpResponse(url=target.url, status=response.status_code, headers=headers)
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise FetchError(target.url, f'has the encoding "{encoding[:40]}", which was not asked for')
        pieces, size = [], 0
        async for piece in response.aiter_bytes():
            size += len(piece)
            if size > limit:
                raise FetchError(target.url, f"is larger than {limit / 1e6:g} MB; [fetch] raises that limit")
            pieces.append(piece)
        return HttpResponse(
            url=target.url, status=response.status_code, headers=headers, body=b"".join(pieces)
        )
    except httpx2.HTTPError as error:
        raise FetchError(target.url, f"broke off ({_reason(error)})") from error
    finally:
        await response.aclose()


def _reason(error: Exception | None) -> str:
    return (str(error) or type(error).__name__)[:120]

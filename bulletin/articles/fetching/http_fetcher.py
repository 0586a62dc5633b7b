"""HTTP requests with guards: the only module of the articles that knows httpx2."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self

import httpx2

from bulletin import __version__
from bulletin.articles.fetching.dns_lookup import Resolver
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.share_requests_between_runs import HostQueue, ResponseCache
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
"""Most addresses of one host, tried in turn."""
_CONNECT_S = 4.0
_PERMANENT = {301, 308}
_REDIRECTS = _PERMANENT | {302, 303, 307}
_ENCODINGS = {"gzip", "x-gzip", "deflate", "identity", ""}
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
)


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

    It resolves the host's name itself, requires all its addresses to be public, and connects to one of them:
    so a second DNS answer (DNS rebinding) changes nothing. It follows redirects itself and checks them again.
    The bare transport knows no proxy or certificate from the environment, no cookies, no authorization. Each
    request has its own connection: the transport would share connections by IP address, and hosts share
    addresses.
    """

    def __init__(
        self, options: FetchOptions, *, answers: ResponseCache | None = None, to_allow: str = TO_ALLOW
    ) -> None:
        """`to_allow`: how to allow an address of the station's own network, for messages."""
        self._options = options
        self._to_allow = to_allow
        self._answers = answers
        self._turns = answers.turns if answers else HostQueue()
        self._closed: dict[str, str] = {}
        """Host -> why it is not asked again in this run: it asks to be left alone, or cannot be reached."""
        self._slots = asyncio.Semaphore(options.at_once)
        self._resolver = Resolver()
        contact = f" (+{options.contact})" if options.contact else ""
        self._agent = f"Bulletin/{__version__}{contact}".encode("ascii", "replace").decode("ascii")

    def for_another_run(self) -> Self:
        """A fetcher with the same connections, for a run that asks closed hosts again and looks names up anew."""
        self._transport  # noqa: B018  made here, or each copy would make its own
        other = copy(self)
        other._closed, other._resolver = {}, Resolver()
        return other

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if "_transport" in vars(self):
            await self._transport.aclose()

    @cached_property
    def _transport(self) -> httpx2.AsyncHTTPTransport:
        """Transport, made for the first request: it reads the certificates, and recorded feeds need none."""
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
        return httpx2.AsyncHTTPTransport(trust_env=False, limits=limits)

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

        `private` is the feed of the station's own network that leads to `url`. Its host may have any address;
        its redirects must stay on that host. Any status is an answer; a recent answer of another run counts
        too. Raises FetchError when there is no answer, or the address is forbidden.
        """
        request = _Request(limit_mb=limit_mb, private=private, headers=headers or {}, method=method)
        if self._answers is None or method != "GET":
            return await self._fetch(url, request)
        check_url(url, private=private)  # before the shared cache: `private` is the station's own
        key = (
            *(url, private.url if private else "", frozenset(request.headers.items())),
            *(limit_mb, self._options.timeout_s),
        )
        return await self._answers.get(key, lambda: self._fetch(url, request))

    async def _fetch(self, url: str, request: _Request) -> HttpResponse:
        moved_to, permanent, asked = "", True, url
        for _ in range(_MOST_REDIRECTS + 1):
            answer = await self._ask(check_url(url, private=request.private), request)
            if answer.status not in _REDIRECTS:
                return replace(answer, url=url, moved_to=moved_to)
            location = answer.headers.get("location", "").strip()
            if not location:
                raise FetchError(url, f"redirects ({answer.status}), but to no address; tell the publisher")
            permanent = permanent and answer.status in _PERMANENT
            url = follow_redirect(url, location, private=request.private)
            moved_to = url if permanent else moved_to
        raise FetchError(asked, f"redirects more than {_MOST_REDIRECTS} times; correct the URL")

    async def _ask(self, target: GuardedTarget, request: _Request) -> HttpResponse:
        """Wait for the host's turn first, for one of the few slots second: a pause occupies no slot."""
        host = publisher_of(target)
        async with self._turns.turn(host):
            if reason := self._closed.get(host):
                raise FetchError(target.url, reason)
            try:
                async with self._slots, asyncio.timeout(self._options.timeout_s):
                    return await self._exchange(target, request, host=host)
            except TimeoutError as error:
                seconds = f"{self._options.timeout_s:g}"
                raise FetchError(
                    target.url,
                    f"did not answer in full within {seconds} s; to wait longer, raise [fetch] timeout_s",
                ) from error

    async def _exchange(self, target: GuardedTarget, request: _Request, *, host: str) -> HttpResponse:
        try:
            addresses = await self._resolver.resolve(target.host, url=target.url)
        except FetchError as error:
            self._closed[host] = error.reason
            raise
        check_addresses(addresses, target, private=request.private, to_allow=self._to_allow)
        try:
            response = await self._connect(target, addresses, request, host=host)
            answer = await _receive(response, target, limit=int(request.limit_mb * 1e6))
        except httpx2.HTTPError as error:
            raise FetchError(target.url, f"connection lost ({_reason(error)}); try again later") from error
        finally:
            self._turns.rest(host, gap_s=self._options.host_gap_s)
        if answer.status in (429, 503):
            self._closed[host] = f"the server asked for a pause (HTTP {answer.status}); try again later"
        return answer

    async def _connect(
        self, target: GuardedTarget, addresses: Sequence[str], request: _Request, *, host: str
    ) -> httpx2.Response:
        """Send the request to the first address that accepts the connection."""
        last: Exception | None = None
        for address in addresses[:_MOST_ADDRESSES]:
            prepared = self._request(target, address, request)
            try:
                response = await self._transport.handle_async_request(prepared)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                last = error
            except ValueError as error:
                raise FetchError(
                    target.url, f"connection lost ({_reason(error)}); try again later"
                ) from error
            else:
                response.request = prepared
                return response
        self._closed[host] = f"cannot be reached ({_reason(last)}); is the server up, and the address right?"
        raise FetchError(target.url, self._closed[host]) from last

    def _request(self, target: GuardedTarget, address: str, request: _Request) -> httpx2.Request:
        try:
            url = httpx2.URL(target.url)
        except httpx2.InvalidURL as error:
            raise FetchError(target.url, f"is not a valid address ({error}); correct it") from error
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


async def _receive(response: httpx2.Response, target: GuardedTarget, *, limit: int) -> HttpResponse:
    """Read at most `limit` bytes of the body, decoded."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        body = b""
        if response.status_code not in _REDIRECTS and response.status_code != 304:
            body = await _read_body(response, headers.get("content-encoding", ""), target, limit=limit)
    finally:
        await response.aclose()
    charset = response.charset_encoding or ""
    return HttpResponse(
        url=target.url, status=response.status_code, headers=headers, body=body, charset=charset
    )


async def _read_body(response: httpx2.Response, encoding: str, target: GuardedTarget, *, limit: int) -> bytes:
    if encoding.strip().lower() not in _ENCODINGS:
        raise FetchError(
            target.url,
            f'is compressed as "{encoding[:40]}", which Bulletin cannot read; ask the publisher for gzip',
        )
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > limit:
            raise FetchError(target.url, f"larger than {limit / 1e6:g} MB; raise [fetch] feed_mb or page_mb")
    return bytes(body)


def _reason(error: Exception | None) -> str:
    return (str(error) or type(error).__name__)[:120]

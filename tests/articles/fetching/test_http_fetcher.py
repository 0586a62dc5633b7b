from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest

from bulletin.articles.fetching.http_fetcher import Fetcher
from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.articles.fetching.ssrf_guard import check_url, read_url
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import FetchError
from tests.articles.site import Site


def fetch(url: str, options: FetchOptions, *, limit_mb: float = 1.0, is_private: bool = True) -> HttpResponse:
    """Fetch one address and wait for the response."""

    async def work() -> HttpResponse:
        async with Fetcher(options) as fetcher:
            private = read_url(url) if is_private else None
            return await fetcher.fetch(url, limit_mb=limit_mb, private=private)

    return asyncio.run(work())


def test_an_answer_is_read(site: Site, options: FetchOptions) -> None:
    url = site.reply("/feed", "news", headers={"Content-Type": "text/xml; charset=ISO-8859-1"})

    answer = fetch(url, options)

    assert (answer.status, answer.body, answer.charset) == (200, b"news", "iso-8859-1")


def test_publishers_see_who_asks_and_nothing_else(site: Site, options: FetchOptions) -> None:
    fetch(site.reply("/feed", "news"), options.model_copy(update={"contact": "news@wexcombe.example"}))

    headers = site.asked[0].headers
    assert headers["host"] == f"127.0.0.1:{site.port}"
    assert headers["user-agent"].startswith("Bulletin/")
    assert headers["user-agent"].endswith("(+news@wexcombe.example)")
    assert "cookie" not in headers


def test_cookies_are_not_kept(site: Site, options: FetchOptions) -> None:
    site.reply("/set", headers={"Set-Cookie": "id=1", "Location": "/feed"}, status=302)
    site.reply("/feed", "news")

    fetch(site.url("/set"), options)

    assert "cookie" not in site.asked[1].headers


def test_no_proxy_is_taken_from_the_environment(
    site: Site, options: FetchOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert fetch(site.reply("/feed", "news"), options).body == b"news"


def test_loopback_is_never_asked_for_a_public_feed(site: Site, options: FetchOptions) -> None:
    url = site.reply("/feed", "news")

    for address in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "2130706433")):
        with pytest.raises(FetchError, match=r"not on the open internet"):
            fetch(address, options, is_private=False)

    assert site.asked == []


@pytest.mark.parametrize(("for_good", "for_now"), [(301, 302), (308, 303), (308, 307)])
def test_redirects_are_followed_and_the_move_for_good_is_noted(
    site: Site, options: FetchOptions, for_good: int, for_now: int
) -> None:
    site.reply("/old", status=for_good, headers={"Location": "/new"})
    site.reply("/new", status=for_now, headers={"Location": "/now"})
    site.reply("/now", "news")

    answer = fetch(site.url("/old"), options)

    assert (answer.url, answer.body, answer.moved_to) == (site.url("/now"), b"news", site.url("/new"))


def test_a_move_after_a_detour_is_not_for_good(site: Site, options: FetchOptions) -> None:
    site.reply("/old", status=302, headers={"Location": "/new"})
    site.reply("/new", status=301, headers={"Location": "/now"})
    site.reply("/now", "news")

    assert fetch(site.url("/old"), options).moved_to == ""


def test_an_invalid_location_is_repaired_as_browsers_do(site: Site, options: FetchOptions) -> None:
    site.reply("/old", status=302, headers={"Location": "/the news"})
    site.reply("/the%20news", "news")

    assert fetch(site.url("/old"), options).body == b"news"


def test_five_redirects_are_enough(site: Site, options: FetchOptions) -> None:
    site.reply("/loop", status=302, headers={"Location": "/loop"})

    with pytest.raises(FetchError, match=r"more than 5 times"):
        fetch(site.url("/loop"), options)

    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:9/",
        "http://localhost/",
        "http://[::1]/",
        "http://user:pw@127.0.0.1/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://news.example/feed",
        "http://[",
        "",
    ],
)
def test_a_private_feed_redirects_to_its_own_host_only(
    site: Site, options: FetchOptions, location: str
) -> None:
    site.reply("/old", status=302, headers={"Location": location})

    with pytest.raises(FetchError, match=r"redirects"):
        fetch(site.url("/old"), options)

    assert len(site.asked) == 1


def test_a_slow_drip_meets_the_deadline(site: Site, options: FetchOptions) -> None:
    """Each byte arrives in time, but the whole response would take a minute."""
    url = site.reply("/drip", "n" * 600, drip_s=0.1)

    with pytest.raises(FetchError, match=r"within 0.4 s"):
        fetch(url, options.model_copy(update={"timeout_s": 0.4}))


def test_a_large_answer_is_cut_off(site: Site, options: FetchOptions) -> None:
    url = site.reply("/big", b"n" * 200_001)

    with pytest.raises(FetchError, match=r"larger than 0.2 MB"):
        fetch(url, options, limit_mb=0.2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)], ids=["gzip", "deflate"]
)
def test_the_unpacked_size_is_limited(
    site: Site, options: FetchOptions, encoding: str, compress: Callable[[bytes], bytes]
) -> None:
    body = compress(b" " * 50_000_000)
    url = site.reply("/bomb", body, headers={"Content-Encoding": encoding})

    assert len(body) < 100_000
    with pytest.raises(FetchError, match=r"larger than 1 MB"):
        fetch(url, options)


def test_packed_answers_are_unpacked(site: Site, options: FetchOptions) -> None:
    url = site.reply("/feed", gzip.compress(b"news"), headers={"Content-Encoding": "gzip"})

    assert fetch(url, options).body == b"news"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x-evil"])
def test_nothing_else_is_unpacked(site: Site, options: FetchOptions, encoding: str) -> None:
    url = site.reply("/feed", b"news", headers={"Content-Encoding": encoding})

    with pytest.raises(FetchError, match=r"which Bulletin cannot read; ask the publisher for gzip"):
        fetch(url, options)


def test_a_response_without_body_may_name_any_encoding(site: Site, options: FetchOptions) -> None:
    """Servers name Brotli in a redirect or a 304 as well, where there is no body."""
    site.reply("/old", status=301, headers={"Location": "/feed", "Content-Encoding": "br"})
    site.reply("/feed", status=304, headers={"Content-Encoding": "br"})

    assert fetch(site.url("/old"), options).status == 304


def test_a_closed_port_is_no_traceback(site: Site, options: FetchOptions) -> None:
    with pytest.raises(FetchError, match=r"cannot be reached"):
        fetch("http://127.0.0.1:9/feed", options)


class OneAnswerEach:
    """A server that closes each connection at its second request, as after an idle timeout."""

    def __init__(self, *, most_answers: int) -> None:
        self.connections = 0
        self.served: list[asyncio.Task[None]] = []
        self._left = most_answers

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if task := asyncio.current_task():
            self.served.append(task)
        with suppress(asyncio.IncompleteReadError):  # the client has closed the connection
            await reader.readuntil(b"\r\n\r\n")
            if self._left:
                self._left -= 1
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews")
                await writer.drain()
                await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()


def ask_times(times: int, server: OneAnswerEach, options: FetchOptions) -> list[bytes]:
    async def work() -> list[bytes]:
        async with await asyncio.start_server(server, "127.0.0.1", 0) as listening:
            url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
            private = read_url(url)
            try:
                async with Fetcher(options) as fetcher:
                    return [
                        (await fetcher.fetch(url, limit_mb=1, private=private)).body for _ in range(times)
                    ]
            finally:
                await asyncio.gather(*server.served)

    return asyncio.run(work())


def test_no_request_meets_the_close_of_an_idle_connection(options: FetchOptions) -> None:
    server = OneAnswerEach(most_answers=3)

    assert ask_times(3, server, options) == [b"news"] * 3
    assert server.connections == 3


def test_a_request_that_is_not_answered_is_not_repeated(options: FetchOptions) -> None:
    server = OneAnswerEach(most_answers=0)

    with pytest.raises(FetchError, match="connection lost"):
        ask_times(1, server, options)
    assert server.connections == 1


@pytest.mark.slow
def test_a_host_is_asked_one_thing_at_a_time(site: Site, options: FetchOptions) -> None:
    urls = [site.reply(f"/{n}", b"news" * 5, drip_s=0.005) for n in range(6)]

    async def work() -> None:
        async with Fetcher(options) as fetcher:
            private = check_url(urls[0])
            await asyncio.gather(*(fetcher.fetch(url, limit_mb=1, private=private) for url in urls))

    asyncio.run(work())

    assert len(site.asked) == 6
    assert site.at_once == 1


def test_a_host_with_retry_after_is_not_asked(site: Site, options: FetchOptions) -> None:
    site.reply("/busy", status=429, headers={"Retry-After": "120"})
    site.reply("/feed", "news")

    async def work() -> None:
        async with Fetcher(options) as fetcher:
            private = check_url(site.url())
            answer = await fetcher.fetch(site.url("/busy"), limit_mb=1, private=private)
            assert answer.status == 429
            with pytest.raises(FetchError, match=r"a pause \(HTTP 429\)"):
                await fetcher.fetch(site.url("/feed"), limit_mb=1, private=private)

    asyncio.run(work())

    assert site.paths() == ["/busy"]


def test_a_server_that_is_down_does_not_close_its_neighbour(site: Site, options: FetchOptions) -> None:
    """Two servers on the station's own machine, with different ports."""
    good = site.reply("/feed", "news")

    async def work() -> tuple[str, bytes]:
        async with Fetcher(options) as fetcher:
            down = "http://127.0.0.1:9/feed"
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch(down, limit_mb=1, private=read_url(down))
            answer = await fetcher.fetch(good, limit_mb=1, private=read_url(good))
            return caught.value.reason, answer.body

    reason, body = asyncio.run(work())

    assert "cannot be reached" in reason
    assert body == b"news"

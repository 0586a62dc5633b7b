from __future__ import annotations

import pytest

from bulletin.articles.fetching.ssrf_guard import check_url, is_own, is_public
from bulletin.errors import FetchError


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://news.example/",
        "javascript:alert(1)",
        "data:text/xml,<rss/>",
        "view-source:http://news.example/",
        "//news.example/feed",
        "http://",
        "http:///feed",
        "http://user:secret@news.example/",
        "http://news.example@127.0.0.1/",
        "http://@news.example/",
        "http://news.example\\@127.0.0.1/",
        "http://news.example/a b",
        "http://news.example/a\nb",
        "http://news.example:99999/",
        "http://news.example:22/",
        "http://news.example:6000000/",
        "http://[::1/",
        "http://news.example/" + "a" * 5000,
        f"http://{'ä' * 300}.example/",
    ],
)
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(FetchError):
        check_url(url)


def test_a_host_is_compared_in_ascii_and_lower_case() -> None:
    target = check_url("HTTPS://Bücher.EXAMPLE./feed")

    assert (target.host, target.port) == ("xn--bcher-kva.example", 443)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "198.18.0.1",
        "192.0.0.8",
        "240.0.0.1",
        "::7f00:1",
        "fec0::1",
        "64:ff9b:1::1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "localhost",
        "",
    ],
)
def test_private_addresses_are_found_in_every_notation(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
)
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_a_private_feed_owns_its_host_and_port_only() -> None:
    feed = check_url("http://10.0.0.5:8000/feed")

    assert is_own(check_url("http://10.0.0.5:8000/page"), feed)
    assert not is_own(check_url("http://10.0.0.5:8001/page"), feed)
    assert not is_own(check_url("http://10.0.0.6:8000/page"), feed)
    assert not is_own(check_url("http://10.0.0.5:8000/page"), None)


def test_a_private_host_may_go_from_http_to_https() -> None:
    assert is_own(check_url("https://wiki.studio/feed"), check_url("http://wiki.studio/feed"))

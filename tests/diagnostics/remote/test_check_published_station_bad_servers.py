"""Check of a published station behind a faulty web server: each fault is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.types import Message, Scope

from bulletin.diagnostics.remote.check_published_station import check_published_station
from bulletin.model.diagnostic_findings import Verdict
from tests.diagnostics.remote.conftest import NOW, SERVER_FAULTS, ServerFault

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def clear_server_faults() -> Iterator[None]:
    yield
    SERVER_FAULTS.clear()


def findings_of(url: str) -> list[tuple[str, str, str]]:
    findings = check_published_station(url, now=NOW, is_private=True)
    return [
        (finding.verdict.value, finding.part, finding.message)
        for finding in findings
        if finding.verdict is not Verdict.OK
    ]


def header(name: str, value: str | None) -> Callable[[Message], Message]:
    """Change of the answer: another value of this header, or none."""

    def change(message: Message) -> Message:
        headers = [pair for pair in message["headers"] if pair[0].lower() != name.encode()]
        return {**message, "headers": headers + ([(name.encode(), value.encode())] if value else [])}

    return change


def ignoring(name: str) -> Callable[[Scope], Scope]:
    """Change of the request: the server ignores this header."""
    return lambda scope: {
        **scope,
        "headers": [pair for pair in scope["headers"] if pair[0].lower() != name.encode()],
    }


def refusing(method: str, status: int) -> Callable[[Scope], Scope]:
    return lambda scope: {**scope, "path": f"/valley/no-{status}"} if scope["method"] == method else scope


SOUND = "Z.mp3"
"""End of the name of an episode: the time of its making, in UTC."""


@pytest.mark.parametrize(
    ("server_fault", "verdict", "part", "expected"),
    [
        (ServerFault("feed.xml", answer=header("content-type", "text/plain")), "failure", "feed", 'media type "text/plain"'),
        (ServerFault("feed.xml", ask=refusing("HEAD", 405)), "failure", "feed", "refuses HEAD requests"),
        (ServerFault("feed.xml", ask=ignoring("if-none-match")), "warning", "feed", "let it answer HTTP 304"),
        (ServerFault("feed.xml", answer=header("link", None)), "warning", "feed", "the web server must send this header for WebSub: Link: <"),
        (ServerFault(SOUND, answer=header("content-type", "audio/x-mp3")), "failure", "episode", "the web server must send audio/mpeg"),
        (ServerFault(SOUND, ask=refusing("HEAD", 403)), "failure", "episode", "to HEAD; allow HEAD requests"),
        (ServerFault(SOUND, ask=ignoring("range")), "failure", "episode", "no byte ranges (asked for two bytes, got HTTP 200)"),
        (ServerFault(".vtt", answer=header("content-type", "text/html")), "warning", "episode", "the web server must send text/vtt"),
        (ServerFault(".srt", answer=header("access-control-allow-origin", None)), "warning", "episode", "players on other sites cannot read it"),
        (ServerFault(".vtt", ask=refusing("GET", 404)), "failure", "episode", "HTTP 404; publish this file again, beside the sound"),
        (ServerFault("chapters.json", ask=refusing("GET", 404)), "failure", "episode", "HTTP 404"),
        (ServerFault("artwork-", ask=refusing("GET", 404)), "failure", "artwork", "apps show no cover"),
        (ServerFault("artwork-", ask=refusing("HEAD", 405)), "failure", "artwork", "apps show no cover"),
    ],
    ids=range(13),
)  # fmt: skip
def test_each_server_fault_is_reported(
    station: tuple[str, Path], server_fault: ServerFault, verdict: str, part: str, expected: str
) -> None:
    SERVER_FAULTS.append(server_fault)

    ((actual_verdict, actual_part, message),) = findings_of(station[0])

    assert (actual_verdict, actual_part) == (verdict, part), message
    assert expected in message


def test_a_feed_without_cache_headers_is_reported(station: tuple[str, Path]) -> None:
    SERVER_FAULTS.append(ServerFault("feed.xml", answer=header("etag", None)))
    SERVER_FAULTS.append(ServerFault("feed.xml", answer=header("last-modified", None)))

    ((verdict, part, message),) = findings_of(station[0])

    assert (verdict, part) == ("warning", "feed")
    assert "no ETag or Last-Modified header" in message


EVERYWHERE = ""


@pytest.mark.parametrize(
    ("server_fault", "pattern"),
    [
        (ServerFault(EVERYWHERE, ask=refusing("HEAD", 405)), "refuses HEAD requests.* .and 2 more like it."),
        (ServerFault(EVERYWHERE, answer=header("access-control-allow-origin", None)), "send Access-Control.*and 3 more"),
        (ServerFault("css", answer=header("content-type", "text/plain")), 'css: media type "text/plain".*send text/css'),
        (ServerFault("/valley/$", ask=refusing("GET", 404)), "no page; let the web server send index.html"),
    ],
    ids=range(4),
)  # fmt: skip
def test_one_cause_is_one_finding(station: tuple[str, Path], server_fault: ServerFault, pattern: str) -> None:
    SERVER_FAULTS.append(server_fault)

    ((_, _, message),) = findings_of(station[0])

    assert re.search(pattern, message), message


def test_a_wrong_length_is_not_reported_as_missing_byte_ranges(station: tuple[str, Path]) -> None:
    """The file differs in length from the feed, but the web server serves it correctly."""
    feed = station[1] / "feed.xml"
    before = feed.read_bytes()
    feed.write_bytes(re.sub(rb'(<enclosure [^>]*length=")\d+', rb"\g<1>123456", before))
    try:
        ((verdict, part, message),) = findings_of(station[0])
    finally:
        feed.write_bytes(before)

    assert (verdict, part) == ("failure", "episode")
    assert (
        "the feed says 123456; publish it again (perhaps because the feed was edited after Bulletin wrote it"
        in message
    )

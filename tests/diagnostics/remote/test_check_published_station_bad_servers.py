"""A station that was well published, behind a web server that is not well: each illness by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.types import Message, Scope

from bulletin.diagnostics.remote.check_published_station import check_published_station
from bulletin.model.diagnostic_findings import Verdict
from tests.diagnostics.remote.conftest import ILLNESSES, NOW, Illness


@pytest.fixture(autouse=True)
def well_again() -> Iterator[None]:
    yield
    ILLNESSES.clear()


def found(url: str) -> list[tuple[str, str, str]]:
    findings = check_published_station(url, now=NOW, is_private=True)
    return [(one.verdict.value, one.part, one.message) for one in findings if one.verdict is not Verdict.OK]


def header(name: str, value: str | None) -> Callable[[Message], Message]:
    """The answer with another header, or without it."""

    def change(message: Message) -> Message:
        headers = [pair for pair in message["headers"] if pair[0].lower() != name.encode()]
        return {**message, "headers": headers + ([(name.encode(), value.encode())] if value else [])}

    return change


def deaf(name: str) -> Callable[[Scope], Scope]:
    """A server that does not look at a header of the client's."""
    return lambda scope: {
        **scope,
        "headers": [pair for pair in scope["headers"] if pair[0].lower() != name.encode()],
    }


def refusing(method: str, status: int) -> Callable[[Scope], Scope]:
    return lambda scope: {**scope, "path": f"/valley/no-{status}"} if scope["method"] == method else scope


SOUND = "Z.mp3"
"""Of an episode: its name ends with the moment when it was made."""


@pytest.mark.parametrize(
    ("illness", "verdict", "part", "told"),
    [
        (Illness("feed.xml", answer=header("content-type", "text/plain")), "failure", "feed", 'media type "text/plain"'),
        (Illness("feed.xml", ask=refusing("HEAD", 405)), "failure", "feed", "refuses HEAD requests"),
        (Illness("feed.xml", ask=deaf("if-none-match")), "warning", "feed", "let it answer HTTP 304"),
        (Illness("feed.xml", answer=header("link", None)), "warning", "feed", "for WebSub the web server must send Link: <"),
        (Illness(SOUND, answer=header("content-type", "audio/x-mp3")), "failure", "episode", "the web server must send audio/mpeg"),
        (Illness(SOUND, ask=refusing("HEAD", 403)), "failure", "episode", "to HEAD; allow HEAD requests"),
        (Illness(SOUND, ask=deaf("range")), "failure", "episode", "no byte ranges (asked for two bytes, got HTTP 200)"),
        (Illness(".vtt", answer=header("content-type", "text/html")), "warning", "episode", "the web server must send text/vtt"),
        (Illness(".srt", answer=header("access-control-allow-origin", None)), "warning", "episode", "players on other sites cannot read it"),
        (Illness(".vtt", ask=refusing("GET", 404)), "failure", "episode", "HTTP 404; publish this file again, beside the sound"),
        (Illness("chapters.json", ask=refusing("GET", 404)), "failure", "episode", "HTTP 404"),
        (Illness("artwork-", ask=refusing("GET", 404)), "failure", "artwork", "apps show no cover"),
        (Illness("artwork-", ask=refusing("HEAD", 405)), "failure", "artwork", "apps show no cover"),
    ],
    ids=range(13),
)  # fmt: skip
def test_what_the_server_does_wrong_is_told(
    station: tuple[str, Path], illness: Illness, verdict: str, part: str, told: str
) -> None:
    ILLNESSES.append(illness)

    ((how_bad, where, what),) = found(station[0])

    assert (how_bad, where) == (verdict, part), what
    assert told in what


def test_a_feed_that_no_client_can_keep_is_told(station: tuple[str, Path]) -> None:
    ILLNESSES.append(Illness("feed.xml", answer=header("etag", None)))
    ILLNESSES.append(Illness("feed.xml", answer=header("last-modified", None)))

    ((verdict, part, told),) = found(station[0])

    assert (verdict, part) == ("warning", "feed")
    assert "no ETag or Last-Modified header" in told


EVERYWHERE = ""


@pytest.mark.parametrize(
    ("illness", "told"),
    [
        (Illness(EVERYWHERE, ask=refusing("HEAD", 405)), "refuses HEAD requests.* .and 2 more like it."),
        (Illness(EVERYWHERE, answer=header("access-control-allow-origin", None)), "send Access-Control.*and 3 more"),
        (Illness("css", answer=header("content-type", "text/plain")), 'css: media type "text/plain".*send text/css'),
        (Illness("/valley/$", ask=refusing("GET", 404)), "no page; let the web server send index.html"),
    ],
    ids=range(4),
)  # fmt: skip
def test_one_cause_is_one_finding(station: tuple[str, Path], illness: Illness, told: str) -> None:
    ILLNESSES.append(illness)

    ((_, _, what),) = found(station[0])

    assert re.search(told, what), what


def test_a_wrong_length_is_no_want_of_ranges(station: tuple[str, Path]) -> None:
    """The web server has another file than the feed tells of, and hands it out as it should."""
    feed = station[1] / "feed.xml"
    before = feed.read_bytes()
    feed.write_bytes(re.sub(rb'(<enclosure [^>]*length=")\d+', rb"\g<1>123456", before))
    try:
        ((verdict, part, told),) = found(station[0])
    finally:
        feed.write_bytes(before)

    assert (verdict, part) == ("failure", "episode")
    assert "the feed says 123456; publish it again; the feed was edited after Bulletin wrote it" in told

"""Main program of the newsroom: profiles as they are now, TLS only, a reason where the archive cannot be opened."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from bulletin.newsroom_web.newsroom_main import CurrentProfiles, LateApp, RequireTls
from bulletin.service.http.web_server import WebServer
from tests.support.newsroom_desk import write_profile


def ask(app: ASGIApp, *, scheme: str = "http", path: str = "/sign-in") -> tuple[int, str]:
    """Status and body of an answer."""
    sent: list[MutableMapping[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"news.example")],
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 80),
        "root_path": "",
    }

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], body.decode()


def test_a_changed_profile_is_read_a_wrong_one_is_not_and_a_deleted_station_goes(tmp_path: Path) -> None:
    seconds = [0.0]
    loaded = write_profile(tmp_path)
    profiles = CurrentProfiles([loaded], clock=lambda: seconds[0])
    text = loaded.path.read_text("utf-8")

    def name_after(changed: str) -> list[str]:
        loaded.path.write_text(changed, "utf-8")
        assert [each.profile.name for each in profiles()] == before  # looked at once a second
        seconds[0] += 1.0
        return [each.profile.name for each in profiles()]

    before = [each.profile.name for each in profiles()]
    before = name_after(text.replace('"Hill"', '"High Hill"'))
    assert before == ["High Hill"]
    assert name_after("name = 7 and a mistake") == ["High Hill"]
    loaded.path.unlink()
    seconds[0] += 1.0
    assert profiles() == ()


def test_a_missing_secret_does_not_close_the_newsroom(tmp_path: Path) -> None:
    loaded = write_profile(tmp_path)
    profiles = CurrentProfiles([loaded], clock=iter(range(99)).__next__)
    profiles()
    text = loaded.path.read_text("utf-8")
    loaded.path.write_text(f'{text}\n[pull]\ntoken = "env:NOBODY_HAS_SET_THIS"\n', "utf-8")

    (now,) = profiles()

    assert now.lacks("pull") == ("NOBODY_HAS_SET_THIS",)


def test_without_its_archive_every_answer_says_why_and_a_later_request_tries_again(tmp_path: Path) -> None:
    seconds = [0.0]
    output = tmp_path / "out"
    output.write_text("a file in the place of the folder")
    app = LateApp(loaded=[write_profile(tmp_path)], output=output, clock=lambda: seconds[0])

    status, body = ask(app)
    assert (status, "stays on air" in body, str(output) in body) == (503, True, True)
    status, body = ask(app, path="/api/stations")
    assert (status, json.loads(body)["title"]) == (503, "Service Unavailable")

    output.unlink()
    assert ask(app)[0] == 503  # not with every request
    seconds[0] = 60.0
    assert ask(app)[0] == 200
    app.close()


def test_behind_tls_a_request_in_plain_text_is_refused() -> None:
    app = RequireTls(PlainTextResponse("news"))

    assert ask(app) == (403, "The newsroom answers over TLS only. Open its https:// address.\n")
    assert ask(app, scheme="https") == (200, "news")


@pytest.mark.slow
def test_a_web_server_in_front_says_that_a_request_came_over_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """By X-Forwarded-Proto, if its address is trusted; a stranger cannot say so."""

    def statuses(*, trusts_local: bool = True) -> list[int]:
        server = WebServer(RequireTls(PlainTextResponse("news")), trusts_local=trusts_local)
        server.start()
        answers = [
            httpx2.get(server.address, headers=headers, trust_env=False, timeout=60)
            for headers in ({}, {"X-Forwarded-Proto": "https"})
        ]
        server.stop()
        return [answer.status_code for answer in answers]

    assert statuses() == [403, 200]  # behind TLS this machine is trusted
    assert statuses(trusts_local=False) == [403, 403]
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.7")
    assert statuses() == [403, 403]

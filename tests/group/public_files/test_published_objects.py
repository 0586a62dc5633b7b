"""The public server of a group: the same answers as from a folder, from the ledger and the store."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from bulletin.archive.archive import Archive
from bulletin.errors import ArchiveError, StoreError
from bulletin.group.public_files.published_objects import ObjectFiles, PublishedNames, PublishedStation
from bulletin.service.http.list_stations import list_routes
from bulletin.service.http.serve_published_files import public_routes
from bulletin.service.http.web_server import WebServer
from bulletin.storage.store_interface import Store
from tests.support.bucket_process import open_target
from tests.support.published_names import publish_files

SOUND = bytes(range(256)) * 4000
FILES = {"latest.mp3": SOUND, "feed.xml": b"<rss/>", "index.html": b"<html>", ".standby/fm.mp3": SOUND}
Answer = tuple[int, dict[str, str], bytes]
Ask = Callable[..., Answer]


@pytest.fixture(
    params=[pytest.param("folder", marks=pytest.mark.slow), pytest.param("bucket", marks=pytest.mark.clients)]
)
def target(request: pytest.FixtureRequest) -> Store:
    """Public names."""
    return open_target(request.param, request)


@pytest.fixture
def moment() -> list[float]:
    return [0.0]


@pytest.fixture
def ask(archive: Archive, target: Store, tmp_path: Path, moment: list[float]) -> Iterator[Ask]:
    """Requests to a server whose objects are in a folder or in a bucket."""
    publish_files(archive, target, FILES)
    station = PublishedStation(
        station="demo",
        names=PublishedNames(archive, clock=lambda: moment[0]),
        objects=ObjectFiles(target, folder=tmp_path / "cache"),
        feed_url="https://news.example/demo/feed.xml",
    )
    app = Starlette(routes=[*list_routes(lambda: [station]), *public_routes(lambda: [station])])
    server = WebServer(app, host="127.0.0.1", port=0)
    server.start()

    def ask(path: str, *, method: str = "GET", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"{server.address}{path}", method=method, headers=named)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()

    yield ask
    server.stop()


def test_a_sound_has_ranges_and_validators(ask: Ask) -> None:
    status, headers, body = ask("/demo/latest.mp3")
    tag = f'"{hashlib.sha256(SOUND).hexdigest()}"'
    assert (status, body, headers["etag"]) == (200, SOUND, tag)
    assert (headers["content-type"], headers["last-modified"]) == (
        "audio/mpeg",
        "Tue, 24 Nov 2026 07:00:00 GMT",
    )
    status, headers, body = ask("/demo/latest.mp3", method="HEAD")
    assert (status, body, headers["content-length"]) == (200, b"", str(len(SOUND)))
    status, headers, body = ask("/demo/latest.mp3", Range="bytes=100-199", If_Range=tag)
    assert (status, body, headers["content-range"]) == (206, SOUND[100:200], f"bytes 100-199/{len(SOUND)}")
    assert ask("/demo/latest.mp3", Range="bytes=9-", If_Range='"older"')[0] == 200
    assert ask("/demo/latest.mp3", If_None_Match=tag)[0] == 304
    assert ask("/demo/latest.mp3", Range=f"bytes={len(SOUND)}-")[0] == 416


def test_only_public_names_are_served(ask: Ask) -> None:
    assert ask("/demo/")[2] == b"<html>"
    assert ask("/demo/feed.xml")[1]["link"] == '<https://news.example/demo/feed.xml>; rel="self"'
    for path in ("/demo/.standby/fm.mp3", "/demo/missing.mp3", "/demo/../demo/feed.toml", "/other/feed.xml"):
        assert ask(path)[0] == 404
    assert b'href="demo/"' in ask("/")[2]


def test_a_withdrawn_file_is_gone_within_a_second(
    ask: Ask, archive: Archive, target: Store, moment: list[float]
) -> None:
    ask("/demo/latest.mp3")
    publish_files(archive, target, {"feed.xml": b"<rss/>"})

    moment[0] += 1.1
    assert ask("/demo/latest.mp3")[0] == 404


def test_without_database_or_store_known_files_are_served(
    ask: Ask, archive: Archive, target: Store, moment: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("/demo/latest.mp3")

    def away(*_: Any, **__: Any) -> Any:
        raise ArchiveError("database away")

    with monkeypatch.context() as patched:
        patched.setattr(archive, "select", away)
        moment[0] += 30
        assert ask("/demo/latest.mp3")[0] == 200
        status, headers, _ = ask("/demo/feed.xml")
        assert (status, headers["retry-after"]) == (503, "5")
        moment[0] += 60
        assert ask("/demo/latest.mp3")[0] == 503  # it may have been withdrawn meanwhile

    moment[0] += 2

    def no_store(*_: Any) -> Any:
        raise StoreError("store away")

    monkeypatch.setattr(target, "get_with_tag", no_store)
    monkeypatch.setattr(target, "path_of", lambda key: None)
    assert ask("/demo/index.html")[0] == 503


@pytest.mark.slow
def test_an_object_is_fetched_once_and_the_least_used_go_first(
    archive: Archive, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_files(archive, store, {f"{number}.mp3": bytes([number]) * 100_000 for number in range(5)})
    monkeypatch.setattr(store, "path_of", lambda key: None)
    names, objects = PublishedNames(archive), ObjectFiles(store, folder=tmp_path / "cache", limit_mb=0.25)
    fetched: list[str] = []
    real = store.get_with_tag
    monkeypatch.setattr(store, "get_with_tag", lambda key: fetched.append(key) or real(key))

    for number in (0, 1, 0, 2, 3, 4, 4):
        file = names.find("demo", f"{number}.mp3")
        assert file
        with objects.open(file) as opened:
            assert opened.read() == bytes([number]) * 100_000

    assert len(fetched) == 5
    assert sum(path.stat().st_size for path in (tmp_path / "cache").glob("*/*")) <= 250_000

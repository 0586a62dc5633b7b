"""Public folder on the service's web server: files that clients get, and files that they never get."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bulletin.service.http.file_response import file_response, read_range
from bulletin.service.http.serve_published_files import PublicFolder, cache_of, public_routes
from bulletin.service.http.web_server import WebServer

SOUND = bytes(range(256)) * 4096  # a megabyte: sent in blocks
FEED_URL = "https://news.example/demo/feed.xml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output") / "demo"
    (folder / ".bulletin").mkdir(parents=True)
    (folder / "stories").mkdir()
    files = {
        "demo-1.mp3": SOUND,
        "demo-1.vtt": b"WEBVTT\n",
        "demo-1.srt": b"1\n",
        "demo-1.json": b"{}",
        "demo-1.chapters.json": b"{}",
        "feed.xml": b"<rss/>",
        "latest.mp3": b"latest",
        "index.html": b"<!doctype html>",
        "artwork-0a1b2c3d.jpg": b"\xff\xd8\xff",
        "stories/demo-2.mp3": b"story",
        "part-0123-demo-2.mp3": b"half",
        "archive.sqlite": b"secret",
        ".hidden.json": b"secret",
        ".bulletin/run.json": b"secret",
        "../other.json": b"secret",
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "out.json").symlink_to(folder.parent / "other.json")
    (folder / "loop.json").symlink_to(folder / "loop2.json")
    (folder / "loop2.json").symlink_to(folder / "loop.json")
    (folder / "loops").symlink_to(folder / "loops")
    return folder


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[httpx2.Client]:
    public_folder = PublicFolder(station="demo", folder=folder, feed_url=FEED_URL, hub="https://hub.example/")
    server = WebServer(Starlette(routes=public_routes(lambda: [public_folder])), host="127.0.0.1", port=0)
    server.start()
    with httpx2.Client(base_url=server.address, trust_env=False, timeout=60) as client:
        yield client
    server.stop()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("feed.xml", "application/rss+xml; charset=utf-8"),
        ("demo-1.mp3", "audio/mpeg"),
        ("demo-1.vtt", "text/vtt; charset=utf-8"),
        ("demo-1.srt", "application/x-subrip; charset=utf-8"),
        ("demo-1.json", "application/json; charset=utf-8"),
        ("demo-1.chapters.json", "application/json+chapters; charset=utf-8"),
        ("artwork-0a1b2c3d.jpg", "image/jpeg"),
        ("", "text/html; charset=utf-8"),
        ("stories/demo-2.mp3", "audio/mpeg"),
    ],
)
def test_every_file_has_its_type_and_is_open_to_other_sites(web: httpx2.Client, name: str, kind: str) -> None:
    answer = web.get(f"/demo/{name}")

    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/demo/part-0123-demo-2.mp3",
        "/demo/archive.sqlite",
        "/demo/.hidden.json",
        "/demo/.bulletin/run.json",
        "/demo/out.json",
        "/demo/loop.json",
        "/demo/loops/demo-1.mp3",
        "/demo/loops/",
        "/demo/..%2fother.json",
        "/demo/%2e%2e/other.json",
        "/demo/..%5cother.json",
        "/demo//etc/passwd.json",
        "/demo/%00.json",
        "/demo/stories",
        "/demo/stories/",
        "/nobody/feed.xml",
        "/demo/missing.mp3",
        "/..%2fdemo/feed.xml",
    ],
)
def test_private_files_are_not_found(web: httpx2.Client, path: str) -> None:
    answer = web.get(path)

    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_a_file_is_sent_in_full_and_head_gives_its_length(web: httpx2.Client) -> None:
    full, head = web.get("/demo/demo-1.mp3"), web.head("/demo/demo-1.mp3")

    assert full.content == SOUND
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(SOUND))
    assert head.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "status", "content", "content_range"),
    [
        ("bytes=0-1", 206, SOUND[:2], f"bytes 0-1/{len(SOUND)}"),
        ("bytes=-3", 206, SOUND[-3:], f"bytes {len(SOUND) - 3}-{len(SOUND) - 1}/{len(SOUND)}"),
        (
            f"bytes={len(SOUND) - 2}-",
            206,
            SOUND[-2:],
            f"bytes {len(SOUND) - 2}-{len(SOUND) - 1}/{len(SOUND)}",
        ),
        (f"bytes={len(SOUND)}-", 416, b"", f"bytes */{len(SOUND)}"),
        ("bytes=0-1,4-5", 200, SOUND, None),
        ("lines=0-1", 200, SOUND, None),
    ],
)
def test_ranges(
    web: httpx2.Client, asked: str, status: int, content: bytes, content_range: str | None
) -> None:
    answer = web.get("/demo/demo-1.mp3", headers={"Range": asked})

    assert (answer.status_code, answer.content) == (status, content)
    assert answer.headers.get("content-range") == content_range


class Counted(io.BytesIO):
    """Endless file that counts its reads."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        return bytes(size or 0)

    def fileno(self) -> int:
        return self.of.fileno()

    of: BinaryIO


@pytest.mark.slow
def test_after_a_client_hangs_up_no_more_is_read(tmp_path: Path) -> None:
    path = tmp_path / "endless.mp3"
    with path.open("wb") as file:
        file.truncate(100 * 1024**3)  # sparse: no byte of it is on the disk
    counted = Counted()
    counted.of = path.open("rb")

    async def send(request: Request) -> Response:
        return file_response(request, counted, {})

    server = WebServer(Starlette(routes=[Route("/", send)]))
    server.start()
    with httpx2.stream("GET", server.address, trust_env=False, timeout=60) as answer:
        next(answer.iter_raw())

    until = time.monotonic() + 60
    while not counted.closed:
        assert time.monotonic() < until, "it is read to its end"
        time.sleep(0.02)
    server.stop()
    counted.of.close()


def test_a_range_of_a_replaced_file_gets_the_full_file(web: httpx2.Client) -> None:
    tag = web.head("/demo/demo-1.mp3").headers["etag"]

    same = web.get("/demo/demo-1.mp3", headers={"Range": "bytes=0-1", "If-Range": tag})
    other = web.get("/demo/demo-1.mp3", headers={"Range": "bytes=0-1", "If-Range": '"older"'})
    assert (same.status_code, other.status_code) == (206, 200)


def test_a_client_with_the_current_file_gets_304(web: httpx2.Client) -> None:
    first = web.get("/demo/feed.xml")

    for name, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        again = web.get("/demo/feed.xml", headers={name: value})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert web.get("/demo/feed.xml", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_replaced_file_is_not_served_from_the_cache(web: httpx2.Client, folder: Path) -> None:
    before = web.get("/demo/latest.mp3")
    part = folder / "part-new"
    part.write_bytes(b"newest")  # same length as before
    part.replace(folder / "latest.mp3")

    after = web.get("/demo/latest.mp3", headers={"If-None-Match": before.headers["etag"]})
    assert (before.content, after.content) == (b"latest", b"newest")


def test_the_feed_names_itself_and_its_hub_in_the_header(web: httpx2.Client) -> None:
    answer = web.get("/demo/feed.xml")

    assert answer.headers["link"] == f'<{FEED_URL}>; rel="self", <https://hub.example/>; rel="hub"'
    assert "link" not in web.get("/demo/demo-1.mp3").headers


def test_other_sites_may_send_preflight_requests(web: httpx2.Client) -> None:
    answer = web.options("/demo/demo-1.vtt", headers={"Origin": "https://x.example"})

    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
    allowed = {name.strip() for name in answer.headers["access-control-allow-headers"].split(",")}
    assert allowed == {"Range", "If-Range", "If-None-Match", "If-Modified-Since"}
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


def test_uploads_are_refused(web: httpx2.Client) -> None:
    assert web.post("/demo/feed.xml").status_code == 405


def test_the_folder_without_its_slash_leads_to_the_page(web: httpx2.Client) -> None:
    answer = web.get("/demo")

    assert (answer.status_code, answer.headers["location"]) == (308, "demo/")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("artwork-0a1b2c3d.jpg", "public, max-age=31536000, immutable"),
        ("page-0a1b2c3d.css", "public, max-age=31536000, immutable"),
        ("icon-0a1b2c3d.svg", "public, max-age=31536000, immutable"),
        ("days/2026-11-25.json", "public, max-age=60"),
        ("preview-0a1b2c3d.jpg", "public, max-age=31536000, immutable"),
        ("now.json", "public, no-cache"),
        ("sw.js", "public, max-age=60"),
        ("latest.mp3", "public, no-cache"),
        ("fm.wav", "public, no-cache"),
        ("feed.xml", "public, max-age=60"),
        ("index.html", "public, max-age=60"),
        ("demo-20261125-0700-20261125T065900Z.mp3", "public, max-age=3600"),
    ],
)
def test_each_file_type_has_its_cache_lifetime(name: str, kept: str) -> None:
    assert cache_of(Path(name)) == kept


def test_ranges_are_clipped_or_ignored() -> None:
    assert read_range("bytes=-", size=10) is None
    assert read_range("bytes=5-2", size=10) is None
    assert read_range("bytes=-0", size=10) == range(0)
    assert read_range("bytes=-50", size=10) == range(10)
    assert read_range("bytes=2-50", size=10) == range(2, 10)

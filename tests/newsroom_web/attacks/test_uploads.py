"""Attacks: uploads that are oversized, slow, cut off, forged, or many small parts; names that lead elsewhere; a full disk."""

from __future__ import annotations

import errno
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse, Response

from bulletin.newsroom_web.http.parse_multipart import MultipartReader
from bulletin.newsroom_web.http.read_form import FormLimits, plain_file_name
from bulletin.newsroom_web.http.station_routes import station_form
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import DiskFullError
from tests.support.delivery_servers.base import wait_for
from tests.support.newsroom_server import Browser, ServedNewsroom, served_newsroom

LIMITS = FormLimits(form_bytes=64 * 1024, upload_bytes=1024 * 1024, pause_s=0.2, total_s=5.0)


def _take(visit: Visit) -> Response:
    upload = visit.form.upload("sound")
    return PlainTextResponse(f"{upload.name}|{upload.size_bytes}|{upload.path}|{visit.form.text('title')}")


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    routes = [station_form("test/upload", _take, files=True)]
    with served_newsroom(tmp_path_factory.mktemp("newsroom"), limits=LIMITS, routes=routes) as served:
        yield served


@pytest.fixture
def browser(newsroom: ServedNewsroom) -> Iterator[Browser]:
    browser = newsroom.browser("eddie")
    yield browser
    wait_for(lambda: not list(_left(newsroom)))


def _left(newsroom: ServedNewsroom) -> Iterator[Path]:
    return (
        path for path in (newsroom.output / ".bulletin" / "newsroom" / "uploads").rglob("*") if path.is_file()
    )


def _send(browser: Browser, data: bytes, *, name: str = "mayor.wav", **more: str) -> tuple[int, str]:
    answer = browser.post("/demo/test/upload", {"title": "The mayor", **more}, files={"sound": (name, data)})
    return answer.status_code, answer.text


def test_a_file_arrives_whole_and_is_deleted_after_the_answer(browser: Browser) -> None:
    status, text = _send(browser, b"RIFF" * 100_000, name="..\\..\\evil/../mayor.wav")
    name, size, path, title = text.split("|")
    assert (status, name, size, title) == (200, "mayor.wav", "400000", "The mayor")
    assert Path(path).name == "0"  # the browser's name is no part of any path


def test_a_file_over_the_limit_is_refused_by_its_length_and_by_its_bytes(browser: Browser) -> None:
    status, text = _send(browser, b"0" * 1_200_000)
    assert (status, "larger than 1 MB" in text) == (413, True)
    csrf = browser.csrf()
    head = _part("csrf", csrf) + b'--b\r\nContent-Disposition: form-data; name="sound"; filename="a"\r\n\r\n'

    def endless() -> Iterator[bytes]:  # chunked: no length is announced
        yield head
        for _ in range(40):
            yield b"0" * 65_536

    answer = browser.client.post(
        "/demo/test/upload",
        content=endless(),
        headers={"Content-Type": "multipart/form-data; boundary=b", "X-CSRF-Token": csrf},
    )
    assert answer.status_code == 413


def test_nothing_of_a_file_is_stored_before_the_form_token_is_seen(
    browser: Browser, newsroom: ServedNewsroom
) -> None:
    files = {"sound": ("a.wav", b"0" * 900_000)}
    answer = browser.client.post("/demo/test/upload", data={"title": "x"}, files=files)
    assert answer.status_code == 403
    assert not list(_left(newsroom))


def test_texts_and_parts_have_limits_of_their_own(browser: Browser) -> None:
    assert browser.post("/account/sign-out-everywhere", {"x": "y" * 70_000}).status_code == 413
    csrf = browser.csrf()
    many = _part("csrf", csrf) + _part("x", "y") * 2_100 + b"--b--\r\n"
    for body in (many, _part("csrf", csrf) + b"garbage", b"--b\r\n" + b"x" * 200_000):
        answer = browser.client.post(
            "/demo/test/upload", content=body, headers={"Content-Type": "multipart/form-data; boundary=b"}
        )
        assert answer.status_code in (400, 413), answer.text


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 500],
)
def test_a_form_without_a_usable_boundary_is_refused(browser: Browser, kind: str) -> None:
    answer = browser.client.post("/demo/test/upload", content=b"--\r\n", headers={"Content-Type": kind})
    assert answer.status_code == 400


def test_an_upload_that_pauses_is_ended(browser: Browser) -> None:
    with _raw(browser) as connection:
        connection.sendall(_part("csrf", browser.csrf()) + b"--b\r\nContent-Disposition: form-data; ")
        assert b" 408 " in _answer_of(connection)


@pytest.mark.parametrize("is_chunked", [False, True])
def test_an_upload_that_is_cut_off_leaves_nothing(
    browser: Browser, newsroom: ServedNewsroom, is_chunked: bool
) -> None:
    uploads = newsroom.output / ".bulletin" / "newsroom" / "uploads"
    shutil.rmtree(uploads, ignore_errors=True)
    file = b'--b\r\nContent-Disposition: form-data; name="sound"; filename="a.wav"\r\n\r\n'
    body = _part("csrf", browser.csrf()) + file + b"0" * 200_000
    with _raw(browser, is_chunked=is_chunked) as connection:
        connection.sendall((b"61a80\r\n" if is_chunked else b"") + body)
        wait_for(uploads.is_dir)  # made for the first file, it stays
    wait_for(lambda: not list(uploads.iterdir()))


def test_a_chunked_upload_that_ends_within_its_file_is_refused(browser: Browser) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="sound"; filename="a.mp3"\r\n\r\n'
    csrf = browser.csrf()

    answer = browser.client.post(
        "/demo/test/upload",
        content=iter([_part("csrf", csrf), head, b"0" * 100_000]),
        headers={"Content-Type": "multipart/form-data; boundary=b", "X-CSRF-Token": csrf},
    )

    assert (answer.status_code, "it is cut off" in answer.text) == (400, True)


def test_an_empty_file_and_no_file_get_a_clear_answer(browser: Browser) -> None:
    assert _send(browser, b"")[0] == 422
    answer = browser.post("/demo/test/upload", {"title": "x"})
    assert (answer.status_code, "no file was chosen" in answer.text) == (422, True)


def test_a_form_that_takes_no_file_stores_none(browser: Browser) -> None:
    answer = browser.post("/account/sign-out-everywhere", files={"sound": ("a.wav", b"0" * 1000)})
    assert answer.status_code == 413


def test_a_full_disk_gets_a_clear_answer() -> None:
    def full() -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    reader = MultipartReader(
        "multipart/form-data; boundary=b", place=full, check=lambda _: None, takes_files=True
    )
    file = b'--b\r\nContent-Disposition: form-data; name="sound"; filename="a.wav"\r\n\r\n0000'
    with pytest.raises(DiskFullError, match=r"cannot be stored \(No space left.*free some space"):
        reader.feed(file)


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\Windows\\x.wav", "a\0b\r\n.wav", "", "."])
def test_the_name_of_a_file_has_no_folders_and_no_control_signs(name: str) -> None:
    plain = plain_file_name(name)
    assert plain
    assert not {"/", "\\", "\0", "\r", "\n"} & set(plain)


def _part(name: str, text: str) -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()


def _raw(browser: Browser, *, is_chunked: bool = False) -> socket.socket:
    """A connection that has announced an upload of 500 kB, or of a length that it does not know."""
    host, port = browser.address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=10)
    head = (
        f"POST /demo/test/upload HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: bulletin={browser.session}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n"
        + ("Transfer-Encoding: chunked" if is_chunked else "Content-Length: 500000")
        + "\r\n\r\n"
    )
    connection.sendall(head.encode())
    return connection


def _answer_of(connection: socket.socket) -> bytes:
    return connection.recv(65_536).partition(b"\r\n")[0]

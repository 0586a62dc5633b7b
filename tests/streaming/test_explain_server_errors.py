"""Answers of streaming servers and the messages that explain them."""

from __future__ import annotations

import pytest

from bulletin.streaming.explain_server_errors import find_refusal, read_status

MOUNT_URL = "http://radio.example:8000/bulletin.mp3"
FORBIDDEN = (
    b"HTTP/1.0 403 Forbidden\r\nContent-Type: text/html\r\n\r\n"
    b"<html><head><title>Error 403</title></head><body><b>403 - %s</b>\r\n</body></html>\r\n"
)


@pytest.mark.parametrize(
    ("answer", "code", "reason"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n", 100, "Continue"),
        (b"HTTP/1.0 200 OK\r\n\r\n", 200, "OK"),
        (b"ICY 200 OK\r\n\r\n", 200, "OK"),
        (b"OK2\r\nicy-caps:11\r\n\r\n", 200, ""),
        (FORBIDDEN % b"Mountpoint in use", 403, "403 - Mountpoint in use"),
        (b"HTTP/1.0 500\r\n\r\none\r\ntwo\x1b[31m", 500, "one two[31m"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", 0, ""),
        (b"", 0, ""),
    ],
)
def test_an_answer_is_a_code_and_a_reason(answer: bytes, code: int, reason: str) -> None:
    assert read_status(answer) == (code, reason)


@pytest.mark.parametrize(
    ("code", "reason", "message", "is_lasting"),
    [
        (401, "", r"refuses user or password \(401\); see \[stream\] user and password", True),
        (
            403,
            "403 - Mountpoint in use",
            "another source is on this mount .*; stop it, or name another",
            False,
        ),
        (403, "Content-type not supported", "does not take audio/mpeg .*rendition", True),
        (
            403,
            "too many sources connected",
            r"answered 403, too many sources connected; its own log says why",
            False,
        ),
        (404, "", "has no such mount", True),
        (415, "", "does not take audio/mpeg", True),
        (503, "busy", r"answered 503, busy; its own log says why", False),
        (0, "", r"the server that answers is not Icecast; see \[stream\] url", False),
    ],
)
def test_an_error_names_the_mount_and_the_remedy(
    code: int, reason: str, message: str, is_lasting: bool
) -> None:
    error = find_refusal(code, reason, where=MOUNT_URL, media_type="audio/mpeg")

    assert error is not None
    assert str(error).startswith(MOUNT_URL)
    assert error.is_lasting is is_lasting
    with pytest.raises(type(error), match=message):
        raise error


@pytest.mark.parametrize("code", [100, 200])
def test_a_server_that_accepts_is_no_error(code: int) -> None:
    assert find_refusal(code, "", where=MOUNT_URL, media_type="audio/mpeg") is None

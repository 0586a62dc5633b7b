"""Requests answered from the public folder, without a web server."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.fetch_published_files import Unpublished
from bulletin.errors import FetchError

URL = "https://radio.wexcombe.example/news/demo/"


def ask(folder: Path, name: str) -> HttpResponse:
    return asyncio.run(Unpublished(folder, URL).ask(URL + name, method="GET", headers={}, limit_mb=0.001))


def test_a_file_at_the_size_limit_is_returned_and_a_larger_one_refused(tmp_path: Path) -> None:
    (tmp_path / "demo-1.mp3").write_bytes(b"n" * 1000)
    (tmp_path / "demo-2.mp3").write_bytes(b"n" * 1001)

    answer = ask(tmp_path, "demo-1.mp3")

    assert (answer.status, len(answer.body)) == (200, 1000)
    with pytest.raises(FetchError, match=r"is larger than 0\.001 MB"):
        ask(tmp_path, "demo-2.mp3")

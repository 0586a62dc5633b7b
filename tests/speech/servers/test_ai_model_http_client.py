"""Check before any sentence that a server answers at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.speech.servers.ai_model_http_client import ModelClient
from tests.speech.engines.openai_server import SpeechServer

CLIENT = ModelClient(name="openai", timeout_s=5.0, remedy="; go online")


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with SpeechServer() as running:
        yield running


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_any_answer_is_enough(server: SpeechServer) -> None:
    CLIENT.check(f"{server.base_url}/nowhere")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "https://127.0.0.1:1/", "https://nowhere.invalid/"])
def test_a_server_that_cannot_be_reached_is_named_with_the_remedy(url: str) -> None:
    host = url.split("/")[2]

    with pytest.raises(EngineUnavailableError, match=rf"^openai: {host} cannot be reached .*; go online$"):
        CLIENT.check(url)


def test_the_check_uses_the_proxy(server: SpeechServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.base_url.removesuffix("/v1"))
    CLIENT.check("http://nowhere.invalid/")

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(EngineUnavailableError, match="cannot be reached"):
        CLIENT.check("http://nowhere.invalid/")

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    CLIENT.check(server.base_url)

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bulletin.config.tables.rewriter_options import RewriterOptions
from bulletin.errors import RewriterError
from bulletin.rewriter.chat_client import ChatRewriter
from tests.rewriter.chat_server import ChatServer
from tests.support.free_ports import free_port

MESSAGES = ({"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello."})


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(model=lambda messages: f"You said {messages[-1]['content']}") as running:
        yield running


def chat(server: ChatServer, *, key_env: str = "", timeout_s: float = 5.0) -> ChatRewriter:
    return ChatRewriter(
        RewriterOptions(base_url=server.base_url, model="local", key_env=key_env, timeout_s=timeout_s)
    )


def test_the_answer_of_the_model_is_returned(server: ChatServer) -> None:
    assert chat(server).answer(MESSAGES, within_s=5) == "You said Hello."
    assert server.asked[0]["messages"] == list(MESSAGES)
    assert server.asked[0]["model"] == "local"
    assert server.asked[0]["stream"] is False


def test_the_key_comes_from_the_environment(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALLEY_KEY", "sesame")
    monkeypatch.setenv("OPENAI_API_KEY", "another")

    chat(server, key_env="VALLEY_KEY").answer(MESSAGES, within_s=5)
    chat(server).answer(MESSAGES, within_s=5)

    assert server.keys == ["Bearer sesame", ""]


@pytest.mark.parametrize("status", ["401", "403", "404", "429"])
def test_refusals_are_lasting_errors(
    server: ChatServer, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VALLEY_KEY", "sesame")
    server.mode = status

    with pytest.raises(RewriterError, match=status) as caught:
        chat(server, key_env="VALLEY_KEY").answer(MESSAGES, within_s=5)

    assert caught.value.is_lasting
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize("mode", ["500", "503", "400", "html", "null", "list", "cut", "length", "huge"])
def test_an_unusable_answer_is_an_error(server: ChatServer, mode: str) -> None:
    server.mode = mode

    with pytest.raises(RewriterError):
        chat(server).answer(MESSAGES, within_s=5)


@pytest.mark.parametrize("mode", ["hang", "drip"])
@pytest.mark.parametrize(("timeout_s", "within_s"), [(0.2, 60.0), (60.0, 0.2)])
def test_a_silent_server_ends_at_the_time_limit(
    server: ChatServer, mode: str, timeout_s: float, within_s: float
) -> None:
    server.mode = mode

    with pytest.raises(RewriterError, match=r"no answer in 0\.[12]"):
        chat(server, timeout_s=timeout_s).answer(MESSAGES, within_s=within_s)


def test_an_option_that_the_model_refuses_is_left_out(server: ChatServer) -> None:
    server.mode = "strict"
    rewriter = chat(server)

    assert rewriter.answer(MESSAGES, within_s=5) == "You said Hello."
    assert rewriter.answer(MESSAGES, within_s=5) == "You said Hello."
    assert ["max_tokens" in request for request in server.asked] == [True, False, False]


def test_an_unreachable_server_is_named() -> None:
    port = free_port()
    rewriter = ChatRewriter(RewriterOptions(base_url=f"http://127.0.0.1:{port}/v1", model="local"))

    with pytest.raises(RewriterError, match=str(port)) as caught:
        rewriter.answer(MESSAGES, within_s=5)
    assert caught.value.is_lasting
    with pytest.raises(RewriterError, match="is the server running"):
        rewriter.check()


def test_check_sends_no_story(server: ChatServer) -> None:
    chat(server).check()

    assert server.asked == []


def test_check_names_a_refused_key(server: ChatServer) -> None:
    server.mode = "401"

    with pytest.raises(RewriterError, match="VALLEY_KEY"):
        chat(server, key_env="VALLEY_KEY").check()


def test_a_proxy_that_cannot_be_used_is_named(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks9://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)

    with pytest.raises(RewriterError, match=r"proxy .* cannot be used"):
        chat(server).answer(MESSAGES, within_s=5)

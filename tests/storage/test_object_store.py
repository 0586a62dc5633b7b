"""Answers of real and of bad servers, in words for people."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest

from bulletin.errors import StoreError
from bulletin.storage.object_store import ObjectStore
from bulletin.storage.open_store import open_store
from tests.support.bucket_process import BUCKET, BucketProcess, bucket_process
from tests.support.free_ports import free_port
from tests.support.web_servers import Silent, served_by

pytestmark = pytest.mark.clients


@pytest.fixture(autouse=True)
def key_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture(scope="module")
def strict() -> Iterator[tuple[BucketProcess, str, str]]:
    """A server that checks keys, and a user of it without permission."""
    pytest.importorskip("moto", reason="pip install 'moto[s3,server]'")
    with bucket_process(unchecked_requests=3) as server:
        people = server.client("iam")
        people.create_user(UserName="stranger")
        made = people.create_access_key(UserName="stranger")["AccessKey"]
        yield server, made["AccessKeyId"], made["SecretAccessKey"]


def _answering(endpoint: str, **limits: float) -> ObjectStore:
    return ObjectStore(
        BUCKET, endpoint=endpoint, region="us-east-1", **{"timeout_s": 1.0, "patience_s": 0.0} | limits
    )


def test_a_wrong_key_and_a_missing_permission_are_told_apart(
    strict: tuple[BucketProcess, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, key_id, secret = strict
    with pytest.raises(StoreError, match=r"refuses the key.*correct AWS_ACCESS_KEY_ID") as wrong:
        open_store(server.address()).check()
    assert wrong.value.is_lasting
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    with pytest.raises(StoreError, match="no permission") as refused:
        open_store(server.address()).check()
    assert refused.value.is_lasting
    assert secret not in f"{wrong.value}{refused.value}"


def test_a_missing_bucket_is_no_missing_object() -> None:
    pytest.importorskip("moto", reason="pip install 'moto[s3,server]'")
    with bucket_process() as server:
        store = open_store(server.address(bucket="none"))
        for use in (store.get, store.delete, lambda key: store.put_new(key, b"x")):
            with pytest.raises(StoreError, match="bucket does not exist") as caught:
                use("a/b")
            assert caught.value.is_lasting


class Moody(Silent):
    """Answers each request by the next of `answers`, then 200."""

    answers: list[tuple[int, bytes, float]] = []

    def do_PUT(self) -> None:
        self.read_body()
        code, body, wait_s = self.answers.pop(0) if self.answers else (200, b"", 0.0)
        time.sleep(wait_s)
        self.answer(code, body, {"ETag": '"1"'})

    do_GET = do_PUT


def test_an_overloaded_server_is_asked_again_for_a_bounded_time() -> None:
    with served_by(Moody) as endpoint:
        Moody.answers = [(503, b"<Code>SlowDown</Code>", 0.0)] * 3
        assert _answering(endpoint, patience_s=20.0).put_new("a/b", b"x")
        Moody.answers = [(503, b"<Code>SlowDown</Code>", 0.0)] * 100
        with pytest.raises(StoreError, match=r"overloaded.*asked again") as caught:
            _answering(endpoint, patience_s=0.5).put_new("a/b", b"x")
    assert not caught.value.is_lasting
    assert len(Moody.answers) > 80
    Moody.answers.clear()


def test_a_silent_or_absent_server_is_given_up() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        for use in ("get", "exists"):
            with pytest.raises(StoreError, match=r"no answer.*is the server up"):
                getattr(_answering(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.3), use)("a/b")
    with pytest.raises(StoreError, match=r"no answer.*is the server up") as caught:
        _answering(f"http://127.0.0.1:{free_port()}").put("a/b", b"x")
    assert not caught.value.is_lasting


def test_a_server_that_comes_back_is_written_to() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Moody, bind_and_activate=False)
    server.server_bind()  # refuses connections until it listens
    store = _answering(f"http://127.0.0.1:{server.server_port}", patience_s=20.0)
    with ThreadPoolExecutor(1) as pool, ExitStack() as stack:
        stack.callback(server.server_close)
        put = pool.submit(store.put_new, "a/b", b"x")
        time.sleep(0.5)
        assert not put.done()
        server.server_activate()
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        assert put.result()
        server.shutdown()


@pytest.mark.parametrize(
    ("code", "body", "words"),
    [
        (507, b"<Code>QuotaExceeded</Code>", "bucket is full"),
        (403, b"<Code>QuotaExceeded</Code>", "bucket is full"),
        (501, b"<Code>NotImplemented</Code>", "no conditional puts"),
        (403, b"<Code>RequestTimeTooSkewed</Code>", "clock of this machine"),
    ],
)
def test_an_answer_is_explained(code: int, body: bytes, words: str) -> None:
    with served_by(Moody) as endpoint:
        Moody.answers = [(code, body, 0.0)]
        with pytest.raises(StoreError, match=words):
            _answering(endpoint).put_new("a/b", b"x")
    Moody.answers.clear()


def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one obstore asks the metadata server of Amazon's machines."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(StoreError, match=r"there is no key; set AWS_ACCESS_KEY_ID") as caught:
        _answering(f"http://127.0.0.1:{free_port()}", timeout_s=2.0).put("a/b", b"x")
    assert caught.value.is_lasting


def test_without_the_extra_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(StoreError, match=r"obstore is not installed; .*s3"):
        open_store("s3://group")


@pytest.mark.parametrize("address", ["s3://", "s3://id:secret@group", "s3://group?colour=red"])
def test_a_wrong_address_never_shows_a_secret(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(address)
    assert "secret" not in str(caught.value)

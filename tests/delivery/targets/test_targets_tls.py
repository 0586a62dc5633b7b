"""Untrusted certificates, by an unknown authority or for another host: nothing is sent to such a server."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from bulletin.delivery.delivery_result import DeliveryOutcome
from bulletin.runtime.backoff import LASTING_PAUSE
from tests.delivery.targets.test_targets_uploads import LIST, pytestmark, run
from tests.support.bad_connection import Middle
from tests.support.delivery_servers.base import Server
from tests.support.delivery_servers.make import make_server
from tests.support.public_station import House

__all__ = ["pytestmark"]


@pytest.fixture(params=["webdav", "s3"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    server = make_server(request.param, tmp_path)
    server.start()
    yield server
    server.stop()


def server_context(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def over_tls(server: Server, port: int) -> dict[str, Any]:
    key = "endpoint" if hasattr(server, "bucket") else "url"
    return {key: f"https://127.0.0.1:{port}"}


def vouch(server: Server, path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Trust this certificate, as the message says: by `ca_file`, for a bucket by the environment."""
    if hasattr(server, "bucket"):
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        return {}
    return {"ca_file": str(path)}


@pytest.mark.parametrize("is_other_host", [False, True], ids=["unknown authority", "another host"])
def test_a_server_with_an_untrusted_certificate_gets_nothing(
    house: House, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_other_host: bool
) -> None:
    authority, own = trustme.CA(), tmp_path / "own.pem"
    authority.cert_pem.write_to_path(own)
    host = "other.example" if is_other_host else "127.0.0.1"
    trusted = vouch(server, own, monkeypatch) if is_other_host else {}
    house.publish(1)
    with Middle(server.port, tls=server_context(authority, host)) as middle:
        ((_, result, note),) = run(house, server.delivery(**over_tls(server, middle.port), **trusted), "fm")

    assert result is DeliveryOutcome.FAILED
    assert "its certificate is not trusted" in note
    assert "ca_file" in note or "SSL_CERT_FILE" in note
    assert server.files() == {}
    (piece,) = house.sender(server.delivery()).outbox.waiting("demo", "far")
    assert piece.next_try_at - house.now == LASTING_PAUSE

    trusted = vouch(server, own, monkeypatch)
    with Middle(server.port, tls=server_context(authority, "127.0.0.1")) as middle:
        house.now += LASTING_PAUSE
        results = run(house, server.delivery(**over_tls(server, middle.port), **trusted), "fm")
    assert results == [("Bulletin 1", DeliveryOutcome.SENT, "")]
    assert set(server.files()) == {LIST, "fm.wav", "fm.json"}


def test_a_missing_ca_file_is_named(house: House, server: Server, tmp_path: Path) -> None:
    if hasattr(server, "bucket"):
        pytest.skip("a bucket has no ca_file")
    house.publish(1)

    ((_, _, note),) = run(house, server.delivery(ca_file=str(tmp_path / "none.pem")), "fm")

    assert "none.pem cannot be read (No such file or directory); name a PEM file" in note


@pytest.fixture
def ftp(tmp_path: Path) -> Iterator[Server]:
    server = make_server("ftp", tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ca_file": "OTHER"}, "its certificate is not trusted"),
        ({"ca_file": ""}, "its certificate is not trusted"),
        ({"host": "localhost"}, "its certificate is not trusted"),
        ({"ca_file": "none.pem"}, "none.pem cannot be read"),
        ({"tls": "none"}, 'set tls = "explicit"'),
    ],
)
def test_ftp_logs_in_only_with_a_trusted_certificate(
    house: House, ftp: Server, tmp_path: Path, changes: dict[str, str], message: str
) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    options = {
        key: str(tmp_path / "other.pem") if value == "OTHER" else value for key, value in changes.items()
    }
    house.publish(1)

    ((_, result, note),) = run(house, ftp.delivery(**options), "fm")

    assert result is DeliveryOutcome.FAILED
    assert message in note
    assert ftp.files() == {}
    (piece,) = house.sender(ftp.delivery()).outbox.waiting("demo", "far")
    assert piece.next_try_at - house.now == LASTING_PAUSE

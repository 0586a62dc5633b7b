"""nginx and Caddy with the examples of docs/deploy put TLS in front of the newsroom."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import trustme

from bulletin.newsroom_web.newsroom_main import RequireTls
from bulletin.service.http.web_server import WebServer
from tests.clients.conftest import Run, find
from tests.clients.test_proxies import DEPLOY, caddyfile, nginx_conf, running
from tests.support.free_ports import free_port
from tests.support.newsroom_server import PASSWORD, csrf_of, served_newsroom

pytestmark = pytest.mark.clients

NAME = "newsroom.example.org"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Host and port of a newsroom that takes requests over TLS only."""
    with served_newsroom(tmp_path / "home") as newsroom:
        server = WebServer(RequireTls(newsroom.app))
        server.start()
        yield server.address.partition("://")[2]
        server.stop()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def check_newsroom(port: int, authority: trustme.CA, behind: str) -> None:
    """Sign in through the proxy as a browser does, and hear live changes."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    extensions = {"sni_hostname": NAME}
    host = f"{NAME}:{port}"
    with httpx2.Client(
        base_url=f"https://127.0.0.1:{port}",
        verify=context,
        trust_env=False,
        headers={"Host": host},
        timeout=60,
    ) as client:
        page = client.get("/sign-in", extensions=extensions)
        cookies = page.headers.get_list("set-cookie")
        assert page.headers["strict-transport-security"]
        assert all(c.startswith("__Host-") and "Secure" in c for c in cookies), cookies

        def cookie_header(answer: httpx2.Response) -> str:
            return "; ".join(c.split(";")[0] for c in answer.headers.get_list("set-cookie"))

        fields = {"csrf": csrf_of(page.text), "name": "eddie", "password": PASSWORD}
        headers = {"Cookie": cookie_header(page), "Origin": f"https://{host}"}
        signed_in = client.post("/sign-in", data=fields, headers=headers, extensions=extensions)
        assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/")

        began = time.monotonic()
        headers = {"Cookie": cookie_header(signed_in)}
        with client.stream("GET", "/demo/events", headers=headers, extensions=extensions) as events:
            first = next(events.iter_lines())
        assert first.startswith("retry:")
        assert time.monotonic() - began < 15  # the next line comes after 20 s: nothing held it back
    direct = httpx2.get(f"http://{behind}/sign-in", trust_env=False, timeout=60)
    assert direct.status_code == 403


def test_nginx_puts_tls_in_front(address: str, authority: trustme.CA, tmp_path: Path) -> None:
    port = free_port()
    path = nginx_conf(
        tmp_path, authority, port=port, behind=address, example="newsroom-nginx.conf", name=NAME
    )

    with running([find("nginx"), "-c", str(path), "-p", str(tmp_path)], tmp_path, port):
        check_newsroom(port, authority, address)


def test_caddy_takes_the_example(run: Run) -> None:
    path = DEPLOY / "newsroom.Caddyfile"
    done = run("caddy", "validate", "--adapter", "caddyfile", "--config", str(path))

    assert done.returncode == 0, done.stderr


def test_caddy_puts_tls_in_front(address: str, authority: trustme.CA, tmp_path: Path) -> None:
    port = free_port()
    path = caddyfile(tmp_path, authority, port=port, behind=address, example="newsroom.Caddyfile", name=NAME)

    with running([find("caddy"), "run", "--adapter", "caddyfile", "--config", str(path)], tmp_path, port):
        check_newsroom(port, authority, address)

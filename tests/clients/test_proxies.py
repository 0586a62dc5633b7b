"""nginx and Caddy with the examples of docs/deploy serve the service's answers over https."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import trustme

from tests.clients.conftest import ROOT, Run, environment, find
from tests.support.free_ports import free_port

pytestmark = pytest.mark.clients

DEPLOY = ROOT / "docs" / "deploy"
NAME = "news.example.org"
Station = tuple[str, Path]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def nginx_conf(
    folder: Path,
    authority: trustme.CA,
    *,
    port: int,
    behind: str,
    example: str = "nginx.conf",
    name: str = NAME,
) -> Path:
    """The example with the test's certificate, ports and service."""
    leaf = authority.issue_cert(name)
    leaf.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    leaf.private_key_pem.write_to_path(folder / "key.pem")
    text = (DEPLOY / example).read_text(encoding="utf-8")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    text = re.sub(r"127\.0\.0\.1:803[567]", behind, text)
    text = re.sub(r"ssl_certificate\s+\S+;", f"ssl_certificate {folder}/cert.pem;", text)
    text = re.sub(r"ssl_certificate_key\s+\S+;", f"ssl_certificate_key {folder}/key.pem;", text)
    temporary = "".join(
        f"{part}_temp_path {folder}/{part};\n"
        for part in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off;\nerror_log {folder}/error.log;\npid {folder}/pid;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{text}\n}}\n",
        encoding="utf-8",
    )
    return path


@contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, env=environment(folder), stdout=output, stderr=output)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "output.txt").read_text()
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(60)


def check_proxy(port: int, context: ssl.SSLContext, station: Station) -> None:
    """Check media types, ranges, validators and the compressed feed through the proxy."""
    base = f"https://127.0.0.1:{port}/valley/"
    name = next(station[1].glob("valley-*.mp3")).name
    with httpx2.Client(verify=context, trust_env=False, headers={"Host": NAME}, timeout=60) as client:
        extensions = {"sni_hostname": NAME}
        feed = client.get(f"{base}feed.xml", extensions=extensions)
        again = client.get(
            f"{base}feed.xml", headers={"If-None-Match": feed.headers["etag"]}, extensions=extensions
        )
        part = client.get(f"{base}{name}", headers={"Range": "bytes=0-1"}, extensions=extensions)
        whole = client.get(f"{base}{name}", extensions=extensions)
        words = client.get(f"{base}{name.removesuffix('.mp3')}.vtt", extensions=extensions)
    assert (feed.status_code, again.status_code, part.status_code) == (200, 304, 206)
    assert feed.content == (station[1] / "feed.xml").read_bytes()
    assert feed.headers["content-type"].startswith("application/rss+xml")
    assert feed.headers["content-encoding"] == "gzip"
    assert 'rel="hub"' in feed.headers["link"]
    assert whole.content == (station[1] / name).read_bytes()
    assert words.headers["access-control-allow-origin"] == "*"


def test_nginx_serves_by_its_example(station: Station, authority: trustme.CA, tmp_path: Path) -> None:
    port = free_port()
    behind = station[0].split("/")[2]
    path = nginx_conf(tmp_path, authority, port=port, behind=behind)
    context = ssl.create_default_context()
    authority.configure_trust(context)

    with running([find("nginx"), "-c", str(path), "-p", str(tmp_path)], tmp_path, port):
        check_proxy(port, context, station)


def test_caddy_takes_its_example(run: Run) -> None:
    done = run("caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile"))

    assert done.returncode == 0, done.stderr


def caddyfile(
    folder: Path,
    authority: trustme.CA,
    *,
    port: int,
    behind: str,
    example: str = "Caddyfile",
    name: str = NAME,
) -> Path:
    """The example with the test's certificate, ports and service."""
    leaf = authority.issue_cert(name)
    leaf.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    leaf.private_key_pem.write_to_path(folder / "key.pem")
    text = (DEPLOY / example).read_text(encoding="utf-8")
    text = re.sub(r"127\.0\.0\.1:803[567]", behind, text)
    text = text.replace(
        f"{name} {{\n", f"https://{name}:{port} {{\n\ttls {folder}/cert.pem {folder}/key.pem\n"
    )
    path = folder / "Caddyfile"
    path.write_text(f"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{text}", encoding="utf-8")
    return path


def test_caddy_serves_by_its_example(station: Station, authority: trustme.CA, tmp_path: Path) -> None:
    port = free_port()
    path = caddyfile(tmp_path, authority, port=port, behind=station[0].split("/")[2])
    context = ssl.create_default_context()
    authority.configure_trust(context)
    command = [find("caddy"), "run", "--adapter", "caddyfile", "--config", str(path)]

    with running(command, tmp_path, port):
        check_proxy(port, context, station)

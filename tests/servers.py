"""The other end of deliveries: real servers on loopback, started and stopped by the tests that need them."""

from __future__ import annotations

import contextlib
import getpass
import logging
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "let-me-in"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(is_so: Callable[[], bool], *, within_s: float = 20.0) -> None:
    ends = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.02)


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class Server:
    """One server: `start`, `stop`, and what lies there."""

    def __init__(self, root: Path) -> None:
        self.root, self.port = root, free_port()
        self.door = self.port
        """Where deliveries ring: something that stands before the server, or the server itself."""
        root.mkdir(parents=True, exist_ok=True)

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def delivery(self, **changes: Any) -> Any: ...

    def stand_behind(self, port: int) -> None:
        """Deliveries come to this port, from which somebody passes them on."""
        self.door = port

    def stranger(self) -> Any:
        """The same with a wrong login."""

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


class FtpServer(Server):
    """pyftpdlib, with TLS."""

    def __init__(self, root: Path, *, ca: Any) -> None:
        super().__init__(root)
        self.pem, self.ca_file = root.parent / "ftp.pem", root.parent / "ca.pem"
        ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(self.pem)
        ca.cert_pem.write_to_path(self.ca_file)
        self.cut_after: int | None = None

    def start(self) -> None:
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.handlers import TLS_DTPHandler, TLS_FTPHandler
        from pyftpdlib.servers import ThreadedFTPServer

        server = self

        class Cutting(TLS_DTPHandler):
            def recv(self, size: int) -> bytes:
                if server.cut_after is not None and self.get_transmitted_bytes() > server.cut_after:
                    self.cmd_channel.close()
                    raise ConnectionResetError
                return super().recv(size)

        class Handler(TLS_FTPHandler):
            certfile = str(self.pem)
            tls_control_required = tls_data_required = True
            auth_failed_timeout = 0.1
            dtp_handler = Cutting

        users = DummyAuthorizer()
        users.add_user("radio", PASSWORD, str(self.root), perm="elradfmwMT")
        Handler.authorizer = users
        self.server = ThreadedFTPServer(("127.0.0.1", self.port), Handler)
        self.thread = threading.Thread(target=lambda: self.server.serve_forever(timeout=0.05), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.close_all()
        self.thread.join(5)

    def delivery(self, **changes: Any) -> Any:
        from bulletin.outlets.places.ftp import Ftp

        given = {
            "name": "far",
            "host": "127.0.0.1",
            "port": self.door,
            "user": "radio",
            "password": PASSWORD,
            "ca_file": str(self.ca_file),
            "timeout_s": 5.0,
        }
        return Ftp(**(given | changes))

    def stranger(self) -> Any:
        return self.delivery(password="wrong")


class SshServer(Server):
    """OpenSSH's sshd with its sftp-server, as a process of the test's own."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.etc = root.parent / "ssh"
        self.etc.mkdir()
        self.known = self.etc / "known_hosts"
        for name in ("host", "user", "other"):
            self._make_key(name)
        shutil.copy(self.etc / "user.pub", self.etc / "authorized")
        self.tell_host()

    def _make_key(self, name: str) -> None:
        for path in (self.etc / name, self.etc / f"{name}.pub"):
            path.unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.etc / name], check=True)

    def tell_host(self) -> None:
        key = (self.etc / "host.pub").read_text()
        self.known.write_text(f"[127.0.0.1]:{self.port} {key}[127.0.0.1]:{self.door} {key}")

    def stand_behind(self, port: int) -> None:
        super().stand_behind(port)
        self.tell_host()

    def change_key(self) -> None:
        self.stop()
        self._make_key("host")
        self.start()

    def start(self) -> None:
        Path("/run/sshd").mkdir(exist_ok=True)
        config = self.etc / "config"
        config.write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.etc / 'host'}\n"
            f"AuthorizedKeysFile {self.etc / 'authorized'}\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
            f"PasswordAuthentication no\nPidFile none\nSubsystem sftp {SFTP_SERVER}\n"
        )
        log = (self.etc / "log").open("ab")
        self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", config], stderr=log, stdout=log)
        log.close()
        wait_for(lambda: answers(self.port))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def delivery(self, **changes: Any) -> Any:
        from bulletin.outlets.places.sftp import Sftp

        given = {
            "name": "far",
            "host": "127.0.0.1",
            "port": self.door,
            "user": getpass.getuser(),
            "key_file": str(self.etc / "user"),
            "known_hosts": str(self.known),
            "folder": str(self.root),
            "timeout_s": 10.0,
        }
        return Sftp(**(given | changes))

    def stranger(self) -> Any:
        return self.delivery(key_file=str(self.etc / "other"))


SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
SFTP_SERVER = "/usr/lib/openssh/sftp-server"


class DavServer(Server):
    """wsgidav behind cheroot."""

    def start(self) -> None:
        from cheroot import wsgi
        from wsgidav.wsgidav_app import WsgiDAVApp

        app = WsgiDAVApp(
            {
                "provider_mapping": {"/": str(self.root)},
                "simple_dc": {"user_mapping": {"*": {"radio": {"password": PASSWORD}}}},
                "http_authenticator": {
                    "accept_basic": True,
                    "accept_digest": False,
                    "default_to_digest": False,
                },
                "logging": {"enable": False},
                "verbose": 0,
                "dir_browser": {"enable": False},
            }
        )
        self.server = wsgi.Server(("127.0.0.1", self.port), app, numthreads=2)
        self.server.prepare()
        self.thread = threading.Thread(target=self.server.serve, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.stop()
        self.thread.join(5)

    def delivery(self, **changes: Any) -> Any:
        from bulletin.outlets.places.webdav import WebDav

        given = {
            "name": "far",
            "url": f"http://127.0.0.1:{self.door}/",
            "user": "radio",
            "password": PASSWORD,
            "timeout_s": 5.0,
        }
        return WebDav(**(given | changes))

    def stranger(self) -> Any:
        return self.delivery(password="wrong")


class BucketServer(Server):
    """moto's S3. What it holds it keeps for the life of the process, so each server has a bucket of its own."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.bucket = f"news-{self.port}"

    def start(self) -> None:
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self.server.start()
        wait_for(lambda: answers(self.port))
        with contextlib.suppress(Exception):
            self._client().create_bucket(Bucket=self.bucket)

    def stop(self) -> None:
        self.server.stop()

    def _client(self) -> Any:
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name="us-east-1",
            aws_access_key_id="id",
            aws_secret_access_key="secret",
        )

    def files(self) -> dict[str, bytes]:
        client = self._client()
        listed = client.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return {
            one["Key"].removeprefix("radio/"): client.get_object(Bucket=self.bucket, Key=one["Key"])[
                "Body"
            ].read()
            for one in listed
        }

    def headers(self, name: str) -> dict[str, str]:
        told = self._client().head_object(Bucket=self.bucket, Key=f"radio/{name}")
        return {"type": told["ContentType"], "cache": told["CacheControl"]}

    def delivery(self, **changes: Any) -> Any:
        from bulletin.outlets.places.s3 import S3

        given = {
            "name": "far",
            "bucket": self.bucket,
            "endpoint": f"http://127.0.0.1:{self.door}",
            "key_id": "id",
            "secret": "secret",
            "prefix": "radio",
            "timeout_s": 10.0,
        }
        return S3(**(given | changes))


def make_server(kind: str, tmp_path: Path) -> Server:
    """One of "ftp", "sftp", "webdav", "s3". Skips where its programs are not installed."""
    root = tmp_path / "far" / "root"
    if kind == "ftp":
        pytest.importorskip("pyftpdlib", reason="pip install pyftpdlib pyopenssl")
        pytest.importorskip("OpenSSL", reason="pip install pyopenssl")
        import trustme

        return FtpServer(root, ca=_after(root, trustme.CA()))
    if kind == "sftp":
        pytest.importorskip("paramiko", reason="pip install paramiko")
        if not (Path(SSHD).exists() and Path(SFTP_SERVER).exists() and shutil.which("ssh-keygen")):
            pytest.skip("sshd is not installed: apt install openssh-server")
        return SshServer(_after(root, root))
    if kind == "webdav":
        pytest.importorskip("wsgidav", reason="pip install wsgidav cheroot")
        pytest.importorskip("cheroot", reason="pip install wsgidav cheroot")
        return DavServer(root)
    pytest.importorskip("obstore", reason="pip install obstore")
    pytest.importorskip("moto", reason="pip install 'moto[s3,server]'")
    return BucketServer(root)


def _after(root: Path, made: Any) -> Any:
    root.parent.mkdir(parents=True, exist_ok=True)
    return made

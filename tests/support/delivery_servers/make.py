"""Kind of delivery -> a server for it, where its programs are installed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.delivery_servers.base import Server
from tests.support.delivery_servers.bucket import BucketServer
from tests.support.delivery_servers.ftp import VSFTPD, FtpServer, Vsftpd
from tests.support.delivery_servers.ssh import SFTP_SERVER, SSHD, SshServer
from tests.support.delivery_servers.webdav import DavServer


def make_server(kind: str, tmp_path: Path) -> Server:
    """
    Start a server of one kind: "ftp", "ftp-plain", "vsftpd", "vsftpd-plain", "sftp", "webdav", "s3".

    Skips the test where its programs are not installed.
    """
    root = tmp_path / "far" / "root"
    if kind in ("ftp", "ftp-plain"):
        pytest.importorskip("pyftpdlib", reason="pip install pyftpdlib pyopenssl")
        pytest.importorskip("OpenSSL", reason="pip install pyopenssl")
        return FtpServer(_after(root, root), tls=kind == "ftp")
    if kind in ("vsftpd", "vsftpd-plain"):
        if not Path(VSFTPD).exists():
            pytest.skip("vsftpd is not installed: apt install vsftpd")
        return Vsftpd(_after(root, root), tls=kind == "vsftpd")
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

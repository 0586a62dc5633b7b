"""SSH server other than OpenSSH: without posix-rename, and never renaming onto an existing file."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.delivery_servers.base import PASSWORD

paramiko = pytest.importorskip("paramiko", reason="pip install paramiko")


class OldSsh:
    """SFTP server of one folder and one user with a password; `refuses` names a method that always fails."""

    def __init__(self, root: Path, key: Path) -> None:
        self.root, self.refuses = root, ""
        self._key = paramiko.PKey.from_path(key)
        self._lines: list[paramiko.Transport] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.known = f"[127.0.0.1]:{self.port} {self._key.get_name()} {self._key.get_base64()}\n"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            line.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                transport = paramiko.Transport(line)
                transport.add_server_key(self._key)
                transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Folder, self)
                self._lines.append(transport)
                transport.start_server(threading.Event(), _Door())


class _Door(paramiko.ServerInterface):
    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_auth_password(self, username: str, password: str) -> int:
        is_right = (username, password) == ("radio", PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if is_right else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Folder(paramiko.SFTPServerInterface):
    def __init__(self, door: _Door, server: OldSsh) -> None:
        self._server = server

    def _do(self, name: str, work: object) -> int:
        if self._server.refuses == name:
            return int(paramiko.SFTP_FAILURE)
        try:
            work()
        except OSError as error:
            return int(paramiko.SFTPServer.convert_errno(error.errno))
        return int(paramiko.SFTP_OK)

    def _at(self, path: str) -> Path:
        return self._server.root / self.canonicalize(path).lstrip("/")

    def stat(self, path: str) -> object:
        try:
            return paramiko.SFTPAttributes.from_stat(self._at(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def list_folder(self, path: str) -> object:
        try:
            entries = [(child.stat(), child.name) for child in self._at(path).iterdir()]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        return [paramiko.SFTPAttributes.from_stat(stat, name) for stat, name in entries]

    def open(self, path: str, flags: int, attr: object) -> object:
        try:
            mode = "wb" if flags & (os.O_WRONLY | os.O_RDWR) else "rb"
            file = self._at(path).open(mode)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = handle.writefile = file
        return handle

    def remove(self, path: str) -> int:
        return self._do("remove", self._at(path).unlink)

    def mkdir(self, path: str, attr: object) -> int:
        return self._do("mkdir", self._at(path).mkdir)

    def rename(self, old: str, new: str) -> int:
        if self._at(new).exists():
            return int(paramiko.SFTP_FAILURE)
        return self._do("rename", lambda: self._at(old).rename(self._at(new)))

"""Parcel -> folder of an SSH server whose host key is known."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

from bulletin.config.tables.delivery_options import SftpOptions
from bulletin.delivery.cut_off_slow_deliveries import TimeLimit
from bulletin.delivery.delivery_interface import LastingError
from bulletin.delivery.explain_connection_errors import describe_connection_error
from bulletin.delivery.known_hosts import read_known_hosts, signature_algorithms
from bulletin.delivery.remote_folder_base_classes import (
    RemoteFolder,
    RenamingFolder,
    Upload,
    replace_by_steps,
)
from bulletin.errors import DeliveryError
from bulletin.runtime.suggest_install_command import command_for_extra

_LOG = "paramiko.bulletin"
"""Silenced logger: paramiko's threads log a traceback for what a DeliveryError reports in a line."""
logging.getLogger(_LOG).setLevel(logging.CRITICAL)


_TIMEOUTS = ("timeout", "banner_timeout", "auth_timeout", "channel_timeout")


class Sftp(SftpOptions, Upload):
    """SFTP server; files are renamed onto the old ones in one step (posix-rename@openssh.com)."""

    kind: Literal["sftp"] = "sftp"

    @contextmanager
    def connect(self, limit: TimeLimit) -> Iterator[RemoteFolder]:
        try:
            import paramiko
        except ImportError as error:
            remedy = f"paramiko is not installed; {command_for_extra('sftp')}"
            raise LastingError(f"delivery {self.name}: {remedy}") from error
        try:
            with self._log_in(paramiko, limit) as client, client.open_sftp() as session:
                session.get_channel().settimeout(self.timeout_s)
                # a login begins in the home folder, and a server knows no "~"
                yield _SftpFolder(session, re.sub(r"^~(/|$)", "", self.folder))
        except (paramiko.SSHException, OSError, EOFError) as error:
            is_login = isinstance(error, paramiko.AuthenticationException)
            raise self._delivery_error(error, is_login=is_login) from error

    def _delivery_error(self, error: Exception, *, is_login: bool) -> DeliveryError:
        # first: paramiko reports a connection that breaks during the login as a failed login
        broken = describe_connection_error(error, self.timeout_s)
        reason = broken or getattr(error, "strerror", None) or str(error) or type(error).__name__
        if "No authentication methods" in reason and not is_login:
            is_login, reason = True, "no password, no key_file, no key of an agent or in ~/.ssh"
        if is_login and not broken:
            reason, remedy = f"refuses the login ({reason})", "correct user, password or key_file"
            return LastingError(f"{self._where}: {reason}; {remedy}")
        return DeliveryError(
            f"{self._where}: {reason}; is the server up, its disk not full, port and folder right?"
        )

    @property
    def _where(self) -> str:
        return f"delivery {self.name}: server {self.host}:{self.port}"

    @contextmanager
    def _log_in(self, paramiko: Any, limit: TimeLimit) -> Iterator[Any]:
        path = Path(self.known_hosts).expanduser()
        known = read_known_hosts(paramiko, path, host=self.host, port=self.port, where=self._where)
        if not known.trusted:
            known.check(self._server_key(paramiko, limit))
        key = self._read_key(paramiko) if self.key_file else None
        uses_agent = not (key or self.password)
        connection = self._connect_socket(limit)
        with paramiko.SSHClient() as client:
            policy = SimpleNamespace(missing_host_key=lambda _client, _host, key: known.check(key))
            client.set_missing_host_key_policy(policy)
            client.set_log_channel(_LOG)
            try:
                client.connect(
                    self.host,
                    self.port,
                    self.user,
                    password=self.password or None,
                    pkey=key,
                    sock=connection,
                    **dict.fromkeys(_TIMEOUTS, self.timeout_s),
                    allow_agent=uses_agent,
                    look_for_keys=uses_agent,
                    transport_factory=_transport_factory(paramiko, known.trusted),
                )
            except paramiko.ssh_exception.IncompatiblePeer as error:
                # the server has none of the known kinds of key any more: the message shows its new one
                if "host key" in str(error):
                    known.check(self._server_key(paramiko, limit))
                raise
            yield client

    def _connect_socket(self, limit: TimeLimit) -> socket.socket:
        connection = socket.create_connection((self.host, self.port), self.timeout_s)
        limit.watch(connection)
        return connection

    def _server_key(self, paramiko: Any, limit: TimeLimit) -> Any:
        """The server's host key of any kind, read without a login."""
        with paramiko.Transport(self._connect_socket(limit)) as transport:
            transport.set_log_channel(_LOG)
            transport.banner_timeout = self.timeout_s
            transport.start_client(timeout=self.timeout_s)
            return transport.get_remote_server_key()

    def _read_key(self, paramiko: Any) -> Any:
        path = Path(self.key_file).expanduser()
        try:
            return paramiko.PKey.from_path(path, self.key_password.encode() or None)
        except (paramiko.SSHException, OSError, ValueError, TypeError) as error:
            reason = str(error) or type(error).__name__
            raise LastingError(
                f"delivery {self.name}: {path}: no private key can be read there ({reason}); correct key_file or key_password"
            ) from error


def _transport_factory(paramiko: Any, keys: Sequence[Any]) -> Callable[..., Any]:
    """Transport that asks the server for a key of a known kind: it may have several kinds."""
    algorithms = signature_algorithms(keys)

    def make(connection: socket.socket, **options: Any) -> Any:
        transport = paramiko.Transport(connection, **options)
        security = transport.get_security_options()
        security.key_types = [kind for kind in security.key_types if kind in algorithms]
        return transport

    return make


class _SftpFolder(RenamingFolder):
    def __init__(self, session: Any, folder: str) -> None:
        super().__init__()
        self._session, self._top = session, folder.rstrip("/")

    def read(self, name: str) -> bytes | None:
        try:
            with self._session.open(self._path(name), "rb") as file:
                return bytes(file.read())
        except FileNotFoundError:
            return None

    def put(self, name: str, source: Path) -> None:
        super().put(self._path(name), source)  # its parents include the delivery's folder

    def make_folder(self, folder: str) -> None:
        with suppress(OSError):  # it exists; else the upload fails with the reason
            self._session.mkdir(folder)

    def upload(self, part: str, source: Path) -> None:
        self._session.put(str(source), part)  # paramiko compares the sizes

    def rename(self, part: str, name: str) -> None:
        try:
            self._session.posix_rename(part, name)
        except OSError as error:
            if error.errno is not None:
                raise
            try:  # most servers that are not OpenSSH cannot rename onto a file
                self._session.rename(part, name)
            except OSError:
                replace_by_steps(part, name, rename=self._session.rename, delete=self._delete)

    def delete(self, name: str) -> None:
        self._delete(self._path(name))

    def names(self, folder: str) -> list[str]:
        try:
            return list(self._session.listdir(self._path(folder)))
        except FileNotFoundError:
            return []

    def _path(self, name: str) -> str:
        return "/".join(part for part in (self._top, name) if part) or "."

    def _delete(self, path: str) -> None:
        with suppress(FileNotFoundError):
            self._session.remove(path)

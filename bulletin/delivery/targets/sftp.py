"""Parcel -> a folder reached by SSH; the server's key must be known."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bulletin.delivery.connection_errors import line_fault
from bulletin.delivery.known_hosts import SSH_PORT, KnownHosts, kinds_of, read_known_hosts
from bulletin.delivery.time_limit import Limit
from bulletin.delivery.upload import Far, Upload, parents_of, part_of, put_in_place
from bulletin.errors import DeliveryError
from bulletin.runtime.installation import command_for_extra

_LOG = "paramiko.bulletin"
logging.getLogger(_LOG).setLevel(logging.CRITICAL)


class Sftp(Upload):
    """Uploaded under another name, then renamed onto the old file in one step (posix-rename@openssh.com)."""

    def __init__(
        self,
        *,
        name: str,
        host: str,
        port: int = SSH_PORT,
        user: str,
        password: str = "",
        key_file: str = "",
        key_password: str = "",
        known_hosts: str = "~/.ssh/known_hosts",
        folder: str = "",
        names: Sequence[str] = (),
        timeout_s: float = 30.0,
        within_s: float = 0.0,
    ) -> None:
        super().__init__(name=name, connect=self._open, names=names, timeout_s=timeout_s, within_s=within_s)
        self._host, self._port, self._user = host, port, user
        self._password, self._key_file, self._key_password = password, key_file, key_password
        self._known_hosts = Path(known_hosts).expanduser()
        # a login begins at home, and a server knows no "~"
        self._folder, self._timeout_s = re.sub(r"^~(/|$)", "", folder), timeout_s

    @contextmanager
    def _open(self, limit: Limit) -> Iterator[Far]:
        try:
            import paramiko
        except ImportError as error:
            remedy = f"paramiko is not installed; {command_for_extra('sftp')}"
            raise DeliveryError(f"{self.name}: {remedy}", is_lasting=True) from error
        try:
            with self._dial(paramiko, limit) as client, client.open_sftp() as line:
                line.get_channel().settimeout(self._timeout_s)
                yield _SftpFolder(line, self._folder)
        except (paramiko.SSHException, OSError, EOFError) as error:
            raise self._told(error, is_login=isinstance(error, paramiko.AuthenticationException)) from error

    def _told(self, error: Exception, *, is_login: bool) -> DeliveryError:
        # first: a line that breaks while it logs in is, for paramiko, a login that failed
        said = line_fault(error, self._timeout_s)
        if not said:
            said = getattr(error, "strerror", None) or str(error) or type(error).__name__
            if is_login:
                return self._refused(error)
            if "No authentication methods" in said:
                return self._refused("no password, no key_file, no key of an agent or in ~/.ssh")
        return DeliveryError(f"{self._where}: {said}; is it up, is there room, and is the folder right?")

    @property
    def _where(self) -> str:
        return f"{self.name}: {self._host}:{self._port}"

    @contextmanager
    def _dial(self, paramiko: Any, limit: Limit) -> Iterator[Any]:
        known = read_known_hosts(
            paramiko, self._known_hosts, host=self._host, port=self._port, where=self._where
        )
        if not known.trusted and (fault := known.fault_of(self._shown_key(paramiko, limit))):
            raise fault
        key = self._key(paramiko) if self._key_file else None
        is_own = not (key or self._password)
        line = self._call(limit)
        with paramiko.SSHClient() as client:
            client.set_missing_host_key_policy(_Trust(known))
            # its threads would tell with traces what the error here tells in a line
            client.set_log_channel(_LOG)
            try:
                client.connect(
                    self._host,
                    self._port,
                    self._user,
                    password=self._password or None,
                    pkey=key,
                    sock=line,
                    timeout=self._timeout_s,
                    banner_timeout=self._timeout_s,
                    auth_timeout=self._timeout_s,
                    channel_timeout=self._timeout_s,
                    allow_agent=is_own,
                    look_for_keys=is_own,
                    transport_factory=_asks_for(paramiko, known.trusted),
                )
            except paramiko.ssh_exception.IncompatiblePeer as error:
                # none of the kinds that are known: what kind it has now is to be told
                if "host key" in str(error) and (fault := known.fault_of(self._shown_key(paramiko, limit))):
                    raise fault from error
                raise
            yield client

    def _call(self, limit: Limit) -> socket.socket:
        line = socket.create_connection((self._host, self._port), self._timeout_s)
        limit.watch(line)
        return line

    def _shown_key(self, paramiko: Any, limit: Limit) -> Any:
        """The server's host key, whatever its kind; nobody logs in."""
        with paramiko.Transport(self._call(limit)) as transport:
            transport.set_log_channel(_LOG)
            transport.banner_timeout = self._timeout_s
            transport.start_client(timeout=self._timeout_s)
            return transport.get_remote_server_key()

    def _key(self, paramiko: Any) -> Any:
        path = Path(self._key_file).expanduser()
        try:
            return paramiko.PKey.from_path(path, self._key_password.encode() or None)
        except (paramiko.SSHException, OSError, ValueError, TypeError) as error:
            said = str(error) or type(error).__name__
            raise DeliveryError(
                f"{self.name}: {path}: no private key can be read there ({said}); correct key_file or key_password",
                is_lasting=True,
            ) from error

    def _refused(self, why: object) -> DeliveryError:
        return DeliveryError(
            f"{self._where}: refuses the login ({why}); correct user, password or key_file", is_lasting=True
        )


class _Trust:
    """A policy of paramiko's, which asks it before it logs in."""

    def __init__(self, known: KnownHosts) -> None:
        self._known = known

    def missing_host_key(self, client: Any, host: str, key: Any) -> None:
        """Raises DeliveryError for a key that is not known."""
        del client, host
        if fault := self._known.fault_of(key):
            raise fault


def _asks_for(paramiko: Any, known: Sequence[Any]) -> Callable[..., Any]:
    """A server has keys of several kinds, and shows one of the kind that it is asked for."""
    kinds = kinds_of(known)

    def make(line: socket.socket, **more: Any) -> Any:
        transport = paramiko.Transport(line, **more)
        options = transport.get_security_options()
        options.key_types = [kind for kind in options.key_types if kind in kinds]
        return transport

    return make


class _SftpFolder:
    def __init__(self, line: Any, folder: str) -> None:
        self._line, self._top = line, folder.rstrip("/")
        self._made: set[str] = set()

    def read(self, name: str) -> bytes | None:
        try:
            with self._line.open(self._path(name), "rb") as file:
                return bytes(file.read())
        except FileNotFoundError:
            return None

    def put(self, name: str, source: Path) -> None:
        path = self._path(name)
        for folder in parents_of(path):
            if folder not in self._made:
                with suppress(OSError):  # it is there; if it is not, the upload says so
                    self._line.mkdir(folder)
                self._made.add(folder)
        part = part_of(path)
        self._line.put(str(source), part)  # and sees whether the size there is the same
        try:
            self._line.posix_rename(part, path)
        except OSError as error:
            if error.errno is not None or not self._is_there(part):
                raise
            self._rename(part, path)

    def _rename(self, part: str, path: str) -> None:
        """For servers that are not OpenSSH: most of them rename onto nothing only."""
        if self._is_there(path):
            put_in_place(part, path, rename=self._line.rename, delete=self._delete)
        else:
            self._line.rename(part, path)

    def delete(self, name: str) -> None:
        self._delete(self._path(name))

    def names(self, folder: str) -> list[str]:
        try:
            return list(self._line.listdir(self._path(folder)))
        except FileNotFoundError:
            return []

    def _path(self, name: str) -> str:
        return "/".join(part for part in (self._top, name) if part) or "."

    def _delete(self, path: str) -> None:
        with suppress(FileNotFoundError):
            self._line.remove(path)

    def _is_there(self, path: str) -> bool:
        with suppress(FileNotFoundError):
            self._line.stat(path)
            return True
        return False

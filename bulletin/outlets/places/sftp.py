"""Parcel -> a folder reached by SSH; the server's key must be known."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bulletin.errors import DeliveryError
from bulletin.outlets.limit import Limit
from bulletin.outlets.upload import Far, Upload, parents_of, part_of, put_in_place

_EXTRA = "paramiko is not installed; pip install 'bulletin-radio[sftp]'"
_SSH_PORT = 22


class Sftp(Upload):
    """Uploaded under another name, then renamed onto the old file in one step (posix-rename@openssh.com)."""

    def __init__(
        self,
        *,
        name: str,
        host: str,
        port: int = _SSH_PORT,
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
        self._folder, self._timeout_s = folder, timeout_s

    @contextmanager
    def _open(self, limit: Limit) -> Iterator[Far]:
        try:
            import paramiko
        except ImportError as error:
            raise DeliveryError(f"{self.name}: {_EXTRA}", is_lasting=True) from error
        try:
            with self._dial(paramiko, limit) as client, client.open_sftp() as line:
                line.get_channel().settimeout(self._timeout_s)
                yield _Folder(line, self._folder)
        except paramiko.BadHostKeyException as error:
            raise self._unknown(f"it shows another key than {self._known_hosts} holds") from error
        except paramiko.AuthenticationException as error:
            raise self._refused(error) from error
        except (paramiko.SSHException, OSError, EOFError) as error:
            said = str(error) or type(error).__name__
            if "not found in known_hosts" in said:
                raise self._unknown(f"{self._known_hosts} does not hold its key") from error
            if "No authentication methods" in said:
                raise self._refused("neither password nor key_file is set") from error
            raise DeliveryError(
                f"{self._where}: {said}; is it up, is there room, and is the folder right?"
            ) from error

    @property
    def _where(self) -> str:
        return f"{self.name}: {self._host}:{self._port}"

    @contextmanager
    def _dial(self, paramiko: Any, limit: Limit) -> Iterator[Any]:
        if not self._known_hosts.is_file():
            raise self._unknown(f"{self._known_hosts} is not there")
        key = self._key(paramiko) if self._key_file else None
        with paramiko.SSHClient() as client:  # whose keys it does not know it rejects
            client.load_host_keys(str(self._known_hosts))
            line = socket.create_connection((self._host, self._port), self._timeout_s)
            limit.watch(line)
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
                allow_agent=False,
                look_for_keys=False,
            )
            yield client

    def _key(self, paramiko: Any) -> Any:
        path = Path(self._key_file).expanduser()
        try:
            return paramiko.PKey.from_path(path, self._key_password or None)
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

    def _unknown(self, why: str) -> DeliveryError:
        return DeliveryError(
            f"{self._where}: the server is not known: {why}; look at its key, then "
            f"`ssh-keyscan -p {self._port} {self._host} >> {self._known_hosts}`",
            is_lasting=True,
        )


class _Folder:
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
            # not OpenSSH
            put_in_place(part, path, rename=self._line.rename, delete=self._delete)

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

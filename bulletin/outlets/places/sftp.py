"""Parcel -> a folder reached by SSH; the server's key must be known."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bulletin.errors import DeliveryError
from bulletin.outlets.upload import Far, Upload, parents_of, part_of

Result = TypeVar("Result")
_EXTRA = "asyncssh is not installed; pip install 'bulletin-radio[sftp]'"


class Sftp(Upload):
    """Uploaded under another name, then renamed onto the old file in one step (posix-rename@openssh.com)."""

    def __init__(
        self,
        *,
        name: str,
        host: str,
        port: int = 22,
        user: str,
        password: str = "",
        key_file: str = "",
        key_password: str = "",
        known_hosts: str = "~/.ssh/known_hosts",
        folder: str = "",
        names: Sequence[str] = (),
        timeout_s: float = 30.0,
    ) -> None:
        super().__init__(name=name, connect=self._open, names=names)
        self._host, self._port, self._user = host, port, user
        self._password, self._key_file, self._key_password = password, key_file, key_password
        self._known_hosts = Path(known_hosts).expanduser()
        self._folder, self._timeout_s = folder, timeout_s

    @contextmanager
    def _open(self) -> Iterator[Far]:
        try:
            import asyncssh
        except ImportError as error:
            raise DeliveryError(f"{self.name}: {_EXTRA}", is_lasting=True) from error
        if not self._known_hosts.is_file():
            raise self._unknown(f"{self._known_hosts} is not there")
        loop = asyncio.new_event_loop()
        try:
            far = _Folder(loop, self._folder, self._timeout_s)
            far.run(far.dial(**self._login(asyncssh)))
            try:
                yield far
            finally:
                far.close()
        except asyncssh.HostKeyNotVerifiable as error:
            raise self._unknown(f"it shows another key than {self._known_hosts} holds ({error})") from error
        except (asyncssh.PermissionDenied, asyncssh.KeyImportError) as error:
            raise DeliveryError(
                f"{self._where}: refuses the login ({error}); correct user, password or key_file",
                is_lasting=True,
            ) from error
        except (asyncssh.Error, OSError, TimeoutError) as error:
            said = str(error) or type(error).__name__
            raise DeliveryError(
                f"{self._where}: {said}; is it up, is there room, and is the folder right?"
            ) from error
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    @property
    def _where(self) -> str:
        return f"{self.name}: {self._host}:{self._port}"

    def _login(self, asyncssh: Any) -> dict[str, Any]:
        keys = []
        if self._key_file:
            path = Path(self._key_file).expanduser()
            keys = [asyncssh.read_private_key(path, self._key_password or None)]
        return {
            "host": self._host,
            "port": self._port,
            "username": self._user,
            "password": self._password or None,
            "client_keys": keys or None,
            "agent_path": None,
            "config": None,
            "known_hosts": str(self._known_hosts),
            "connect_timeout": self._timeout_s,
            "login_timeout": self._timeout_s,
        }

    def _unknown(self, why: str) -> DeliveryError:
        return DeliveryError(
            f"{self._where}: the server is not known: {why}; look at its key, then "
            f"`ssh-keyscan -p {self._port} {self._host} >> {self._known_hosts}`",
            is_lasting=True,
        )


class _Folder:
    def __init__(self, loop: asyncio.AbstractEventLoop, folder: str, timeout_s: float) -> None:
        self._loop, self._folder, self._timeout_s = loop, folder, timeout_s
        self._made: set[str] = set()
        self._line: Any = None
        self._sftp: Any = None

    async def dial(self, **login: Any) -> None:
        import asyncssh

        self._line = await asyncssh.connect(**login)
        self._sftp = await self._line.start_sftp_client()
        if self._folder:
            await self._sftp.makedirs(self._folder, exist_ok=True)
            await self._sftp.chdir(self._folder)

    def run(self, work: Coroutine[Any, Any, Result], *, within_s: float | None = None) -> Result:
        return self._loop.run_until_complete(asyncio.wait_for(work, within_s or 2 * self._timeout_s))

    def close(self) -> None:
        if self._line:
            self._line.abort()
            self._loop.run_until_complete(self._line.wait_closed())

    def read(self, name: str) -> bytes | None:
        import asyncssh

        async def read() -> bytes:
            async with self._sftp.open(name, "rb") as file:
                return bytes(await file.read())

        try:
            return self.run(read())
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return None

    def put(self, name: str, source: Path) -> None:
        import asyncssh

        part = part_of(name)

        async def put() -> None:
            for folder in parents_of(name):
                if folder not in self._made:
                    await self._sftp.makedirs(folder, exist_ok=True)
                    self._made.add(folder)
            await self._sftp.put(str(source), part)
            try:
                await self._sftp.posix_rename(part, name)
            except asyncssh.SFTPOpUnsupported:  # not OpenSSH: there is a moment with no file
                if await self._sftp.exists(name):
                    await self._sftp.remove(name)
                await self._sftp.rename(part, name)

        # a slow line may take its time for a large file, not for ever: 20 kB a second
        self.run(put(), within_s=2 * self._timeout_s + source.stat().st_size / 20_000)

    def delete(self, name: str) -> None:
        import asyncssh

        try:
            self.run(self._sftp.remove(name))
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return

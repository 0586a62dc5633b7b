"""Parcel -> folder of an FTP server, with TLS unless the profile says otherwise."""

from __future__ import annotations

import ftplib
import io
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from bulletin.config.tables.delivery_options import FtpOptions
from bulletin.delivery.cut_off_slow_deliveries import TimeLimit
from bulletin.delivery.delivery_interface import LastingError
from bulletin.delivery.explain_connection_errors import (
    UNTRUSTED,
    Explanation,
    describe_connection_error,
    explain,
)
from bulletin.delivery.http_client import trust_context
from bulletin.delivery.remote_folder_base_classes import (
    RemoteFolder,
    RenamingFolder,
    Upload,
    parents_of,
    replace_by_steps,
)
from bulletin.errors import DeliveryError

_FAULTS = (
    UNTRUSTED,
    Explanation("^(530|331|332|534)", "refuses the login", "correct user and password", is_lasting=True),
    Explanation(  # the last phrase is vsftpd's
        r"^(452|552|\d{3}.*\b(no space|disk full|quota|storage)|451 Failure writing)",
        "is full",
        "free some space there",
    ),
    Explanation(
        "^(550|553)", "refuses the file", "let the login write, rename and delete there, or correct folder"
    ),
)
_WANTS_TLS = Explanation(
    r"^[45].*\b(TLS|SSL|encryption)\b", "wants TLS", 'set tls = "explicit"', is_lasting=True
)


class Ftp(FtpOptions, Upload):
    """FTP server, with explicit TLS (RFC 4217) by default."""

    kind: Literal["ftp"] = "ftp"

    @contextmanager
    def connect(self, limit: TimeLimit) -> Iterator[RemoteFolder]:
        try:
            with self._client(limit) as client:
                client.connect(self.host, self.port, timeout=self.timeout_s)
                if isinstance(client, ftplib.FTP_TLS):
                    self._start_tls(client)
                client.login(self.user, self.password)
                if isinstance(client, ftplib.FTP_TLS):
                    client.prot_p()
                if self.folder:
                    self._enter_folder(client)
                yield _FtpFolder(client)
        except ftplib.all_errors as error:
            raise self._delivery_error(error) from error

    @property
    def _where(self) -> str:
        return f"delivery {self.name}: server {self.host}:{self.port}"

    def _client(self, limit: TimeLimit) -> ftplib.FTP:
        if self.tls == "none":
            client = _WatchedFtp(encoding="utf-8")
        else:
            trust = trust_context(self.ca_file, where=f"delivery {self.name}")
            client = _TlsFtp(context=trust, encoding="utf-8")
        client.limit = limit
        client.set_pasv(self.mode == "passive")
        return client

    def _start_tls(self, client: ftplib.FTP_TLS) -> None:
        """Start TLS, before the login: some servers answer an unknown command like a refused login."""
        try:
            client.auth()
        except ftplib.error_perm as error:
            raise LastingError(
                f'{self._where}: the server has no TLS ({error}); set tls = "none" to log in unencrypted'
            ) from error

    def _enter_folder(self, client: ftplib.FTP) -> None:
        for folder in (*parents_of(self.folder), self.folder):
            with suppress(ftplib.error_perm):  # it exists
                client.mkd(folder)
        try:
            client.cwd(self.folder)
        except ftplib.error_perm as error:
            raise LastingError(
                f"{self._where}: the folder {self.folder} cannot be entered or created "
                f"({error}); make it there, or correct folder"
            ) from error

    def _delivery_error(self, error: Exception) -> DeliveryError:
        # a time-out in the server's own words is its answer, not a broken connection
        reason = "" if isinstance(error, ftplib.Error) else describe_connection_error(error, self.timeout_s)
        reason = reason or getattr(error, "strerror", None) or str(error) or type(error).__name__
        other = "active" if self.mode == "passive" else "passive"
        remedy = f'open the firewall there for data connections, or set mode = "{other}"'
        no_data = Explanation("^no data connection", "takes no files", remedy)
        faults = (no_data, *([_WANTS_TLS] if self.tls == "none" else []), *_FAULTS)
        remedy = "is the server up, its disk not full, and are port and folder right?"
        return explain(self._where, str(reason), faults, otherwise=remedy)


class _WatchedFtp(ftplib.FTP):
    """FTP client whose sockets `limit` watches, from before TLS is put around them."""

    limit: TimeLimit
    _is_watched = False
    _end_data: Callable[[], None] | None = None
    _data_port = 0
    """The server's own port while a data connection to it is being opened."""

    def getresp(self) -> str:
        """Get an answer; first end the watch of a closed data connection, so the server sees end of file."""
        if self._end_data:
            self._end_data()
            self._end_data = None
        if not self._is_watched and self.sock:
            self._is_watched = True
            self.limit.watch(self.sock)
        self._data_port = 0
        return super().getresp()

    def getline(self) -> str:
        """Line of an answer, as in ftplib; an unfinished line (the connection broke) raises EOFError."""
        assert self.file
        line = self.file.readline(self.maxline + 1)
        if len(line) > self.maxline:
            raise ftplib.Error(f"the server's answer has more than {self.maxline} characters")
        if not line.endswith("\n"):
            raise EOFError
        return line.rstrip("\r\n")

    def makepasv(self) -> tuple[str, int]:
        host, self._data_port = super().makepasv()
        return host, self._data_port

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        try:
            connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        except OSError as error:
            if not (port := self._data_port):
                raise
            self.voidcmd("NOOP")  # raises where the control connection broke, which closes the server's port
            raise ftplib.Error(f"no data connection to server port {port} ({error})") from error
        except ftplib.Error as error:
            if not re.match(r"425|5\d\d.*(PASV|EPSV|PORT|EPRT)|522", str(error)):
                raise
            raise ftplib.Error(f"no data connection ({error})") from error
        self._end_data = self.limit.watch(connection)
        return connection, size


class _TlsFtp(_WatchedFtp, ftplib.FTP_TLS):
    """FTP with TLS; many servers want data connections to resume the control connection's TLS session."""

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        connection, size = super().ntransfercmd(cmd, rest)
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        return self.context.wrap_socket(connection, server_hostname=self.host, session=session), size


class _FtpFolder(RenamingFolder):
    def __init__(self, client: ftplib.FTP) -> None:
        super().__init__()
        self._client = client

    def read(self, name: str) -> bytes | None:
        content = io.BytesIO()
        try:
            self._client.retrbinary(f"RETR {name}", content.write)
        except ftplib.error_perm as error:
            if str(error).startswith("550"):
                return None
            raise
        return content.getvalue()

    def make_folder(self, folder: str) -> None:
        with suppress(ftplib.error_perm):  # it exists
            self._client.mkd(folder)

    def upload(self, part: str, source: Path) -> None:
        with source.open("rb") as content:
            try:
                self._client.storbinary(f"STOR {part}", content, 2**16)
            except OSError:  # the data connection broke: the control connection says why, unless it broke too
                self._client.voidresp()
                raise
        self._check_size(part, source)

    def rename(self, part: str, name: str) -> None:
        try:
            self._client.rename(part, name)
        except ftplib.error_perm:  # some servers cannot rename onto a file
            replace_by_steps(part, name, rename=self._client.rename, delete=self.delete)

    def delete(self, name: str) -> None:
        try:
            self._client.delete(name)
        except ftplib.error_perm as error:
            if not str(error).startswith("550"):
                raise

    def names(self, folder: str) -> list[str]:
        paths: list[str] = []
        try:
            self._client.retrlines(f"NLST {folder}".strip(), paths.append)
        except (ftplib.error_perm, ftplib.error_temp):  # an empty or missing folder, for some servers
            return []
        except ssl.SSLError:  # the same for others: the data connection ends without a word of TLS
            self._client.voidresp()
        return [path.rpartition("/")[2] for path in paths]

    def _check_size(self, part: str, source: Path) -> None:
        """Check the uploaded size: some servers take a broken connection for the end of the file."""
        size: int | None = None
        with suppress(ftplib.error_perm):
            self._client.voidcmd("TYPE I")
            size = self._client.size(part)
        if size is not None and size != source.stat().st_size:
            raise ftplib.error_temp(
                f"426 {source.name} was cut off: {size} of {source.stat().st_size} bytes arrived"
            )

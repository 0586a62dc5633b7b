"""Parcel -> an FTP server's folder, with TLS unless the profile says otherwise."""

from __future__ import annotations

import ftplib
import io
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from bulletin.delivery.connection_errors import line_fault
from bulletin.delivery.time_limit import Limit
from bulletin.delivery.upload import Far, Upload, parents_of, part_of, put_in_place
from bulletin.errors import DeliveryError

_REFUSED = ("530", "331", "332", "534")
_FULL = re.compile(
    r"(452|552|\d{3}.*\b(no space|disk full|quota|storage)|451 Failure writing)", re.IGNORECASE
)
"""The last one is vsftpd's."""
_WANTS_TLS = re.compile(r"[45].*\b(TLS|SSL|encryption)\b")
_UNKNOWN = ("500", "501", "502", "504", "522")


class Ftp(Upload):
    """Uploaded under another name, then renamed: who polls sees the old file or the new one."""

    def __init__(
        self,
        *,
        name: str,
        host: str,
        port: int = 21,
        user: str = "anonymous",
        password: str = "",
        folder: str = "",
        tls: Literal["explicit", "none"] = "explicit",
        mode: Literal["passive", "active"] = "passive",
        ca_file: str = "",
        names: Sequence[str] = (),
        timeout_s: float = 30.0,
        within_s: float = 0.0,
    ) -> None:
        super().__init__(name=name, connect=self._open, names=names, timeout_s=timeout_s, within_s=within_s)
        self._host, self._port, self._user, self._password = host, port, user, password
        self._folder, self._tls, self._ca_file, self._timeout_s = folder, tls, ca_file, timeout_s
        self._mode = mode

    @contextmanager
    def _open(self, limit: Limit) -> Iterator[Far]:
        try:
            with self._dial(limit) as line:
                line.connect(self._host, self._port, timeout=self._timeout_s)
                if isinstance(line, ftplib.FTP_TLS):
                    self._start_tls(line)
                line.login(self._user, self._password)
                if isinstance(line, ftplib.FTP_TLS):
                    line.prot_p()
                if self._folder:
                    self._enter_folder(line)
                yield _FtpFolder(line)
        except ftplib.all_errors as error:
            raise self._told(error) from error

    def _start_tls(self, line: ftplib.FTP_TLS) -> None:
        """Before the login. Some servers answer a command that they do not know as if the login were refused."""
        try:
            line.auth()
        except ftplib.error_perm as error:
            raise DeliveryError(
                f'{self._where}: has no TLS ({error}); tls = "none" sends the password as it is',
                is_lasting=True,
            ) from error

    def _enter_folder(self, line: ftplib.FTP) -> None:
        for folder in (*parents_of(self._folder), self._folder):
            with suppress(ftplib.error_perm):  # it is there
                line.mkd(folder)
        try:
            line.cwd(self._folder)
        except ftplib.error_perm as error:
            raise DeliveryError(
                f"{self._where}: the folder {self._folder} is not there and cannot be made, or may not be entered "
                f"({error}); make it there, or correct folder",
                is_lasting=True,
            ) from error

    @property
    def _where(self) -> str:
        return f"{self.name}: {self._host}:{self._port}"

    def _dial(self, limit: Limit) -> ftplib.FTP:
        if self._tls == "none":
            line: _Watched = _Plain(encoding="utf-8")
        else:
            try:
                context = ssl.create_default_context(cafile=self._ca_file or None)
            except OSError as error:
                raise DeliveryError(
                    f"{self.name}: ca_file {self._ca_file} cannot be read ({error.strerror or error}); name a PEM file",
                    is_lasting=True,
                ) from error
            line = _Tls(context=context, encoding="utf-8")
        line.limit = limit
        line.set_pasv(self._mode == "passive")
        return line

    def _told(self, error: Exception) -> DeliveryError:
        # what the server itself says of a time-out is its own answer
        said = "" if isinstance(error, ftplib.Error) else line_fault(error, self._timeout_s)
        said = said or getattr(error, "strerror", None) or str(error) or type(error).__name__
        remedy, is_lasting = "is it up, is there room, and is the folder right?", True
        if isinstance(error, ssl.SSLCertVerificationError):
            said = f"its certificate is not trusted ({said})"
            remedy = "name the authority in ca_file, or correct host"
        elif self._tls == "none" and _WANTS_TLS.match(said):
            said, remedy = f"wants TLS ({said})", 'set tls = "explicit"'
        elif said.startswith(_REFUSED):
            said, remedy = f"refuses the login ({said})", "correct user and password"
        elif _FULL.match(said):
            said, remedy, is_lasting = f"is full ({said})", "free some space there", False
        elif isinstance(error, _NoDataLineError):
            other = "active" if self._mode == "passive" else "passive"
            remedy, is_lasting = f'have its firewall let data lines through, or set mode = "{other}"', False
        elif said.startswith(("550", "553")):
            said = f"refuses the file ({said})"
            remedy, is_lasting = "let the login write, rename and delete there, or correct folder", False
        else:
            is_lasting = False
        return DeliveryError(f"{self._where}: {said}; {remedy}", is_lasting=is_lasting)


class _NoDataLineError(ftplib.Error):
    """The server answers, but files cannot reach it."""


class _Watched(ftplib.FTP):
    """Has its lines watched, before TLS is put around them."""

    limit: Limit
    _is_watched = False
    _end_data: Callable[[], None] | None = None
    _data_port = 0
    """While the server's own port for a data line is being called."""

    def getresp(self) -> str:
        """Before an answer is waited for, a data line that was closed really ends: so the server sees end of file."""
        if self._end_data:
            self._end_data()
            self._end_data = None
        if not self._is_watched and self.sock:
            self._is_watched = True
            self.limit.watch(self.sock)
        self._data_port = 0
        return super().getresp()

    def getline(self) -> str:
        """As ftplib's, but the beginning of a line is no answer: there the line to the server broke."""
        assert self.file
        line = self.file.readline(self.maxline + 1)
        if len(line) > self.maxline:
            raise ftplib.Error(f"its answer has more than {self.maxline} characters")
        if not line.endswith("\n"):
            raise EOFError
        return line.rstrip("\r\n")

    def makepasv(self) -> tuple[str, int]:
        host, self._data_port = super().makepasv()
        return host, self._data_port

    def _open_data(self, cmd: str, rest: int | str | None) -> tuple[socket.socket, int | None]:
        try:
            line, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        except OSError as error:
            if not self._data_port:
                raise
            raise _NoDataLineError(f"no data line to its port {self._data_port} ({error})") from error
        except ftplib.Error as error:
            if str(error).startswith("425") or (
                str(error).startswith(_UNKNOWN) and re.search("PASV|EPSV|PORT|EPRT", str(error))
            ):
                raise _NoDataLineError(f"no data line ({error})") from error
            raise
        self._end_data = self.limit.watch(line)
        return line, size


class _Plain(_Watched):
    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        return self._open_data(cmd, rest)


class _Tls(_Watched, ftplib.FTP_TLS):
    """Many servers want the data line to go on with the session of the first."""

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        line, size = self._open_data(cmd, rest)
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        return self.context.wrap_socket(line, server_hostname=self.host, session=session), size


class _FtpFolder:
    def __init__(self, line: ftplib.FTP) -> None:
        self._line = line
        self._made: set[str] = set()

    def read(self, name: str) -> bytes | None:
        content = io.BytesIO()
        try:
            self._line.retrbinary(f"RETR {name}", content.write)
        except ftplib.error_perm as error:
            if str(error).startswith("550"):
                return None
            raise
        return content.getvalue()

    def put(self, name: str, source: Path) -> None:
        for folder in parents_of(name):
            if folder not in self._made:
                with suppress(ftplib.error_perm):  # it is there
                    self._line.mkd(folder)
                self._made.add(folder)
        part = part_of(name)
        with source.open("rb") as content:
            try:
                self._line.storbinary(f"STOR {part}", content, 2**16)
            except OSError:  # the data line broke: the other one says why, unless it broke too
                self._line.voidresp()
                raise
        self._check_size(part, source)
        try:
            self._line.rename(part, name)
        except ftplib.error_perm:  # some servers rename onto nothing only
            put_in_place(part, name, rename=self._line.rename, delete=self.delete)

    def delete(self, name: str) -> None:
        try:
            self._line.delete(name)
        except ftplib.error_perm as error:
            if not str(error).startswith("550"):
                raise

    def names(self, folder: str) -> list[str]:
        found: list[str] = []
        try:
            self._line.retrlines(f"NLST {folder}".strip(), found.append)
        except (ftplib.error_perm, ftplib.error_temp):  # an empty or missing folder, for some servers
            return []
        except ssl.SSLError:  # the same for others: the data line ends without a word of TLS
            self._line.voidresp()
        return [name.rpartition("/")[2] for name in found]

    def _check_size(self, part: str, source: Path) -> None:
        """A line that was cut looks like the end of the file to some servers."""
        size: int | None = None
        with suppress(ftplib.error_perm):
            self._line.voidcmd("TYPE I")
            size = self._line.size(part)
        if size is not None and size != source.stat().st_size:
            raise ftplib.error_temp(f"426 only {size} of {source.stat().st_size} bytes arrived")

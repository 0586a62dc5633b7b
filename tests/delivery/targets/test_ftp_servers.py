"""FTP against pyftpdlib and vsftpd, with TLS and without: data lines, long files, logins, folders, a time in all."""

from __future__ import annotations

import ftplib
import io
import os
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.delivery.delivery_result import DeliveryOutcome
from bulletin.errors import DeliveryError
from bulletin.runtime.backoff import MOST_PAUSE
from tests.delivery.targets.test_targets_uploads import LIST, pytestmark, run
from tests.support.delivery_servers.base import PASSWORD, Server
from tests.support.delivery_servers.ftp import FtpServer, Vsftpd
from tests.support.delivery_servers.make import make_server
from tests.support.public_station import House

__all__ = ["pytestmark"]

LONG = 24_000_000
"""Bytes: minutes of an FM file, more than sockets hold on their own."""


@pytest.fixture(params=["ftp", "ftp-plain", "vsftpd", "vsftpd-plain"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    server = make_server(request.param, tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("mode", ["passive", "active"])
def test_a_long_file_arrives_whole_whoever_opens_the_data_line(
    house: House, server: Server, mode: str
) -> None:
    house.audio_bytes = LONG
    house.publish(1)

    assert run(house, server.delivery(mode=mode), "fm") == [("Bulletin 1", DeliveryOutcome.SENT, "")]

    assert server.files()["fm.wav"] == (house.folder / "fm.wav").read_bytes()
    assert set(server.files()) == {LIST, "fm.wav", "fm.json"}
    if isinstance(server, FtpServer):
        assert set(server.data_lines) == {mode}


def test_many_files_of_one_delivery_hold_no_more_descriptors_than_one(
    house: House, server: Server, tmp_path: Path
) -> None:
    """Each has a data line of its own, and with TLS each goes on with the session of the first line."""
    source = tmp_path / "source"
    source.write_bytes(b"sound")
    descriptors = Path("/proc/self/fd")
    with server.delivery()._open() as (_, far):
        far.put("file-0", source)
        before = len(os.listdir(descriptors)) if descriptors.is_dir() else 0  # noqa: PTH208
        for number in range(1, 40):
            far.put(f"file-{number}", source)
        after = len(os.listdir(descriptors)) if descriptors.is_dir() else 0  # noqa: PTH208

    assert len(server.files()) == 40
    # pyftpdlib runs in this process and has a descriptor or two of its own on the way
    assert after <= before + 3


def test_a_wrong_password_is_refused_and_the_message_says_so(server: Server) -> None:
    with pytest.raises(DeliveryError, match=r"refuses the login \(530 .*; correct user and password") as told:
        server.stranger().check()

    assert told.value.is_lasting


def test_a_folder_that_cannot_be_there_is_named(server: Server) -> None:
    (server.root / "news").write_text("a file of this name")

    with pytest.raises(
        DeliveryError, match=r"the folder news cannot be entered or created .*; make it there, or corr"
    ) as told:
        server.delivery(folder="news").check()

    assert told.value.is_lasting


def test_tls_that_only_one_side_wants_is_told_as_that(server: Server) -> None:
    """vsftpd answers both with the code of a refused login."""
    remedy = r'wants TLS \(.*; set tls = "explicit"' if server.tls else r'has no TLS \(.*; set tls = "none"'
    with pytest.raises(DeliveryError, match=remedy) as told:
        server.delivery(tls="none" if server.tls else "explicit").check()

    assert told.value.is_lasting
    assert server.files() == {}


@pytest.mark.parametrize(
    ("server", "mode", "unknown"),
    [("ftp-plain", "passive", {"PASV", "EPSV"}), ("ftp-plain", "active", {"PORT", "EPRT"})],
    indirect=["server"],
)
def test_a_server_that_knows_one_kind_of_data_line_is_told_with_the_other(
    server: FtpServer, mode: str, unknown: set[str]
) -> None:
    server.unknown = frozenset(unknown)
    other = "active" if mode == "passive" else "passive"

    with pytest.raises(DeliveryError, match=f'no data connection .*set mode = "{other}"'):
        server.delivery(mode=mode).check()

    server.delivery(mode=other).check()


@pytest.mark.parametrize("server", ["ftp-plain"], indirect=True)
def test_a_firewall_before_the_data_ports_is_told_as_that(server: FtpServer) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens
        server.data_port = closed.getsockname()[1]

        with pytest.raises(
            DeliveryError, match=rf"no data connection to server port {server.data_port} .*firewall"
        ):
            server.delivery().check()


@pytest.mark.parametrize("server", ["ftp", "ftp-plain"], indirect=True)
def test_a_data_line_that_takes_a_little_now_and_then_is_cut_when_its_time_is_over(
    house: House, server: FtpServer
) -> None:
    """Each write passes `timeout_s`; only the whole does not end."""
    house.audio_bytes = LONG
    house.publish(1)
    server.sips = True

    ((_, result, note),) = run(house, server.delivery(timeout_s=10.0, within_s=1.0), "fm")

    assert result is DeliveryOutcome.FAILED
    assert note.startswith("far: the delivery took more than 1 s: the connection or the server is too slow")
    server.sips = False
    house.now += MOST_PAUSE
    assert run(house, server.delivery(), "fm") == [("Bulletin 1", DeliveryOutcome.SENT, "")]
    assert set(server.files()) == {LIST, "fm.wav", "fm.json"}


@pytest.mark.parametrize("server", ["vsftpd"], indirect=True)
def test_vsftpd_refuses_a_data_line_that_begins_tls_anew(house: House, server: Vsftpd) -> None:
    """Its default; Python's own FTP_TLS does that. So the tests above prove that ours resumes the session."""
    stranger = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=str(server.ca_file)))
    with stranger:
        stranger.connect("127.0.0.1", server.port, timeout=10)
        stranger.login(server.user, PASSWORD)
        stranger.prot_p()
        with pytest.raises(ftplib.error_perm, match="522 SSL connection failed"):
            stranger.storbinary("STOR news.wav", io.BytesIO(b"sound"))

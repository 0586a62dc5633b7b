"""FTP to pyftpdlib and vsftpd, with TLS and without: data connections, long files, logins, folders, time limit."""

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
"""Size of an FM file of some minutes, in bytes; larger than the buffers of a socket."""


@pytest.fixture(params=["ftp", "ftp-plain", "vsftpd", "vsftpd-plain"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    server = make_server(request.param, tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("mode", ["passive", "active"])
def test_a_long_file_arrives_complete_in_passive_and_active_mode(
    house: House, server: Server, mode: str
) -> None:
    house.audio_bytes = LONG
    house.publish(1)

    assert run(house, server.delivery(mode=mode), "fm") == [("Bulletin 1", DeliveryOutcome.SENT, "")]

    assert server.files()["fm.wav"] == (house.folder / "fm.wav").read_bytes()
    assert set(server.files()) == {LIST, "fm.wav", "fm.json"}
    if isinstance(server, FtpServer):
        assert set(server.data_lines) == {mode}


def test_forty_files_of_one_delivery_need_no_more_descriptors_than_one(
    house: House, server: Server, tmp_path: Path
) -> None:
    """Each file has its own data connection; with TLS each resumes the session of the control connection."""
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
    # pyftpdlib runs in this process and may hold a descriptor or two itself
    assert after <= before + 3


def test_a_wrong_password_is_refused_and_the_message_says_so(server: Server) -> None:
    with pytest.raises(
        DeliveryError, match=r"refuses the login \(530 .*; correct user and password"
    ) as caught:
        server.stranger().check()

    assert caught.value.is_lasting


def test_a_folder_that_cannot_be_made_is_named(server: Server) -> None:
    (server.root / "news").write_text("a file of this name")

    with pytest.raises(
        DeliveryError, match=r"the folder news cannot be entered or created .*; make it there, or corr"
    ) as caught:
        server.delivery(folder="news").check()

    assert caught.value.is_lasting


def test_the_message_says_that_only_one_side_wants_tls(server: Server) -> None:
    """vsftpd answers both cases with the code of a refused login."""
    remedy = r'wants TLS \(.*; set tls = "explicit"' if server.tls else r'has no TLS \(.*; set tls = "none"'
    with pytest.raises(DeliveryError, match=remedy) as caught:
        server.delivery(tls="none" if server.tls else "explicit").check()

    assert caught.value.is_lasting
    assert server.files() == {}


@pytest.mark.parametrize(
    ("server", "mode", "unknown"),
    [("ftp-plain", "passive", {"PASV", "EPSV"}), ("ftp-plain", "active", {"PORT", "EPRT"})],
    indirect=["server"],
)
def test_the_message_names_the_other_mode_when_the_server_refuses_one(
    server: FtpServer, mode: str, unknown: set[str]
) -> None:
    server.unknown = frozenset(unknown)
    other = "active" if mode == "passive" else "passive"

    with pytest.raises(DeliveryError, match=f'no data connection .*set mode = "{other}"'):
        server.delivery(mode=mode).check()

    server.delivery(mode=other).check()


@pytest.mark.parametrize("server", ["ftp-plain"], indirect=True)
def test_the_message_says_that_a_firewall_blocks_the_data_ports(server: FtpServer) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # no process listens on this port
        server.data_port = closed.getsockname()[1]

        with pytest.raises(
            DeliveryError, match=rf"no data connection to server port {server.data_port} .*firewall"
        ):
            server.delivery().check()


@pytest.mark.parametrize("server", ["ftp", "ftp-plain"], indirect=True)
def test_a_slow_data_connection_is_closed_at_the_time_limit(house: House, server: FtpServer) -> None:
    """Each write stays within `timeout_s`; only the whole upload takes too long."""
    house.audio_bytes = LONG
    house.publish(1)
    server.sips = True

    ((_, result, note),) = run(house, server.delivery(timeout_s=10.0, within_s=1.0), "fm")

    assert result is DeliveryOutcome.FAILED
    assert note.startswith("cut off after 1 s, because the connection or the server is too slow")
    server.sips = False
    house.now += MOST_PAUSE
    assert run(house, server.delivery(), "fm") == [("Bulletin 1", DeliveryOutcome.SENT, "")]
    assert set(server.files()) == {LIST, "fm.wav", "fm.json"}


@pytest.mark.parametrize("server", ["vsftpd"], indirect=True)
def test_vsftpd_refuses_a_data_connection_with_a_new_tls_session(house: House, server: Vsftpd) -> None:
    """Default of vsftpd; Python's FTP_TLS fails there. So the tests above prove that our client resumes the session."""
    stranger = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=str(server.ca_file)))
    with stranger:
        stranger.connect("127.0.0.1", server.port, timeout=10)
        stranger.login(server.user, PASSWORD)
        stranger.prot_p()
        with pytest.raises(ftplib.error_perm, match="522 SSL connection failed"):
            stranger.storbinary("STOR news.wav", io.BytesIO(b"sound"))

"""`bulletin check` of [[deliveries]]: a destination that fails gives exit code 7 and a remedy."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.cli.setup.check import command
from tests.delivery.targets.test_targets_uploads import pytestmark as far_marks
from tests.support.delivery_servers.base import Server
from tests.support.delivery_servers.bucket import BucketServer
from tests.support.delivery_servers.make import make_server
from tests.support.free_ports import free_port
from tests.support.web_servers import Silent, served_by

HILL = 'name = "Hill Radio"\nfeeds = []\n[speech]\nchain = ["tone"]\n[outputs]\nmake = ["podcast", "fm"]\n'
PART = """\
class Part:
    is_newest_only = True

    def __init__(self, *, name):
        self.name = name

    def check(self):
        raise ValueError("the aerial is down")
"""


def check(folder: Path, delivery: str) -> tuple[int, dict[str, str]]:
    """Exit code, and the finding of the delivery."""
    profile = folder / "hill.toml"
    profile.write_text(
        f'{HILL}[[deliveries]]\nname = "far"\nrendition = "fm"\n{delivery}\n', encoding="utf-8"
    )
    result = CliRunner().invoke(command, [str(profile), "--json", "--output", str(folder / "output")])
    findings = json.loads(result.output)["findings"]
    (finding,) = [finding for finding in findings if finding["part"] == "delivery far"]
    return result.exit_code, finding


@pytest.mark.slow
@pytest.mark.parametrize(
    ("delivery", "message"),
    [
        ('kind = "folder"\npath = "share"', "mount the share or create the folder"),
        ('kind = "command"\ncommand = ["no-such-program"]', "program not found; install it"),
        ('kind = "ftp"\nhost = "127.0.0.1"\nport = CLOSED', "refused; is the server up"),
        ('kind = "webdav"\nurl = "http://127.0.0.1:CLOSED/news/"', "is the server up, and the URL right?"),
        (
            'kind = "azuracast"\nurl = "http://127.0.0.1:CLOSED"\nstation = 1\nkey = "k"\nplaylist = "News"',
            "is the server up",
        ),
        ('kind = "webhook"\nurl = "http://127.0.0.1:CLOSED/hook"', "is the server up"),
        ('kind = "websub"\nhub = "http://127.0.0.1:CLOSED/"', "is the server up"),
        (
            'kind = "aerial:Part"',
            "ValueError: the aerial is down; correct the plug-in that the profile names",
        ),
    ],
)
def test_an_unusable_destination_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, delivery: str, message: str
) -> None:
    (tmp_path / "aerial.py").write_text(PART)
    monkeypatch.syspath_prepend(str(tmp_path))

    code, finding = check(tmp_path, delivery.replace("CLOSED", str(free_port())))

    assert (code, finding["verdict"]) == (7, "failure")
    assert message in finding["message"]


@pytest.mark.parametrize(
    ("library", "delivery"),
    [
        ("paramiko", 'kind = "sftp"\nhost = "127.0.0.1"\nuser = "radio"\npassword = "x"'),
        ("obstore", 'kind = "s3"\nbucket = "news"\nkey_id = "id"\nsecret = "x"'),
    ],
)
def test_a_library_that_is_not_installed_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, delivery: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)

    code, finding = check(tmp_path, delivery)

    assert (code, finding["verdict"]) == (7, "failure")
    assert f"{library} is not installed" in finding["message"]


def test_a_usable_destination_passes(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()

    assert check(tmp_path, 'kind = "folder"\npath = "share"')[0] == 0


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (200, 0, 'ready to receive the output "fm"'),
        (404, 0, 'ready to receive the output "fm"'),  # many webhooks answer HEAD with this
        (405, 0, 'ready to receive the output "fm"'),
        (401, 7, "it wants a login: put user and password into its address"),
        (308, 7, "it has moved to http://127.0.0.1; correct url"),
        (502, 7, "is the program behind it running?"),
    ],
)
def test_the_status_of_a_webhook_is_judged(tmp_path: Path, status: int, code: int, message: str) -> None:
    class Handler(Silent):
        def do_HEAD(self) -> None:
            self.answer(status, headers={"Location": "http://127.0.0.1/elsewhere"} if status == 308 else None)

    with served_by(Handler) as server:
        exit_code, finding = check(tmp_path, f'kind = "webhook"\nurl = "{server}/secret-path"')

    assert exit_code == code
    assert message in finding["message"]
    assert "secret-path" not in finding["message"]


@pytest.fixture(params=["ftp", "ftp-plain", "vsftpd", "vsftpd-plain", "sftp", "webdav", "s3"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    server = make_server(request.param, tmp_path)
    server.start()
    yield server
    server.stop()


def table(server: Server, **changes: str) -> str:
    """Options of a delivery, as lines of a profile."""
    options = {"kind": server.kind} | server.given() | changes
    # a busy machine may exceed a timeout of seconds
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in (options | {"timeout_s": 30.0}).items())


class TestWithServers:
    """Independent servers: `check` logs in, writes, renames and deletes."""

    pytestmark = far_marks

    def test_check_logs_in_and_leaves_nothing(self, tmp_path: Path, server: Server) -> None:
        code, finding = check(tmp_path, table(server))

        assert (code, finding["message"]) == (0, 'ready to receive the output "fm"')
        assert server.files() == {}

    def test_a_refused_login_fails(self, tmp_path: Path, server: Server) -> None:
        if isinstance(server, BucketServer):
            pytest.skip("moto takes every key")

        code, finding = check(tmp_path, table(server, **server.wrong))

        assert (code, finding["verdict"]) == (7, "failure")
        assert "correct user" in finding["message"]
        assert "let-me-in" not in finding["message"]

    def test_a_server_that_is_down_fails(self, tmp_path: Path, server: Server) -> None:
        server.stop()
        try:
            code, finding = check(tmp_path, table(server))
        finally:
            server.start()

        assert (code, finding["verdict"]) == (7, "failure")
        assert "is the server up" in finding["message"]

    def test_an_impossible_folder_or_bucket_fails(self, tmp_path: Path, server: Server) -> None:
        code, finding = check(tmp_path, table(server, **server.lost()))

        assert (code, finding["verdict"]) == (7, "failure")
        assert any(word in finding["message"] for word in ("folder", "correct bucket"))

"""Alert channels with a real mail server, webhook and program."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from bulletin.config.tables.alert_options import AlertsOptions
from bulletin.runtime.redact_secrets import hide
from bulletin.service.monitoring.alert_channels import AlertDispatch, alert_channels_of
from bulletin.service.monitoring.alert_rules import Alert, AlertKind, AlertState
from tests.support.free_ports import free_port

ALERT = Alert(
    station="demo",
    kind=AlertKind.FEED,
    about="Gazette\r\nBcc: everybody@example.org",
    state=AlertState.FIRING,
    text="does not answer",
    since=datetime(2026, 11, 25, 7, tzinfo=UTC),
    times=3,
)


class Mailbox:
    """Mail server handler that keeps the mails."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


class Hook(ThreadingHTTPServer):
    """Webhook that refuses a number of requests, then accepts."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.bodies: list[Any] = []
        self.refusals = 0


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        hook = self.server
        assert isinstance(hook, Hook)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if hook.refusals:
            hook.refusals -= 1
            self.send_error(503)
            return
        hook.bodies.append(body)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


@contextmanager
def mail_server(box: Mailbox, *, host: str = "127.0.0.1", **options: Any) -> Iterator[int]:
    server = Controller(box, hostname=host, port=free_port(), **options)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def deliver(options: AlertsOptions, alert: Alert = ALERT) -> None:
    dispatch = AlertDispatch(wait_s=0.01)
    dispatch.send(alert, alert_channels_of(options))
    dispatch.finish(within_s=60)


def test_a_mail_goes_to_its_recipients_only():
    box = Mailbox()

    with mail_server(box) as port:
        deliver(AlertsOptions(email=("ann@example.org", "bob@example.org"), smtp=f"smtp://127.0.0.1:{port}"))

    (mail,) = box.mails
    assert mail["Subject"] == "[bulletin] demo: feed Gazette\\r\\nBcc: everybody@example.org"
    assert mail["Bcc"] is None
    assert box.recipients == [["ann@example.org", "bob@example.org"]]
    assert "does not answer" in mail.get_content()
    assert "3 in a row" in mail.get_content()


def test_a_mail_server_wants_a_password():
    seen: list[tuple[bytes, bytes]] = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    box = Mailbox()

    with mail_server(box, authenticator=check, auth_require_tls=False) as port:
        deliver(
            AlertsOptions(
                email=("ann@example.org",), smtp=f"smtp://me%40home@127.0.0.1:{port}", smtp_password="secret"
            )
        )

    assert seen == [(b"me@home", b"secret")]
    assert len(box.mails) == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs a second address of this machine")
def test_no_password_is_sent_without_tls(caplog: pytest.LogCaptureFixture):
    """The server offers no TLS, or an attacker on the way hides it."""
    seen: list[object] = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        seen.append(data)
        return AuthResult(success=True)

    box = Mailbox()

    with mail_server(box, host="127.0.0.2", authenticator=check, auth_require_tls=False) as port:
        deliver(
            AlertsOptions(
                email=("ann@example.org",), smtp=f"smtp://me@127.0.0.2:{port}", smtp_password="secret"
            )
        )

    assert (seen, box.mails) == ([], [])
    assert "127.0.0.2 offers no TLS" in caplog.text


@pytest.mark.slow
def test_a_webhook_that_refuses_is_tried_again(hook: Hook):
    hook.refusals = 2

    deliver(AlertsOptions(webhook=f"http://127.0.0.1:{hook.server_port}/x"))

    (body,) = hook.bodies
    assert body["station"] == "demo"
    assert body["kind"] == "feed"
    assert body["state"] == "firing"
    assert body["since"] == "2026-11-25T07:00:00+00:00"


def test_a_command_gets_the_alert_on_standard_input(tmp_path: Path):
    path = tmp_path / "alert.json"
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.stdin.read())"

    deliver(AlertsOptions(command=(sys.executable, "-c", script, str(path))))

    assert json.loads(path.read_text())["text"] == "does not answer"


@pytest.mark.slow
def test_a_failing_channel_is_logged_and_does_not_stop_the_others(
    hook: Hook, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    deliver(
        AlertsOptions(
            command=(sys.executable, "-c", "import sys; sys.exit('no pager')"),
            webhook=f"http://127.0.0.1:{hook.server_port}/",
            email=("ann@example.org",),
            smtp="smtp://127.0.0.1:9",
        )
    )

    assert len(hook.bodies) == 1
    assert "way=command error=" in caplog.text
    assert "no pager" in caplog.text
    assert "way=email error=" in caplog.text


def test_every_alert_is_logged(caplog: pytest.LogCaptureFixture):
    deliver(AlertsOptions())

    assert "alert, problem found: station=demo kind=feed" in caplog.text


def test_an_alert_contains_no_secret(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    hide.learn({"https://wire.example/4711-feed": "env:WIRE"})
    text = "https://wire.example/4711-feed: 500; ftp://radio:4712@ftp.example refused"
    dispatch = AlertDispatch(wait_s=0.01)
    options = AlertsOptions(webhook=f"http://127.0.0.1:{hook.server_port}/")

    with caplog.at_level("INFO"):
        dispatch.send(replace(ALERT, text=text), alert_channels_of(options))
        dispatch.finish(within_s=20)

    assert [body["text"] for body in hook.bodies] == ["env:WIRE: 500; ftp://***@ftp.example refused"]
    assert "4711-feed" not in caplog.text
    assert ":4712@" not in caplog.text

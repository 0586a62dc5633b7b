"""Alert -> people: by e-mail, webhook, or a command."""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial
from urllib.parse import unquote, urlsplit

import stamina

from bulletin.config.tables.alert_options import AlertsOptions
from bulletin.runtime.files.file_permissions import umask_of_user
from bulletin.runtime.redact_secrets import hide, one_line
from bulletin.service.monitoring.alert_rules import Alert, AlertState
from bulletin.service.thread_pool import ThreadPool

log = logging.getLogger(__name__)

TIMEOUT_S = 20.0
"""Time-out of one message through one channel."""
_TRIES = 3
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_FAILURES = (OSError, smtplib.SMTPException, subprocess.TimeoutExpired)

AlertChannel = Callable[[Alert], None]
"""Sends one alert. Raises OSError or an error of its library."""


def alert_channels_of(options: AlertsOptions) -> tuple[tuple[str, AlertChannel], ...]:
    """The channels of a profile, each with its name for the log."""
    channels = (("email", _mail), ("webhook", _post), ("command", _run))
    return tuple((name, partial(send, options)) for name, send in channels if getattr(options, name))


def alert_data(alert: Alert) -> dict[str, object]:
    """An alert as plain data, for webhooks and commands."""
    facts = {**asdict(alert), "since": alert.since.isoformat(timespec="seconds")}
    del facts["told_at"]
    return facts


def alert_subject(alert: Alert) -> str:
    """ "demo: stand-by" or "demo: resolved: feed Gazette"; one line, with any feed name."""
    what = f"{alert.kind} {alert.about}".strip()
    over = "resolved: " if alert.state is AlertState.RESOLVED else ""
    return one_line(f"{alert.station}: {over}{what}")[:200]


def _mail(options: AlertsOptions, alert: Alert) -> None:
    message = EmailMessage()
    message["Subject"] = f"[bulletin] {alert_subject(alert)}"
    message["From"] = options.sender or options.email[0]
    message["To"] = ", ".join(options.email)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=message["From"].addresses[0].domain)
    message["Auto-Submitted"] = "auto-generated"
    since = alert.since.isoformat(timespec="seconds")
    message.set_content(f"{alert.text}\n\nSince {since}, {alert.times} in a row.\n")
    server = urlsplit(options.smtp)
    host = server.hostname or ""
    with _connect(server.scheme, host, server.port) as smtp:
        if server.username:
            if not isinstance(smtp.sock, ssl.SSLSocket) and host not in _LOCAL_HOSTS:
                raise OSError(
                    f"{host} offers no TLS, so the password is not sent; use smtps:// or another server"
                )
            smtp.login(unquote(server.username), options.smtp_password)
        smtp.send_message(message)


def _connect(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_S, context=context)
    smtp = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_S)
    smtp.ehlo()
    if smtp.has_extn("starttls"):
        smtp.starttls(context=context)
    return smtp


def _post(options: AlertsOptions, alert: Alert) -> None:
    import httpx2

    try:
        answer = httpx2.post(
            options.webhook,
            json=alert_data(alert),
            timeout=TIMEOUT_S,
            follow_redirects=False,
            trust_env=False,
        )
    except httpx2.HTTPError as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
    if not answer.is_success:
        raise OSError(f"the webhook answered {answer.status_code}")


def _run(options: AlertsOptions, alert: Alert) -> None:
    command = options.command
    done = subprocess.run(
        command,
        input=json.dumps(alert_data(alert), ensure_ascii=False),
        encoding="utf-8",
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
        umask=umask_of_user(),
    )
    if done.returncode:
        raise OSError(f"{command[0]} exited with code {done.returncode}: {done.stderr.strip()[-200:]}")


class AlertDispatch:
    """
    Sends alerts in order, in its own thread: the clock never waits for a mail server.

    Every channel is tried three times; a failing channel is logged and delays no other.
    """

    def __init__(self, *, wait_s: float = 2.0) -> None:
        self._wait_s = wait_s
        self._pool = ThreadPool(1)

    def send(self, alert: Alert, channels: Sequence[tuple[str, AlertChannel]]) -> None:
        """Send an alert through all channels, and log it, so that none is lost with a mail server."""
        alert = replace(alert, about=hide(alert.about), text=hide(alert.text))
        level = logging.WARNING if alert.state is AlertState.FIRING else logging.INFO
        event = "alert, problem found" if alert.state is AlertState.FIRING else "alert, problem over"
        text = f"{event}: station=%s kind=%s about=%s state=%s times=%d text=%s"
        facts = (alert.station, alert.kind, alert.about or "station", alert.state, alert.times, alert.text)
        log.log(level, text, *facts)
        for name, channel in channels:
            self._pool.submit(partial(self._deliver, alert, name, channel))

    def finish(self, *, within_s: float) -> None:
        """Send the queued alerts, as far as there is time."""
        if not self._pool.finish(within_s=within_s):
            log.error("service stopped before all alerts were sent")

    def _deliver(self, alert: Alert, name: str, channel: AlertChannel) -> None:
        attempts = stamina.retry_context(
            on=_FAILURES, attempts=_TRIES, wait_initial=self._wait_s, timeout=None
        )
        try:
            for attempt in attempts:
                with attempt:
                    channel(alert)
        except Exception as error:
            is_known = isinstance(error, _FAILURES)
            text = "alert not sent: station=%s way=%s error=%s"
            log.error(text, alert.station, name, error, exc_info=not is_known)

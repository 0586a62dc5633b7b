"""An alert -> people: by e-mail, to a webhook, through a command of the station's own."""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from queue import Empty, Full, Queue
from urllib.parse import unquote, urlsplit

import stamina

from bulletin.config.tables.alert_options import AlertsOptions
from bulletin.runtime.files.file_permissions import umask_of_user
from bulletin.runtime.redaction import hide, one_line
from bulletin.service.monitoring.alert_rules import Alert, AlertState

log = logging.getLogger(__name__)

TIMEOUT_S = 20.0
"""For one message by one way."""
_TRIES = 3
_MOST_WAITING = 200
"""A storm must not eat the memory; what does not fit is in the log."""

Courier = Callable[[Alert], None]
"""Delivers one alert, or raises OSError or one of its own library's errors."""


class AlertChannelError(OSError):
    """A message was not taken."""


def alert_channels_of(options: AlertsOptions) -> tuple[tuple[str, Courier], ...]:
    """The ways that a profile names, each with its own name for the log."""
    found: list[tuple[str, Courier]] = []
    if options.email:
        found.append(("email", lambda alert: _mail(alert, options)))
    if options.webhook:
        found.append(("webhook", lambda alert: _post(alert, options.webhook)))
    if options.command:
        found.append(("command", lambda alert: _run(alert, options.command)))
    return tuple(found)


def alert_data(alert: Alert) -> dict[str, object]:
    """An alert as plain data, as webhooks and commands get it."""
    return {
        "station": alert.station,
        "kind": alert.kind.value,
        "about": alert.about,
        "state": alert.state.value,
        "text": alert.text,
        "since": alert.since.isoformat(timespec="seconds"),
        "times": alert.times,
    }


def alert_subject(alert: Alert) -> str:
    """ "demo: stand-by" or "demo: resolved: feed Gazette"; one line, whatever a feed is called."""
    what = f"{alert.kind} {alert.about}".strip()
    over = "resolved: " if alert.state is AlertState.RESOLVED else ""
    return one_line(f"{alert.station}: {over}{what}")[:200]


def _mail(alert: Alert, options: AlertsOptions) -> None:
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
    with _dial(server.scheme, server.hostname or "", server.port) as smtp:
        if server.username:
            if not (isinstance(smtp.sock, ssl.SSLSocket) or _is_here(server.hostname or "")):
                raise AlertChannelError(
                    f"{server.hostname} offers no TLS, so the password is not sent; use smtps:// or another server"
                )
            smtp.login(unquote(server.username), options.smtp_password)
        smtp.send_message(message)


def _is_here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _dial(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_S, context=context)
    smtp = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_S)
    smtp.ehlo()
    if smtp.has_extn("starttls"):
        smtp.starttls(context=context)
    return smtp


def _post(alert: Alert, address: str) -> None:
    import httpx2

    try:
        answer = httpx2.post(
            address, json=alert_data(alert), timeout=TIMEOUT_S, follow_redirects=False, trust_env=False
        )
    except httpx2.HTTPError as error:
        raise AlertChannelError(f"{type(error).__name__}: {error}") from error
    if not answer.is_success:
        raise AlertChannelError(f"the webhook answered {answer.status_code}")


def _run(alert: Alert, command: Sequence[str]) -> None:
    told = json.dumps(alert_data(alert), ensure_ascii=False)
    try:
        done = subprocess.run(
            command,
            input=told,
            text=True,
            encoding="utf-8",
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
            umask=umask_of_user(),
        )
    except subprocess.TimeoutExpired as error:
        raise AlertChannelError(f"{command[0]} did not end within {TIMEOUT_S:.0f} s") from error
    if done.returncode:
        raise AlertChannelError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()[-200:]}")


class AlertDispatch:
    """
    Delivers alerts in a thread of its own, in order: the clock never waits for a mail server.

    Every way is tried three times; one that fails is logged and keeps no other from its message.
    """

    def __init__(self, *, wait_s: float = 2.0) -> None:
        self._wait_s = wait_s
        self._queue: Queue[tuple[Alert, str, Courier] | None] = Queue(_MOST_WAITING)
        self._thread = threading.Thread(target=self._serve, name="alerts", daemon=True)
        self._thread.start()

    def send(self, alert: Alert, couriers: Sequence[tuple[str, Courier]]) -> None:
        """Have it told by all ways. It is logged in any case, so that no alert is lost with a mail server."""
        alert = replace(alert, about=hide(alert.about), text=hide(alert.text))
        level = logging.WARNING if alert.state is AlertState.FIRING else logging.INFO
        log.log(
            level,
            "alert: station=%s kind=%s about=%s state=%s times=%d text=%s",
            alert.station,
            alert.kind,
            alert.about or "-",
            alert.state,
            alert.times,
            alert.text,
        )
        for name, courier in couriers:
            try:
                self._queue.put_nowait((alert, name, courier))
            except Full:
                log.error("alert not sent, too many wait: station=%s way=%s", alert.station, name)

    def finish(self, *, within_s: float) -> None:
        """Deliver what waits, as far as there is time."""
        try:
            self._queue.put(None, timeout=within_s)
        except Full:
            return
        self._thread.join(within_s)
        left = 0
        while True:
            try:
                left += self._queue.get_nowait() is not None
            except Empty:
                break
        if left:
            log.error("alerts not sent, the service stops: count=%d", left)

    def _serve(self) -> None:
        while (waiting := self._queue.get()) is not None:
            alert, name, courier = waiting
            try:
                self._deliver(alert, courier)
            except (OSError, smtplib.SMTPException) as error:
                log.error("alert not sent: station=%s way=%s error=%s", alert.station, name, error)
            except Exception:
                log.exception("alert not sent: station=%s way=%s", alert.station, name)

    def _deliver(self, alert: Alert, courier: Courier) -> None:
        for attempt in stamina.retry_context(
            on=(OSError, smtplib.SMTPException), attempts=_TRIES, wait_initial=self._wait_s, timeout=None
        ):
            with attempt:
                courier(alert)

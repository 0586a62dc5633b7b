"""Log format: one line for each record, for any text of a feed or server."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest

from bulletin.runtime.redact_secrets import Redactor
from bulletin.service.monitoring.set_up_logging import HumanFormatter, JsonFormatter, secrets_in, set_up_logs


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def record(message: str, *args: object, trace: bool = False) -> logging.LogRecord:
    info = sys.exc_info() if trace else None
    return logging.LogRecord("bulletin.room", logging.WARNING, __file__, 1, message, args, info)


def as_json(made: logging.LogRecord, *secrets: str) -> dict[str, object]:
    data: dict[str, object] = json.loads(JsonFormatter(Redactor(secrets)).format(made))
    return data


@pytest.fixture
def _logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_json_holds_the_keys_that_a_message_names():
    entry = as_json(record("slot met: station=%s ahead_s=%.0f note=%s", "demo", 61.4, "a b=c"))

    assert entry["event"] == "slot met"
    assert (entry["station"], entry["ahead_s"], entry["note"]) == ("demo", 61.4, "a b=c")
    assert entry["message"] == "slot met: station=demo ahead_s=61 note=a b=c"


def test_the_event_of_a_progress_line_is_what_is_done():
    entry = as_json(record("%s: voice=%s sentences=%d/%d: %s", "speaking", "kokoro", 4, 9, "about 5 s left"))

    assert (entry["event"], entry["voice"]) == ("speaking", "kokoro")


def test_a_value_cannot_look_like_a_key():
    entry = as_json(record("failed: what=%s", "x level=fatal station=other"))

    assert entry["level"] == "warning"
    assert "station" not in entry


def test_a_foreign_newline_makes_no_new_line():
    entry = record("feed failed: title=%s", "A\nERROR all is lost\x1b[31m\u2028B")

    assert "\n" not in JsonFormatter(Redactor(())).format(entry)
    human = HumanFormatter(Redactor(())).format(entry)
    assert "\n" not in human
    assert "\x1b" not in human
    assert "\u2028" not in human


def test_a_trace_cannot_look_like_another_record():
    try:
        raise ValueError("bad\n2026-11-25 09:00:00 ERROR    forged")
    except ValueError:
        entry = record("work failed", trace=True)

    lines = HumanFormatter(Redactor(())).format(entry).splitlines()
    assert len(lines) > 2
    assert all(line.startswith("    | ") for line in lines[1:])


def test_no_secret_is_written():
    secrets = secrets_in(
        {"OPENAI_API_KEY": "sk-123456", "SMTP_PASSWORD": "correct horse", "HOME": "/home/me"}
    )
    entry = record(
        "failed: %s", "https://ann:pw@example.org/?api_key=abc&x=1 sk-123456 correct horse /home/me"
    )

    message = as_json(entry, *secrets)["message"]
    assert message == "failed: https://***@example.org/?api_key=***&x=1 *** *** /home/me"


@pytest.mark.usefixtures("_logging_restored")
def test_people_get_lines_and_programs_get_json():
    terminal, pipe = Terminal(), io.StringIO()

    set_up_logs(stream=terminal)
    logging.getLogger("bulletin.x").warning("slot missed: station=%s", "demo")
    set_up_logs(stream=pipe)
    logging.getLogger("bulletin.x").warning("slot missed: station=%s", "demo")
    logging.getLogger("httpx2").info("chatter")

    assert terminal.getvalue().endswith("WARNING  slot missed: station=demo\n")
    assert [json.loads(line)["station"] for line in pipe.getvalue().splitlines()] == ["demo"]


@pytest.mark.usefixtures("_logging_restored")
def test_noisy_libraries_are_silenced() -> None:
    out = io.StringIO()
    set_up_logs(stream=out)

    logging.getLogger("stamina").warning("stamina.retry_scheduled")
    logging.getLogger("httpx2").info("HTTP Request: GET /")
    assert out.getvalue() == ""
    logging.getLogger("bulletin.room").warning("this is told")
    assert "this is told" in out.getvalue()

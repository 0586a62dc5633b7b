"""Where a service answers: by what is asked for on the command line."""

from __future__ import annotations

import click
import pytest

from bulletin.cli.running.serve import command
from bulletin.service.routes import ListenOptions


def listen(*args: str) -> ListenOptions | None:
    found: ListenOptions | None = command.make_context("serve", [*args]).params["listen"]
    return found


def test_only_this_machine_is_answered_unless_asked_for() -> None:
    assert listen() == ListenOptions(host="127.0.0.1", port=8035, is_needed=False)


@pytest.mark.parametrize(
    ("asked", "host", "port"),
    [
        (":8035", "0.0.0.0", 8035),
        ("192.0.2.7:80", "192.0.2.7", 80),
        ("[::1]:9000", "::1", 9000),
        ("[::]:9000", "::", 9000),
    ],
)
def test_an_address_that_was_asked_for_is_needed(asked: str, host: str, port: int) -> None:
    assert listen("--listen", asked) == ListenOptions(host=host, port=port, is_needed=True)


def test_none_answers_nobody() -> None:
    assert listen("--listen", "none") is None


@pytest.mark.parametrize("asked", ["8035x", "127.0.0.1", "127.0.0.1:http", ":65536", ":-1", ""])
def test_what_is_no_address_is_told_how_to_be_written(asked: str) -> None:
    with pytest.raises(click.BadParameter, match=r'write it as "127\.0\.0\.1:8035"'):
        listen("--listen", asked)

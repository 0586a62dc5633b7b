"""Requests to a service in a process: on air at the playout, and done once although the service is killed."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.newsroom_requests import (
    RequestKind,
    RequestLedger,
    RequestState,
    ServiceRequest,
)
from bulletin.model import Level
from tests.service.test_run_service import Service, is_answered, start  # noqa: F401 - a fixture
from tests.support.free_ports import free_port

HOURS = timedelta(hours=3)


def ledger_of(service: Service) -> Archive:
    return Archive.open(service.folder / "output" / ".bulletin" / "archive.sqlite")


def ask(service: Service) -> int:
    now = datetime.now(UTC)
    with ledger_of(service) as archive:
        return (
            RequestLedger(archive)
            .ask(
                "valley",
                RequestKind.MAKE_NOW,
                asked_by="ann",
                key="k1",
                now=now,
                expires_at=now + timedelta(minutes=15),
            )
            .id
        )


def row(service: Service, number: int) -> ServiceRequest:
    with ledger_of(service) as archive:
        found = RequestLedger(archive).find(number)
    assert found
    return found


@pytest.mark.slow
def test_a_bulletin_that_an_editor_asks_for_reaches_the_playout_and_the_newsroom_answers(
    start: Callable[..., Service],
) -> None:
    service = start()
    service.due += HOURS
    service.speaks_by("tone")
    public, newsroom = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    service.start("--listen", public, "--newsroom", newsroom)
    service.wait(lambda: service.row() is not None)

    number = ask(service)
    service.wait(lambda: not row(service, number).is_open)

    done = row(service, number)
    assert (done.state, done.note) == (RequestState.DONE, "")
    assert datetime.fromisoformat(service.read_side_file()["made"]) >= done.tried_at[0]
    assert service.read_side_file()["level"] == "fresh"
    pulled = httpx2.get(
        f"http://{public}/stations/valley/bulletin.wav?max_age=3600", trust_env=False, timeout=60
    )
    assert (pulled.status_code, pulled.headers["bulletin-level"]) == (200, "fresh")
    service.wait(lambda: is_answered(f"http://{newsroom}/sign-in"))


@pytest.mark.faults
def test_a_service_that_is_killed_in_the_middle_leaves_the_request_to_the_next_which_ends_it_once(
    start: Callable[..., Service],
) -> None:
    service = start()
    service.due += HOURS
    service.speaks_by("tone")
    first = service.start("--listen", "none")
    service.wait(lambda: service.row() is not None)
    number = ask(service)
    service.wait(lambda: row(service, number).state is RequestState.WORKING)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()

    service.start("--listen", "none")
    service.wait(lambda: not row(service, number).is_open)

    done = row(service, number)
    with ledger_of(service) as archive:
        made = [record.made_at for record in archive.bulletins("valley") if record.level is Level.FRESH]
    assert done.state is RequestState.DONE
    assert len(made) == 1
    assert made[0] in done.tried_at
    assert re.fullmatch(r"|it was made.*", done.note)

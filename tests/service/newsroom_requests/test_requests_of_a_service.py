"""Requests to a service in a process: on air at the playout, and done once although the service is killed."""

from __future__ import annotations

import os
import random
import re
import signal
import time
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


def ask(service: Service, key: str = "k1") -> int:
    now = datetime.now(UTC)
    with ledger_of(service) as archive:
        return (
            RequestLedger(archive)
            .ask(
                "valley",
                RequestKind.MAKE_NOW,
                asked_by="ann",
                key=key,
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


@pytest.mark.faults
def test_kills_at_random_moments_lose_no_request_and_do_none_twice(
    start: Callable[..., Service],
) -> None:
    """Two kills for each of six requests, at moments drawn from a seed."""
    chance = random.Random(15)
    service = start()
    service.due += HOURS
    service.speaks_by("tone")
    profile = service.folder / "valley.toml"
    profile.write_text(f"repeats_freely = true\n{profile.read_text('utf-8')}", "utf-8")
    process = service.start("--listen", "none")
    service.wait(lambda: service.row() is not None)
    done = []
    for number in range(6):
        asked = ask(service, f"k{number}")
        for _ in range(2):
            time.sleep(chance.uniform(0.3, 3.0))
            process.kill()
            process.wait()
            process = service.start("--listen", "none")
        service.wait(lambda asked=asked: not row(service, asked).is_open)  # type: ignore[misc]
        done.append(row(service, asked))

    with ledger_of(service) as archive:
        fresh = [r.made_at for r in archive.bulletins("valley") if r.level is Level.FRESH]
    assert [request.state for request in done] == [RequestState.DONE] * 6
    assert [sum(made_at in request.tried_at for made_at in fresh) for request in done] == [1] * 6
    assert len(fresh) == 6

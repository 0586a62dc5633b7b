"""tuple[DeliveryResult, ...] -> lines, JSON and exit code, for commands that publish."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from bulletin.cli.output.text_or_json_answer import Answer, StationCall, pick, print_json
from bulletin.config.load_profile import LoadedProfile
from bulletin.delivery.delivery_result import DeliveryOutcome, DeliveryResult
from bulletin.delivery.send_deliveries import Sender
from bulletin.errors import BulletinError, DeliveryError, OutletError
from bulletin.runtime.deadline import Deadline
from bulletin.service.change_published_bulletins import changing_published
from bulletin.station.build_station_object import Station
from bulletin.station.open_archive import open_archive_of
from bulletin.station.open_sender import open_sender

Result = TypeVar("Result")

_WITHIN_S = 180.0
"""A delivery that takes longer stays in the outbox, for the next run or the service."""
_SIDE_BY_SIDE = 32
"""Stations whose deliveries are sent at the same time; they mostly wait."""


def send_now(sender: Sender) -> tuple[DeliveryResult, ...]:
    """Send the due deliveries, for three minutes at most."""
    return tuple(sender.send(within_s=_WITHIN_S))


def send_of_stations(stations: Iterable[LoadedProfile], *, output: Path) -> tuple[DeliveryResult, ...]:
    """Send the due deliveries of several stations side by side, for three minutes at most: a slow one holds no other."""
    until = Deadline.after(_WITHIN_S)

    def send(loaded: LoadedProfile) -> tuple[DeliveryResult, ...]:
        try:
            with open_archive_of(loaded, output=output) as archive:
                sender = open_sender(loaded, output=output, archive=archive)
                return sender.send(within_s=max(1.0, until.left_s))
        except BulletinError as error:
            failed = DeliveryOutcome.FAILED
            return (
                DeliveryResult(delivery=f"the deliveries of {loaded.id}", result=failed, note=str(error)),
            )

    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        return tuple(result for sent in pool.map(send, stations) for result in sent)


def change_published(
    call: StationCall, change: Callable[[Station], Result], *, sends: bool = True
) -> tuple[Result, str, tuple[DeliveryResult, ...]]:
    """
    Change published bulletins between two slots -> result of the change, the stand-by on air, deliveries sent.

    A bulletin that was withdrawn leaves its place to a stand-by. Without `sends` the deliveries are left in the outbox.
    """
    with changing_published(call.loaded, change, output=call.output, now=lambda: datetime.now(UTC)) as (
        station,
        result,
        standby,
    ):
        return result, standby, send_now(station.sender) if sends else ()


def sent_lines(sent: Iterable[DeliveryResult]) -> Iterator[str]:
    """A line for each delivery that was made or failed."""
    for result in sent:
        action = "withdrawn from" if result.action.value == "withdraw" else "delivered to"
        if result.result is DeliveryOutcome.SENT:
            yield f"{action} {result.delivery}: {result.title or 'the whole folder'}"
        elif result.result is not DeliveryOutcome.SKIPPED:
            yield f"not {action} {result.delivery}: {result.note.removeprefix(f'{result.delivery}: ')}"


def print_sent(sent: tuple[DeliveryResult, ...], *, answer: Answer, is_aside: bool = False) -> None:
    """Print the deliveries; failures, or all that are only an aside, on standard error."""
    for line in sent_lines(sent):
        is_error = line.startswith("not ")
        if is_error or not answer.quiet:
            click.echo(line, err=is_aside or is_error)


def end_change(
    data: Mapping[str, Any],
    lines: Iterable[str],
    *,
    sent: tuple[DeliveryResult, ...],
    failure: OutletError | None = None,
    answer: Answer,
) -> None:
    """Print what a command changed in public. Exits with 7, or raises `failure`, when it is not changed everywhere."""
    code = DeliveryError.exit_code if any(result.is_missing for result in sent) else 0
    if answer.as_json:
        code = failure.exit_code if failure else code
        deliveries = [pick(r, "delivery", "action", "title", "result", "note", "tries") for r in sent]
        print_json({**data, "deliveries": deliveries, "error": str(failure or ""), "exit_code": code})
        sys.exit(code)
    answer.print(data, lines)
    print_sent(sent, answer=answer)
    if failure:
        raise failure
    if code:
        click.echo(
            "bulletin: published here, but not delivered everywhere; the service or the next run retries from the "
            "outbox, `bulletin outbox retry` now",
            err=True,
        )
        sys.exit(code)

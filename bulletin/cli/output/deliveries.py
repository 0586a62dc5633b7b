"""tuple[DeliveryResult, ...] -> lines, JSON and exit code, for commands that publish."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from bulletin.cli.output.answer import Answer
from bulletin.cli.output.json_output import print_json
from bulletin.delivery.delivery_result import DeliveryOutcome, DeliveryResult
from bulletin.delivery.sender import Sender
from bulletin.errors import DeliveryError, OutletError

_WITHIN_S = 180.0
"""A delivery that takes longer stays in the outbox, for the next run or the service."""


def send_now(sender: Sender) -> tuple[DeliveryResult, ...]:
    """Send what is due, for three minutes at most."""
    return tuple(sender.send(within_s=_WITHIN_S))


def sent_lines(sent: Iterable[DeliveryResult]) -> Iterator[str]:
    """A line for each delivery that was made or failed."""
    for result in sent:
        action = "withdrawn from" if result.action.value == "withdraw" else "delivered to"
        if result.result is DeliveryOutcome.SENT:
            yield f"{action} {result.delivery}: {result.title or 'the whole folder'}"
        elif result.result is not DeliveryOutcome.SKIPPED:
            yield f"not {action} {result.delivery}: {result.note.removeprefix(f'{result.delivery}: ')}"


def sent_data(sent: Iterable[DeliveryResult]) -> list[dict[str, Any]]:
    """For `--json`."""
    return [
        {
            "delivery": result.delivery,
            "action": result.action.value,
            "title": result.title,
            "result": result.result.value,
            "note": result.note,
            "tries": result.tries,
        }
        for result in sent
    ]


def undelivered_code(sent: Iterable[DeliveryResult]) -> int:
    """0 when every delivery was made, else 7."""
    return DeliveryError.exit_code if any(result.is_missing for result in sent) else 0


def exit_if_undelivered(sent: Iterable[DeliveryResult]) -> None:
    """Exit with 7 when a delivery is still to be made."""
    if code := undelivered_code(sent):
        click.echo(
            "bulletin: published here, but not delivered everywhere: the outbox keeps it, and the service or the next "
            "run tries again (`bulletin outbox retry` at once)",
            err=True,
        )
        sys.exit(code)


def end_change(
    data: Mapping[str, Any],
    lines: Iterable[str],
    *,
    sent: Sequence[DeliveryResult],
    failure: OutletError | None = None,
    answer: Answer,
) -> None:
    """Print what a command changed in public. Exits with 7, or raises `failure`, when it is not changed everywhere."""
    if answer.as_json:
        code = failure.exit_code if failure else undelivered_code(sent)
        ending = {"deliveries": sent_data(sent), "error": str(failure or ""), "exit_code": code}
        print_json({**data, **ending})
        sys.exit(code)
    answer.print(data, (*lines, *sent_lines(sent)))
    if failure:
        raise failure
    exit_if_undelivered(sent)

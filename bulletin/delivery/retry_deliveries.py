"""Deliveries once more, at once: those that wait, or one that was given up or removed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction, OutboxItem, OutboxState
from bulletin.delivery.delivery_result import DeliveryResult
from bulletin.delivery.send_deliveries import Sender
from bulletin.errors import BulletinError


def retry_deliveries(
    sender: Sender,
    *,
    number: int | None,
    now: datetime,
    without: Collection[str] = (),
    within_s: float | None = None,
) -> tuple[DeliveryResult, ...]:
    """
    Send what waits now, without the pause after a failure; with a `number` that delivery also if it had ended.

    `without` are destinations that are left out, for lack of a secret. What is not done within `within_s` stays in the
    outbox. Raises BulletinError, with the remedy, for a delivery that cannot be made.
    """
    sender.note()
    if number is not None:
        revive(sender, number, now=now)
    able = tuple(route for route in sender.routes if route.name not in without)
    return replace(sender, routes=able).send(is_asked=True, within_s=within_s)


def revive(sender: Sender, number: int, *, now: datetime) -> None:
    """Let a delivery wait again. Raises BulletinError with the remedy for one that cannot be made."""
    outbox = sender.outbox
    piece = find_delivery(outbox, number)
    route = next((route for route in sender.routes if route.name == piece.delivery), None)
    known = outbox.known(piece.station, piece.delivery, OutboxAction.PUBLISH)
    is_past = any(other.id > piece.id and other.state is OutboxState.DONE for other in known)
    remove = f"run `bulletin outbox remove {number}`"
    problem = ""
    if piece.station != sender.station:
        problem = f'belongs to the station "{piece.station}", not "{sender.station}"; name that station, or {remove}'
    elif route is None:
        problem = f'"{piece.delivery}" is not in the profile any more; {remove}'
    elif piece.state is OutboxState.DONE:
        problem = f"is done{why(piece)}"
    elif piece.action is OutboxAction.PUBLISH and route.delivery.is_newest_only and is_past:
        problem = f'"{piece.delivery}" got a newer bulletin, so this one is not sent; to drop it, {remove}'
    if problem:
        raise BulletinError(f"delivery {number}: {problem}")
    if piece.state is not OutboxState.WAITING:
        outbox.revive(piece, now=now)


def find_delivery(outbox: Outbox, number: int) -> OutboxItem:
    """The delivery with that number. Raises BulletinError for an unknown one."""
    piece = outbox.find(number)
    if piece is None:
        raise BulletinError(f"No delivery {number}; `bulletin outbox list --all` lists all")
    return piece


def why(piece: OutboxItem) -> str:
    """ ": " and the note of a delivery; empty where it has none."""
    return f": {piece.note.removeprefix(f'{piece.delivery}: ')}" if piece.note else ""

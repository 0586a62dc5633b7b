"""`bulletin requests`: what editors asked of the service, and what became of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import click

from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestState, ServiceRequest
from bulletin.cli.newsroom.editor_desk import desk_of, editor_option
from bulletin.cli.output.text_or_json_answer import StationCall, pick, to_data
from bulletin.cli.shared_options import VerbGroup, station_command
from bulletin.errors import BulletinError
from bulletin.newsroom.actions import ask_service
from bulletin.newsroom.actions.ask_service import RequestAnswer
from bulletin.newsroom.desk import Desk

_LOOK_S = 0.5
_ASK: Mapping[RequestKind, Callable[[Desk], RequestAnswer]] = {
    RequestKind.MAKE_NOW: ask_service.make_now,
    RequestKind.PREVIEW: ask_service.preview,
    RequestKind.PUBLISH: ask_service.publish,
    RequestKind.REPUBLISH: ask_service.republish,
    RequestKind.RETRY_DELIVERY: ask_service.retry_delivery,
    RequestKind.BACK_UP: ask_service.back_up,
}


@click.group("requests", cls=VerbGroup, default="list")
def command() -> None:
    """
    Show requests to the service, or ask it for a bulletin, a preview, deliveries or a backup.

    Without a verb, list them.
    """


@command.command("list")
@station_command(only_looks=True)
def list_(call: StationCall) -> None:
    """Show the last requests, newest first: who asked for what, and what became of it."""
    with desk_of(call) as desk:
        requests = ask_service.last_requests(desk)
    data = {"station": call.id, "requests": [request_data(request) for request in requests]}
    call.print(data, [_line(call, request) for request in requests] or ["No requests."])


@command.command("ask")
@click.argument("kind", metavar="KIND", type=click.Choice([kind.value for kind in _ASK]))
@station_command(only_looks=True)
@click.option("--number", type=int, metavar="NUMBER", help="Delivery to retry; by default all that wait.")
@click.option("--wait", "does_wait", is_flag=True, help="Wait until the request is done.")
@editor_option
def ask(call: StationCall, kind: str, number: int | None, does_wait: bool, editor: str | None) -> None:
    """
    Ask the service of STATION for KIND of work.

    \b
    make-now        a bulletin between slots, for the playout
    publish         a bulletin between slots, for every output
    preview         the coming bulletin as it would be made now
    retry-delivery  deliveries once more, now
    republish       feed and pages once more
    back-up         archive, kill list and profile in one file
    \b
    The bulletin of a slot comes first. Without a service the request waits for a
    while, and the answer says what to do.
    """
    if number is not None and kind != RequestKind.RETRY_DELIVERY:
        raise click.UsageError("--number belongs to retry-delivery")
    with desk_of(call, editor=editor) as desk:
        is_numbered = number is not None
        answer = (
            ask_service.retry_delivery(desk, number=number) if is_numbered else _ASK[RequestKind(kind)](desk)
        )
        request = answer.request
        if does_wait and answer.is_served:
            request = _wait(desk, request)
    data = {
        "station": call.id,
        "request": request_data(request),
        "served": answer.is_served,
        "note": answer.note,
    }
    call.print(data, [_line(call, request), *filter(None, [answer.note])])
    if request.state is RequestState.FAILED:
        sys.exit(BulletinError.exit_code)


def request_data(request: ServiceRequest) -> dict[str, Any]:
    """A request as JSON."""
    names = ("id", "kind", "state", "asked_by", "asked_at", "expires_at", "stage", "step", "note", "done_at")
    return pick(request, *names, "details", "result") | {"stages": to_data(request.stages)}


def _wait(desk: Desk, request: ServiceRequest) -> ServiceRequest:
    """Wait until it is done, has failed or has expired."""
    while request.is_open:
        time.sleep(_LOOK_S)
        request = ask_service.find_request(desk, request.id)
    return request


def _line(call: StationCall, request: ServiceRequest) -> str:
    """ "7  make-now  done 24 Nov 07:02  asked by ann 24 Nov 07:01"."""
    at = f" {call.local(request.done_at)}" if request.done_at else ""
    doing = f" ({', '.join(filter(None, (request.stage, request.step)))})" if request.is_open else ""
    doing = "" if doing == " ()" else doing
    why = f": {request.note}" if request.note else ""
    asked = f"asked by {request.asked_by} {call.local(request.asked_at)}"
    return f"{request.id}  {request.kind}  {request.state}{at}{doing}  {asked}{why}"

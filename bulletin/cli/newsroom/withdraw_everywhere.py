"""Withdrawal of the bulletins with a blocked story at every station."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bulletin.cli.newsroom.editor_desk import desk_of
from bulletin.cli.newsroom.other_stations import stations_beside
from bulletin.cli.output.print_delivery_results import change_published, end_change, send_of_stations
from bulletin.cli.output.text_or_json_answer import StationCall, pick
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import BulletinError, OutletError
from bulletin.newsroom.actions.published.kill_list import withdraw_elsewhere
from bulletin.pipeline.changes.withdraw_story import Recalled, recall_story, why_not_all


def withdraw_everywhere(call: StationCall, entry: str) -> None:
    """
    Withdraw every published bulletin with a story that matches a blocked entry, at each station here.

    Every station's public files are changed before anything is delivered: a server that hangs keeps no story on the air of
    another station. In a group its workers are asked to do it at the other stations. A station that fails does not stop
    the others; then the exit code is 7.
    """
    data: list[dict[str, Any]] = []
    lines: list[str] = []
    changed: list[LoadedProfile] = []
    failed: list[str] = []
    known: set[str] = set()
    for loaded in _stations(call, failed):
        known.add(loaded.id)
        try:
            recall = partial(recall_story, entry=entry, now=datetime.now(UTC))
            recalled, standby, _ = change_published(
                StationCall(loaded=loaded, output=call.output, as_json=call.as_json, quiet=call.quiet),
                recall,
                sends=False,
            )
        except BulletinError as error:
            failed.append(f"{loaded.id}: {error}")
            continue
        if why := why_not_all(recalled):
            failed.append(f"{loaded.id}: {why}")
        data.append({"station": loaded.id} | recalled_data(recalled) | {"standby": standby})
        lines += [f"{loaded.id}: {line}" for line in (*recalled_lines(recalled), *filter(None, [standby]))]
        changed.append(loaded)
    with desk_of(call) as desk:
        for station in withdraw_elsewhere(desk, entry=entry, known=known):
            data.append({"station": station, "asked": True})
            lines.append(
                f"{station}: its profile is not on this machine; a worker of the group withdraws it."
            )
    sent = send_of_stations(changed, output=call.output)
    failure = OutletError("; ".join(failed)) if failed else None
    answer = {"station": None, "entry": entry, "stations": data}
    end_change(answer, lines, sent=sent, failure=failure, answer=call)


def recalled_data(recalled: Recalled) -> dict[str, Any]:
    """What was withdrawn, as JSON."""
    return {
        "withdrawn": [pick(delivery, "outlet", "title") for delivery in recalled.withdrawn],
        "still_out": [
            pick(delivery, "outlet", "title") | {"problem": reason} for delivery, reason in recalled.kept
        ],
        "latest": recalled.latest.title if recalled.latest else None,
    }


def recalled_lines(recalled: Recalled) -> Iterator[str]:
    """What was withdrawn, line by line."""
    if not recalled.withdrawn and not recalled.kept:
        yield "No published bulletin contained the entry."
        return
    for delivery in recalled.withdrawn:
        yield f"Withdrawn from {delivery.outlet}: {delivery.title}"
    for delivery, reason in recalled.kept:
        yield f"Still published at {delivery.outlet}: {delivery.title}, because {reason}"
    gone = "No bulletin is left: latest.mp3 is gone until the next one is made."
    yield f"latest.mp3 is now {recalled.latest.title}" if recalled.latest else gone
    yield "Listeners keep what they have downloaded."


def _stations(call: StationCall, failed: list[str]) -> Iterator[LoadedProfile]:
    """The named station and every other one here that shares its archive; invalid profiles are failures."""
    yield call.loaded
    for loaded, problem in stations_beside(call):
        if loaded:
            yield loaded
        else:
            failed.append(problem)

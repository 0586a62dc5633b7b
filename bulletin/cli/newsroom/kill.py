"""`bulletin kill`: the station's kill list, and the bulletins that carried a blocked story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.output.answer import Answer
from bulletin.cli.shared_options import (
    VerbGroup,
    all_option,
    answer_options,
    cut_list,
    output_option,
    station_argument,
)
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.errors import BulletinError
from bulletin.station.station import STATE, open_archive, open_station, publish_lock

if TYPE_CHECKING:
    from bulletin.pipeline.changes.withdrawal import Recalled


_OTHERS_S = 60.0
"""How long a run of the same station may take to publish."""


@click.group(
    "kill",
    cls=VerbGroup,
    default="add",
    old_options={"--list": "list", "--remove": "remove", "--confirm": "confirm"},
)
def command() -> None:
    """
    Keep the station's kill list: words, links and ids of stories that never air.

    `bulletin kill WORD` is short for `bulletin kill add WORD`.
    """


@command.command("add")
@click.argument("entry", metavar="WORD|LINK|ID")
@station_argument
@output_option
@click.option("--keep-published", is_flag=True, help="Leave published bulletins as they are.")
@answer_options
def add(entry: str, station: str | None, output: Path, keep_published: bool, answer: Answer) -> None:
    """
    Block a word (or several, in quotes), a link or an article's id.

    No story that contains it airs from now on, from any feed, and every bulletin that carried one leaves the
    podcast feed, latest.mp3 and the folder. `bulletin script --why` prints the ids, and what the list blocks.
    """
    from bulletin.archive.records import Kill
    from bulletin.publishing.swap_standby import discard_stand_bys
    from bulletin.runtime.files.file_lock import hold

    loaded = load_profile(station)
    entry = " ".join(entry.split())
    if sum(char.isalnum() for char in entry) < 2:
        raise BulletinError(f'"{entry}" stands in nearly every story; name a longer word')
    with open_archive(output) as archive:
        archive.add_kill(loaded.id, Kill(entry=entry, added_at=datetime.now(UTC)))
        with hold(publish_lock(output / STATE, loaded.id), wait_s=_OTHERS_S):
            discard_stand_bys(output / STATE, loaded.id)
        notes = archive.notes
    for note in notes:
        click.echo(note, err=True)
    data = {"station": loaded.id, "entry": entry}
    # before bulletins are withdrawn: the word is blocked even if that fails
    if not answer.as_json or keep_published:
        answer.print(data, [f'"{entry}" is blocked on {loaded.id}'])
    if not keep_published:
        _withdraw_bulletins(loaded, entry, output, answer=answer)


@command.command("remove")
@click.argument("entry", metavar="WORD|LINK|ID")
@station_argument
@output_option
@answer_options
def remove(entry: str, station: str | None, output: Path, answer: Answer) -> None:
    """Unblock an entry; withdrawn bulletins stay withdrawn."""
    loaded = load_profile(station)
    entry = " ".join(entry.split())
    with open_archive(output) as archive:
        removed = archive.remove_kill(loaded.id, entry, at=datetime.now(UTC))
        if not removed:
            in_profile = entry in loaded.profile.stories.kill
            hint = f"; remove it from [stories] kill in {loaded.path}" if in_profile else ""
            raise BulletinError(f'"{entry}" is not on the kill list of {loaded.id}{hint}')
        title = removed[0].note
        others = [kill.entry for kill in archive.kills(loaded.id) if title and kill.note == title]
    lines = [f'"{title or entry}": unblocked; withdrawn bulletins stay withdrawn']
    if others:
        lines.append(f"Still blocked by entries of another day with that title: {', '.join(others)}")
    data = {"station": loaded.id, "removed": [kill.entry for kill in removed], "still_blocked": others}
    answer.print(data, lines)


@command.command("list")
@station_argument
@output_option
@all_option
@answer_options
def list_(station: str | None, output: Path, everything: bool, answer: Answer) -> None:
    """List the entries, those of the profile first."""
    loaded = load_profile(station, only_looks=True)
    with open_archive(output) as archive:
        kills, doubt = archive.kills(loaded.id), archive.doubt
        notes = archive.notes
    in_profile = loaded.profile.stories.kill
    lines = [f"{line}  (in {loaded.path.name})" for line in in_profile]
    for kill in kills:
        note = f"; {kill.note}" if kill.note else ""
        lines.append(f"{kill.entry}  (since {kill.added_at:%d %b %H:%M} UTC{note})")
    data = {
        "station": loaded.id,
        "profile": list(in_profile),
        "entries": [
            {"entry": kill.entry, "added": kill.added_at.isoformat(), "note": kill.note} for kill in kills
        ],
        "doubt": doubt,
    }
    answer.print(data, cut_list(lines, everything=everything))
    if not lines:
        click.echo("The kill list is empty.", err=True)
    for note in notes:
        click.echo(note, err=True)
    if doubt:
        click.echo(
            f"It may be incomplete: {doubt}; add what is missing, then `bulletin kill confirm`.", err=True
        )


@command.command("confirm")
@station_argument
@output_option
@answer_options
def confirm(station: str | None, output: Path, answer: Answer) -> None:
    """Confirm that the list is complete: ends the alert that entries may be missing."""
    loaded = load_profile(station)
    with open_archive(output) as archive:
        archive.trust_kills()
    line = "The kill list of every station in this folder counts as complete."
    answer.print({"station": loaded.id, "confirmed": True}, [line])


def _withdraw_bulletins(loaded: LoadedProfile, entry: str, output: Path, *, answer: Answer) -> None:
    from bulletin.cli.output.deliveries import end_change, send_now
    from bulletin.pipeline.changes.withdrawal import recall_story, why_not_all
    from bulletin.pipeline.slot_profile import due_by_hand, overrides_by_hand
    from bulletin.service.slots.put_standby import put_standby_on_air

    with open_archive(output) as archive:
        due = due_by_hand(loaded, archive=archive, now=datetime.now(UTC))
    with open_station(loaded, output=output, overrides=overrides_by_hand(loaded, due=due)) as station:
        recalled = recall_story(station, entry, now=datetime.now(UTC))
        standby = put_standby_on_air(station, due=due, now=datetime.now(UTC))
        sent = send_now(station.sender)
    end_change(
        {
            "station": loaded.id,
            "entry": entry,
            "withdrawn": [{"outlet": one.outlet, "title": one.title} for one in recalled.withdrawn],
            "still_out": [
                {"outlet": one.outlet, "title": one.title, "problem": reason} for one, reason in recalled.kept
            ],
            "latest": recalled.latest.title if recalled.latest else None,
            "standby": standby,
        },
        (*_lines(recalled), *filter(None, [standby])),
        sent=sent,
        failure=why_not_all(recalled),
        answer=answer,
    )


def _lines(recalled: Recalled) -> Iterator[str]:
    if not recalled.withdrawn and not recalled.kept:
        yield "No published bulletin contained it."
        return
    for delivery in recalled.withdrawn:
        yield f"Withdrawn from {delivery.outlet}: {delivery.title}"
    for delivery, reason in recalled.kept:
        yield f"Still out at {delivery.outlet}: {delivery.title}, because {reason}"
    if recalled.latest:
        yield f"latest.mp3 is now {recalled.latest.title}"
    else:
        yield "No bulletin is left: latest.mp3 is gone until the next one is made."
    yield "Listeners keep what they have downloaded."

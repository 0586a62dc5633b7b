"""`bulletin kill`: the station's kill list, and the bulletins that carried a blocked story."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import click

from bulletin.archive.kill_list_safety_copy import ADD_MISSING
from bulletin.archive.record_dataclasses import EVERY_STATION
from bulletin.cli.newsroom.editor_desk import desk_of
from bulletin.cli.newsroom.withdraw_everywhere import recalled_data, recalled_lines, withdraw_everywhere
from bulletin.cli.output.print_delivery_results import change_published, end_change
from bulletin.cli.output.text_or_json_answer import StationCall, pick
from bulletin.cli.shared_options import VerbGroup, all_option, station_command
from bulletin.newsroom.actions.published.kill_list import block_entry, list_kills, unblock_entry
from bulletin.pipeline.changes.withdraw_story import recall_story, why_not_all
from bulletin.station.open_archive import open_archive_of


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


_everywhere = click.option(
    "--all-stations",
    "everywhere",
    is_flag=True,
    help="For every station of this folder or group, also those that come later.",
)


@command.command("add")
@click.argument("entry", metavar="WORD|LINK|ID")
@station_command()
@click.option("--keep-published", is_flag=True, help="Block in new bulletins only; keep published ones.")
@_everywhere
def add(call: StationCall, entry: str, keep_published: bool, everywhere: bool) -> None:
    """
    Block a word (or several, in quotes), a link or an article's id.

    No story that contains it airs from now on, from any feed, and every bulletin that carried one leaves the
    podcast feed, latest.mp3 and the folder. `bulletin script --why` prints the ids, and what the list blocks.
    """
    with desk_of(call) as desk:
        entry = block_entry(desk, entry=entry, everywhere=everywhere).entry
        _print_notes(desk.archive.notes)
    # before bulletins are withdrawn: the word is blocked even if that fails
    if not call.as_json or keep_published:
        whose = "no station airs a" if everywhere else f"station {call.id} airs no"
        data = {"station": None if everywhere else call.id, "entry": entry}
        call.print(data, [f'{whose} story with "{entry}" any more'])
    if not keep_published and everywhere:
        withdraw_everywhere(call, entry)
    elif not keep_published:
        _withdraw_bulletins(call, entry)


@command.command("remove")
@click.argument("entry", metavar="WORD|LINK|ID")
@station_command()
@_everywhere
def remove(call: StationCall, entry: str, everywhere: bool) -> None:
    """Unblock an entry; withdrawn bulletins stay withdrawn."""
    with desk_of(call) as desk:
        removed = unblock_entry(desk, entry=entry, everywhere=everywhere)
        title = removed[0].note
        others = [kill.entry for kill in list_kills(desk) if title and kill.note == title]
    lines = [f'"{title or entry}": unblocked; withdrawn bulletins stay withdrawn']
    if others:
        lines.append(f"The story is still blocked by other entries with its title: {', '.join(others)}")
    data = {"station": call.id, "removed": [kill.entry for kill in removed], "still_blocked": others}
    call.print(data, lines)


@command.command("list")
@station_command(only_looks=True)
@all_option()
def list_(call: StationCall, everything: bool) -> None:
    """List the entries of the kill list, first those of the profile."""
    with open_archive_of(call.loaded, output=call.output) as archive:
        kills, doubt = archive.kills(call.id), archive.doubt
        of_all = {kill.entry for kill in archive.kills(EVERY_STATION)}
        notes = archive.notes
    in_profile = call.loaded.profile.stories.kill
    lines = [f"{line}  (in {call.loaded.path.name})" for line in in_profile]
    for kill in kills:
        note = f"; {kill.note}" if kill.note else ""
        whose = "all stations, " if kill.entry in of_all else ""
        lines.append(f"{kill.entry}  ({whose}since {call.local(kill.added_at)}{note})")
    entries = [
        pick(kill, "entry", "note", added="added_at") | {"all_stations": kill.entry in of_all}
        for kill in kills
    ]
    data = {"station": call.id, "profile": in_profile, "entries": entries, "doubt": doubt}
    call.print(data, lines, everything=everything)
    if not lines:
        click.echo("The kill list is empty.", err=True)
    if doubt:
        notes += (f"The kill list may be incomplete: {doubt}; {ADD_MISSING}",)
    _print_notes(notes)


@command.command("confirm")
@station_command()
def confirm(call: StationCall) -> None:
    """Confirm that the list is complete: ends the alert that entries may be missing."""
    with open_archive_of(call.loaded, output=call.output) as archive:
        archive.trust_kills()
    line = "The kill list of every station in this folder counts as complete."
    call.print({"station": call.id, "confirmed": True}, [line])


def _print_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        click.echo(note, err=True)


def _withdraw_bulletins(call: StationCall, entry: str) -> None:
    recall = partial(recall_story, entry=entry, now=datetime.now(UTC))
    recalled, standby, sent = change_published(call, recall)
    end_change(
        {"station": call.id, "entry": entry} | recalled_data(recalled) | {"standby": standby},
        (*recalled_lines(recalled), *filter(None, [standby])),
        sent=sent,
        failure=why_not_all(recalled),
        answer=call,
    )

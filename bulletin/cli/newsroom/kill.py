"""`bulletin kill`: take a story off the air, whoever tells it, and out of what is published already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.shared_options import complete_station, output_option

if TYPE_CHECKING:
    from bulletin.archive.archive import Archive
    from bulletin.config.load_profile import LoadedProfile
    from bulletin.config.profile_options import Profile
    from bulletin.pipeline.changes.withdrawal import Recalled


_OTHERS_S = 60.0
"""How long a run of the same station may take to publish."""


@click.command("kill")
@click.argument("entry", required=False, metavar="WORD|LINK|ID")
@click.option("--station", shell_complete=complete_station, help="The station's name or profile.")
@output_option
@click.option("--list", "lists", is_flag=True, help="Show the list, the profile's part too.")
@click.option("--remove", is_flag=True, help="Take the entry off the list.")
@click.option(
    "--confirm", is_flag=True, help="Nothing is missing on the list: end the alert that it may be incomplete."
)
@click.option("--keep-published", is_flag=True, help="Leave alone what is out already.")
def command(
    entry: str | None,
    station: str | None,
    output: Path,
    lists: bool,
    remove: bool,
    confirm: bool,
    keep_published: bool,
) -> None:
    """
    Put a word (or several, in quotes), a link or an article's id on the station's kill list.

    Every story that holds it, in any feed, is out of every bulletin that is made from now on; and every
    bulletin that has told it leaves the podcast feed, latest.mp3 and the folder. `bulletin script --why`
    shows the ids, and what the list has taken out.
    """
    from bulletin.archive.records import Kill
    from bulletin.config.load_profile import load_profile
    from bulletin.publishing.swap_standby import discard_stand_bys
    from bulletin.runtime.files.file_lock import hold
    from bulletin.station.station import STATE, open_archive, publish_lock

    loaded = load_profile(station)
    entry = " ".join((entry or "").split())
    if not entry and not lists and not confirm:
        raise click.UsageError("name a word, a link or an id; or --list")
    if entry and lists:
        raise click.UsageError(f'--list takes no word; --station "{entry}" shows that station\'s list')
    with open_archive(output) as archive:
        if entry and remove:
            _remove(archive, loaded, entry)
        elif entry:
            if sum(char.isalnum() for char in entry) < 2:
                raise click.UsageError(f'"{entry}" stands in nearly every story; name a longer word')
            archive.add_kill(loaded.id, Kill(entry=entry, added_at=datetime.now(UTC)))
            with hold(publish_lock(output / STATE, loaded.id), wait_s=_OTHERS_S):
                discard_stand_bys(output / STATE, loaded.id)
            click.echo(f'No bulletin of {loaded.id} made from now on tells a story with "{entry}".')
        if confirm:
            archive.trust_kills()
            click.echo("The kill list of every station in this folder counts as complete.")
        if lists:
            _list(archive, loaded)
        for note in archive.notes:
            click.echo(note, err=True)
    if entry and not remove and not keep_published:
        _recall(loaded, entry, output)


def _remove(archive: Archive, loaded: LoadedProfile, entry: str) -> None:
    gone = archive.remove_kill(loaded.id, entry, at=datetime.now(UTC))
    if not gone:
        raise click.UsageError(f'"{entry}" is not on the list; see --list{_hint(entry, loaded.profile)}')
    title = gone[0].note
    click.echo(f'"{title or entry}" may be told again; what was withdrawn stays so.')
    if others := [kill.entry for kill in archive.kills(loaded.id) if title and kill.note == title]:
        click.echo(f"A story of that name was withdrawn at another time too: {', '.join(others)}")


def _list(archive: Archive, loaded: LoadedProfile) -> None:
    kills = archive.kills(loaded.id)
    for line in loaded.profile.stories.kill:
        click.echo(f"{line}  (in {loaded.path.name})")
    for kill in kills:
        note = f"; {kill.note}" if kill.note else ""
        click.echo(f"{kill.entry}  (since {kill.added_at:%d %b %H:%M} UTC{note})")
    if not kills and not loaded.profile.stories.kill:
        click.echo("Nothing is on the list.", err=True)
    if doubt := archive.doubt:
        click.echo(
            f"It may be incomplete: {doubt}; add what is missing, then `bulletin kill --confirm`.", err=True
        )


def _recall(loaded: LoadedProfile, entry: str, output: Path) -> None:
    """Take back what is out. The list holds by then, whatever goes wrong here."""
    from bulletin.cli.running.outbox import DELIVERIES_WITHIN_S, exit_if_undelivered, tell_sent
    from bulletin.pipeline.changes.withdrawal import recall_story, why_not_all
    from bulletin.pipeline.slot_profile import due_by_hand, overrides_by_hand
    from bulletin.service.slots.put_standby import put_standby_on_air
    from bulletin.station.station import open_archive, open_station

    with open_archive(output) as archive:
        due = due_by_hand(loaded, archive=archive, now=datetime.now(UTC))
    with open_station(loaded, output=output, overrides=overrides_by_hand(loaded, due=due)) as station:
        recalled = recall_story(station, entry, now=datetime.now(UTC))
        filled = put_standby_on_air(station, due=due, now=datetime.now(UTC))
        sent = station.sender.send(within_s=DELIVERIES_WITHIN_S)
    for line in filter(None, (*_tell(recalled), filled, *tell_sent(sent))):
        click.echo(line)
    if error := why_not_all(recalled):
        raise error
    exit_if_undelivered(sent)


def _tell(recalled: Recalled) -> Iterator[str]:
    if not recalled.withdrawn and not recalled.kept:
        yield "No bulletin that is out tells it."
        return
    for delivery in recalled.withdrawn:
        yield f"Withdrawn from {delivery.outlet}: {delivery.title}"
    for delivery, reason in recalled.kept:
        yield f"Still out at {delivery.outlet}: {delivery.title}, because {reason}"
    if recalled.latest:
        yield f"latest.mp3 is the newest that is left: {recalled.latest.title}"
    else:
        yield "No bulletin is left: there is no latest.mp3 until the next one is made."
    yield "What listeners have downloaded they keep."


def _hint(entry: str, profile: Profile) -> str:
    return "; it stands in the profile, [stories] kill" if entry in profile.stories.kill else ""

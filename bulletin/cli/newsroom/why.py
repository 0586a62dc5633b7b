"""`bulletin why`: why a story aired or did not; all that the archive knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.search_aired_stories import KnownStory, find_stories
from bulletin.archive.record_dataclasses import BulletinRecord, Considered, LeftOut
from bulletin.cli.output.json_output import passage_data
from bulletin.cli.output.text_or_json_answer import StationCall, pick, print_json, to_data
from bulletin.cli.output.text_output import DIM, name_editor, reason_line, show, show_pairs
from bulletin.cli.running.log import offset
from bulletin.cli.shared_options import all_option, station_command
from bulletin.errors import BulletinError
from bulletin.model import Level, Passage, Role
from bulletin.pipeline.describe_stage_results import unread_of
from bulletin.recognition.describe_doubts import doubts_about
from bulletin.station.open_archive import open_archive_of

_SHOWN = 10
Telling = tuple[BulletinRecord, Passage, datetime]
"""Bulletin, the passage in it, and when that aired."""


@click.command("why")
@click.argument("story", metavar="WORDS|LINK|ID")
@station_command(only_looks=True)
@all_option()
def command(call: StationCall, story: str, everything: bool) -> None:
    """
    Explain why a story aired, or did not: its score and its rules at every bulletin that considered it.

    For a story that aired: the words, and the source of each sentence.
    """
    zone = call.zone
    with open_archive_of(call.loaded, output=call.output, only_to_read=True) as archive:
        known, journal = find_story(archive, call.id, story), RunJournal(archive)
        tellings = list(_tellings(journal, call.id, known))
        weighed = [
            item
            for item in journal.considered(call.id)
            if not known.ids.isdisjoint([item.story_id, *(article.article_id for article in item.articles)])
        ]
        left = [item for item in journal.left_out(call.id) if item.article_id in known.ids]
    if call.as_json:
        print_json(_data(known, tellings, weighed, left, zone))
    if not call.is_text:
        return
    show((known.title, "bold"), (f" (id {known.id})", DIM))
    _print_tellings(tellings, zone)
    earlier = 0 if everything else max(0, len(weighed) - _SHOWN)
    _print_weighed(weighed[earlier:], zone)
    if earlier:
        show((f"  ... and {earlier} earlier times; --all lists them", DIM))
    if left:
        show(("\nLeft out", "bold"))
    for item in left:
        first, last = _stamp(item.first_at, zone), _stamp(item.last_at, zone)
        when = first if item.times == 1 else f"{first} to {last}, {item.times} times"
        show(f"  {item.reason} ", (f"({when})", DIM))


def _data(
    known: KnownStory, tellings: list[Telling], weighed: list[Considered], left: list[LeftOut], zone: ZoneInfo
) -> dict[str, Any]:
    weighing = {"run": "began_at", "slot": "at"}
    omission = {"article": "article_id", "first": "first_at", "last": "last_at"}
    return {
        **pick(known, "id", "title"),
        "ids": sorted(known.ids),
        "told": [
            pick(record, "level", zone=zone, bulletin="title", withdrawn="withdrawn_at")
            | {"on_air": to_data(at, zone=zone), "correction": record.corrects_id is not None}
            | {"sentences": passage_data(passage)["sentences"]}
            | {"heard": list(doubts_about(record.notes, passage))}
            | {"unread": list(unread_of(record.notes, passage))}
            for record, passage, at in tellings
        ],
        "weighed": [
            pick(item, "place", "score", "verdict", "reasons", zone=zone, **weighing) for item in weighed
        ],
        "left": [pick(item, "reason", "times", zone=zone, **omission) for item in left],
    }


def find_story(archive: Archive, station: str, name: str) -> KnownStory:
    """The one story that an editor means. Raises BulletinError for none, and for several, with their ids."""
    stories = find_stories(archive, station, name)
    if not stories:
        raise BulletinError(f'No story matching "{name}"; `bulletin log` lists those that aired')
    if len(stories) > 1:
        lines = [f"  {story.id}  {story.title}" for story in stories[:_SHOWN]]
        more = [f"  and {len(stories) - _SHOWN} more"] if len(stories) > _SHOWN else []
        head = f'"{name}" matches {len(stories)} stories; name one by its id:'
        raise BulletinError("\n".join([head, *lines, *more]))
    return stories[0]


def _tellings(journal: RunJournal, station: str, story: KnownStory) -> Iterator[Telling]:
    for record in journal.tellings(station, story.ids, everything=False):
        for passage, start_s in zip(record.running_order, record.starts_s, strict=False):
            if passage.role is Role.STORY and passage.story_id in story.ids:
                yield record, passage, record.at + timedelta(seconds=start_s or 0.0)


def _print_tellings(tellings: list[Telling], zone: ZoneInfo) -> None:
    show(("\nAired", "bold") if tellings else "\nThe story has not aired.")
    before = ""
    for record, passage, at in tellings:
        show((f"  {_stamp(at, zone)}", "bold"), f"  {record.title} ", (_standing(record, zone), DIM))
        if passage.text == before:
            show(("    in the same words as above", DIM))
            continue
        before = passage.text
        for sentence in passage.sentences:
            clip = f"[clip: {sentence.recording.source_name}] " if sentence.recording else ""
            show(
                f"    {clip}{sentence.text}",
                (name_editor(sentence), DIM),
            )
            for origin in sentence.origins:
                source = " ".join(filter(None, (origin.credit, origin.link))) or origin.article_id
                show((f"      from {source}: {origin.text}", DIM))
        for note in doubts_about(record.notes, passage):
            show((f"    heard before air: {note}", "yellow"))
        for note in unread_of(record.notes, passage):
            show((f"    sentence left out: {note}", "yellow"))


def _print_weighed(weighed: list[Considered], zone: ZoneInfo) -> None:
    if weighed:
        show(("\nWeighed", "bold"))
    before: tuple[object, ...] = ()
    for item in weighed:
        rank = f"place {item.place}" if item.place else "no place"
        hour = f"for {item.at.astimezone(zone):%H:%M}" if item.at else ""
        colour = "green" if item.verdict == "aired" else "yellow"
        show(
            (f"  {_stamp(item.began_at, zone)}", "bold"),
            f" {hour}  {rank}, score {item.score:.2f}: ",
            (item.verdict, colour),
        )
        if item.reasons != before:
            show_pairs(map(reason_line, item.reasons))
        before = item.reasons


def _standing(record: BulletinRecord, zone: ZoneInfo) -> str:
    parts = [
        "" if record.level is Level.FRESH else str(record.level),
        "" if record.corrects_id is None else "correction",
        f"withdrawn {_stamp(record.withdrawn_at, zone)}" if record.withdrawn_at else "",
    ]
    return ", ".join(filter(None, parts))


def _stamp(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M:%S} {offset(local)}"

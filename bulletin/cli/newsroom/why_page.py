"""All that the archive knows of one story, for an editor who was asked about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.markup import escape

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.run_journal import RunJournal
from bulletin.archive.ledgers.story_lookup import KnownStory
from bulletin.archive.records import BulletinRecord, Considered, LeftOut
from bulletin.cli.output.choice_reasons import reason_line
from bulletin.cli.output.log_page import offset
from bulletin.model import Level, Passage, Role
from bulletin.runtime.redaction import hide


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A story's life at one station, each part oldest first."""

    story: KnownStory
    told: tuple[BulletinRecord, ...]
    weighed: tuple[Considered, ...]
    left: tuple[LeftOut, ...]


def account_of(archive: Archive, station: str, story: KnownStory) -> Account:
    """Raises ArchiveError."""
    journal = RunJournal(archive)
    ids = story.ids
    return Account(
        story=story,
        told=journal.tellings(station, ids),
        weighed=tuple(
            one
            for one in journal.considered(station)
            if one.story_id in ids or any(article.article_id in ids for article in one.articles)
        ),
        left=tuple(one for one in journal.left_out(station) if one.article_id in ids),
    )


def print_account(account: Account, *, zone: str) -> None:
    """What aired, what was weighed, what was left out."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[bold]{escape(account.story.title)}[/] [dim](id {escape(account.story.id)})[/]")
    _print_told(console, account, ZoneInfo(zone))
    _print_weighed(console, account, ZoneInfo(zone))
    if account.left:
        console.print("\n[bold]Left out[/]")
    for one in account.left:
        first, last = (_stamp(moment, ZoneInfo(zone)) for moment in (one.first_at, one.last_at))
        when = first if one.times == 1 else f"{first} to {last}, {one.times} times"
        console.print(f"  {escape(one.reason)} [dim]({when})[/]")


def _print_told(console: Console, account: Account, zone: ZoneInfo) -> None:
    if not account.told:
        console.print("\nIt has not aired.")
        return
    console.print("\n[bold]Told[/]")
    before = ""
    for record in account.told:
        for passage, start_s in _passages(record, account.story):
            when = _stamp(record.at + timedelta(seconds=start_s or 0.0), zone)
            console.print(f"  [bold]{when}[/]  {escape(record.title)} [dim]{_standing(record, zone)}[/]")
            if passage.text == before:
                console.print("    [dim]in the same words[/]")
                continue
            before = passage.text
            for sentence in passage.sentences:
                console.print(f"    {escape(sentence.text)}")
                for origin in sentence.origins:
                    where = " ".join(filter(None, (origin.credit, origin.link))) or origin.article_id
                    console.print(f"      [dim]from {escape(where)}: {escape(origin.text)}[/]")


def _print_weighed(console: Console, account: Account, zone: ZoneInfo) -> None:
    if not account.weighed:
        return
    console.print("\n[bold]Weighed[/]")
    before: tuple[object, ...] = ()
    for one in account.weighed:
        place = f"place {one.place}" if one.place else "no place"
        hour = f"for {one.at.astimezone(zone):%H:%M}" if one.at else ""
        colour = "green" if one.verdict == "aired" else "yellow"
        console.print(
            f"  [bold]{_stamp(one.began_at, zone)}[/] {hour}  {place}, score {one.score:.2f}: "
            f"[{colour}]{escape(one.verdict)}[/]"
        )
        if one.reasons != before:
            for bright, dim in map(reason_line, one.reasons):
                console.print(f"{escape(bright)} [dim]{escape(dim)}[/]")
        before = one.reasons


def _standing(record: BulletinRecord, zone: ZoneInfo) -> str:
    parts = [] if record.level is Level.FRESH else [str(record.level)]
    if record.corrects_id is not None:
        parts.append("correction")
    if record.withdrawn_at:
        parts.append(f"withdrawn {_stamp(record.withdrawn_at, zone)}")
    return ", ".join(parts)


def _passages(record: BulletinRecord, story: KnownStory) -> Iterator[tuple[Passage, float | None]]:
    for number, passage in enumerate(record.running_order):
        if passage.role is Role.STORY and passage.story_id in story.ids:
            yield passage, record.starts_s[number]


def print_account_json(account: Account, *, zone: str) -> None:
    """The same as data; times are the station's own, with their offset."""
    place = ZoneInfo(zone)
    data = {
        "id": account.story.id,
        "title": account.story.title,
        "ids": sorted(account.story.ids),
        "told": [
            _telling(record, passage, start_s, place)
            for record in account.told
            for passage, start_s in _passages(record, account.story)
        ],
        "weighed": [_weighing(one, place) for one in account.weighed],
        "left": [
            {
                "article": one.article_id,
                "reason": one.reason,
                "times": one.times,
                "first": _iso(one.first_at, place),
                "last": _iso(one.last_at, place),
            }
            for one in account.left
        ],
    }
    click.echo(json.dumps(hide.json(data), ensure_ascii=False, indent=1))


def _telling(
    record: BulletinRecord, passage: Passage, start_s: float | None, zone: ZoneInfo
) -> dict[str, Any]:
    return {
        "on_air": _iso(record.at + timedelta(seconds=start_s or 0.0), zone),
        "bulletin": record.title,
        "level": str(record.level),
        "correction": record.corrects_id is not None,
        "withdrawn": _iso(record.withdrawn_at, zone) if record.withdrawn_at else None,
        "sentences": [
            {
                "text": sentence.text,
                "spoken": sentence.spoken,
                "sources": [
                    {"article": o.article_id, "text": o.text, "credit": o.credit, "link": o.link}
                    for o in sentence.origins
                ],
            }
            for sentence in passage.sentences
        ],
    }


def _weighing(one: Considered, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "run": _iso(one.began_at, zone),
        "slot": _iso(one.at, zone) if one.at else None,
        "place": one.place,
        "score": one.score,
        "verdict": one.verdict,
        "reasons": [{"name": r.name, "value": round(r.value, 3), "note": r.note} for r in one.reasons],
    }


def _stamp(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M:%S} {offset(local)}"


def _iso(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")

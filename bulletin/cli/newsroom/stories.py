"""`bulletin stories`: stories of the station's own, which need no feed."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bulletin.cli import shared_options as options
from bulletin.cli.newsroom.clip_options import clip_options, store_clip
from bulletin.cli.newsroom.editor_desk import desk_of
from bulletin.cli.newsroom.other_stations import other_stations_options
from bulletin.cli.number_ranges import Number
from bulletin.cli.output.text_or_json_answer import StationCall, pick
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import BulletinError
from bulletin.model import Article
from bulletin.newsroom.actions.attach_clips import ClipDetails, describe_recording
from bulletin.newsroom.actions.own_stories import OwnStory
from bulletin.newsroom.actions.share_own_stories import remove_shared_story, share_own_story
from bulletin.schedule.announced_time import coming_time
from bulletin.station.open_archive import open_archive_of

Hours = Number(0.1, 24 * 14)


@click.group(
    "stories", cls=options.VerbGroup, default="add", old_options={"--list": "list", "--remove": "remove"}
)
def command() -> None:
    """Add, list and remove stories of the station's own."""


@command.command("add")
@options.file_argument(required=False)
@options.station_command()
@click.option("--title", help="Headline; by default the text's first line.")
@click.option("--hours", type=Hours, default=12.0, show_default=True, help="Hours until the story expires.")
@click.option(
    "--category", default="local", show_default=True, help="Kind: news, local, sport, travel, weather ..."
)
@click.option("--credit", default="", help="Source to credit on air.")
@click.option("--link", default="", help="Address of the story on the web.")
@click.option(
    "--embargo", metavar="HH:MM", help="Earliest time on air: the next HH:MM, or a date and time (ISO 8601)."
)
@click.option("--breaking", "is_breaking", is_flag=True, help="Put the story first, as breaking news.")
@other_stations_options
@clip_options
def add(
    call: StationCall,
    file: Path | None,
    title: str | None,
    hours: float,
    embargo: str | None,
    clip_file: Path | None,
    clip: ClipDetails,
    others: tuple[LoadedProfile, ...],
    **details: Any,
) -> None:
    """
    Add a story from FILE, or from standard input with "-" or a pipe.

    The first line is the title, the rest the text. The story is in every bulletin that has room for it until
    it expires. With --clip it ends with a recorded voice: text, words of --in, clip, words of --out.

    With --also or --all-stations other stations have it, too, if they speak its language. Each has a copy, which its
    editors may remove.
    """
    now = datetime.now(UTC)
    head, text = _split(_read(file), title)
    not_before = read_embargo(embargo, now=now, zone=call.zone) if embargo else None
    with desk_of(call) as desk:
        attached = store_clip(clip_file, clip, desk)
        story = OwnStory(title=head, text=text, hours=hours, not_before=not_before, clip=attached, **details)
        shared = share_own_story(desk, story, others=others)
    article = shared.article
    held = f" not before {call.local(not_before)}," if not_before else ""
    until = call.local(article.expires or now)
    line = f"Added {article.id} to {', '.join(shared.stations)},{held} until {until}: {head}"
    left = [f"Not added to {', '.join(shared.other_language)}: another language."]
    call.print(
        {"station": call.id, "stations": shared.stations, "story": _data(article)},
        [
            line,
            *(left if shared.other_language else ()),
            *(describe_recording(attached.recording) if attached else ()),
        ],
    )


@command.command("list")
@options.station_command(only_looks=True)
@options.all_option()
def list_(call: StationCall, everything: bool) -> None:
    """List the stories that have not expired."""
    now = datetime.now(UTC)
    with open_archive_of(call.loaded, output=call.output) as archive:
        stories = archive.own_stories(call.id, now)
    data = {"station": call.id, "stories": [_data(story) for story in stories]}
    call.print(data, [_line(story, call, now) for story in stories], everything=everything)


@command.command("remove")
@click.argument("story", metavar="ID")
@options.station_command()
@other_stations_options
def remove(call: StationCall, story: str, others: tuple[LoadedProfile, ...]) -> None:
    """
    Remove a story by its ID, as `bulletin stories list` prints it.

    With --also or --all-stations from other stations, too.
    """
    with desk_of(call) as desk:
        stations = remove_shared_story(desk, story=story, others=others)
    line = f"Removed {story}" + (f" from {', '.join(stations)}." if others else ".")
    call.print({"station": call.id, "stations": stations, "removed": story}, [line])


def _data(story: Article) -> dict[str, Any]:
    names = ("id", "title", "category", "credit", "not_before", "expires")
    clip = {"clip": asdict(story.clip)} if story.clip else {}
    return pick(story, *names, breaking="is_breaking") | clip


def _line(story: Article, call: StationCall, now: datetime) -> str:
    until = call.local(story.expires) if story.expires else "ever"
    begins = story.not_before if story.not_before and story.not_before > now else None
    after = f"  not before {call.local(begins)}" if begins else ""
    clip = f"  clip {story.clip.recording.duration_s:.0f} s" if story.clip else ""
    return f"{story.id}  until {until}{after}{clip}  {story.title}"


def read_embargo(value: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """
    "18:00" -> the next six o'clock in `zone`, UTC; a date and time without an offset is local, too.

    Raises UsageError for anything else, and BulletinError for a time that has passed.
    """
    if clock := options.read_time(value):
        return coming_time(now, zone=zone.key, at=f"{clock[0]:02}:{clock[1]:02}")
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.UsageError(f'--embargo: write "18:00" or "2026-11-24T18:00", not "{value}"') from error
    if moment <= now:
        raise BulletinError(
            f"--embargo: {moment.astimezone(zone):%d %b %Y %H:%M} has passed already; name a later time"
        )
    return moment


def _read(file: Path | None) -> str:
    """The text of a file or of standard input. Raises BulletinError for text that cannot be read."""
    if file is None and sys.stdin.isatty():
        raise click.UsageError("no story text: name a text file, or send the text on standard input")
    try:
        data = file.read_bytes() if file and str(file) != "-" else sys.stdin.buffer.read()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BulletinError(
            f"{'standard input' if str(file) in ('None', '-') else file}: not UTF-8 text ({error.reason}); save it as UTF-8"
        ) from error
    except OSError as error:
        raise BulletinError(f"{file}: cannot be read ({error.strerror}); name another file") from error


def _split(text: str, title: str | None) -> tuple[str, str]:
    body = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if title is None:
        title, _, body = body.partition("\n")
    body = body.strip()
    if not title.strip() or not body:
        raise BulletinError("a story needs a title (the first line, or --title) and a text below it")
    return " ".join(title.split()), body

"""`bulletin add`: a story of the station's own, the way that a story without a feed takes."""

from __future__ import annotations

import hashlib
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bulletin.cli.shared_options import complete_station, output_option

if TYPE_CHECKING:
    from bulletin.model import Article


@click.command("add")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--station", shell_complete=complete_station, help="The station's name or profile.")
@output_option
@click.option("--title", help="By default the text's first line.")
@click.option(
    "--hours", type=click.FloatRange(0.1, 24 * 14), default=12.0, show_default=True, help="Its life."
)
@click.option(
    "--category", default="local", show_default=True, help="As of a feed; sport, travel, weather too."
)
@click.option("--credit", default="", help="Who said so, as credited in words.")
@click.option("--link", default="", help="Where it can be read.")
@click.option(
    "--embargo",
    metavar="HH:MM",
    help="Not told before: the station's next HH:MM, or a date and time (ISO 8601).",
)
@click.option("--breaking", is_flag=True, help="Goes first.")
@click.option("--list", "lists", is_flag=True, help="List the stories that are alive.")
@click.option("--remove", metavar="ID", help="Take a story back.")
def command(
    file: Path | None,
    station: str | None,
    output: Path,
    title: str | None,
    hours: float,
    category: str,
    credit: str,
    link: str,
    embargo: str | None,
    breaking: bool,
    lists: bool,
    remove: str | None,
) -> None:
    """
    Add a story from FILE, or from standard input with "-" or a pipe.

    The first line is the title, the rest the text. The story is in every bulletin that it fits into
    until its life ends.
    """
    from bulletin.config.load_profile import load_profile
    from bulletin.model import Article
    from bulletin.station.station import open_archive

    loaded = load_profile(station)
    now = datetime.now(UTC)
    head, text = ("", "") if lists or remove else _split(_read(file), title)
    with open_archive(output) as archive:
        if lists:
            for story in archive.own_stories(loaded.id, now):
                click.echo(_line(story, now))
            return
        if remove:
            if not archive.remove_own_story(loaded.id, remove, at=now):
                raise click.UsageError(f"no story of {loaded.id} is called {remove}; see --list")
            click.echo(f"Removed {remove}.")
            return
        not_before = read_embargo(embargo, now=now, zone=loaded.profile.time_zone) if embargo else None
        begins = not_before or now
        article = Article(
            id="own-" + hashlib.sha256(f"{head}\n{text}".encode()).hexdigest()[:12],
            feed="station",
            title=head,
            summary=text.partition("\n\n")[0],
            text=text,
            link=link,
            published=begins,
            not_before=not_before,
            expires=begins + timedelta(hours=hours),
            credit=credit,
            category=category,
            language=loaded.profile.language,
            is_breaking=breaking,
            is_local=True,
        )
        archive.add_own_story(loaded.id, article)
    held = f" not before {not_before:%d %b %H:%M} UTC," if not_before else ""
    click.echo(f"Added {article.id} to {loaded.id},{held} until {article.expires:%d %b %H:%M} UTC: {head}")


def _line(story: Article, now: datetime) -> str:
    until = f"{story.expires:%d %b %H:%M} UTC" if story.expires else "ever"
    begins = story.not_before if story.not_before and story.not_before > now else None
    after = f"  not before {begins:%d %b %H:%M} UTC" if begins else ""
    return f"{story.id}  until {until}{after}  {story.title}"


def read_embargo(value: str, *, now: datetime, zone: str) -> datetime:
    """
    "18:00" is the next six o'clock in `zone`; a date and time without an offset is the station's, too.

    Raises UsageError for anything else, and for a moment that has passed.
    """
    local = now.astimezone(ZoneInfo(zone))
    clock = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", value.strip())
    if clock:
        moment = local.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0, fold=0)
        # a wall clock's "tomorrow" is not always 24 hours away
        return (moment if moment > local else moment + timedelta(days=1)).astimezone(UTC)
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError as error:
        raise click.UsageError(f'--embargo: write "18:00" or "2026-11-24T18:00", not "{value}"') from error
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    if moment <= now:
        raise click.UsageError(f"--embargo: {moment:%d %b %Y %H:%M} UTC has passed already")
    return moment


def _read(file: Path | None) -> str:
    """The text, from a file or standard input. Raises UsageError that names what to do."""
    try:
        if file is None or str(file) == "-":
            if file is None and sys.stdin.isatty():
                raise click.UsageError("give a text file, or the story on standard input")
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file or 'standard input'}: not UTF-8 text ({error.reason})") from error
    except OSError as error:
        raise click.UsageError(f"{file}: cannot be read ({error.strerror})") from error


def _split(text: str, title: str | None) -> tuple[str, str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if title is None:
        title, _, lines = lines.partition("\n")
    body = lines.strip()
    if not title.strip() or not body:
        raise click.UsageError("a story needs a title (the first line, or --title) and a text below it")
    return " ".join(title.split()), body

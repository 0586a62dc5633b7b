"""`bulletin add`: a story of the station's own, the way that a story without a feed takes."""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bulletin.cli.options import complete_station, output_option


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
    breaking: bool,
    lists: bool,
    remove: str | None,
) -> None:
    """
    Add a story from FILE, or from standard input with "-" or a pipe.

    The first line is the title, the rest the text. The story is in every bulletin that it fits into
    until its life ends.
    """
    from bulletin.config.load import load_profile
    from bulletin.model import Article
    from bulletin.station import open_archive

    loaded = load_profile(station)
    now = datetime.now(UTC)
    with open_archive(output) as archive:
        if lists:
            for story in archive.own_stories(loaded.id, now):
                until = f"{story.expires:%d %b %H:%M} UTC" if story.expires else "ever"
                click.echo(f"{story.id}  until {until}  {story.title}")
            return
        if remove:
            if not archive.remove_own_story(loaded.id, remove):
                raise click.UsageError(f"no story of {loaded.id} is called {remove}; see --list")
            click.echo(f"Removed {remove}.")
            return
        head, text = _split(_read(file), title)
        article = Article(
            id="own-" + hashlib.sha256(f"{head}\n{text}".encode()).hexdigest()[:12],
            feed="station",
            title=head,
            summary=text.partition("\n\n")[0],
            text=text,
            link=link,
            published=now,
            expires=now + timedelta(hours=hours),
            credit=credit,
            category=category,
            language=loaded.profile.language,
            is_breaking=breaking,
            is_local=True,
        )
        archive.add_own_story(loaded.id, article)
    click.echo(f"Added {article.id} to {loaded.id} until {article.expires:%d %b %H:%M} UTC: {head}")


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

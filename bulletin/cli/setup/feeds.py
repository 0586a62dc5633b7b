"""`bulletin feeds`: list, find, add and remove feeds; import and export OPML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.output.answer import Answer
from bulletin.cli.shared_options import VerbGroup, answer_options, json_option, quiet_option, station_argument
from bulletin.errors import ConfigError

if TYPE_CHECKING:
    from bulletin.articles.feed_discovery import FoundFeed
    from bulletin.config.load_profile import LoadedProfile

private_option = click.option(
    "--private", is_flag=True, help="Allow an address of the station's own network."
)


@click.group("feeds", cls=VerbGroup, default="list", old_options={"show": "list"})
def command() -> None:
    """
    List, find, add and remove feeds of a station; import and export OPML.

    `bulletin feeds STATION` is short for `bulletin feeds list STATION`.
    """


@command.command("list")
@station_argument
@json_option
def list_(station: str | None, as_json: bool) -> None:
    """Ask every feed, and show its articles or why it failed. Exits 4 when no feed answers."""
    from datetime import UTC, datetime

    from bulletin.cli.output.json_output import feed_data, print_json
    from bulletin.cli.output.text_output import print_feeds
    from bulletin.config.load_profile import load_profile
    from bulletin.errors import NoStoryError
    from bulletin.pipeline.make_bulletin import ask_feeds
    from bulletin.station.factories import feeds_of

    loaded = load_profile(station)
    feeds = feeds_of(loaded)
    if not feeds:
        raise ConfigError(f"{loaded.path}: has no feeds yet; `bulletin feeds add URL` finds a site's feed")
    gathered = ask_feeds(feeds, now=datetime.now(UTC), options=loaded.profile.fetch)
    if as_json:
        print_json({"station": loaded.id, "feeds": [feed_data(report) for report in gathered.reports]})
    else:
        print_feeds(gathered.reports)
    if not gathered.reached:
        click.echo("bulletin: no feed could be reached; is there a network?", err=True)
        sys.exit(NoStoryError.exit_code)


@command.command("find")
@click.argument("url")
@station_argument
@private_option
@answer_options
def find(url: str, station: str | None, private: bool, answer: Answer) -> None:
    """List the feeds of the site at URL, without adding one."""
    from bulletin.config.load_profile import load_profile

    feeds = _discover(load_profile(station), url, private=private)
    data = {"feeds": [{"url": feed.url, "title": feed.title} for feed in feeds]}
    answer.print(data, [f"{feed.url}  {feed.title}" for feed in feeds])


@command.command("add")
@click.argument("url")
@station_argument
@click.option("--name", help="Short and unique; by default from the address.")
@click.option("--category", help="news, local, world, business ...; sport, travel, weather are sections.")
@click.option("--credit", help='Publisher, as credited on air: "the Wexcombe Gazette".')
@private_option
@click.option("--all", "takes_all", is_flag=True, help="Add every feed of the site, not only the first.")
@answer_options
def add(
    url: str,
    station: str | None,
    name: str | None,
    category: str | None,
    credit: str | None,
    private: bool,
    takes_all: bool,
    answer: Answer,
) -> None:
    """
    Find the feed of the site at URL and add it to the profile.

    Asks for name, category and credit on a terminal; elsewhere only the options are used.
    """
    from bulletin.config.load_profile import find_profile, load_profile
    from bulletin.config.toml_edit import Entry, append_feeds

    path = find_profile(station)
    if Path(url).is_file():
        raise ConfigError(f"{url}: is a file; name it in {path}: [[feeds]], then url = its path from there")
    found = _discover(load_profile(str(path)), url, private=private)
    chosen = found if takes_all else found[:1]
    if sys.stdin.isatty() and answer.is_text and not takes_all:
        click.echo(f'{chosen[0].url} ("{chosen[0].title}")', err=True)
        name = name or click.prompt(
            "Name, short and unique (empty: from the address)", "", show_default=False
        )
        category = category or click.prompt("Category", "news")
        if credit is None:
            credit = click.prompt("Publisher, as credited on air (may be empty)", "", show_default=False)
    entries: list[Entry] = [
        {
            "url": feed.url,
            "name": "" if takes_all else name or "",
            "credit": credit or "",
            "category": category or "news",
            "private": private,
        }
        for feed in chosen
    ]
    added = append_feeds(path, entries)
    lines = [
        f"Added {entry['url']} to {path}. The right to broadcast its words is yours to obtain."
        for entry in added
    ]
    lines += [f"{entry['url']} is in {path} already." for entry in entries if entry not in added]
    lines += [f"Also found: {feed.url} ({feed.title})" for feed in found[len(chosen) :]]
    data = {"profile": str(path), "added": added, "found": [feed.url for feed in found]}
    answer.print(data, lines)


@command.command("remove")
@click.argument("feed", metavar="NAME|URL")
@station_argument
@answer_options
def remove(feed: str, station: str | None, answer: Answer) -> None:
    """Remove a feed from the profile, by its name or address."""
    from bulletin.config.load_profile import find_profile
    from bulletin.config.toml_edit import remove_feed

    path = find_profile(station)
    url = remove_feed(path, feed)
    data = {"profile": str(path), "removed": url}
    answer.print(data, [f"Removed {url} from {path}."])


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@station_argument
@answer_options
def import_(file: Path, station: str | None, answer: Answer) -> None:
    """Add the feeds of an OPML file to the profile."""
    from bulletin.articles.feeds.opml import read_opml
    from bulletin.config.load_profile import find_profile
    from bulletin.config.toml_edit import Entry, append_feeds

    path = find_profile(station)
    feeds = read_opml(file)
    entries: list[Entry] = [{"url": f.url, "credit": f.credit, "category": f.category} for f in feeds]
    added = append_feeds(path, entries)
    line = f"Added {len(added)} of {len(feeds)} feeds of {file} to {path}; the others were there already."
    data = {"profile": str(path), "added": added, "feeds": len(feeds)}
    answer.print(data, [line])


@command.command("export")
@station_argument
@quiet_option
def export(station: str | None, quiet: bool) -> None:
    """Print the station's feeds as OPML."""
    from bulletin.articles.feeds.opml import may_be_listed, write_opml
    from bulletin.config.load_profile import load_profile
    from bulletin.station.factories import feeds_of

    loaded = load_profile(station)
    feeds = feeds_of(loaded)
    click.get_binary_stream("stdout").write(write_opml(feeds))
    private = [feed.name for feed in feeds if not may_be_listed(feed.url)]
    if private and not quiet:
        click.echo(
            f"Left out, as local files or with a secret in the address: {', '.join(private)}", err=True
        )


def _discover(loaded: LoadedProfile, url: str, *, private: bool) -> tuple[FoundFeed, ...]:
    from bulletin.articles.feed_discovery import discover_feeds
    from bulletin.errors import ParseError

    found = discover_feeds(url, options=loaded.profile.fetch, is_private=private)
    if not found:
        raise ParseError(
            url, "no feed was found there; give the feed's own address, often .../rss or .../feed"
        )
    return found

"""`bulletin feeds`: list, find, add and remove feeds; import and export OPML."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from bulletin.articles.feed_discovery import FoundFeed, discover_feeds
from bulletin.articles.feeds.opml import may_be_listed, read_opml, write_opml
from bulletin.cli.output.json_output import feed_data
from bulletin.cli.output.text_or_json_answer import StationCall, pick, print_json
from bulletin.cli.output.text_output import print_feeds
from bulletin.cli.shared_options import VerbGroup, file_argument, station_command
from bulletin.config.edit_profile_feeds import Entry, append_feeds, remove_feed
from bulletin.errors import ConfigError, NoStoryError, ParseError
from bulletin.station.build_components_from_profile import feeds_of

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
@station_command()
def list_(call: StationCall) -> None:
    """Ask every feed, and show its articles or why it failed. Exits 4 when no feed answers."""
    from bulletin.pipeline.pieces.gather_and_choose import ask_feeds
    from bulletin.station.limits_of_group import limited_answers_of

    feeds = feeds_of(call.loaded)
    if not feeds:
        raise ConfigError(
            f"{call.loaded.path}: has no feeds yet; `bulletin feeds add URL` finds a site's feed"
        )
    with limited_answers_of(call.loaded, output=call.output) as answers:
        options = call.loaded.profile.fetch
        gathered = ask_feeds(feeds, now=datetime.now(UTC), options=options, answers=answers)
    if call.as_json:
        print_json({"station": call.id, "feeds": [feed_data(report) for report in gathered.reports]})
    elif not call.quiet:
        print_feeds(gathered.reports)
    if not gathered.reached:
        click.echo("bulletin: no feed could be reached; check the network", err=True)
        sys.exit(NoStoryError.exit_code)


@command.command("find")
@click.argument("url")
@station_command()
@private_option
def find(call: StationCall, url: str, private: bool) -> None:
    """List the feeds of the site at URL, without adding one."""
    feeds = _discover(call, url, private=private)
    data = {"feeds": [pick(feed, "url", "title") for feed in feeds]}
    call.print(data, [f"{feed.url}  {feed.title}" for feed in feeds])


@command.command("add")
@click.argument("url")
@station_command()
@click.option("--name", help="Name of the feed, short and unique; by default from its address.")
@click.option("--category", help="Kind of its stories: news, local, world, sport, travel, weather ...")
@click.option("--credit", help='Publisher, as credited on air: "the Wexcombe Gazette".')
@private_option
@click.option("--all", "takes_all", is_flag=True, help="Add every feed of the site, not only the first.")
def add(call: StationCall, url: str, private: bool, takes_all: bool, **details: str | None) -> None:
    """
    Find the feed of the site at URL and add it to the profile.

    Asks for name, category and credit on a terminal; elsewhere only the options are used.
    """
    path = call.loaded.path
    if Path(url).is_file():
        table = f'[[feeds]]\n  url = "{Path(url).resolve().as_posix()}"'
        raise ConfigError(f"{url}: is a file, not a web address; add these lines to {path}:\n  {table}")
    feeds = _discover(call, url, private=private)
    chosen = feeds if takes_all else feeds[:1]
    if sys.stdin.isatty() and call.is_text and not takes_all:
        click.echo(f'{chosen[0].url} ("{chosen[0].title}")', err=True)
        ask = partial(click.prompt, default="", show_default=False)
        details["name"] = details["name"] or ask("Short name of the feed (empty: from its address)")
        details["category"] = details["category"] or click.prompt("Category", "news")
        if details["credit"] is None:
            details["credit"] = ask("Publisher, as credited on air (may be empty)")
    shared: Entry = {
        "name": "" if takes_all else details["name"] or "",
        "credit": details["credit"] or "",
        "category": details["category"] or "news",
        "private": private,
    }
    others = {feed.name for feed in feeds_of(call.loaded) if feed.url != chosen[0].url}
    if shared["name"] in others:
        raise ConfigError(f'{path}: another feed is called "{shared["name"]}"; choose another --name')
    entries: list[Entry] = [{"url": feed.url, **shared} for feed in chosen]
    added = append_feeds(path, entries)
    right = "You need the right to broadcast the texts of the feed."
    lines = [f"Added {entry['url']} to {path}. {right}" for entry in added]
    lines += [f"{entry['url']} is in {path} already." for entry in entries if entry not in added]
    lines += [f"Also found: {feed.url} ({feed.title})" for feed in feeds[len(chosen) :]]
    call.print({"profile": str(path), "added": added, "found": [feed.url for feed in feeds]}, lines)


@command.command("remove")
@click.argument("feed", metavar="NAME|URL")
@station_command()
def remove(call: StationCall, feed: str) -> None:
    """Remove a feed from the profile, by its name or address."""
    path = call.loaded.path
    url = remove_feed(path, feed)
    call.print({"profile": str(path), "removed": url}, [f"Removed {url} from {path}."])


@command.command("import")
@file_argument()
@station_command()
def import_(call: StationCall, file: Path) -> None:
    """Add the feeds of an OPML file to the profile."""
    path, feeds = call.loaded.path, read_opml(file)
    added = append_feeds(path, [pick(feed, "url", "credit", "category") for feed in feeds])
    line = f"Added {len(added)} of {len(feeds)} feeds of {file} to {path}; the others were there already."
    call.print({"profile": str(path), "added": added, "feeds": len(feeds)}, [line])


@command.command("export")
@station_command()
def export(call: StationCall) -> None:
    """Print the station's feeds as OPML, or with --json as JSON."""
    feeds = feeds_of(call.loaded)
    public = [feed for feed in feeds if may_be_listed(feed.url)]
    if call.as_json:
        print_json({"feeds": [pick(feed, "url", "name", "credit", "category") for feed in public]})
    else:
        click.get_binary_stream("stdout").write(write_opml(feeds))
    private = ", ".join(feed.name for feed in feeds if feed not in public)
    if private and not call.quiet:
        click.echo(
            f"Feeds not exported: {private}; OPML lists no local file and no address with a password",
            err=True,
        )


def _discover(call: StationCall, url: str, *, private: bool) -> tuple[FoundFeed, ...]:
    from bulletin.station.limits_of_group import limited_answers_of

    options = call.loaded.profile.fetch
    with limited_answers_of(call.loaded, output=call.output) as answers:
        feeds = discover_feeds(url, options=options, answers=answers, is_private=private)
    if not feeds:
        reason = "no feed was found there; give the feed's own address, often .../rss or .../feed"
        raise ParseError(url, reason)
    return feeds

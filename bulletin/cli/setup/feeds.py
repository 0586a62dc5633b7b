"""`bulletin feeds`: what each feed gave; find a site's feed; import and export lists."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bulletin.cli.shared_options import complete_station, json_option, station_argument
from bulletin.errors import ConfigError


class FeedsGroup(click.Group):
    """`bulletin feeds demo` means `bulletin feeds show demo`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help")):
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group("feeds", cls=FeedsGroup)
def command() -> None:
    """
    Show what each feed of a station gave, what failed and why.

    \b
    bulletin feeds [STATION]          what each feed gave
    bulletin feeds add URL            find a site's feed and add it to the profile
    bulletin feeds import FILE.opml   add a feed list to the profile
    bulletin feeds export [STATION]   the feed list as OPML
    """


@command.command("show")
@station_argument
@json_option
def show(station: str | None, as_json: bool) -> None:
    """Ask every feed, and say what each gave; dead ones with the reason. Exits 4 when none gave anything."""
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


@command.command("add")
@click.argument("url")
@click.option("--station", shell_complete=complete_station, help="The profile to add it to.")
@click.option("--category", default="news", show_default=True)
@click.option("--credit", default="", help='The publisher, as credited: "the Wexcombe Gazette".')
@click.option("--private", is_flag=True, help="Allow an address of the station's own network.")
@click.option(
    "--all", "takes_all", is_flag=True, help="Add every feed that the site names, not only the first."
)
def add(url: str, station: str | None, category: str, credit: str, private: bool, takes_all: bool) -> None:
    """Find the feed of the site at URL and add it to the profile."""
    from bulletin.articles.feed_discovery import discover_feeds
    from bulletin.config.load_profile import find_profile, load_profile
    from bulletin.config.toml_edit import Entry, append_feeds
    from bulletin.errors import ParseError

    path = find_profile(station)
    if Path(url).is_file():
        raise ConfigError(f"{url}: is a file; name it in {path}: [[feeds]], then url = its path from there")
    loaded = load_profile(str(path))
    found = discover_feeds(url, options=loaded.profile.fetch, is_private=private)
    if not found:
        raise ParseError(
            url, "no feed was found there; give the feed's own address, often .../rss or .../feed"
        )
    taken = found if takes_all else found[:1]
    entries: list[Entry] = [
        {"url": feed.url, "credit": credit or feed.title, "category": category, "private": private}
        for feed in taken
    ]
    added = append_feeds(path, entries)
    for entry in added:
        click.echo(f"Added {entry['url']} to {path}. The right to broadcast its words is yours to obtain.")
    for entry in (entry for entry in entries if entry not in added):
        click.echo(f"{entry['url']} is in {path} already.")
    for feed in found[len(taken) :]:
        click.echo(f"Also found: {feed.url} ({feed.title})")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--station", shell_complete=complete_station, help="The profile to add them to.")
def import_(file: Path, station: str | None) -> None:
    """Add the feeds of an OPML file to the profile."""
    from bulletin.articles.feeds.opml import read_opml
    from bulletin.config.load_profile import find_profile
    from bulletin.config.toml_edit import Entry, append_feeds

    path = find_profile(station)
    feeds = read_opml(file)
    entries: list[Entry] = [{"url": f.url, "credit": f.credit, "category": f.category} for f in feeds]
    added = append_feeds(path, entries)
    click.echo(
        f"Added {len(added)} of {len(feeds)} feeds of {file} to {path}; the others were there already."
    )


@command.command("export")
@station_argument
def export(station: str | None) -> None:
    """Print the station's feeds as OPML."""
    from bulletin.articles.feeds.opml import may_be_listed, write_opml
    from bulletin.config.load_profile import load_profile
    from bulletin.station.factories import feeds_of

    loaded = load_profile(station)
    feeds = feeds_of(loaded)
    click.get_binary_stream("stdout").write(write_opml(feeds))
    if at_home := [feed.name for feed in feeds if not may_be_listed(feed.url)]:
        click.echo(
            f"Left out, since they are files of this machine or hold a secret: {', '.join(at_home)}", err=True
        )

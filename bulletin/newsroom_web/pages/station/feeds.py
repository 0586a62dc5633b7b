"""Feeds: state, last items, health over a week; added by a site's address; OPML in and out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.articles.feeds.opml import may_be_listed, write_opml
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.change_feeds import add_feed, find_feeds, import_opml, remove_feed
from bulletin.newsroom.actions.change_profile import current_profile
from bulletin.newsroom.views.station.feeds_of_station import read_feeds
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import TooLargeError
from bulletin.newsroom_web.pages.station.overview import parts_for
from bulletin.station.build_components_from_profile import feeds_of

_PAGE = "station/feeds"
_MOST_OPML_BYTES = 5_000_000


def _show(visit: Visit) -> Response:
    loaded = current_profile(visit.station)
    feeds = read_feeds(loaded, visit.newsroom.archive, now=visit.newsroom.now())
    unlisted = [feed.name for feed in feeds_of(loaded) if not may_be_listed(feed.url)]
    zone = ZoneInfo(loaded.profile.time_zone)
    return page(
        visit, "station/feeds.html", parts=parts_for(visit), feeds=feeds, unlisted=unlisted, zone=zone
    )


def _find(visit: Visit) -> Response:
    """Feeds of a site, to choose from; nothing is added yet."""
    url = visit.form.text("url")
    found = find_feeds(visit.desk, url=url)
    known = {feed.url for feed in feeds_of(current_profile(visit.station))}
    zone = ZoneInfo(visit.station.profile.time_zone)
    return page(
        visit,
        "station/feeds_found.html",
        parts=parts_for(visit),
        url=url,
        found=found,
        known=known,
        zone=zone,
    )


def _add(visit: Visit) -> Response:
    form = visit.form
    add_feed(
        visit.desk,
        url=form.text("url"),
        name=form.text("name", ""),
        credit=form.text("credit", ""),
        category=form.text("category", ""),
    )
    return redirect(visit, _PAGE, said="The feed is added; the service asks it with the next bulletin.")


def _remove(visit: Visit) -> Response:
    feed = visit.form.text("feed")
    remove_feed(visit.desk, feed=feed)
    return redirect(visit, _PAGE, said=f"The feed {feed[:80]} is removed; its stories air no more.")


def _import(visit: Visit) -> Response:
    upload = visit.form.upload("file")
    if upload.size_bytes > _MOST_OPML_BYTES:
        raise TooLargeError(
            f"the file is larger than {_MOST_OPML_BYTES // 1_000_000} MB; an OPML list is shorter"
        )
    added, listed = import_opml(visit.desk, body=upload.path.read_bytes())
    return redirect(visit, _PAGE, said=f"Added {added} of the {listed} feeds; the others were there already.")


def _export(visit: Visit) -> Response:
    """The feeds as OPML, without local files and addresses with a password."""
    loaded = current_profile(visit.station)
    body = write_opml(feeds_of(loaded), title=f"{loaded.profile.name}: feeds")
    headers = {
        "Content-Disposition": f'attachment; filename="{visit.station.id}-feeds.opml"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type="text/x-opml", headers=headers)


ROUTES: list[BaseRoute] = [
    station_page(_PAGE, _show),
    station_page("station/feeds.opml", _export),
    station_form(f"{_PAGE}/find", _find, role=Role.ADMIN, changes=False),
    station_form(f"{_PAGE}/add", _add, role=Role.ADMIN),
    station_form(f"{_PAGE}/remove", _remove, role=Role.ADMIN),
    station_form(f"{_PAGE}/import", _import, role=Role.ADMIN, files=True),
]

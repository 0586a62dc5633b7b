"""Kill list: words, links and ids of stories that never air."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.newsroom.actions.change_profile import current_profile
from bulletin.newsroom.actions.published.kill_list import block_entry, list_kills, unblock_entry
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.pages.station.overview import parts_for

_PAGE = "station/blocked"


def _show(visit: Visit) -> Response:
    profile = current_profile(visit.station).profile
    return page(
        visit,
        "station/blocked.html",
        parts=parts_for(visit),
        kills=list_kills(visit.desk)[::-1],
        of_profile=profile.stories.kill,
        doubt=visit.newsroom.archive.doubt,
        zone=ZoneInfo(profile.time_zone),
    )


def _block(visit: Visit) -> Response:
    kill = block_entry(visit.desk, entry=visit.form.text("entry"))
    return redirect(visit, _PAGE, said=f"No story with “{kill.entry}” airs any more.")


def _unblock(visit: Visit) -> Response:
    removed = unblock_entry(visit.desk, entry=visit.form.text("entry"))
    return redirect(visit, _PAGE, said=f"Unblocked: {', '.join(kill.entry for kill in removed)[:300]}.")


ROUTES: list[BaseRoute] = [
    station_page(_PAGE, _show),
    station_form(f"{_PAGE}/add", _block),
    station_form(f"{_PAGE}/remove", _unblock),
]

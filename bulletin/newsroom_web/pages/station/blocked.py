"""Kill list: words, links and ids of stories that never air."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.newsroom.actions.change_profile import current_profile
from bulletin.newsroom.actions.published.kill_list import (
    block_and_withdraw,
    consequences_of_block,
    list_kills,
    unblock_entry,
)
from bulletin.newsroom.desk import new_key
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


def _ask(visit: Visit) -> Response:
    """The confirmation: which published bulletins are withdrawn; nothing is blocked yet."""
    entry = visit.form.text("entry")
    said = consequences_of_block(visit.desk, entry=entry)
    return page(visit, "station/block.html", parts=parts_for(visit), will=said, key=new_key())


def _block(visit: Visit) -> Response:
    form = visit.form
    answer = block_and_withdraw(
        visit.desk, entry=form.text("entry"), keep_published=form.has("keep"), key=form.text("key", "")
    )
    said = [f"No story with “{answer.kill.entry}” airs any more."]
    if answer.withdrawal:
        is_open = answer.withdrawal.request.is_open
        said.append("The service withdraws its bulletins now." if is_open else "Its bulletins are withdrawn.")
        said.append(answer.withdrawal.note)
    return redirect(visit, _PAGE, said=" ".join(filter(None, said)))


def _unblock(visit: Visit) -> Response:
    removed = unblock_entry(visit.desk, entry=visit.form.text("entry"))
    return redirect(visit, _PAGE, said=f"Unblocked: {', '.join(kill.entry for kill in removed)[:300]}.")


ROUTES: list[BaseRoute] = [
    station_page(_PAGE, _show),
    station_form(f"{_PAGE}/ask", _ask, changes=False),
    station_form(f"{_PAGE}/add", _block),
    station_form(f"{_PAGE}/remove", _unblock),
]

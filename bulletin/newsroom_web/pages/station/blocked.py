"""Kill list: words, links and ids of stories that never air."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.errors import BulletinError
from bulletin.newsroom.accounts.roles import ALL_STATIONS, Role
from bulletin.newsroom.actions.change_profile import current_profile
from bulletin.newsroom.actions.published.kill_list import (
    block_and_withdraw,
    consequences_of_block,
    kills_of_all_stations,
    list_kills,
    unblock_entry,
    withdraw_elsewhere,
)
from bulletin.newsroom.desk import new_key
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import NotAllowedError
from bulletin.newsroom_web.pages.station.overview import parts_for

_PAGE = "station/blocked"


def _show(visit: Visit) -> Response:
    profile = current_profile(visit.station).profile
    return page(
        visit,
        "station/blocked.html",
        parts=parts_for(visit),
        kills=list_kills(visit.desk)[::-1],
        of_all=kills_of_all_stations(visit.desk),
        edits_all=_edits_all(visit),
        of_profile=profile.stories.kill,
        doubt=visit.newsroom.archive.doubt,
        zone=ZoneInfo(profile.time_zone),
    )


def _ask(visit: Visit) -> Response:
    """The confirmation: which published bulletins are withdrawn; nothing is blocked yet."""
    entry = visit.form.text("entry")
    said = consequences_of_block(visit.desk, entry=entry)
    return page(
        visit,
        "station/block.html",
        parts=parts_for(visit),
        will=said,
        key=new_key(),
        edits_all=_edits_all(visit) and len(visit.newsroom.stations()) > 1,
    )


def _block(visit: Visit) -> Response:
    form, everywhere = visit.form, visit.form.has("everywhere")
    if everywhere and not _edits_all(visit):
        raise NotAllowedError("an entry for all stations needs the role editor at all stations; ask an admin")
    entry, keeps, key = form.text("entry"), form.has("keep"), form.text("key", "")
    answer = block_and_withdraw(visit.desk, entry=entry, keep_published=keeps, everywhere=everywhere, key=key)
    where = " at any station" if everywhere else ""
    said = [f"No story with “{answer.kill.entry}” airs{where} any more."]
    if everywhere and not keeps:
        said.append(_withdraw_elsewhere(visit, entry, key))
    if answer.withdrawal:
        is_open = answer.withdrawal.request.is_open
        said.append("The service withdraws its bulletins now." if is_open else "Its bulletins are withdrawn.")
        said.append(answer.withdrawal.note)
    return redirect(visit, _PAGE, said=" ".join(filter(None, said)))


def _edits_all(visit: Visit) -> bool:
    """Whether the user is an editor of all stations, also of those that come later."""
    role = visit.access.roles.get(ALL_STATIONS)
    return role is not None and role.may(Role.EDITOR)


def _withdraw_elsewhere(visit: Visit, entry: str, key: str) -> str:
    """Withdraw the bulletins of the other stations; names those where that failed."""
    failed: list[str] = []
    for loaded in visit.newsroom.stations():
        if loaded.id != visit.station.id:
            try:
                other = replace(visit.desk, loaded=loaded)
                block_and_withdraw(
                    other, entry=entry, everywhere=True, key=f"{key}-{loaded.id}" if key else ""
                )
            except BulletinError as error:
                failed.append(f"{loaded.id}: {error}")
    known = {loaded.id for loaded in visit.newsroom.stations()}
    withdraw_elsewhere(visit.desk, entry=entry, known=known)
    return f"Not withdrawn everywhere: {'; '.join(failed)}." if failed else "All stations withdraw theirs."


def _unblock(visit: Visit) -> Response:
    everywhere = visit.form.has("everywhere")
    if everywhere and not _edits_all(visit):
        raise NotAllowedError("an entry for all stations needs the role editor at all stations; ask an admin")
    removed = unblock_entry(visit.desk, entry=visit.form.text("entry"), everywhere=everywhere)
    return redirect(visit, _PAGE, said=f"Unblocked: {', '.join(kill.entry for kill in removed)[:300]}.")


ROUTES: list[BaseRoute] = [
    station_page(_PAGE, _show),
    station_form(f"{_PAGE}/ask", _ask, changes=False),
    station_form(f"{_PAGE}/add", _block),
    station_form(f"{_PAGE}/remove", _unblock),
]

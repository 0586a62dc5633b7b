"""Backups: list, make, download; and what a restore does."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute

from bulletin.archive.ledgers.newsroom_requests import RequestKind
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.ask_service import back_up, last_requests
from bulletin.newsroom.views.station.backups_of_station import find_backup, read_backups
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import NoSuchPageError
from bulletin.newsroom_web.pages.station.overview import parts_for

_PAGE = "station/backups"


def _show(visit: Visit) -> Response:
    visit.newsroom.check_admin_of_all(visit.access)
    zone = ZoneInfo(visit.station.profile.time_zone)
    backups = read_backups(visit.newsroom.output, visit.station.id, zone=zone)
    made = [r for r in last_requests(visit.desk) if r.kind is RequestKind.BACK_UP]
    template = "station/backup_list.html" if visit.is_htmx else "station/backups.html"
    return page(
        visit,
        template,
        parts=parts_for(visit),
        backups=backups,
        last=made[0] if made else None,
        zone=zone,
    )


def _make(visit: Visit) -> Response:
    visit.newsroom.check_admin_of_all(visit.access)
    answer = back_up(visit.desk, key=visit.form.text("key", ""))
    said = answer.note or "The service makes the backup; it is listed here in a moment."
    return redirect(visit, _PAGE, said=said)


def _download(visit: Visit) -> Response:
    visit.newsroom.check_admin_of_all(visit.access)
    name = visit.request.path_params["name"]
    path = find_backup(visit.newsroom.output, visit.station.id, name)
    if path is None:
        raise NoSuchPageError("no such backup; it may have been replaced by newer ones")
    return FileResponse(
        path, media_type="application/gzip", filename=path.name, headers={"Cache-Control": "no-store"}
    )


ROUTES: list[BaseRoute] = [
    station_page(_PAGE, _show, role=Role.ADMIN),
    station_form(f"{_PAGE}/make", _make, role=Role.ADMIN),
    station_page(f"{_PAGE}/{{name}}", _download, role=Role.ADMIN),
]

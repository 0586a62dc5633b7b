"""Outlets: what the station publishes, its destinations, the last deliveries, and another try."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.newsroom.actions.ask_service import retry_delivery
from bulletin.newsroom.views.station.deliveries_of_station import read_outlets
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.pages.station.overview import parts_for


def _show(visit: Visit) -> Response:
    outlets = read_outlets(visit.station, visit.newsroom.archive)
    template = "station/deliveries.html" if visit.is_htmx else "station/outlets.html"
    return page(visit, template, parts=parts_for(visit), outlets=outlets)


def _retry(visit: Visit) -> Response:
    number = visit.form.number("number") if visit.form.has("number") else None
    answer = retry_delivery(visit.desk, number=number)
    said = answer.note or "The service tries again now; the list shows the result."
    return redirect(visit, "station/outlets", said=said)


ROUTES: list[BaseRoute] = [
    station_page("station/outlets", _show),
    station_form("station/outlets/retry", _retry),
]

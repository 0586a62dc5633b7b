"""The clock as a week, and a form for its slots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.config.tables.clock_options import WEEKDAYS
from bulletin.errors import BulletinError
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.change_clock import SlotForm, save_clock
from bulletin.newsroom.actions.change_profile import (
    ProfileConflictError,
    current_profile,
    explain_error,
    profile_version,
)
from bulletin.newsroom.views.station.clock_week import DAYS, clock_week
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError, status_of
from bulletin.newsroom_web.pages.station.overview import parts_for

_PAGE = "station/clock"
_SECTIONS = ("news", "sport", "weather", "travel")
_NEW = SlotForm(number=None, at="", days="", every_min="60", length="", sections="", outputs="")
"""The empty part of the form, for new slots."""
_FIELDS = ("number", "at", "days", "every_min", "length", "sections", "outputs")
_MOST_RULES = 200


def _show(visit: Visit) -> Response:
    loaded = current_profile(visit.station)
    clock = loaded.profile.clock
    rules = [
        SlotForm(
            number=rule.number,
            at=rule.at,
            days=rule.days,
            every_min=str(rule.every_min),
            length=rule.length,
            sections=", ".join(rule.sections) if len(rule.sections) < len(_SECTIONS) else "",
            outputs=", ".join(rule.outputs),
        )
        for rule in clock_week(loaded, now=visit.newsroom.now()).rules
    ]
    return _page(visit, [*rules, _NEW], holidays=clock.holidays, off=", ".join(clock.off))


def _save(visit: Visit) -> Response:
    form = visit.form
    slots, holidays, off = _read_slots(visit), form.text("holidays"), form.text("off")
    try:
        save_clock(visit.desk, slots=slots, holidays=holidays, off=off, seen=form.text("version"))
    except BulletinError as error:
        return _page(visit, slots, holidays=holidays, off=off, error=error)
    return redirect(visit, f"{_PAGE}#rules", said="The clock is saved. The service takes it within a minute.")


def _page(
    visit: Visit, slots: Sequence[SlotForm], *, holidays: str, off: str, error: BulletinError | None = None
) -> Response:
    loaded = current_profile(visit.station)
    first = _first_day(visit.request.query_params.get("from", ""))
    week = clock_week(loaded, now=visit.newsroom.now(), first=first)
    begins = week.days[0].day
    return page(
        visit,
        "station/clock.html",
        status=status_of(error) if error else 200,
        parts=parts_for(visit),
        week=week,
        slots=slots,
        holidays=holidays,
        off=off,
        earlier=begins - timedelta(days=DAYS),
        later=begins + timedelta(days=DAYS),
        is_this_week=first is None,
        sections=_SECTIONS,
        outputs=tuple(map(str, loaded.profile.outputs.make)),
        weekdays=WEEKDAYS,
        version=profile_version(visit.desk),
        findings=explain_error(visit.desk, error) if error else (),
        is_conflict=isinstance(error, ProfileConflictError),
    )


def _read_slots(visit: Visit) -> list[SlotForm]:
    """The parts of the form, in their order. Raises BadFieldError for a form with other fields."""
    columns = {name: visit.form.texts(name) for name in _FIELDS}
    count = len(columns["number"])
    if count > _MOST_RULES or any(len(column) != count for column in columns.values()):
        raise BadFieldError("the form of the clock is incomplete; load the page again and repeat it")
    removed = visit.form.texts("remove")
    slots = []
    for at in range(count):
        number = columns["number"][at]
        if number and not (number.isascii() and number.isdecimal() and len(number) < 6):
            raise BadFieldError("the form of the clock is incomplete; load the page again and repeat it")
        slot = SlotForm(
            number=int(number) if number else None,
            at=columns["at"][at],
            days=columns["days"][at],
            every_min=columns["every_min"][at],
            length=columns["length"][at],
            sections=columns["sections"][at],
            outputs=columns["outputs"][at],
            is_removed=bool(number) and number in removed,
        )
        slots.append(slot)
    return slots


def _first_day(text: str) -> date | None:
    if not text:
        return None
    try:
        first = date.fromisoformat(text)
    except ValueError as error:
        raise BadFieldError(f'"{text[:40]}" is not a date; write it as 2026-11-25') from error
    if not 1990 <= first.year <= 2200:
        raise BadFieldError(f"the year {first.year} is too far away; choose one from 1990 to 2200")
    return first


ROUTES: list[BaseRoute] = [
    station_page(_PAGE, _show),
    station_form(_PAGE, _save, role=Role.ADMIN),
]

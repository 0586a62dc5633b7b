"""The profile, as a form and as text: checked as `bulletin check` does, saved whole, no change of anybody lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.config.toml_line_numbers import Key
from bulletin.diagnostics.run_station_self_checks import check_station
from bulletin.errors import BulletinError
from bulletin.model.diagnostic_findings import Verdict
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.change_profile import (
    ProfileConflictError,
    ProfileFinding,
    check_profile_text,
    current_profile,
    explain_error,
    read_profile_text,
    save_profile_options,
    save_profile_text,
)
from bulletin.newsroom.views.station.changed_lines import changed_lines
from bulletin.newsroom.views.station.profile_form import profile_form, read_profile_form, refill_form
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import status_of
from bulletin.newsroom_web.pages.station.overview import parts_for

_FORM, _TEXT = "station/profile", "station/profile/text"
_SAVED = "The profile is saved. The service takes it within a minute."
_KEY = re.compile(r"'([a-z_]+(?:\.[a-z_]+)*)(?:\[\d+\])?'")
"""The option that a message of the check names: 'audio.gap_s'."""


def _show_form(visit: Visit) -> Response:
    read = read_profile_text(visit.desk)
    opened = visit.request.query_params.getlist("open")
    return _form_page(visit, profile_form(read.raw), version=read.version, opened=opened)


def _save_form(visit: Visit) -> Response:
    form = _fields(visit)
    read = read_profile_text(visit.desk)
    try:
        changes = read_profile_form(form, read.raw)
        save_profile_options(visit.desk, changes=changes, seen=visit.form.text("version"))
    except BulletinError as error:
        # as it was typed, on the version of now: a second save is a decision
        tables = refill_form(profile_form(read.raw), form)
        return _form_page(visit, tables, version=read.version, error=error)
    return redirect(visit, _place_of(changes), said=_SAVED if changes else "Nothing was changed.")


def _place_of(changes: Iterable[Key]) -> str:
    """The form at the first of these options, with their tables open."""
    names = [".".join(map(str, key)) for key in changes]
    if not names:
        return _FORM
    tables = dict.fromkeys(name.rpartition(".")[0] for name in names)
    return f"{_FORM}?{urlencode([('open', table) for table in tables])}#o-{names[0].replace('.', '-')}"


def _form_page(
    visit: Visit,
    tables: Sequence[object],
    *,
    version: str,
    opened: Sequence[str] = (),
    error: BulletinError | None = None,
) -> Response:
    findings = explain_error(visit.desk, error) if error else ()
    by_field = {match[1]: f.message for f in findings if (match := _KEY.search(f.message))}
    return page(
        visit,
        "station/profile.html",
        status=status_of(error) if error else 200,
        parts=parts_for(visit),
        tables=tables,
        opened=opened,
        version=version,
        findings=findings,
        by_field=by_field,
        is_conflict=isinstance(error, ProfileConflictError),
    )


def _show_text(visit: Visit) -> Response:
    read = read_profile_text(visit.desk)
    return _text_page(visit, read.text, version=read.version)


def _save_text(visit: Visit) -> Response:
    """Check and save the text; where it is refused, what was typed is shown again."""
    text, seen = visit.form.text("text"), visit.form.text("version")
    try:
        save_profile_text(visit.desk, text=text, seen=seen)
    except ProfileConflictError as error:
        try:
            theirs = read_profile_text(visit.desk)
        except BulletinError as mistake:  # the file was broken meanwhile; what was typed stays
            return _text_page(visit, text, version=seen, error=mistake)
        return _text_page(visit, text, version=theirs.version, error=error, theirs=theirs.text)
    except BulletinError as error:
        return _text_page(visit, text, version=seen, error=error)
    return redirect(visit, _TEXT, said=_SAVED)


def _check_text(visit: Visit) -> Response:
    """Only check the text, which is shown again."""
    text = visit.form.text("text")
    findings = check_profile_text(visit.desk, text=text)
    return _text_page(visit, text, version=visit.form.text("version"), findings=findings, is_checked=True)


def _text_page(
    visit: Visit,
    text: str,
    *,
    version: str,
    findings: Sequence[ProfileFinding] = (),
    is_checked: bool = False,
    error: BulletinError | None = None,
    theirs: str = "",
) -> Response:
    return page(
        visit,
        "station/profile_text.html",
        status=status_of(error) if error else 200,
        parts=parts_for(visit),
        text=text,
        version=version,
        findings=explain_error(visit.desk, error) if error else findings,
        is_checked=is_checked,
        is_conflict=bool(theirs),
        changes=list(changed_lines(theirs, text)) if theirs else (),
    )


def _check_all(visit: Visit) -> Response:
    """The saved profile and this installation, part by part, as `bulletin check --offline`."""
    room = visit.newsroom
    loaded = current_profile(visit.station)
    findings = check_station(loaded, output=room.output, now=room.now(), asks=False)
    looks = {Verdict.OK: "good", Verdict.WARNING: "warn", Verdict.FAILURE: "bad"}
    return page(
        visit,
        "station/check.html",
        parts=parts_for(visit),
        findings=[(looks[finding.verdict], finding) for finding in findings],
        failures=sum(finding.verdict is Verdict.FAILURE for finding in findings),
    )


def _fields(visit: Visit) -> Mapping[str, Sequence[str]]:
    return {name: visit.form.texts(name) for name in {name for name, _ in visit.form.fields}}


ROUTES: list[BaseRoute] = [
    station_page(_FORM, _show_form, role=Role.ADMIN),
    station_form(_FORM, _save_form, role=Role.ADMIN),
    station_page(_TEXT, _show_text, role=Role.ADMIN),
    station_form(_TEXT, _save_text, role=Role.ADMIN),
    station_form(f"{_TEXT}/check", _check_text, role=Role.ADMIN, changes=False),
    station_form("station/profile/check", _check_all, role=Role.ADMIN, changes=False),
]

"""View 5, the log: what aired, sources of each sentence, search, export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.newsroom.views.aired.as_run_log import write_csv, write_json, write_text
from bulletin.newsroom.views.aired.log_of_bulletins import (
    BulletinDetails,
    LogSearch,
    read_bulletin,
    read_log,
)
from bulletin.newsroom.views.sound_peaks import measure_peaks
from bulletin.newsroom_web.http.render_page import page, private_file
from bulletin.newsroom_web.http.station_routes import station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError, NoSuchPageError
from bulletin.newsroom_web.pages.draw_pictures import story_marks, wave_path
from bulletin.newsroom_web.pages.log_correction import work_on_log
from bulletin.publishing.media_types import media_type_of
from bulletin.station.build_station_object import STATE

_LONGEST_SEARCH = 200
_KEPT = "podcast"
"""The rendition whose files stay: those of the others are overwritten by the next bulletin."""
_Writer = Callable[..., Iterator[str]]
_EXPORTS: dict[str, tuple[_Writer, str]] = {
    "csv": (write_csv, "text/csv"),
    "json": (write_json, "application/json"),
    "txt": (write_text, "text/plain"),
}


def zone_of(visit: Visit) -> ZoneInfo:
    """Time zone of the visit's station."""
    return ZoneInfo(visit.station.profile.time_zone)


def _show(visit: Visit) -> Response:
    search = _read_search(visit)
    asked = visit.request.query_params.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 18 else None
    log = read_log(visit.newsroom.archive, visit.station.id, search, zone=zone_of(visit), before=before)
    template = "log/results.html" if visit.is_htmx else "log/log.html"
    return page(visit, template, search=search, log=log, query=_query(search), before=before)


def _export(visit: Visit) -> Response:
    """As-run log of the search as a file, written while the archive is read."""
    kind = visit.request.path_params["kind"]
    if kind not in _EXPORTS:
        raise NoSuchPageError(f'the log is exported as csv, json or txt, not as "{kind[:20]}"')
    write, media_type = _EXPORTS[kind]
    search, zone, station = _read_search(visit), zone_of(visit), visit.station
    query = search.query(zone)
    records: Iterable[BulletinRecord] = RunJournal(visit.newsroom.archive).aired(
        station.id, query, everything=search.replaced
    )
    name = f"{station.id}-as-run-{visit.newsroom.now().astimezone(zone):%Y-%m-%d}.{kind}"
    return StreamingResponse(
        write(records, query=query, name=station.profile.name, zone=zone),
        media_type=f"{media_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _show_bulletin(visit: Visit) -> Response:
    details = _details(visit)
    sound = _sound(visit, details)
    peaks = measure_peaks(sound, state=visit.newsroom.output / STATE) if sound else ()
    duration_s = details.bulletin.duration_s
    return page(
        visit,
        "log/bulletin.html",
        details=details,
        has_sound=sound is not None,
        wave=wave_path(peaks),
        marks=story_marks(details.passages, duration_s=duration_s) if peaks else (),
        work=work_on_log(visit),
    )


def _send_sound(visit: Visit) -> Response:
    sound = _sound(visit, _details(visit))
    if sound is None:
        raise NoSuchPageError("the sound of this bulletin has been deleted; its words stay in the log")
    return private_file(visit, sound, media_type_of(sound.name) or "audio/mpeg")


def _details(visit: Visit) -> BulletinDetails:
    number = visit.request.path_params["number"]
    details = read_bulletin(visit.newsroom.archive, visit.station.id, number, zone=zone_of(visit))
    if details is None:
        raise NoSuchPageError(f"no bulletin {number} is in the log of this station; search the log again")
    return details


def _sound(visit: Visit, details: BulletinDetails) -> Path | None:
    """The file of a bulletin in the public folder, if it is still there and still that bulletin."""
    folder = visit.newsroom.output / visit.station.id
    if details.bulletin.withdrawn_at:  # its address answers with the correction
        return None
    for kind, name in details.sounds:
        path = folder / Path(name).name
        if kind == _KEPT and path.is_file():
            return path
    return None


def _read_search(visit: Visit) -> LogSearch:
    """Raises BadFieldError for a wrong date."""
    params = visit.request.query_params
    return LogSearch(
        words=" ".join(params.get("words", "")[:_LONGEST_SEARCH].split()),
        source=" ".join(params.get("source", "")[:_LONGEST_SEARCH].split()),
        first=_day(params.get("first", "")),
        last=_day(params.get("last", "")),
        replaced=params.get("replaced") == "1",
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadFieldError(f'"{text[:40]}" is not a date; write it as 2026-11-25') from error


def _query(search: LogSearch) -> str:
    """The search as the query of an address, without empty fields."""
    fields = {
        "words": search.words,
        "source": search.source,
        "first": search.first and search.first.isoformat(),
        "last": search.last and search.last.isoformat(),
        "replaced": "1" if search.replaced else "",
    }
    return urlencode({name: value for name, value in fields.items() if value})


ROUTES: list[BaseRoute] = [
    station_page("log", _show),
    station_page("log/as-run.{kind}", _export),
    station_page("log/{number:row}", _show_bulletin),
    station_page("log/{number:row}/sound", _send_sound),
]

"""Page "On air": the sound with waveform and transcript, clocks, health, the day, the next running order in brief."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.newsroom.views.day_strip import count_looks, local_time
from bulletin.newsroom.views.on_air import OnAirView, read_on_air_view
from bulletin.newsroom.views.on_air_sound import OnAirSound, find_on_air_sound
from bulletin.newsroom.views.sound_peaks import measure_peaks
from bulletin.newsroom.views.work_of_service import read_making
from bulletin.newsroom_web.http.render_page import page, private_file
from bulletin.newsroom_web.http.station_routes import station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import NoSuchPageError
from bulletin.newsroom_web.pages.read_coming import read_coming
from bulletin.station.group_files.files_to_read import output_to_read, sound_to_read


def show(visit: Visit) -> Response:
    """With ?wave=1, the link of a browser without scripts, the waveform is measured with the page."""
    data = _data(visit)
    view: OnAirView = data["view"]
    if view.sound and not view.wave and visit.request.query_params.get("wave"):
        data["view"] = replace(view, wave=_measure(visit, view.sound))
    return page(visit, "on_air.html", **data)


def show_part(visit: Visit) -> Response:
    """What changes on the page, for its script."""
    return page(visit, "on_air_part.html", **_data(visit))


def show_wave(visit: Visit) -> Response:
    """The waveform of a sound that nobody has looked at yet: it is measured now."""
    sound = _sound(visit)
    return page(visit, "on_air_wave.html", wave=_measure(visit, sound), sound=sound)


def play(visit: Visit) -> Response:
    sound = _sound(visit)
    return private_file(visit, _fetched(visit, sound), sound.media_type)


ROUTES: list[BaseRoute] = [
    station_page("", show),
    station_page("on-air/part", show_part),
    station_page("on-air/wave", show_wave),
    station_page("on-air/sound", play),
]


def _data(visit: Visit) -> dict[str, Any]:
    desk = visit.desk
    view = read_on_air_view(desk.loaded, output=desk.output, archive=desk.archive, now=desk.now())
    zone = desk.loaded.profile.time_zone
    return {
        "view": view,
        "counts": count_looks(view.marks),
        "slot_label": _slot_label(view, zone),
        "due_local": local_time(view.next_slot.due, zone=zone) if view.next_slot else "",
        "due_of_sound": local_time(view.sound.due, zone=zone) if view.sound else "",
        "sound_version": view.sound.version if view.sound else "",
        "coming": read_coming(desk).view,
        "making": read_making(desk.archive, output=desk.output, station=desk.station),
    }


def _slot_label(view: OnAirView, zone: str) -> str:
    return f"To the next slot, {local_time(view.next_slot.due, zone=zone)}" if view.next_slot else "Next slot"


def _sound(visit: Visit) -> OnAirSound:
    desk = visit.desk
    published = output_to_read(desk.loaded, output=desk.output, archive=desk.archive)
    sound = find_on_air_sound(desk.loaded, output=published, archive=desk.archive, now=desk.now())
    if sound is None:
        raise NoSuchPageError("nothing is on air yet: no bulletin or stand-by has been published")
    return sound


def _fetched(visit: Visit, sound: OnAirSound) -> Path:
    return sound_to_read(sound.path, loaded=visit.desk.loaded, output=visit.desk.output)


def _measure(visit: Visit, sound: OnAirSound) -> tuple[int, ...]:
    return measure_peaks(_fetched(visit, sound), state=visit.desk.state)

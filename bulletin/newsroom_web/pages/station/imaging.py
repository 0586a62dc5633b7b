"""Imaging: each jingle with its waveform and mix point, to hear, to replace, to set."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.errors import AudioError
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.change_imaging import reset_jingle, set_mix_point, upload_jingle
from bulletin.newsroom.actions.change_profile import current_profile, profile_version
from bulletin.newsroom.views.station.jingle_waveform import read_jingle_waveform
from bulletin.newsroom.views.station.jingles_of_station import HAS_MIX_POINT, find_jingle, read_jingles
from bulletin.newsroom_web.http.render_page import page, private_file, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError, NoSuchPageError
from bulletin.newsroom_web.pages.draw_pictures import wave_path
from bulletin.newsroom_web.pages.station.overview import parts_for

_PAGE = "station/imaging"
_PLAYABLE = {".wav": "audio/wav", ".flac": "audio/flac", ".mp3": "audio/mpeg", ".ogg": "audio/ogg"}
"""Suffix of a jingle -> media type; browsers play no AIFF."""


def _show(visit: Visit) -> Response:
    jingles = read_jingles(current_profile(visit.station), cache=visit.newsroom.folder)
    return page(
        visit,
        "station/imaging.html",
        parts=parts_for(visit),
        jingles=jingles,
        waves={j.name: wave_path(j.waveform.bars) for j in jingles if j.waveform},
        playable=tuple(_PLAYABLE),
        version=profile_version(visit.desk),
    )


def _upload(visit: Visit) -> Response:
    form = visit.form
    jingle = form.text("jingle")
    done = upload_jingle(visit.desk, jingle=jingle, file=form.upload("file").path, seen=form.text("version"))
    notes = f" Look at: {'; '.join(done.notes)}." if done.notes else ""
    return redirect(visit, f"{_PAGE}#{jingle}", said=f"The {jingle} is uploaded and in use.{notes}")


def _reset(visit: Visit) -> Response:
    jingle = visit.form.text("jingle")
    reset_jingle(visit.desk, jingle=jingle, seen=visit.form.text("version"))
    return redirect(
        visit, f"{_PAGE}#{jingle}", said=f"The {jingle} is the one of the folder or the built-in set again."
    )


def _set_mix_point(visit: Visit) -> Response:
    jingle, text = visit.form.text("jingle"), visit.form.text("mix_s").strip().replace(",", ".")
    try:
        mix_s = float(text) if text else None
    except ValueError as error:
        raise BadFieldError(f'"{text[:20]}" is not a number of seconds; write it as 1.25') from error
    set_mix_point(visit.desk, jingle=jingle, mix_s=mix_s, seen=visit.form.text("version"))
    said = (
        f"Speech may start {mix_s:g} s into the {jingle}."
        if mix_s is not None
        else f"The mix point of the {jingle} is detected again."
    )
    return redirect(visit, f"{_PAGE}#{jingle}", said=said)


def _send_sound(visit: Visit) -> Response:
    name = visit.request.path_params["name"]
    path = find_jingle(current_profile(visit.station), name)
    if path is None or not path.is_file():
        raise NoSuchPageError(f'the station has no jingle "{name[:40]}"')
    # decoded once: no file that is not sound is sent
    read_jingle_waveform(path, cache=visit.newsroom.folder, is_talked_over=name in HAS_MIX_POINT)
    media_type = _PLAYABLE.get(path.suffix.lower())
    if media_type is None:
        raise AudioError(f"{path.name} cannot be played in a browser; save it as WAV, FLAC, OGG or MP3")
    return private_file(visit, path, media_type)


ROUTES: list[BaseRoute] = [
    station_page(_PAGE, _show),
    station_form(f"{_PAGE}/upload", _upload, role=Role.ADMIN, files=True),
    station_form(f"{_PAGE}/remove", _reset, role=Role.ADMIN),
    station_form(f"{_PAGE}/mix", _set_mix_point, role=Role.ADMIN),
    station_page("station/imaging/{name}/sound", _send_sound),
]

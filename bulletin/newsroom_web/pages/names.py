"""View 4, the names: unknown names in the coming bulletin, to hear, respell, hear and save."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.archive.ledgers.respelled_names import RespelledNames
from bulletin.errors import NewsroomError
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.respell_names import remove_respelling, save_respelling
from bulletin.newsroom.coming_names import ComingNames, coming_names, hear_respelled
from bulletin.newsroom.hear import MEDIA_TYPE, hear_story
from bulletin.newsroom.hear_coming import hear_text, open_voices
from bulletin.newsroom_web.http.render_page import page, private_file, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError, NotAllowedError

_LONGEST, _LONGEST_TEXT = 160, 1_000
_PLACE = re.compile(r"name-\d{1,4}-\d{1,4}-form")
"""Id of a name's form on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A respelling that was typed to hear it: shown again with its sound, since without a script the page loads anew."""

    word: str = ""
    respelling: str = ""


def _show(visit: Visit) -> Response:
    return _page(visit, _Tried())


def _page(visit: Visit, tried: _Tried, *, status: int = 200) -> Response:
    names, reason = _read(visit)
    template = "names/list.html" if visit.is_htmx else "names/names.html"
    return page(visit, template, status=status, names=names, reason=reason, tried=tried)


def _read(visit: Visit) -> tuple[ComingNames, str]:
    """The names, or the saved ones alone and the reason why no bulletin is prepared."""
    try:
        return coming_names(visit.desk), ""
    except NewsroomError as error:
        saved = RespelledNames(visit.newsroom.archive).names(visit.station.id)
        return ComingNames(unknown=(), saved=saved), str(error)


def _act(visit: Visit) -> Response:
    """Save, or accept as printed."""
    form = visit.form
    word, respelling = _typed(visit)
    do = form.text("do", "save")
    if do not in ("save", "printed"):
        raise BadFieldError(f'"{do[:20]}" is no button of this page; load it again')
    if do == "save" and not respelling.strip():
        raise BadFieldError(f'write how "{word}" is said, or choose “Right as printed”')
    saved = save_respelling(visit.desk, name=word, respelling=respelling if do == "save" else "")
    said = (
        f"{saved.name} is said “{saved.respelling}” from the next bulletin on."
        if saved.respelling
        else f"{saved.name} is read as printed."
    )
    place = form.text("place", "")
    # where the name was, there is the next one now
    return redirect(visit, f"names#{place}" if _PLACE.fullmatch(place) else "names", said=said)


def _try(visit: Visit) -> Response:
    """The page again with what was typed, and its sound: a button of the same form, so that nothing is lost."""
    word, respelling = _typed(visit)
    return _page(visit, _Tried(word=word, respelling=respelling))


def _typed(visit: Visit) -> tuple[str, str]:
    """Name and respelling of the form."""
    return visit.form.text("name")[:_LONGEST], visit.form.text("respelling", "")[:_LONGEST]


def _remove(visit: Visit) -> Response:
    name = visit.form.text("name")
    remove_respelling(visit.desk, name=name)
    return redirect(visit, "names#saved", said=f"{name} is said as before it was respelled.")


def _send_sound(visit: Visit) -> Response:
    """
    MP3 of ?name=...&respelling=..., in the sentence of the coming bulletin that holds the name.

    Without a respelling as the station says it now. Only names of the page can be heard.
    """
    asked = visit.request.query_params
    name = asked.get("name", "")[:_LONGEST]
    sentence = _sentences(visit).get(name)
    if sentence is None:
        raise NewsroomError(f'"{name}" is not in the coming bulletin any more; load the page again')
    voices = open_voices(visit.desk)
    if "respelling" not in asked:
        heard = hear_story(voices, [sentence])
    elif visit.may(Role.EDITOR):
        heard = hear_respelled(voices, sentence, name=name, respelling=asked["respelling"][:_LONGEST])
    else:
        raise NotAllowedError("only editors hear a name respelled; viewers hear it as it is said now")
    return private_file(visit, heard.path, MEDIA_TYPE)


def _say(visit: Visit) -> Response:
    """MP3 of ?text=..., as the station would say it."""
    text = visit.request.query_params.get("text", "")[:_LONGEST_TEXT]
    return private_file(visit, hear_text(visit.desk, text).path, MEDIA_TYPE)


def _sentences(visit: Visit) -> Mapping[str, str]:
    """Each name that can be heard -> a sentence with it; a saved name that no bulletin has is heard alone."""
    names, _ = _read(visit)
    saved = {one.name: one.name for one in names.saved}
    return saved | {hard.word: name.sentence for name in names.unknown for hard in name.words}


ROUTES: list[BaseRoute] = [
    station_page("names", _show),
    station_page("names/hear", _send_sound),
    station_page("names/say", _say, role=Role.EDITOR),
    station_form("names", _act),
    station_form("names/try", _try, changes=False),
    station_form("names/remove", _remove),
]

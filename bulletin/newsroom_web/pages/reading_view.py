"""Page "Reading view": the script in large type, for a person who reads the bulletin live."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.newsroom.choose_slot import choose_slot
from bulletin.newsroom.views.day_strip import local_time
from bulletin.newsroom.views.on_air import write_time_left
from bulletin.newsroom.views.reading_script import lay_out_script
from bulletin.newsroom_web.http.render_page import page
from bulletin.newsroom_web.http.station_routes import station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.pages.read_coming import read_coming


def show(visit: Visit) -> Response:
    desk = visit.desk
    now, coming = desk.now(), read_coming(desk)
    view = coming.view
    options = desk.loaded.profile.script
    script = lay_out_script(view.coming, options, last=view.last_change) if view else None
    due = view.coming.due if view else choose_slot(desk).due
    zone = desk.loaded.profile.time_zone
    return page(
        visit,
        "reading_view.html",
        title=view.coming.script.title if view else "Reading view",
        blocks=script.blocks if script else (),
        seconds=script.seconds if script else 0,
        version=script.version if script else "",
        changed=script.changed if script else "",
        no_view=coming.reason,
        due_local=local_time(due, zone=zone) if due else "",
        due_ms=round(due.timestamp() * 1000) if due else 0,
        now_ms=round(now.timestamp() * 1000),
        left=write_time_left(due - now) if due else "",
    )


ROUTES: list[BaseRoute] = [station_page("read", show)]

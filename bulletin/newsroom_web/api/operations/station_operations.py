"""Operations on stations."""

from __future__ import annotations

from typing import Any

from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.views.on_air import read_on_air_view
from bulletin.newsroom_web.api.models.profiles import OnAirAnswer
from bulletin.newsroom_web.api.models.stations import StationList
from bulletin.newsroom_web.api.operation_table import Call, Operation


def _list(call: Call) -> Any:
    own = call.newsroom.of_access(call.access)
    stations = [
        {"id": loaded.id, "name": loaded.profile.name, "role": call.access.role(loaded.id)} for loaded in own
    ]
    return {"user": call.access.user, "stations": stations}


def _on_air(call: Call) -> Any:
    desk = call.desk
    return read_on_air_view(desk.loaded, output=desk.output, archive=desk.archive, now=desk.now())


OPERATIONS = (
    Operation(
        method="GET",
        path="stations",
        name="list_stations",
        summary="The stations that the user of the token may see.",
        role=None,
        answer=StationList,
        do=_list,
    ),
    Operation(
        method="GET",
        path="stations/{station}/on-air",
        name="show_on_air",
        summary="What is on air, the slots of today, and the station's health.",
        role=Role.VIEWER,
        answer=OnAirAnswer,
        do=_on_air,
    ),
)

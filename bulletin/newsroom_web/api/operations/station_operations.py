"""Operations on stations."""

from __future__ import annotations

from typing import Any

from bulletin.newsroom_web.api.models.stations import StationList
from bulletin.newsroom_web.api.operation_table import Call, Operation


def _list(call: Call) -> Any:
    own = call.newsroom.of_access(call.access)
    stations = [
        {"id": loaded.id, "name": loaded.profile.name, "role": call.access.role(loaded.id)} for loaded in own
    ]
    return {"user": call.access.user, "stations": stations}


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
)

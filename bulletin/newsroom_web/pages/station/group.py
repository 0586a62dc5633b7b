"""Page "Group": slots, queue and workers of a group, for the stations that a user may see."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.group.monitoring.group_status import IN_TROUBLE, SlotStanding, StationStanding
from bulletin.group.monitoring.read_group_status import read_group_status
from bulletin.newsroom.accounts.roles import ALL_STATIONS
from bulletin.newsroom_web.http.render_page import page
from bulletin.newsroom_web.http.station_routes import user_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import NoSuchPageError

_BADGES = {
    SlotStanding.READY: "good",
    SlotStanding.STANDBY: "warn",
    SlotStanding.LATE: "bad",
    SlotStanding.MISSED: "bad",
}


def _show(visit: Visit) -> Response:
    """Who has a role at all stations sees the workers, too; an editor of some stations sees those alone."""
    stations = {loaded.id: loaded for loaded in visit.newsroom.of_access(visit.access)}
    group = next((loaded.profile.group for loaded in stations.values() if loaded.profile.group.is_on), None)
    if group is None:
        raise NoSuchPageError("no station that you may see belongs to a group")
    sees_all, archive = ALL_STATIONS in visit.access.roles, visit.newsroom.archive
    status = read_group_status(
        archive, group=group.name, now=archive.now, stations=None if sees_all else stations
    )
    zones = {name: ZoneInfo(loaded.profile.time_zone) for name, loaded in stations.items()}
    return page(
        visit,
        "group.html",
        state=status,
        troubles=status.general_troubles if sees_all else (),
        listed=sorted(status.stations, key=_urgency),
        names={name: loaded.profile.name for name, loaded in stations.items()},
        zones=zones,
        utc=ZoneInfo("UTC"),
        sees_all=sees_all,
        standings=tuple(SlotStanding),
        badges=_BADGES,
    )


def _urgency(one: StationStanding) -> tuple[bool, bool, str]:
    """Stations in trouble first, then those with a stand-by, each by name."""
    is_well = one.last_standing in (None, SlotStanding.READY)
    return (one.last_standing not in IN_TROUBLE and not one.unserved, is_well, one.station)


ROUTES: list[BaseRoute] = [user_page("/group", _show)]

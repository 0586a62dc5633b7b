"""Operations on the log: search, a bulletin with its sources, export; the audit."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.errors import UnknownRecordError
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.views.aired.as_run_log import write_csv, write_json, write_text
from bulletin.newsroom.views.aired.log_of_bulletins import LogSearch, read_bulletin, read_log
from bulletin.newsroom_web.api.models.log import (
    AuditAnswer,
    AuditQuery,
    ExportQuery,
    LogAnswer,
    LoggedBulletinDetails,
    LogQuery,
    SearchQuery,
)
from bulletin.newsroom_web.api.operation_table import Call, Operation, TextAnswer

_LOG = "stations/{station}/log"
_WRITERS = {
    "csv": (write_csv, "text/csv"),
    "json": (write_json, "application/json"),
    "txt": (write_text, "text/plain"),
}


def _search(query: SearchQuery) -> LogSearch:
    return LogSearch(
        words=query.words,
        source=query.source,
        first=query.first,
        last=query.last,
        replaced=query.replaced == "true",
    )


def _zone(call: Call) -> ZoneInfo:
    return ZoneInfo(call.desk.loaded.profile.time_zone)


def _list(call: Call) -> Any:
    desk = call.desk
    return read_log(
        desk.archive, desk.station, _search(call.query), zone=_zone(call), before=call.query.before
    )


def _show(call: Call) -> Any:
    desk = call.desk
    details = read_bulletin(desk.archive, desk.station, call.number, zone=_zone(call))
    if details is None:
        raise UnknownRecordError(f"{desk.station} has no bulletin {call.number} in its log; search the log")
    return details


def _export(call: Call) -> Any:
    desk, zone, search = call.desk, _zone(call), _search(call.query)
    query, kind = search.query(zone), call.query.format
    records = RunJournal(desk.archive).aired(desk.station, query, everything=search.replaced)
    write, media_type = _WRITERS[kind]
    lines = write(records, query=query, name=desk.loaded.profile.name, zone=zone)
    name = f"{desk.station}-as-run-{desk.now().astimezone(zone):%Y-%m-%d}.{kind}"
    return TextAnswer(text="".join(lines), media_type=media_type, name=name)


def _audit(call: Call) -> Any:
    audit = call.newsroom.audit
    return {"changes": audit.changes(call.desk.station, limit=call.query.limit, with_general=False)}


def _look(path: str, name: str, summary: str, do: Any, **more: Any) -> Operation:
    return Operation(
        method="GET", path=path, name=name, summary=summary, do=do, **{"role": Role.VIEWER, **more}
    )


OPERATIONS = (
    _look(_LOG, "search_log", "What aired, newest first.", _list, query=LogQuery, answer=LogAnswer),
    _look(
        f"{_LOG}/export", "export_log", "The as-run log as a file.", _export, query=ExportQuery, answer="*/*"
    ),
    _look(
        f"{_LOG}/{{number}}",
        "show_logged_bulletin",
        "A bulletin with the sources of each sentence.",
        _show,
        answer=LoggedBulletinDetails,
    ),
    _look(
        "stations/{station}/audit",
        "show_audit",
        "Who changed what at the station, newest first.",
        _audit,
        query=AuditQuery,
        answer=AuditAnswer,
        role=Role.ADMIN,
    ),
)

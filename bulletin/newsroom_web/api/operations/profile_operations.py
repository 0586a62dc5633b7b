"""Operations on the profile, feeds, jingles, deliveries and backups."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bulletin.articles.feeds.opml import write_opml
from bulletin.errors import UnknownRecordError
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions import change_feeds, change_imaging, change_profile
from bulletin.newsroom.actions.change_profile import current_profile, profile_version
from bulletin.newsroom.views.station.backups_of_station import find_backup, read_backups
from bulletin.newsroom.views.station.deliveries_of_station import read_outlets
from bulletin.newsroom.views.station.feeds_of_station import read_feeds
from bulletin.newsroom.views.station.jingles_of_station import read_jingles
from bulletin.newsroom_web.api.models import profiles as models
from bulletin.newsroom_web.api.operation_table import Call, FileAnswer, Operation, TextAnswer
from bulletin.station.build_components_from_profile import feeds_of

_HERE = "stations/{station}"


def _profile(call: Call) -> Any:
    return change_profile.read_profile_text(call.desk)


def _check(call: Call) -> Any:
    return {"findings": change_profile.check_profile_text(call.desk, text=call.body.text)}


def _save(call: Call) -> Any:
    return change_profile.save_profile_text(call.desk, text=call.body.text, seen=call.body.version)


def _feeds(call: Call) -> Any:
    desk = call.desk
    return {"feeds": read_feeds(current_profile(desk.loaded), desk.archive, now=desk.now())}


def _find(call: Call) -> Any:
    return {"feeds": change_feeds.find_feeds(call.desk, url=call.body.url)}


def _add(call: Call) -> Any:
    return change_feeds.add_feed(call.desk, **call.body.model_dump())


def _remove(call: Call) -> Any:
    return change_feeds.remove_feed(call.desk, feed=call.body.feed)


def _import(call: Call) -> Any:
    added, listed = change_feeds.import_opml(call.desk, body=call.body.opml.encode())
    return {"added": added, "listed": listed}


def _export(call: Call) -> Any:
    loaded = current_profile(call.desk.loaded)
    body = write_opml(feeds_of(loaded), title=f"{loaded.profile.name}: feeds")
    return TextAnswer(text=body.decode(), media_type="text/x-opml", name=f"{loaded.id}-feeds.opml")


def _jingles(call: Call) -> Any:
    desk = call.desk
    jingles = read_jingles(current_profile(desk.loaded), cache=call.newsroom.folder)
    return {"jingles": jingles, "version": profile_version(desk)}


def _mix_point(call: Call) -> Any:
    body = call.body
    return change_imaging.set_mix_point(call.desk, jingle=body.jingle, mix_s=body.mix_s, seen=body.version)


def _reset(call: Call) -> Any:
    return change_imaging.reset_jingle(call.desk, jingle=call.body.jingle, seen=call.body.version)


def _upload(call: Call) -> Any:
    body, file = call.body, call.form.upload("file")
    return change_imaging.upload_jingle(call.desk, jingle=body.jingle, file=file.path, seen=body.version)


def _outlets(call: Call) -> Any:
    return read_outlets(current_profile(call.desk.loaded), call.desk.archive)


def _backups(call: Call) -> Any:
    call.newsroom.check_admin_of_all(call.access)
    desk = call.desk
    return read_backups(desk.output, desk.station, zone=ZoneInfo(desk.loaded.profile.time_zone))


def _download(call: Call) -> Any:
    call.newsroom.check_admin_of_all(call.access)
    path = find_backup(call.desk.output, call.desk.station, call.query.name)
    if path is None:
        raise UnknownRecordError(f"{call.desk.station} has no such backup; the list of backups names them")
    headers = {"Content-Disposition": f'attachment; filename="{path.name}"', "Cache-Control": "no-store"}
    return FileAnswer(path=path, media_type="application/gzip", headers=headers)


def _look(path: str, name: str, summary: str, do: Any, answer: Any, role: Role = Role.VIEWER) -> Operation:
    return Operation(
        method="GET", path=f"{_HERE}/{path}", name=name, summary=summary, role=role, answer=answer, do=do
    )


def _change(
    path: str,
    name: str,
    summary: str,
    do: Any,
    body: Any,
    answer: Any = models.ProfileAnswer,
    *,
    method: str = "POST",
    asks_only: bool = False,
) -> Operation:
    return Operation(
        method=method,
        path=f"{_HERE}/{path}",
        name=name,
        summary=summary,
        role=Role.ADMIN,
        body=body,
        answer=answer,
        do=do,
        asks_only=asks_only,
    )


OPERATIONS = (
    _look("profile", "show_profile", "The profile's file.", _profile, models.ProfileAnswer, role=Role.ADMIN),
    _change(
        "profile", "save_profile", "Check and save the profile.", _save, models.ProfileSave, method="PUT"
    ),
    _change(
        "profile/check",
        "check_profile",
        "Check a text of the profile; nothing is saved.",
        _check,
        models.ProfileBody,
        models.FindingsAnswer,
        asks_only=True,
    ),
    _look("feeds", "list_feeds", "Feeds with their state and last items.", _feeds, models.FeedList),
    _change("feeds", "add_feed", "Add a feed to the profile.", _add, models.FeedBody),
    _change(
        "feeds/find",
        "find_feeds",
        "Feeds of a site.",
        _find,
        models.SiteBody,
        models.FoundFeeds,
        asks_only=True,
    ),
    _change("feeds/remove", "remove_feed", "Remove a feed.", _remove, models.FeedName),
    _look("feeds/opml", "export_feeds", "The feeds as OPML.", _export, "text/x-opml"),
    _change(
        "feeds/opml",
        "import_feeds",
        "Add the feeds of an OPML file.",
        _import,
        models.OpmlBody,
        models.OpmlAnswer,
    ),
    _look("imaging", "list_jingles", "Jingles with their mix points.", _jingles, models.JingleList),
    _change(
        "imaging/mix-point",
        "set_mix_point",
        "Set the mix point of a jingle.",
        _mix_point,
        models.MixPointBody,
    ),
    _change("imaging/reset", "reset_jingle", "Use the jingle of the set again.", _reset, models.JingleName),
    Operation(
        method="POST",
        path=f"{_HERE}/imaging/upload",
        name="upload_jingle",
        summary="Use an uploaded sound as a jingle.",
        role=Role.ADMIN,
        form=models.JingleUpload,
        answer=models.UploadedJingleItem,
        do=_upload,
    ),
    _look(
        "deliveries", "list_deliveries", "Destinations and last deliveries.", _outlets, models.OutletsAnswer
    ),
    _look(
        "backups",
        "list_backups",
        "All that a restore can start from; for admins of all stations.",
        _backups,
        models.BackupsAnswer,
        Role.ADMIN,
    ),
    Operation(
        method="GET",
        path=f"{_HERE}/backups/file",
        name="download_backup",
        summary="A backup, for `bulletin restore`.",
        role=Role.ADMIN,
        query=models.BackupName,
        answer="application/gzip",
        do=_download,
    ),
)

"""Kind of a request -> its work, with the station's worker; the result is what the page shows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bulletin.archive.ledgers.newsroom_requests import RequestKind, ServiceRequest
from bulletin.backup.write_backup import write_backup
from bulletin.delivery.retry_deliveries import retry_deliveries
from bulletin.errors import BulletinError, ConfigError
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.changes.rewrite_feeds_after_rename import renew_outlets
from bulletin.pipeline.read_json_of_on_air_files import on_air_kinds, read_on_air
from bulletin.service.newsroom_requests.change_published import CHANGES
from bulletin.service.newsroom_requests.request_work import RequestWork
from bulletin.service.station_worker import StationWorker
from bulletin.station.build_station_object import STATE, claim_output, make_folder, open_station
from bulletin.station.open_archive import open_archive_of
from bulletin.station.open_sender import open_sender

log = logging.getLogger(__name__)

BACKUPS = "backups"
"""Folder of the backups that the newsroom made, in the state folder."""
_BACKUPS_KEPT = 10


def do_request(work: RequestWork) -> Mapping[str, Any]:
    """Do the work of a request; return its result. Raises BulletinError with the reason and the remedy."""
    return _WORK[work.request.kind](work)


def is_done_already(request: ServiceRequest, worker: StationWorker) -> bool:
    """
    Whether a bulletin of an earlier try went out before its service died.

    Its record bears the moment of that try; where the service died between files and record, a file on air is newer
    than the try, and no record knows it.
    """
    tried = request.tried_at
    if request.kind not in (RequestKind.MAKE_NOW, RequestKind.PUBLISH) or not tried:
        return False
    if worker.archive.has_bulletin_made_at(worker.id, tried):
        return True
    kinds, began = on_air_kinds(worker.loaded.profile), tried[0].replace(microsecond=0)
    on_air = read_on_air(worker.output / worker.id, kinds).values()
    newer = {file.guid for file in on_air if file and file.is_news and file.made and file.made >= began}
    known = {to["guid"] for record in worker.archive.bulletins(worker.id) for to in record.went_to}
    return bool(newer - known)


def _preview(work: RequestWork) -> Mapping[str, Any]:
    preview = work.worker.preview(within_s=work.within_s, listener=work.listener)
    stories = len(preview.chosen.stories)
    return {"due": preview.due.isoformat(), "stories": stories, "missing": preview.missing}


def _make_now(work: RequestWork) -> Mapping[str, Any]:
    _check_allowed(work.worker)
    run = work.worker.make_now(
        within_s=work.within_s, now=work.made_at, listener=work.listener, is_at_once=True
    )
    return _result_of(run)


def _publish(work: RequestWork) -> Mapping[str, Any]:
    _check_allowed(work.worker)
    every = work.worker.loaded.profile.outputs.make
    run = work.worker.make_now(
        within_s=work.within_s, now=work.made_at, listener=work.listener, outputs=every, is_at_once=True
    )
    return _result_of(run)


def _check_allowed(worker: StationWorker) -> None:
    if not worker.makes_between_slots:
        raise ConfigError(
            f"{worker.loaded.path}: [clock] between_slots is false, so no bulletin is made between slots; "
            "set it to true"
        )


def _result_of(run: Run) -> Mapping[str, Any]:
    bulletin = run.bulletin
    return {
        "title": bulletin.script.title,
        "level": str(bulletin.level),
        "duration_s": round(bulletin.renditions[0].duration_s, 1) if bulletin.renditions else 0.0,
        "outlets": [episode.outlet for episode in run.episodes if not episode.kept_back],
        "notes": list(bulletin.notes),
    }


def _retry_delivery(work: RequestWork) -> Mapping[str, Any]:
    worker = work.worker
    number = int(work.request.details.get("number", 0))
    with open_archive_of(worker.loaded, output=worker.output) as archive:
        sender = open_sender(worker.loaded, output=worker.output, archive=archive)
        sent = retry_deliveries(sender, number=number or None, now=work.now(), within_s=work.within_s)
    lines = [
        {"delivery": r.delivery, "result": str(r.result), "title": r.title, "note": r.note} for r in sent
    ]
    failed = [result for result in sent if result.is_missing]
    if failed:
        raise BulletinError("; ".join(result.note or f"{result.delivery}: it waits" for result in failed))
    return {"deliveries": lines}


def _republish(work: RequestWork) -> Mapping[str, Any]:
    worker = work.worker
    claim_output(worker.loaded, output=worker.output)
    with open_station(worker.loaded, output=worker.output) as station:
        renewed = renew_outlets(station.outlets, station.sender, publishing=station.publishing())
    return {"changed": {outlet.outlet: outlet.changed for outlet in renewed}}


def _back_up(work: RequestWork) -> Mapping[str, Any]:
    """Write a backup beside the earlier ones; of the older ones the last ten stay."""
    worker = work.worker
    folder = backups_folder(worker.output, worker.id)
    make_folder(folder, is_private=True)
    file = folder / f"{worker.id}-{work.made_at:%Y%m%d-%H%M%S}.tar.gz"
    written = write_backup([worker.loaded], output=worker.output, file=file, speech=False, now=work.made_at)
    for old in sorted(folder.glob("*.tar.gz"))[:-_BACKUPS_KEPT]:
        old.unlink(missing_ok=True)
    secrets = [f"{'.'.join(map(str, s.key))} (env:{s.variable})" for s in written.manifest.secrets]
    left_out = list(written.manifest.left_out)
    return {"file": file.name, "bytes": written.bytes, "secrets_left_out": secrets, "left_out": left_out}


def backups_folder(output: Path, station: str) -> Path:
    """The folder of a station's backups that the newsroom made; private."""
    return output / STATE / BACKUPS / station


_WORK: Mapping[RequestKind, Callable[[RequestWork], Mapping[str, Any]]] = {
    RequestKind.PREVIEW: _preview,
    RequestKind.MAKE_NOW: _make_now,
    RequestKind.PUBLISH: _publish,
    RequestKind.RETRY_DELIVERY: _retry_delivery,
    RequestKind.REPUBLISH: _republish,
    RequestKind.BACK_UP: _back_up,
    **CHANGES,
}

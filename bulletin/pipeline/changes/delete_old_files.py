"""[keep] of a profile -> old files and rows deleted, oldest first, never a file that a feed names."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from bulletin.archive.archive import Archive
from bulletin.archive.database.check_database_damage import CorruptArchiveError
from bulletin.archive.ledgers.delete_old_rows import forget, hide_secrets
from bulletin.archive.ledgers.find_clips_in_use import find_clips_in_use
from bulletin.audio.mixing.mix_shared_body import FOLDER as BODIES
from bulletin.errors import ArchiveError, BulletinError
from bulletin.publishing.atomic_file_batch import sweep_parts
from bulletin.publishing.podcast.paged_feed import PAGES
from bulletin.runtime.count_days_by_uptime import UPTIME_FILE, UptimeLog, record_run
from bulletin.runtime.files.file_lock import LockedError
from bulletin.speech.clips.clip_folder import delete_unused_clips
from bulletin.station.build_station_object import Station
from bulletin.station.desk_of_station import RUNNING_ORDERS
from bulletin.station.sign_bulletin_mp3s import SIGNED

log = logging.getLogger(__name__)

_ASIDE_KEPT = 3
"""Damaged archives that are kept for inspection."""
_SHARED_KEPT = timedelta(hours=3)
"""Bulletins of one hour are made in this time; a correction mixes its own."""
_STORIES = "stories"
_LOOK_EVERY = timedelta(hours=6)
_ALL_ROWS = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lot:
    """Files that are deleted together: sound and text of a bulletin, or its story files."""

    files: tuple[Path, ...]
    guid: str = ""
    """Guid of story files, which their outlet withdraws."""

    @property
    def written_at(self) -> float:
        return max(path.stat().st_mtime for path in self.files)

    @property
    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files)


def keep_within_limits(station: Station, *, now: datetime) -> None:
    """
    Apply the limits after a run. Raises nothing: the bulletin is published, and the next run tries again.

    A group has maintenance for it (`bulletin/group/planning/plan_upkeep.py`), after the slots of the hour; a run only
    counts as work of its machine.
    """
    if station.archive.is_shared:
        _count_run(station, now)
        return
    try:
        apply_limits(station, now=now)
    except (BulletinError, OSError) as error:
        log.warning(
            "old files not deleted, trying again after the next run: station=%s: %s", station.words.id, error
        )


def apply_limits(station: Station, *, now: datetime) -> None:
    """
    Apply the profile's limits to the station's folder, the speech cache, the archive and files set aside.

    While another run publishes, sound is not deleted. Days are working days (UptimeLog), so that a clock that ran
    ahead deletes nothing. Raises BulletinError, OSError.
    """
    keep = station.profile.keep
    worked = _count_run(station, now)
    stamp = station.state / f"{station.words.id}.tidied"
    limits = f"{keep.audio_days} {keep.audio_mb}"  # when they change, a scan is due
    if _is_scan_due(stamp, limits, now):
        _sweep_state_once(station, now)
        _hide_secrets_once(station, now)
        with suppress(LockedError), station.publishing(wait_s=0.0):
            sweep_parts(station.folder)
            _drop_sound(station, worked.before(now, days=keep.audio_days))
            _drop_clips(station, worked.before(now, days=max(keep.audio_days, keep.articles_days)))
            for outlet in station.outlets:
                outlet.sweep()
            forget(
                station.archive,
                station.words.id,
                articles=worked.before(now, days=keep.articles_days),
                runs=worked.before(now, days=keep.runs_days),
                records=worked.before(now, days=keep.record_days),
            )
            stamp.write_text(
                f"{limits} {now.isoformat()}", "utf-8"
            )  # last: after an error the next run tries again
    _drop_shared(station, now)
    _drop_set_aside(station.state, station.words.id, worked.before(now, days=keep.runs_days))


def _count_run(station: Station, now: datetime) -> UptimeLog:
    return record_run(station.state / UPTIME_FILE, now, made=station.archive.days_of_work)


def _sweep_state_once(station: Station, now: datetime) -> None:
    """Delete old speech and temporary files of the folder that all stations share, once for all of them."""
    stamp, limit = station.state / "state.tidied", f"{station.profile.speech.cache_mb}"
    if _is_scan_due(stamp, limit, now):
        station.cache.prune()
        sweep_parts(station.state)
        stamp.write_text(f"{limit} {now.isoformat()}", "utf-8")


def _hide_secrets_once(station: Station, now: datetime) -> None:
    """Hide secrets in old rows, once for all stations of the archive: it reads every row."""
    stamp = station.state / "archive.tidied"
    if _is_scan_due(stamp, _ALL_ROWS, now):
        hide_secrets(station.archive)
        stamp.write_text(f"{_ALL_ROWS} {now.isoformat()}", "utf-8")


def _drop_shared(station: Station, now: datetime) -> None:
    """Delete running orders and bodies of earlier bulletins; in a group the store is tidied for all stations."""
    if station.shared is None or station.archive.is_shared:
        return
    for folder in (BODIES, RUNNING_ORDERS):
        for item in station.shared.list(folder):
            if item.changed_at < now - _SHARED_KEPT:
                station.shared.delete(item.key)


def copy_daily(archive: Archive, *, now: datetime) -> None:
    """Copy the archive, once a day. Raises nothing: errors are logged."""
    try:
        archive.copy_daily(now=now)
    except CorruptArchiveError as error:
        log.error("archive damaged and recovered: %s", error)
    except ArchiveError as error:
        log.warning("archive not copied today: %s", error)


def _is_scan_due(stamp: Path, limits: str, now: datetime) -> bool:
    """Whether a scan of the folder is due: it has thousands of files, and a bulletin adds seven."""
    with suppress(OSError, ValueError):
        noted_limits, _, moment = stamp.read_text("utf-8").rpartition(" ")
        since = now - datetime.fromisoformat(moment)
        return noted_limits != limits or not timedelta(0) <= since < _LOOK_EVERY
    return True


def _drop_sound(station: Station, oldest: datetime) -> None:
    keep = station.profile.keep
    references = _read_references(station.folder, station.words.id)
    lots = sorted(_lots(station.folder, station.words.id), key=lambda lot: lot.written_at)
    over = sum(lot.bytes for lot in lots) - keep.audio_mb * 1e6 if keep.audio_mb else 0.0
    dropped: list[_Lot] = []
    for lot in lots:
        if lot.written_at >= oldest.timestamp() and over <= 0:
            break
        if _is_referenced(lot, references):
            continue
        over -= lot.bytes
        if lot.guid:  # their outlet knows the sounds shared with other bulletins
            for outlet in station.outlets:
                if outlet.name == _STORIES:
                    outlet.withdraw(lot.guid)
        else:
            for path in lot.files:
                path.unlink(missing_ok=True)
        dropped.append(lot)
    if dropped:
        pages = {lot.files[0].name.partition(".")[0] for lot in dropped if not lot.guid}
        for outlet in station.outlets:
            outlet.tidy()
            outlet.forget_sound(pages)
        log.info("sound of old bulletins deleted: station=%s bulletins=%d", station.words.id, len(dropped))


def _drop_clips(station: Station, oldest: datetime) -> None:
    """Delete the recorded clips that nothing has needed since `oldest`; other stations' clips are in the folder, too."""
    if station.clips.is_dir():
        used = find_clips_in_use(station.archive, since=oldest)
        if count := delete_unused_clips(station.clips, used=used, before=oldest):
            log.info("unused recorded clips deleted: clips=%d", count)


def _lots(folder: Path, station: str) -> Iterator[_Lot]:
    """Lots found from the files alone, so that files of a lost archive are deleted too."""
    bulletins: dict[str, list[Path]] = {}
    for path in folder.glob(f"{station}-[0-9]*"):
        bulletins.setdefault(path.name.partition(".")[0], []).append(path)
    for files in bulletins.values():
        yield _Lot(files=tuple(files))
    for path in (folder / _STORIES).glob(f"{station}-{_STORIES}-*.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            stories = json.loads(path.read_bytes())
            sounds = [folder / _STORIES / Path(story["audio"]).name for story in stories["stories"]]
            story_files = (path, *(sound for sound in sounds if sound.is_file()))
            yield _Lot(files=story_files, guid=str(stories["guid"]))


def _read_references(folder: Path, station: str) -> str:
    """Text of all files that name published sounds: feed, front pages, side files, index of stories."""
    # not older feed pages and bulletin pages: they are rewritten without the sound, or deleted with it
    feeds = set(folder.glob("*.xml")) - set(folder.glob(PAGES))
    pages = {path for path in folder.glob("*.html") if not path.match(f"{station}-[0-9]*")}
    fronts = [*feeds, *pages, folder / "latest.json", folder / "stories.json"]
    return "\n".join(path.read_text("utf-8", "replace") for path in fronts if path.is_file())


def _is_referenced(lot: _Lot, references: str) -> bool:
    names = [*filter(None, [lot.guid]), *(path.name for path in lot.files)]
    return any(name in references or quote(name) in references for name in names)


def _drop_set_aside(state: Path, station: str, oldest: datetime) -> None:
    for folder, pattern in (("unfit", "*"), (SIGNED, "*/*")):
        for path in (state / folder / station).glob(pattern):
            if path.is_file() and path.stat().st_mtime < oldest.timestamp():
                path.unlink(missing_ok=True)
    aside = sorted(path for path in state.glob("*.corrupt-*") if not path.name.endswith(("-wal", "-shm")))
    for path in aside[:-_ASIDE_KEPT]:
        for tail in ("", "-wal", "-shm"):
            path.with_name(path.name + tail).unlink(missing_ok=True)

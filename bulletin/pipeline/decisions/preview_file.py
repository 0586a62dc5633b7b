"""Preview: the coming bulletin without edits, in a file that the newsroom reads."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bulletin.audio.place_sounds_on_timeline import JingleKind, JingleTiming
from bulletin.audio.rundown.predict_stories_that_will_fit import RenditionLength
from bulletin.language.split_sentences import storable
from bulletin.model import Chosen, FeedState, Script
from bulletin.runtime.files.atomic_write import write_atomically


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedGlance:
    """Result of a feed at the preview."""

    name: str
    state: FeedState
    articles: int = 0
    newest: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The coming bulletin without edits: they are applied whenever it is shown."""

    station: str
    due: datetime
    """The slot that it is for; for a station without slots the time of making."""
    made_at: datetime
    chosen: Chosen
    """Stories in running order; `reserve` fills a short bulletin, `ranked` holds the other candidates."""
    script: Script
    """Every candidate as the program writes it, with all its cuts and a headline, in no order."""
    headlines: int
    """Number of stories with a headline."""
    pace_wps: float
    letters_per_s: float
    lengths: tuple[RenditionLength, ...]
    timings: Mapping[JingleKind, JingleTiming]
    kills: tuple[str, ...] = ()
    """Kill list of the profile; that of the archive is read when the bulletin is shown."""
    feeds: tuple[FeedGlance, ...] = ()
    missing: str = ""
    """Why there is no bulletin: the feeds bring nothing."""
    names: frozenset[str] = frozenset()
    """Ids and aliases of all articles of the candidates, and ids of those that were left out."""
    lost: frozenset[str] = frozenset()
    """Ids of stories that have left the feeds, and are kept because an editor wants them."""


def preview_path(state: Path, station: str) -> Path:
    """The file of a station's preview; `state` is the private folder of the output folder."""
    return state / "newsroom" / station / "coming.json"


def save_preview(state: Path, preview: Preview) -> Path:
    """Replace the station's preview file, whole or not at all. Raises OSError."""
    path = preview_path(state, preview.station)
    text = _file().dump_json(preview).decode("utf-8", "replace")
    write_atomically(path, storable(text))
    return path


def load_preview(state: Path, station: str) -> Preview | None:
    """The station's last preview, kept in memory until its file changes; None: there is none that can be read."""
    path = preview_path(state, station)
    with suppress(OSError):
        status = path.stat()
        return _read(path, status.st_mtime_ns, status.st_size, status.st_ino)
    return None


@lru_cache(maxsize=64)
def _read(path: Path, *version: int) -> Preview | None:
    try:
        return _file().validate_json(path.read_bytes())
    except (OSError, ValidationError):  # of another version of Bulletin: the next preview replaces it
        return None


@cache
def _file() -> TypeAdapter[Preview]:
    return TypeAdapter(Preview)

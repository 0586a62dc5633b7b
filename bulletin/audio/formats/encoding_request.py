"""Order: a rendition to be made, as one file or one for each story."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.audio.formats.encoders import RATES_HZ, peak_room_db

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.tables.output_options import RenditionOptions

_VOICE_UNDER_DB = 1.0
"""Headroom of the voice alone under the ceiling of the mix, for the music."""
_MOST_CREST_DB = 12.0
"""Largest crest of the voice: its peaks over its loudness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One rendition to be made."""

    kind: str
    """ "podcast", "fm", "speaker" or "stories"."""
    path: Path
    """The finished file; for "stories" the folder."""
    options: RenditionOptions
    is_up_to: bool = False
    """The target length is a maximum."""

    @property
    def rate_hz(self) -> int:
        """Sampling rate of the mix."""
        return 48_000 if self.kind == "fm" else RATES_HZ[self.options.format]

    @property
    def ceiling_dbtp(self) -> float:
        """Ceiling of the limiter, so that the decoded file keeps its true peak."""
        return self.options.true_peak_dbtp - peak_room_db(self.options.format, self.options.bitrate_kbps)

    @property
    def voice_crest_db(self) -> float:
        """Ceiling of the voice over its loudness, in steps, so that similar renditions share the limited voice."""
        room_db = self.ceiling_dbtp - _VOICE_UNDER_DB - self.options.loudness_lufs
        return min(_MOST_CREST_DB, room_db // 0.5 * 0.5)

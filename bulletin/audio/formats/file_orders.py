"""What is wanted: one finished file, or one a story."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.audio.formats.encoders import RATES_HZ, peak_room_db

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.tables.output_options import RenditionOptions

_VOICE_UNDER_DB = 1.0
"""Of the voice alone under the ceiling of the whole: music will be added."""
_MOST_CREST_DB = 12.0
"""How far a newsreader's peaks may stand over the loudness, where there is room for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A rendition that is wanted."""

    kind: str
    """ "podcast", "fm", "speaker" or "stories"."""
    path: Path
    """The finished file; of "stories" the folder."""
    options: RenditionOptions
    is_up_to: bool = False
    """The target is only the most that it may last."""
    is_examined: bool = False
    """Listen closely when it is verified, so that nobody has to decode it again to examine it."""

    @property
    def rate_hz(self) -> int:
        """At which it is rendered."""
        return 48_000 if self.kind == "fm" else RATES_HZ[self.options.format]

    @property
    def ceiling_dbtp(self) -> float:
        """For the limiter, so that the decoded file keeps to its true peak."""
        return self.options.true_peak_dbtp - peak_room_db(self.options.format, self.options.bitrate_kbps)

    @property
    def voice_crest_db(self) -> float:
        """In steps, so that renditions with about the same room have the same voice."""
        room_db = self.ceiling_dbtp - _VOICE_UNDER_DB - self.options.loudness_lufs
        return min(_MOST_CREST_DB, room_db // 0.5 * 0.5)

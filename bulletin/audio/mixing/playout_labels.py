"""A rendition for the air -> what its WAV file tells the playout, before it is made and after it was heard."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bulletin.audio.formats.file_orders import Order
from bulletin.audio.formats.wav.riff_wave import Chunk, replace_chunk
from bulletin.audio.layout import Rundown
from bulletin.audio.metering.loudness import momentary_max_lufs, range_lu, short_term_max_lufs
from bulletin.audio.metering.measure_file import FileMeasurements
from bulletin.model import Script

if TYPE_CHECKING:
    from bulletin.audio.formats.wav.bext import Loudness
    from bulletin.audio.formats.wav.broadcast_chunks import BroadcastTake
    from bulletin.config.tables.output_options import FmOptions


class Labels:
    """Broadcast chunks of one file; nothing for files that are no WAV for the air."""

    def __init__(self, script: Script, order: Order, rundown: Rundown, *, made: datetime) -> None:
        self._script = script
        self._order = order
        self._rundown = rundown
        self._made = made
        self._is_wanted = order.kind == "fm" and order.options.format == "wav"

    def chunks(self) -> tuple[Chunk, ...]:
        """bext without its loudness, and cart."""
        if not self._is_wanted:
            return ()
        from bulletin.audio.formats.wav.broadcast_chunks import make_bulletin_cart

        options = cast("FmOptions", self._order.options)
        return (self._bext(), make_bulletin_cart(self._script, self._take(), options=options))

    def amend(self, path: Path, heard: FileMeasurements) -> None:
        """Write into the file how loud it was found to be. Raises AudioError, OSError."""
        if not self._is_wanted:
            return
        from bulletin.audio.formats.wav.bext import Loudness

        found = Loudness(
            integrated_lufs=heard.loudness_lufs,
            range_lu=range_lu(heard.powers),
            true_peak_dbtp=heard.true_peak_dbtp,
            momentary_max_lufs=momentary_max_lufs(heard.powers),
            short_term_max_lufs=short_term_max_lufs(heard.powers),
        )
        replace_chunk(path, self._bext(found))

    def _bext(self, loudness: Loudness | None = None) -> Chunk:
        from bulletin.audio.formats.wav.broadcast_chunks import make_bulletin_bext

        return make_bulletin_bext(self._script, self._take(), made=self._made, loudness=loudness)

    def _take(self) -> BroadcastTake:
        from bulletin.audio.formats.wav.broadcast_chunks import BroadcastTake

        first_word = min((one.start for one in self._rundown.voiced), default=0)
        has_intro = any(one.start < first_word for one in self._rundown.played)
        return BroadcastTake(
            rate_hz=self._order.rate_hz,
            duration_s=self._rundown.duration_s,
            first_word_s=first_word / self._order.rate_hz if has_intro else 0.0,
            words="\n".join(one.clip.passage.text for one in self._rundown.voiced),
        )

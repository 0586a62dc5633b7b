"""Script and Rundown -> chunks of a broadcast WAV: when it may air, where its first word is, how loud it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bulletin.audio.formats.rendition_orders import Order
from bulletin.audio.formats.wav.riff_wave import Chunk, replace_chunk
from bulletin.audio.metering.loudness import MOMENTARY, SHORT_TERM, loudest_lufs, range_lu
from bulletin.audio.metering.measure_file import FileMeasurements
from bulletin.audio.rundown_layout import Rundown
from bulletin.model import Script

if TYPE_CHECKING:
    from bulletin.config.tables.output_options import FmOptions


class PlayoutLabels:
    """Broadcast chunks of one WAV file for the air; nothing for any other file."""

    def __init__(self, script: Script, order: Order, rundown: Rundown, *, made: datetime) -> None:
        self._script = script
        self._order = order
        self._rundown = rundown
        self._made = made
        self._is_needed = order.kind == "fm" and order.options.format == "wav"

    def make_chunks(self) -> tuple[Chunk, ...]:
        """bext, without loudness, and cart."""
        if not self._is_needed:
            return ()
        # Imported late, here and below: only broadcast files need it.
        from bulletin.audio.formats.wav.broadcast_chunks import make_bulletin_bext, make_bulletin_cart

        rundown, rate_hz = self._rundown, self._order.rate_hz
        first_word = min((voiced.start for voiced in rundown.voiced), default=0)
        has_intro = any(played.start < first_word for played in rundown.played)
        cart = make_bulletin_cart(
            self._script,
            options=cast("FmOptions", self._order.options),
            lines=[voiced.clip.passage.text for voiced in rundown.voiced],
            frames=round(rundown.duration_s * rate_hz),
            first_word=first_word if has_intro else 0,
        )
        return (make_bulletin_bext(self._script, rate_hz=rate_hz, made=self._made), cart)

    def add_loudness(self, path: Path, measured: FileMeasurements) -> None:
        """Write the measured loudness into the bext chunk of the finished file. Raises AudioError, OSError."""
        if not self._is_needed:
            return
        from bulletin.audio.formats.wav.bext import Loudness
        from bulletin.audio.formats.wav.broadcast_chunks import make_bulletin_bext

        loudness = Loudness(
            integrated_lufs=measured.loudness_lufs,
            range_lu=range_lu(measured.powers),
            true_peak_dbtp=measured.true_peak_dbtp,
            momentary_max_lufs=loudest_lufs(measured.powers, hops=MOMENTARY),
            short_term_max_lufs=loudest_lufs(measured.powers, hops=SHORT_TERM),
        )
        rate_hz = self._order.rate_hz
        replace_chunk(
            path, make_bulletin_bext(self._script, rate_hz=rate_hz, made=self._made, loudness=loudness)
        )

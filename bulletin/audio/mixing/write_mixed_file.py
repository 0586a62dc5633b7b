"""Mixer -> finished file at its target loudness: gain, limiter, encoder; then decoded and measured."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from bulletin.audio.formats.encoders import Encoder, make_encoder
from bulletin.audio.formats.encoding_request import Order
from bulletin.audio.formats.write_id3_tags import Head
from bulletin.audio.metering.loudness import db_to_gain, integrated_lufs
from bulletin.audio.metering.measure_sound_file import FileMeasurements, measure_file
from bulletin.audio.mixing.limiter import limit_blocks
from bulletin.audio.mixing.mix_block_by_block import Mixer
from bulletin.audio.music.load_jingles import REFERENCE_LUFS
from bulletin.errors import AudioError, find_write_remedy
from bulletin.runtime.files.atomic_write import atomic_file

log = logging.getLogger(__name__)

_TRIES = 5
_NEAR_LU = 0.15
"""Largest error of loudness without another try."""
_RESAMPLED_DB = 0.3
"""Most by which resampling raises the peaks of the limited voice, measured."""
_MOST_STEP_DB = 3.0
"""Largest step of gain: more would pump."""

Result = TypeVar("Result")
Work = Generator[None, None, Result]
"""A job in small steps, so that several can take turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Gain and limiter with which a mix meets its loudness and its peak."""

    gain_db: float
    ceiling_dbtp: float


def render_file(
    mixer: Mixer,
    order: Order,
    *,
    path: Path,
    head: Head,
    amend: Callable[[Path, FileMeasurements], None] | None = None,
) -> Work[FileMeasurements]:
    """
    Write the file of an order, one block a step, and return its measurements.

    Tries again in the rare case that encoder or limiter missed the target. `amend` writes data into the
    finished file that are known only after measuring. The file is replaced whole or not at all. Raises
    AudioError.
    """
    with writing(path) as part:
        measured, _ = yield from render_to_target(mixer, order, part, head=head)
        if amend:
            amend(part, measured)
    return measured


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a part file that replaces `path` at the end. Raises AudioError where it cannot be written."""
    try:
        with atomic_file(path) as part:
            yield part
    except OSError as error:
        raise AudioError(
            f"{path}: cannot be written ({error.strerror or error}); {find_write_remedy(error)}"
        ) from error


def render_to_target(
    mixer: Mixer, order: Order, path: Path, *, head: Head | None = None, louder_lu: float = 0.0
) -> Work[tuple[FileMeasurements, Level]]:
    """
    Write and measure a file, again until it has its loudness and peak; return the level that it needed.

    `louder_lu`: loudness of a part above that of the order, which is that of the whole.
    """
    target_lufs = order.options.loudness_lufs + louder_lu
    gain_db = target_lufs - integrated_lufs(mixer.powers())
    level = Level(gain_db=gain_db, ceiling_dbtp=order.ceiling_dbtp)
    for _ in range(_TRIES):
        used = level
        encoder = make_encoder(
            order.options.format, path, rate_hz=order.rate_hz, kbps=order.options.bitrate_kbps, head=head
        )
        yield from encode_mix(mixer, order, encoder, used)
        measured = measure_file(path)
        log.info(
            "rendition mixed: kind=%s loudness=%.2f LUFS peak=%.2f dBTP length=%.3f s",
            *(order.kind, measured.loudness_lufs, measured.true_peak_dbtp, measured.duration_s),
        )
        off_lu = target_lufs - measured.loudness_lufs
        over_db = measured.true_peak_dbtp - order.options.true_peak_dbtp
        if abs(off_lu) <= _NEAR_LU and over_db <= 0:
            break
        level = Level(
            gain_db=level.gain_db + min(off_lu, _MOST_STEP_DB),
            ceiling_dbtp=lower_ceiling(level.ceiling_dbtp, over_db),
        )
    return measured, used


def lower_ceiling(ceiling_dbtp: float, over_db: float) -> float:
    """Ceiling of the next try, after a peak that was too high by `over_db`."""
    return ceiling_dbtp - (over_db + 0.1 if over_db > 0 else 0.0)


def take_turns(works: Sequence[Work[Result]]) -> list[Result]:
    """
    Run several jobs step by step, in turn; when one fails the others are abandoned.

    Their encoders, each in its own thread, work side by side, and shared clips stay in memory.
    """
    results: dict[int, Result] = {}
    waiting = deque(enumerate(works))
    try:
        while waiting:
            number, work = waiting[0]
            try:
                next(work)
                waiting.rotate(-1)
            except StopIteration as end:
                results[number] = end.value
                waiting.popleft()
    finally:
        for _, work in waiting:
            work.close()
    return [results[number] for number in sorted(results)]


def encode_mix(mixer: Mixer, order: Order, encoder: Encoder, level: Level) -> Work[None]:
    """Render a mix at a level into an encoder, one block a step, and close it. Raises AudioError, OSError."""
    gain_db, ceiling_dbtp = level.gain_db, level.ceiling_dbtp
    gain = np.float32(db_to_gain(gain_db))
    is_voice_lower = REFERENCE_LUFS + order.voice_crest_db + gain_db + _RESAMPLED_DB <= ceiling_dbtp
    # In place: the mixer does not use a block again.
    louder = (np.multiply(block, gain, out=block) for block in mixer.blocks())
    try:
        for block in limit_blocks(
            louder, rate_hz=order.rate_hz, ceiling_dbtp=ceiling_dbtp, is_voice_lower=is_voice_lower
        ):
            # channel by channel: six times as fast as numpy's own change of layout
            stereo = np.empty((len(block), 2), dtype=np.float32)
            stereo[:, 0], stereo[:, 1] = block[:, 0], block[:, -1]
            encoder.write(stereo)
            yield
        encoder.close()
    except BaseException:
        encoder.abandon()
        raise

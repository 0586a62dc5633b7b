"""Clip -> Bulletin: rundown, mix, level, encode, verify."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bulletin.audio.chapters import make_chapters, make_cues
from bulletin.audio.encode import Mp3Encoder, overshoot_db
from bulletin.audio.id3 import Tags, make_id3
from bulletin.audio.jingles import Jingles, load_jingles
from bulletin.audio.limiter import limit_blocks
from bulletin.audio.listen import Heard, listen
from bulletin.audio.loudness import db_to_gain, integrated_lufs
from bulletin.audio.quality import examine, limits_of
from bulletin.audio.render import Mixer
from bulletin.audio.rundown import Plan, plan_rundown
from bulletin.audio.stretch import can_stretch
from bulletin.audio.voice import Levels
from bulletin.errors import AudioError
from bulletin.model import Bulletin, Chapter, Cue, Rendition, Script, Spoken
from bulletin.pcm import Samples

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.options import AudioOptions
    from bulletin.config.outputs import RenditionOptions

__all__ = ["Jingles", "Order", "Tags", "mix_bulletin"]

log = logging.getLogger(__name__)

RATE_HZ = 44100
_TRIES = 3
_BEND = 0.05
"""Speech may be a twentieth slower or faster than it was spoken: few hear it."""
_NEAR_LU = 0.15
"""A file this near to its target is not made again."""
_VOICE_PEAK_DB = -1.0
"""Of the voice alone under the ceiling of the whole: music will be added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aim:
    """What goes into the encoder, so that the right thing comes out of the decoder."""

    gain_db: float
    ceiling_dbtp: float


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


def mix_bulletin(
    script: Script,
    spoken: Spoken,
    *,
    jingles: Jingles,
    options: AudioOptions,
    orders: Sequence[Order],
    target_s: float,
    tags: Tags,
) -> Bulletin:
    """
    Mix what was spoken with the station's music, a file for each order, each whole or not at all.

    Stories that do not fit into `target_s` are in the bulletin's `dropped`, jingles that cannot be
    used in its `notes`. Loudness, peak and length are those of the decoded files. Raises AudioError.
    """
    if not spoken.clips:
        raise AudioError("there is no speech to mix")
    made = [
        _render(script, spoken, order, jingles=jingles, options=options, target_s=target_s, tags=tags)
        for order in orders
    ]
    _, plan, _ = made[0]
    return Bulletin(
        script=script,
        voice=spoken.voice,
        second_voice=spoken.second,
        renditions=tuple(rendition for rendition, _, _ in made),
        aired=plan.aired,
        dropped=plan.dropped,
        planned_s=target_s,
        notes=tuple(dict.fromkeys(note for _, plan, notes in made for note in (*notes, *plan.notes))),
    )


def _render(
    script: Script,
    spoken: Spoken,
    order: Order,
    *,
    jingles: Jingles,
    options: AudioOptions,
    target_s: float,
    tags: Tags,
) -> tuple[Rendition, Plan, tuple[str, ...]]:
    wanted = order.options
    shelf = load_jingles(jingles, rate_hz=RATE_HZ, voice_lufs=wanted.loudness_lufs)
    if script.opening_later and not wanted.time_check:
        script = replace(script, opening=script.opening_later)
    plan = plan_rundown(
        script,
        spoken,
        shelf.tunes,
        target_s=target_s,
        gap_s=options.gap_s,
        rate_hz=RATE_HZ,
        bend=_BEND if can_stretch() else 0.0,
    )
    ceiling_dbtp = wanted.true_peak_dbtp - overshoot_db(wanted.bitrate_kbps)
    levels = Levels(
        voice_lufs=wanted.loudness_lufs,
        voice_peak_dbtp=ceiling_dbtp + _VOICE_PEAK_DB,
        bed_under_lu=options.bed_under_lu,
    )
    mixer = Mixer(plan.rundown, shelf.records, levels=levels)
    chapters, cues = make_chapters(script, plan.rundown), make_cues(plan.rundown)
    head = _head(script, plan, tags, chapters=chapters, cues=cues)
    heard = _write(mixer, order, head=head, ceiling_dbtp=ceiling_dbtp)
    rendition = Rendition(
        kind=order.kind,
        path=order.path,
        media_type="audio/mpeg",
        duration_s=heard.duration_s,
        loudness_lufs=heard.loudness_lufs,
        true_peak_dbtp=heard.true_peak_dbtp,
        chapters=chapters,
        cues=cues,
        aired=plan.aired,
    )
    if order.is_examined:
        limits = limits_of(wanted, duration_s=plan.rundown.duration_s)
        rendition = replace(rendition, quality=examine(rendition, limits=limits, heard=heard))
    return rendition, plan, shelf.notes


def _head(
    script: Script, plan: Plan, tags: Tags, *, chapters: tuple[Chapter, ...], cues: tuple[Cue, ...]
) -> bytes:
    lyrics = tags.lyrics or "\n".join(cue.text for cue in cues)
    duration_s = plan.rundown.duration_s
    return make_id3(tags, title=script.title, lyrics=lyrics, duration_s=duration_s, chapters=chapters)


def _write(mixer: Mixer, order: Order, *, head: bytes, ceiling_dbtp: float) -> Heard:
    """Encode, decode, measure; again in the rare case that encoder or limiter took it off its aim."""
    path, options = order.path, order.options
    part = path.with_name(f"part-{path.name}")
    aim = _Aim(gain_db=options.loudness_lufs - integrated_lufs(mixer.powers()), ceiling_dbtp=ceiling_dbtp)
    try:
        for _ in range(_TRIES):
            _encode(mixer, part, head=head, aim=aim, kbps=options.bitrate_kbps)
            heard = listen(part, closely=order.is_examined)
            log.info(
                "mixed: loudness=%.2f LUFS peak=%.2f dBTP length=%.3f s",
                heard.loudness_lufs,
                heard.true_peak_dbtp,
                heard.duration_s,
            )
            better = _correct(aim, heard, options)
            if better == aim:
                break
            aim = better
        part.replace(path)
    except OSError as error:
        raise AudioError(
            f"{path}: cannot be written ({error.strerror or error}); free some space or choose another folder"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return heard


def _correct(aim: _Aim, heard: Heard, options: RenditionOptions) -> _Aim:
    """The same aim when what is heard is right."""
    off_lu = options.loudness_lufs - heard.loudness_lufs
    over_db = heard.true_peak_dbtp - options.true_peak_dbtp
    return _Aim(
        gain_db=aim.gain_db + (off_lu if abs(off_lu) > _NEAR_LU else 0.0),
        ceiling_dbtp=aim.ceiling_dbtp - (over_db + 0.1 if over_db > 0 else 0.0),
    )


def _encode(mixer: Mixer, part: Path, *, head: bytes, aim: _Aim, kbps: int) -> None:
    gain = np.float32(db_to_gain(aim.gain_db))
    louder: Iterable[Samples] = (np.asarray(block * gain, dtype=np.float32) for block in mixer.blocks())
    with part.open("wb") as file:
        file.write(head)
        encoder = Mp3Encoder(file, rate_hz=RATE_HZ, channels=2, kbps=kbps)
        try:
            for block in limit_blocks(louder, rate_hz=RATE_HZ, ceiling_dbtp=aim.ceiling_dbtp):
                encoder.write(block)
            encoder.close()
        except BaseException:
            encoder.abandon()
            raise
        file.flush()
        os.fsync(file.fileno())

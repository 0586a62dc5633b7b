"""
SharedPlan -> finished MP3: the body from the store, or mixed for all who need it; the station's own opening and closing.

The body is mixed, levelled and encoded once for all stations with the same stories, cuts, voice and stings; its key
is made of everything that it consists of, so no station gets another body than it would mix itself. The opening and
closing take the gain of the body, and the words of every part have the same loudness before it: no step at the joints.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from bulletin import __version__
from bulletin.audio.formats.encoding_request import Order
from bulletin.audio.formats.join_mp3_parts import Mp3Part, join_mp3_parts
from bulletin.audio.formats.mp3_encoder import Mp3Encoder
from bulletin.audio.formats.mp3_info_frame import FRAME
from bulletin.audio.formats.write_id3_tags import Head, make_id3
from bulletin.audio.metering.measure_sound_file import FileMeasurements, measure_file
from bulletin.audio.mixing.mix_block_by_block import Mixer
from bulletin.audio.mixing.write_mixed_file import (
    Level,
    Work,
    encode_mix,
    lower_ceiling,
    render_to_target,
    writing,
)
from bulletin.audio.music.prepared_jingle_cache import PreparedJingle
from bulletin.audio.place_sounds_on_timeline import JingleKind, Rundown
from bulletin.audio.rundown.plan_shared_body import SharedPlan
from bulletin.errors import StoreError
from bulletin.runtime.lock_per_key import KeyLocks
from bulletin.runtime.read_sound_file import read_sound
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

FOLDER = "bodies"
"""First part of the key of each body in the store."""
_FORM = 1
"""Version of a stored body."""
_TRIES = 3
_QUIETER_LU = 0.3
"""By which opening and closing are quieter than the stories: half of them is music, 1 LU below the voice; measured."""
_CHANNELS = 2
_MIXING = KeyLocks()
"""Bodies that threads of this process are mixing: the second one waits for the first, and reads its body."""
MakeMixer = Callable[[Rundown], Mixer]
"""The mix of a part, with the voice and the music of the bulletin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The encoded middle of a bulletin."""

    data: bytes
    """MP3 of the body alone."""
    level: Level
    """Gain and ceiling that the opening and closing take over."""


def body_key(
    plan: SharedPlan,
    order: Order,
    jingles: Mapping[JingleKind, PreparedJingle],
    *,
    voice_hz: int,
    bed_under_lu: float,
) -> str:
    """
    Key of a body in the store: a digest of its sounds and their times, its format, and the program's version.

    Clips count with their samples: the same words of another voice, or of another lexicon, are another body.
    """
    body, options = plan.body, order.options
    digest = hashlib.sha256()
    facts = (_FORM, __version__, body.rate_hz, body.frames, options.format, options.bitrate_kbps)
    levels = (
        options.loudness_lufs,
        options.true_peak_dbtp,
        options.bed,
        order.voice_crest_db,
        bed_under_lu,
        voice_hz,
    )
    digest.update(repr((facts, levels, _louder_lu(plan, order))).encode())
    for voiced in body.voiced:
        digest.update(repr((voiced.start, voiced.end, voiced.stretch)).encode())
        digest.update(read_sound(voiced.clip.path)[0].tobytes())
    for played in body.played:
        digest.update(repr(astuple(played)).encode())
        digest.update(jingles[played.jingle].samples.tobytes())
    name = digest.hexdigest()
    return f"{FOLDER}/{name[:2]}/{name}.body"


def mix_in_parts(
    plan: SharedPlan,
    order: Order,
    make_mixer: MakeMixer,
    *,
    bodies: Store,
    key: str,
    path: Path,
    head: Head,
) -> Work[FileMeasurements]:
    """
    Write the MP3 of a bulletin and measure it: only the opening and closing are encoded if the store has the body.

    Own parts are made again with a lower ceiling if their peaks are too high. The file is replaced whole or not at
    all. A store that fails costs the second mix of a body, not the bulletin. Raises AudioError, also where the parts
    cannot be joined.
    """
    with writing(path) as part:
        with _MIXING.hold(key):
            body = _find_body(bodies, key)
            if body is None:
                body = yield from mix_body(make_mixer(plan.body), order, louder_lu=_louder_lu(plan, order))
                _keep_body(bodies, key, body)
        level = body.level
        for _ in range(_TRIES):
            opening = yield from _encode_part(make_mixer(plan.opening), order, level)
            closing = yield from _encode_part(make_mixer(plan.closing), order, level)
            stream = join_body(opening, body, closing, plan=plan, order=order)
            _write(part, make_id3(head) + stream)
            measured = measure_file(part)
            over_db = measured.true_peak_dbtp - order.options.true_peak_dbtp
            if over_db <= 0:
                break
            level = replace(level, ceiling_dbtp=lower_ceiling(level.ceiling_dbtp, over_db))
    log.info(
        "rendition joined: kind=%s loudness=%.2f LUFS peak=%.2f dBTP length=%.3f s body=%s",
        *(order.kind, measured.loudness_lufs, measured.true_peak_dbtp, measured.duration_s, key),
    )
    return measured


def mix_body(mixer: Mixer, order: Order, *, louder_lu: float) -> Work[Body]:
    """Mix and encode a body, louder than the order by `louder_lu`. Raises AudioError, OSError."""
    with tempfile.TemporaryDirectory(prefix="body-", dir=order.path.parent) as folder:
        path = Path(folder, "body.mp3")
        _, level = yield from render_to_target(mixer, order, path, louder_lu=louder_lu)
        return Body(data=path.read_bytes(), level=level)


def join_body(opening: bytes, body: Body, closing: bytes, *, plan: SharedPlan, order: Order) -> bytes:
    """Join the encoded parts of a plan to an MP3 without a tag. Raises AudioError."""
    return join_mp3_parts(
        [
            Mp3Part(data=opening, frames=plan.opening.frames // FRAME),
            Mp3Part(data=body.data, frames=plan.body.frames // FRAME),
            Mp3Part(data=closing, frames=0),
        ],
        samples=plan.plan.rundown.frames,
        kbps=order.options.bitrate_kbps,
        rate_hz=order.rate_hz,
        channels=_CHANNELS,
    )


def _louder_lu(plan: SharedPlan, order: Order) -> float:
    """Loudness of the body above that of the whole bulletin, the same for all stations with this body and length."""
    return round(_QUIETER_LU * plan.own_share, 2) if order.options.bed != "none" else 0.0


def body_to_bytes(body: Body) -> bytes:
    """A body as the store keeps it: a line of JSON, then the MP3."""
    head = {"form": _FORM, "gain_db": body.level.gain_db, "ceiling_dbtp": body.level.ceiling_dbtp}
    return json.dumps(head).encode() + b"\n" + body.data


def body_from_bytes(data: bytes) -> Body:
    """Raises ValueError or KeyError for what `body_to_bytes` of this version did not write."""
    line, _, mp3 = data.partition(b"\n")
    head = json.loads(line)
    if head["form"] != _FORM or not mp3:
        raise ValueError("a body of another version")
    level = Level(gain_db=float(head["gain_db"]), ceiling_dbtp=float(head["ceiling_dbtp"]))
    return Body(data=mp3, level=level)


def _find_body(bodies: Store, key: str) -> Body | None:
    try:
        data = bodies.get(key)
        return body_from_bytes(data) if data else None
    except StoreError as error:
        log.warning("shared body not read, mixed again: %s", error)
    except (ValueError, KeyError, TypeError) as error:
        log.warning("shared body damaged, mixed again: key=%s error=%s", key, error)
    return None


def _keep_body(bodies: Store, key: str, body: Body) -> None:
    try:
        bodies.put_new(key, body_to_bytes(body))
    except StoreError as error:
        log.warning("shared body not stored, other stations mix their own: %s", error)


def _encode_part(mixer: Mixer, order: Order, level: Level) -> Work[bytes]:
    file = io.BytesIO()
    encoder = Mp3Encoder(file, rate_hz=order.rate_hz, channels=_CHANNELS, kbps=order.options.bitrate_kbps)
    yield from encode_mix(mixer, order, encoder, level)
    return file.getvalue()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())

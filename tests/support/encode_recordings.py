"""Recordings as telephones, browsers and recorders write them, of every type that can be imported."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import soundfile

from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.clips.sniff_sound_type import SoundType
from tests.support.speech_like_sounds import RATE_HZ

_LIBSNDFILE = {
    SoundType.WAV: ("WAV", "PCM_16"),
    SoundType.AIFF: ("AIFF", "PCM_16"),
    SoundType.FLAC: ("FLAC", "PCM_16"),
    SoundType.OGG: ("OGG", "VORBIS"),
    SoundType.MP3: ("MP3", None),
}
_PYAV = {
    SoundType.M4A: ("aac", "ipod"),
    SoundType.WEBM: ("libopus", "webm"),
    SoundType.AAC: ("aac", "adts"),
}


def encode_recording(sound: Samples, kind: SoundType, *, folder: Path) -> bytes:
    """Stereo file of a type with `sound` on both channels; for some types PyAV must be installed."""
    if kind in _LIBSNDFILE:
        form, subtype = _LIBSNDFILE[kind]
        buffer = io.BytesIO()
        soundfile.write(buffer, np.stack([sound, sound], axis=1), RATE_HZ, format=form, subtype=subtype)
        return buffer.getvalue()
    import av

    path = folder / "encoded"
    codec, form = _PYAV[kind]
    with av.open(path, "w", format=form) as container:
        stream = container.add_stream(codec, rate=RATE_HZ, layout="stereo")
        resampler = av.AudioResampler(format=stream.format, layout="stereo", rate=RATE_HZ)
        planar = np.ascontiguousarray(np.stack([sound, sound]))
        frame = av.AudioFrame.from_ndarray(planar, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = RATE_HZ, 0
        for part in [*resampler.resample(frame), None]:
            for packet in stream.encode(part):
                container.mux(packet)
    return path.read_bytes()

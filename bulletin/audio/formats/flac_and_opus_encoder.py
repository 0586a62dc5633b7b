"""Samples -> FLAC, or Opus in Ogg, encoded in a thread beside the mixer (libsndfile)."""

from __future__ import annotations

from pathlib import Path

from bulletin.audio.formats.dither import Dither
from bulletin.audio.formats.encoder_thread import EncoderThread
from bulletin.audio.formats.vorbis_comments import Comments, room_for, write_comments
from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import Compression, Samples, SoundWriter, sound_frames


class CompressedEncoder:
    """
    Writes 16-bit FLAC, dithered, or Opus of about `kbps`; both decode to the exact length.

    The comments are written last: libsndfile knows ten names and no chapters, so a filler keeps their room.
    """

    def __init__(
        self,
        path: Path,
        *,
        kind: Compression,
        rate_hz: int,
        channels: int,
        kbps: int = 128,
        comments: Comments = (),
    ) -> None:
        self._path = path
        self._kind = kind
        self._comments = comments
        self._dither = Dither()
        self._frames = 0
        self._writer = SoundWriter(
            path, kind=kind, rate_hz=rate_hz, channels=channels, kbps=kbps,
            tags={"comment": " " * room_for(comments)},
        )  # fmt: skip
        self._beside = EncoderThread(self._writer.write, name=kind)

    def write(self, block: Samples) -> None:
        """Take the next frames, of shape (frames, channels). Raises AudioError."""
        self._frames += len(block)
        # A copy for Opus: the mixer may reuse its block before this one is encoded.
        self._beside.put(block.copy() if self._kind == "opus" else self._dither.to_16(block))

    def close(self) -> None:
        """Wait until all is written. Raises OSError, and AudioError, also when the file has another length."""
        self._beside.finish()
        self._writer.close()
        write_comments(self._path, self._comments)
        frames = sound_frames(self._path)
        if frames != self._frames:
            raise AudioError(f"{self._path}: {frames} of {self._frames} frames were written; free some space")

    def abandon(self) -> None:
        """End the thread and close the file."""
        self._beside.abandon()
        self._writer.close()

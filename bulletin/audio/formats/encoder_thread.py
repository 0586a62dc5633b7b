"""Pieces of sound -> encoder in a thread of its own, in order, while the mixer renders."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Queue
from typing import Generic, TypeVar

from bulletin.errors import AudioError

_AHEAD = 2
"""Pieces that may wait: enough to keep the encoder busy, few enough for little memory."""

Piece = TypeVar("Piece")


class EncoderThread(Generic[Piece]):
    """
    Calls `take` with each piece, in a thread.

    Useful where `take` releases the interpreter, as LAME and libsndfile do. `put` and `finish` raise the
    errors of `take` as AudioError, OSError as itself.
    """

    def __init__(self, take: Callable[[Piece], object], *, name: str) -> None:
        self._take = take
        self._name = name
        self._error: BaseException | None = None
        self._pieces: Queue[Piece | None] = Queue(maxsize=_AHEAD)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def put(self, piece: Piece) -> None:
        """Queue the next piece; blocks while too many are waiting."""
        self._check()
        if not self._thread.is_alive():
            raise AudioError(f"{self._name} has finished already")
        self._pieces.put(piece)

    def finish(self) -> None:
        """Wait until all pieces are encoded."""
        self._end()
        self._check()

    def abandon(self) -> None:
        """End the thread without the pieces that wait."""
        self._error = self._error or AudioError("the mix was abandoned")
        self._end()

    def _end(self) -> None:
        if self._thread.is_alive():
            self._pieces.put(None)
            self._thread.join()

    def _work(self) -> None:
        while (piece := self._pieces.get()) is not None:
            if self._error:
                continue
            try:
                self._take(piece)
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that writes
                self._error = error

    def _check(self) -> None:
        if isinstance(self._error, OSError | AudioError):
            raise self._error
        if self._error:
            raise AudioError(f"{self._name} failed ({self._error})") from self._error

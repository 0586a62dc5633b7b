"""Pieces of sound -> encoder in its own thread, in order, while the mixer renders."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
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
        self._take, self._name = take, name
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting: deque[Future[object]] = deque()

    def put(self, piece: Piece) -> None:
        """Queue the next piece; blocks while too many are waiting."""
        self._wait(most=_AHEAD)
        self._waiting.append(self._pool.submit(self._take, piece))

    def finish(self) -> None:
        """Wait until all pieces are encoded."""
        self._wait(most=0)
        self._pool.shutdown()
        self._take = (
            _refuse  # `take` is often a method of who holds this: both would stay until a garbage collection
        )

    def abandon(self) -> None:
        """End the thread without the pieces that wait."""
        self._pool.shutdown(cancel_futures=True)
        self._take = _refuse

    def _wait(self, *, most: int) -> None:
        while len(self._waiting) > most:
            try:
                self._waiting.popleft().result()
            except (OSError, AudioError):
                raise
            except Exception as error:
                raise AudioError(
                    f"the encoder of {self._name} failed ({error}); run `bulletin make` again"
                ) from error


def _refuse(piece: object) -> object:
    raise AudioError("the encoder has ended")

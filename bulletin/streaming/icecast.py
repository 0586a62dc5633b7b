"""Icecast source client: sends sound at the pace of listening and reconnects."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote

from bulletin.streaming.explain_server_errors import find_refusal
from bulletin.streaming.icecast_source_connection import (
    IcecastAddress,
    Mount,
    StreamShow,
    check_alive,
    describe_error,
    to_header_value,
)
from bulletin.streaming.real_time_chunks import PacedFile, split_frames
from bulletin.streaming.stream_interface import StreamError, StreamItem, StreamSent

log = logging.getLogger(__name__)

_RETRY_S = 1.0
"""Pause between two connections."""
_WHY = "is another source on this mount? The server's log says why"
"""Liquidsoap takes a second source at first, and hangs up on it without a word."""
_TAIL_S = 0.7
"""The connection stays open so long after the last sound: the server drops unplayed sound when a source leaves."""


class _BrokenError(Exception):
    """The connection broke while sound was sent; `heard_s` of it had been heard."""

    def __init__(self, heard_s: float, why: str) -> None:
        super().__init__(why)
        self.heard_s = heard_s


class Icecast:
    """
    One mount of one server.

    Sound is sent at the pace of listening, at most `burst_s` ahead. After a broken connection it reconnects and
    goes on where the sound stopped, while the end is late by no more than `late_s`.
    """

    def __init__(
        self,
        *,
        address: IcecastAddress,
        show: StreamShow | None = None,
        burst_s: float = 2.0,
        late_s: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._mount = Mount(address, show or StreamShow())
        self._where = self._mount.where
        self._burst_s, self._late_s, self._sleep = burst_s, late_s, sleep

    def check(self) -> None:
        """Send an empty update of the mount's metadata: it needs the password, and is inaudible."""
        code, _ = self._mount.ask("")
        # "No such mount" is right while no source is connected.
        error = find_refusal(code, "", where=self._where, media_type="") if code in (0, 401) else None
        if error:
            raise error

    def send(self, item: StreamItem) -> StreamSent:
        """Stream the file to its end. Raises StreamError."""
        try:
            framed = split_frames(item.data)
        except ValueError as error:
            raise StreamError(
                f"{item.path}: cannot be streamed, because Icecast takes only MP3, Opus and Vorbis: {error}; "
                "choose an output in one of these formats as [stream] rendition",
                is_lasting=True,
            ) from error
        began_s, heard_s, breaks = time.monotonic(), 0.0, 0
        while True:
            try:
                self._send_from(framed, heard_s, title=item.title)
            except _BrokenError as error:
                breaks += 1
                heard_s = error.heard_s
                log.warning("stream interrupted: mount=%s sent_s=%.1f why=%s", self._where, heard_s, error)
                self._wait_or_give_up(
                    began_s, heard_s, framed, StreamError(f"{self._where}: {error}; {_WHY}")
                )
            except StreamError as error:
                self._wait_or_give_up(began_s, heard_s, framed, error)
            else:
                late_s = max(0.0, time.monotonic() - began_s - framed.duration_s - _TAIL_S)
                return StreamSent(duration_s=framed.duration_s, late_s=late_s, breaks=breaks)

    def _wait_or_give_up(self, began_s: float, heard_s: float, framed: PacedFile, error: StreamError) -> None:
        behind_s = time.monotonic() - began_s - heard_s
        if error.is_lasting or behind_s + _RETRY_S > self._late_s:
            if not heard_s:
                raise error
            raise StreamError(
                f"{error}; listeners heard {_clock(heard_s)} of {_clock(framed.duration_s)}",
                is_lasting=error.is_lasting,
            ) from error
        self._sleep(_RETRY_S)

    def _send_from(self, framed: PacedFile, heard_s: float, *, title: str) -> None:
        """Send over one connection. Raises StreamError when there is none, _BrokenError when it breaks."""
        with self._mount.connect(framed.media_type) as connection:
            log.info("streaming: mount=%s from_s=%.1f of_s=%.1f", self._where, heard_s, framed.duration_s)
            self._send_chunks(connection, framed, heard_s, title=title)

    def _send_chunks(
        self, connection: socket.socket, framed: PacedFile, heard_s: float, *, title: str
    ) -> None:
        first = framed.first_after(heard_s)
        from_s = framed.pieces[first].start_s
        began_s, sent_s, is_titled = time.monotonic(), from_s, False
        try:
            connection.sendall(framed.head)
            for piece in framed.pieces[first:]:
                self._sleep_until(began_s + piece.start_s - from_s - self._burst_s)
                check_alive(connection)
                connection.sendall(piece.data)
                sent_s = piece.end_s
                if not is_titled and sent_s - from_s >= min(self._burst_s, 1.0):
                    is_titled = True
                    # in a separate thread: a slow answer would be heard as a gap
                    threading.Thread(
                        target=self._send_title, args=(title, framed.media_type), daemon=True
                    ).start()
            connection.sendall(framed.tail)
            self._sleep_until(began_s + framed.duration_s - from_s + _TAIL_S)
        except OSError as error:
            sounded_s = from_s + time.monotonic() - began_s
            raise _BrokenError(max(heard_s, min(sounded_s, sent_s)), describe_error(error)) from error
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    def _sleep_until(self, moment: float) -> None:
        left_s = moment - time.monotonic()
        if left_s > 0:
            self._sleep(left_s)

    def _send_title(self, title: str, media_type: str) -> None:
        """Title for displays; Ogg carries its own. A failure is only logged."""
        if not title or media_type != "audio/mpeg":
            return
        try:
            code, _ = self._mount.ask(f"&charset=UTF-8&song={quote(to_header_value(title), safe='')}")
        except StreamError as error:
            log.warning("now-playing title not sent: mount=%s error=%s", self._where, error)
        else:
            if code != 200:
                log.warning("now-playing title refused by the server: mount=%s status=%d", self._where, code)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"

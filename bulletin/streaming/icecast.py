"""A source client of Icecast's protocol: sound at the pace at which it is heard, come what may."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from bulletin.streaming.icecast_mount import IcecastAddress, Mount, StreamShow, plain, see_if_alive, tell_why
from bulletin.streaming.paced_frames import PacedFile, due_s, frame
from bulletin.streaming.server_answers import judge
from bulletin.streaming.stream_port import StreamError, StreamItem, StreamSent

log = logging.getLogger(__name__)

_AGAIN_S = 1.0
"""Between two tries."""
_WHY = "is another source on this mount? Its own log says why"
"""Liquidsoap takes a second source at first, and hangs up on it without a word."""
_TAIL_S = 0.7
"""The connection is held so long after the last sound: a source that goes takes what was not played with it."""


def open_icecast(
    *,
    url: str,
    user: str,
    password: str,
    ca_file: Path | None,
    name: str,
    description: str,
    genre: str,
    public: bool,
    burst_s: float,
    late_s: float,
) -> Icecast:
    """By the options of a profile."""
    return Icecast(
        address=IcecastAddress(url=url, user=user, password=password, ca_file=ca_file),
        show=StreamShow(name=name, description=description, genre=genre, is_public=public),
        burst_s=burst_s,
        late_s=late_s,
    )


class _BrokenError(Exception):
    """The server went away in the middle; how much had sounded by then."""

    def __init__(self, heard_s: float, why: str) -> None:
        super().__init__(why)
        self.heard_s = heard_s


class Icecast:
    """
    One mount of one server.

    Sound goes out at the pace at which it is heard, `burst_s` ahead and never more. When the connection
    breaks, it is made again and the sound goes on where it had been, as long as the end is behind by
    no more than `late_s`.
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
        self._place = self._mount.place
        self._burst_s, self._late_s, self._sleep = burst_s, late_s, sleep

    def check(self) -> None:
        """Ask for the mount's metadata to be left as they are: it needs the password, and nobody hears it."""
        code, _ = self._mount.ask("")
        # "No such mount" is right as long as nobody is on it.
        error = judge(code, "", place=self._place, media_type="") if code in (0, 401) else None
        if error:
            raise error

    def send(self, item: StreamItem) -> StreamSent:
        """As the port says. Raises StreamError."""
        try:
            framed = frame(item.data)
        except ValueError as error:
            raise StreamError(
                f"{item.path}: cannot be streamed: {error}; Icecast takes MP3, Opus or Vorbis: choose another "
                "[stream] rendition, or another format for it",
                is_lasting=True,
            ) from error
        asked, heard_s, breaks = time.monotonic(), 0.0, 0
        while True:
            try:
                self._send_from(framed, heard_s, title=item.title)
            except _BrokenError as error:
                breaks += 1
                heard_s = error.heard_s
                log.warning("stream broke: place=%s heard_s=%.1f why=%s", self._place, heard_s, error)
                self._wait_or_give_up(asked, heard_s, framed, StreamError(f"{self._place}: {error}; {_WHY}"))
            except StreamError as error:
                self._wait_or_give_up(asked, heard_s, framed, error)
            else:
                late_s = max(0.0, time.monotonic() - asked - framed.duration_s - _TAIL_S)
                return StreamSent(duration_s=framed.duration_s, late_s=late_s, breaks=breaks)

    def _wait_or_give_up(self, asked: float, heard_s: float, framed: PacedFile, error: StreamError) -> None:
        behind_s = time.monotonic() - asked - heard_s
        if error.is_lasting or behind_s + _AGAIN_S > self._late_s:
            if not heard_s:
                raise error
            raise StreamError(
                f"{error}; {_clock(heard_s)} of {_clock(framed.duration_s)} were heard",
                is_lasting=error.is_lasting,
            ) from error
        self._sleep(_AGAIN_S)

    def _send_from(self, framed: PacedFile, heard_s: float, *, title: str) -> None:
        """One connection. Raises StreamError when there is none, _BrokenError when it did not last."""
        line = self._mount.connect(framed.media_type)
        with line:
            log.info("stream: place=%s from_s=%.1f of_s=%.1f", self._place, heard_s, framed.duration_s)
            self._feed(line, framed, heard_s, title=title)

    def _feed(self, line: socket.socket, framed: PacedFile, heard_s: float, *, title: str) -> None:
        first = framed.first_after(heard_s)
        from_s = framed.pieces[first].start_s
        began, sent_s, is_told = time.monotonic(), from_s, False
        try:
            line.sendall(framed.head)
            for piece in framed.pieces[first:]:
                self._sleep_until(began + due_s(piece, burst_s=from_s + self._burst_s))
                see_if_alive(line)
                line.sendall(piece.data)
                sent_s = piece.end_s
                if not is_told and sent_s - from_s >= min(self._burst_s, 1.0):
                    is_told = True
                    # beside the sound: a server that is slow with it would be heard as a gap
                    telling = threading.Thread(
                        target=self._tell_title, args=(title, framed.media_type), daemon=True
                    )
                    telling.start()
            line.sendall(framed.tail)
            self._sleep_until(began + framed.duration_s - from_s + _TAIL_S)
        except OSError as error:
            sounded_s = from_s + time.monotonic() - began
            raise _BrokenError(max(heard_s, min(sounded_s, sent_s)), tell_why(error)) from error
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    def _sleep_until(self, moment: float) -> None:
        left_s = moment - time.monotonic()
        if left_s > 0:
            self._sleep(left_s)

    def _tell_title(self, title: str, media_type: str) -> None:
        """For displays; Ogg carries its own. The sound goes on whatever comes of it."""
        if not title or media_type != "audio/mpeg":
            return
        try:
            code, _ = self._mount.ask(f"&charset=UTF-8&song={quote(plain(title), safe='')}")
        except StreamError as error:
            log.warning("title not told: place=%s error=%s", self._place, error)
        else:
            if code != 200:
                log.warning("title not told: place=%s answer=%d", self._place, code)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"

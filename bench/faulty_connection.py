"""A TCP connection that a campaign can break: passed on, frozen as by a partition, slow, refused, or answered with 503."""

from __future__ import annotations

import asyncio
import threading
from enum import StrEnum


class Trouble(StrEnum):
    """What a connection suffers from."""

    NONE = "none"
    FROZEN = "frozen"
    """Nothing passes, and nothing is closed: a cable is out."""
    REFUSED = "refused"
    """Open connections are cut, new ones are closed at once."""
    SLOW = "slow"
    """Every piece of an answer waits."""
    OVERLOADED = "overloaded"
    """HTTP requests are answered with 503."""


_SLOW_S = 0.4
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


class FaultyConnection:
    """A port on loopback that passes connections on to another port of loopback, or to a Unix socket."""

    def __init__(self, to: int | str) -> None:
        """`to` is a port or the path of a socket."""
        self._to = to
        self._trouble = Trouble.NONE
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        threading.Thread(target=self._run, name="faulty connection", daemon=True).start()
        self._ready.wait()

    def suffer(self, trouble: Trouble) -> None:
        """From now on; Trouble.NONE ends it."""
        self._loop.call_soon_threadsafe(self._suffer, trouble)

    def _suffer(self, trouble: Trouble) -> None:
        self._trouble = trouble
        if trouble in (Trouble.REFUSED, Trouble.OVERLOADED):
            for writer in tuple(self._writers):
                writer.transport.abort()

    def _run(self) -> None:
        self._loop.run_until_complete(self._listen())
        self._loop.run_forever()

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._trouble is Trouble.REFUSED:
            writer.transport.abort()
            return
        if self._trouble is Trouble.OVERLOADED:
            await reader.read(65_536)
            writer.write(_BUSY)
            await _close(writer)
            return
        try:
            if isinstance(self._to, int):
                inner, out = await asyncio.open_connection("127.0.0.1", self._to)
            else:
                inner, out = await asyncio.open_unix_connection(self._to)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, out}
        try:
            await asyncio.gather(self._pass(reader, out), self._pass(inner, writer, is_answer=True))
        finally:
            self._writers -= {writer, out}

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool = False
    ) -> None:
        try:
            while data := await reader.read(65_536):
                if is_answer and self._trouble is Trouble.SLOW:
                    await asyncio.sleep(_SLOW_S)
                while self._trouble is Trouble.FROZEN:
                    await asyncio.sleep(0.05)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        await _close(writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    try:
        writer.close()
        await writer.wait_closed()
    except OSError:
        pass

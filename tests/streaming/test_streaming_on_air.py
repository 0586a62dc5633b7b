"""Streaming to real servers: Icecast alone, Liquidsoap's harbor and queue, a recording listener, and faults."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import httpx2
import pytest
import trustme

from bulletin.runtime.read_sound_file import Samples, SoundWriter
from bulletin.streaming.icecast import Icecast
from bulletin.streaming.icecast_source_connection import IcecastAddress, StreamShow
from bulletin.streaming.liquidsoap import LiquidsoapQueue
from bulletin.streaming.real_time_chunks import split_frames
from bulletin.streaming.stream_interface import StreamError, StreamItem, StreamSent
from tests.streaming.servers import (
    PASSWORD,
    RATE_HZ,
    Listener,
    Server,
    assert_whole,
    hiss,
    icecast,
    is_note,
    liquidsoap,
    needs_icecast,
    needs_liquidsoap,
    wait_for,
    write_mp3,
)

pytestmark = [pytest.mark.clients, needs_icecast]

LENGTH_S = 6.0
T = TypeVar("T")


@pytest.fixture(scope="module")
def sound() -> Samples:
    return hiss(LENGTH_S)


@pytest.fixture(scope="module")
def item(sound: Samples, tmp_path_factory: pytest.TempPathFactory) -> StreamItem:
    path = write_mp3(tmp_path_factory.mktemp("sound") / "bulletin of nine.mp3", sound)
    return StreamItem(path=path, title="Wexcombe \r\nNews: “nine” & more", data=path.read_bytes())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with icecast(tmp_path / "icecast") as running:
        yield running


def client(port: int, *, mount: str = "radio.mp3", password: str = PASSWORD, late_s: float = 0.0) -> Icecast:
    address = IcecastAddress(url=f"http://127.0.0.1:{port}/{mount}", password=password)
    return Icecast(
        address=address, show=StreamShow(name="Wexcombe\r\nIce-Public: 1"), burst_s=1.0, late_s=late_s
    )


class Sending(threading.Thread):
    """Thread in which a client sends an item."""

    def __init__(self, stream: Icecast, item: StreamItem) -> None:
        super().__init__(daemon=True)
        self.sent: StreamSent | None = None
        self.error: StreamError | None = None
        self._stream, self._item = stream, item
        self.start()

    def run(self) -> None:
        try:
            self.sent = self._stream.send(self._item)
        except StreamError as error:
            self.error = error


def is_on(server: Server, mount: str, times: int = 1) -> bool:
    return server.read_log().count(f'Source logging in at mountpoint "/{mount}"') >= times


def test_listeners_hear_music_the_full_bulletin_and_music_again(
    server: Server, item: StreamItem, sound: Samples, tmp_path: Path
) -> None:
    music = write_mp3(tmp_path / "music.mp3", hiss(40, seed=2))
    playing = Sending(
        client(server.port, mount="music.mp3", late_s=30),
        StreamItem(path=music, title="", data=music.read_bytes()),
    )
    wait_for(
        lambda: is_on(server, "music.mp3") or playing.error is not None,
        explain=lambda: f"{playing.error} {server.read_log()}",
    )
    assert playing.error is None

    with Listener(f"http://127.0.0.1:{server.port}/radio.mp3") as listener:
        began = time.monotonic()
        sent = client(server.port).send(item)
        took_s = time.monotonic() - began
        listener.hear_more(2)
        status = httpx2.get(f"http://127.0.0.1:{server.port}/status-json.xsl").text

    framed = split_frames(item.data)
    at = bytes(listener.heard).find(b"".join(piece.data for piece in framed.pieces))
    assert at > 0, "not every frame of the bulletin came, in order"
    assert split_frames(bytes(listener.heard[at:])).duration_s > framed.duration_s + 1, "no music after it"
    assert_whole(listener.samples(), sound)
    assert (sent.breaks, sent.is_handed_over) == (0, False)
    assert took_s >= framed.duration_s, "faster than it is heard"
    log = server.read_log()
    assert 'changed to "Wexcombe News' in log
    names = set(re.findall(r'"server_name":"([^"]*)"', status))
    assert names == {"Wexcombe Ice-Public: 1"}, "a name ended its header"


@needs_liquidsoap
def test_liquidsoap_switches_to_the_bulletin_and_back_by_both_ways(
    server: Server, item: StreamItem, sound: Samples, tmp_path: Path
) -> None:
    with (
        liquidsoap(tmp_path, icecast_port=server.port) as radio,
        Listener(f"http://127.0.0.1:{server.port}/station.mp3") as listener,
    ):
        harbor = client(radio.harbor, mount="bulletin.mp3")
        harbor.check()
        listener.hear_more(1.5)
        sending = Sending(harbor, item)
        wait_for(lambda: "Decoding..." in radio.server.read_log(), explain=radio.server.read_log)
        with pytest.raises(
            StreamError,
            match=r"the server closed the connection(; is another source|, before any sound was sent)",
        ):
            client(radio.harbor, mount="bulletin.mp3").send(item)
        sending.join(60)
        assert sending.sent is not None, sending.error
        listener.hear_more(2)
        by_harbor = len(listener.samples()) / RATE_HZ

        for address in (str(radio.socket), f"127.0.0.1:{radio.telnet}"):
            queue = LiquidsoapQueue(address=address)
            queue.check()
        listener.hear_more(1.5)
        sent = queue.send(item)
        listener.hear_more(LENGTH_S + 4)
        heard = listener.samples()

        with pytest.raises(StreamError, match=r'knows no command "jingles\.push" \(it has bulletin\.push\)'):
            LiquidsoapQueue(address=str(radio.socket), command="jingles.push").check()
        with pytest.raises(StreamError, match="Liquidsoap cannot play this file; let Liquidsoap read"):
            queue.send(StreamItem(path=tmp_path / "gone.mp3", title="", data=b""))
        with pytest.raises(StreamError, match="takes no path with such characters"):
            queue.send(StreamItem(path=tmp_path / "x\nexit.mp3", title="", data=b""))
        for password, mount, problem in (
            ("wrong", "bulletin.mp3", "refuses user or password"),
            (PASSWORD, "other.mp3", "no such mount"),
        ):
            with pytest.raises(StreamError, match=problem) as caught:
                client(radio.harbor, mount=mount, password=password, late_s=60).send(item)
            assert caught.value.is_lasting

    assert sent.is_handed_over
    cut = round(by_harbor * RATE_HZ)
    for recording in (heard[:cut], heard[cut:]):
        begun, ended = assert_whole(recording, sound)
        assert is_note(recording[max(0, round((begun - 0.6) * RATE_HZ)) : round((begun - 0.1) * RATE_HZ)])
        assert is_note(recording[round((ended + 0.6) * RATE_HZ) : round((ended + 1.6) * RATE_HZ)])


def test_a_wrong_password_is_reported_at_once_and_not_retried(server: Server, item: StreamItem) -> None:
    stream = client(server.port, password="wrong", late_s=60)

    for ask in (stream.check, lambda: stream.send(item)):
        with pytest.raises(StreamError, match=r"radio\.mp3: refuses user or password \(401\)") as caught:
            ask()
        assert caught.value.is_lasting
        assert "wrong" not in str(caught.value)
    assert server.read_log().count("invalid or missing password") == 1


def test_a_mount_in_use_is_reported_and_retried(server: Server, item: StreamItem, tmp_path: Path) -> None:
    music = write_mp3(
        tmp_path / "music.mp3", hiss(3 * LENGTH_S)
    )  # longer than two status requests on a busy machine
    first = Sending(client(server.port), StreamItem(path=music, title="", data=music.read_bytes()))
    wait_for(lambda: is_on(server, "radio.mp3"))

    client(server.port).check()
    with pytest.raises(StreamError, match=r"another source is on this mount \(403, Mountpoint in use\)"):
        client(server.port).send(item)
    sent = client(server.port, late_s=60).send(item)

    first.join(60)
    assert first.sent is not None, first.error
    assert sent.late_s > 1
    assert sent.breaks == 0


def test_after_a_server_restart_the_rest_of_the_bulletin_is_heard(
    server: Server, item: StreamItem, sound: Samples
) -> None:
    sending = Sending(client(server.port, late_s=30), item)
    with Listener(f"http://127.0.0.1:{server.port}/radio.mp3") as before:
        wait_for(lambda: len(before.heard) > 2.5 * 16_000)
        server.kill()
    server.start()
    wait_for(lambda: is_on(server, "radio.mp3", times=2), explain=server.read_log)
    with Listener(f"http://127.0.0.1:{server.port}/radio.mp3") as after:
        sending.join(60)

    assert sending.sent is not None, sending.error
    assert sending.sent.breaks == 1
    assert sending.sent.late_s > 0.3
    frames = b"".join(piece.data for piece in split_frames(item.data).pieces)
    last = frames[-1000:]
    rest = bytes(after.heard)
    rest = rest[rest.find(b"\xff\xfb", 3000) : rest.find(last) + len(last)]
    assert frames.endswith(rest), "not to its end"
    assert bytes(before.heard[3000:30_000]) in frames
    first = frames.find(bytes(before.heard[-2000:])) + 2000
    assert 16_000 < len(frames) - len(rest) <= first, "it began again, or something was heard by nobody"


def test_a_server_that_stays_dead_is_reported_with_the_seconds_heard(
    server: Server, item: StreamItem
) -> None:
    sending = Sending(client(server.port, late_s=2), item)
    wait_for(lambda: is_on(server, "radio.mp3"))
    time.sleep(2)
    server.kill()
    sending.join(60)

    assert sending.sent is None
    assert "no server answers there (connection refused)" in str(sending.error)
    assert "; listeners heard 0:0" in str(sending.error)


def test_a_server_down_at_the_slot_is_retried_until_the_late_limit(item: StreamItem, tmp_path: Path) -> None:
    with icecast(tmp_path / "icecast", is_up=False) as server:
        with pytest.raises(StreamError, match="connection refused") as caught:
            client(server.port, late_s=0).send(item)
        assert "listeners heard" not in str(caught.value)
        with pytest.raises(StreamError, match="check that the server runs"):
            client(server.port).check()
        sending = Sending(client(server.port, late_s=60), item)
        time.sleep(0.5)
        server.start()
        sending.join(60)

    assert sending.sent is not None, sending.error
    assert sending.sent.late_s > 0.4
    assert sending.sent.breaks == 0


def test_opus_is_sent_page_by_page(server: Server, tmp_path: Path) -> None:
    sound = hiss(LENGTH_S)
    path = tmp_path / "bulletin.opus"
    writer = SoundWriter(path, kind="opus", rate_hz=48_000, channels=1)
    writer.write(sound)
    writer.close()
    sending = Sending(
        client(server.port, mount="radio.opus"), StreamItem(path=path, title="", data=path.read_bytes())
    )
    wait_for(lambda: is_on(server, "radio.opus"))

    with Listener(f"http://127.0.0.1:{server.port}/radio.opus") as listener:
        sending.join(60)

    assert sending.sent is not None, sending.error
    assert_whole(listener.samples(48_000), sound)


def test_tls_with_a_private_certificate(item: StreamItem, tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate, trusted = tmp_path / "server.pem", tmp_path / "ca.pem"
    issued = authority.issue_cert("localhost")
    certificate.write_bytes(
        issued.private_key_pem.bytes() + b"".join(blob.bytes() for blob in issued.cert_chain_pems)
    )
    authority.cert_pem.write_to_path(trusted)
    with icecast(tmp_path / "icecast", certificate=certificate) as server:
        url = f"https://localhost:{server.port}/radio.mp3"

        untrusting = Icecast(address=IcecastAddress(url=url, password=PASSWORD), late_s=60)
        with pytest.raises(StreamError, match=r"certificate is not trusted.*ca_file") as caught:
            _past_broken_handshakes(lambda: untrusting.send(item))
        stream = Icecast(address=IcecastAddress(url=url, password=PASSWORD, ca_file=trusted), late_s=0)
        _past_broken_handshakes(stream.check)
        sent = _past_broken_handshakes(lambda: stream.send(item))

    assert caught.value.is_lasting
    assert sent.breaks == 0


def _past_broken_handshakes(call: Callable[[], T]) -> T:
    """Call again: on a busy machine Icecast now and then breaks a TLS handshake off, and a station tries again."""
    for _ in range(5):
        try:
            return call()
        except StreamError as error:
            if "TLS connection failed" not in str(error) or error.is_lasting:
                raise
    raise AssertionError("five handshakes were broken off")

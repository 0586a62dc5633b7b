"""A program, a webhook and a WebSub hub are told of what has gone out."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from bulletin.delivery.delivery_result import DeliveryOutcome
from bulletin.delivery.targets.command import Command
from bulletin.delivery.targets.webhook import Webhook
from bulletin.delivery.targets.websub import WebSub
from bulletin.errors import ConfigError, DeliveryError
from bulletin.runtime.backoff import MOST_PAUSE
from bulletin.runtime.redact_secrets import hide
from tests.support.delivery_servers.base import wait_for
from tests.support.public_station import House
from tests.support.web_servers import Silent, served_by

KEEP = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.stdin.read())"


class Listening:
    """A web server that keeps what it was told, and serves one feed."""

    def __init__(self) -> None:
        self.url = ""
        self.code, self.location = 200, ""
        self.feed = b""
        self.got: list[tuple[str, dict[str, str], bytes]] = []


@pytest.fixture
def web() -> Iterator[Listening]:
    web = Listening()

    class Handler(Silent):
        def do_POST(self) -> None:
            web.got.append((self.path, dict(self.headers), self.read_body()))
            self.answer(web.code, headers={"Location": web.location} if web.location else None)

        def do_GET(self) -> None:
            self.answer(200, web.feed)

        def do_HEAD(self) -> None:
            self.answer(405)

    with served_by(Handler) as web.url:
        yield web


def run(house: House, delivery: object) -> list[tuple[str, DeliveryOutcome, str]]:
    sender = house.sender(delivery, rendition="podcast")
    sender.note()
    return [(sent.title, sent.result, sent.note) for sent in sender.send()]


def test_a_program_gets_what_and_where_on_its_standard_input(house: House, tmp_path: Path) -> None:
    kept = tmp_path / "told.json"
    delivery = Command(name="own", command=[sys.executable, "-c", KEEP, str(kept)])
    episode, _ = house.publish(1, title='"; rm -rf / #')

    assert run(house, delivery) == [('"; rm -rf / #', DeliveryOutcome.SENT, "")]

    told = json.loads(kept.read_text("utf-8"))
    assert (told["action"], told["guid"], told["title"]) == ("publish", episode.guid, '"; rm -rf / #')
    assert told["files"][0]["name"] == "demo-1.mp3"
    house.podcast.withdraw(episode.guid)
    run(house, delivery)
    assert json.loads(kept.read_text("utf-8"))["action"] == "withdraw"


def test_a_program_that_fails_is_told_with_its_own_words(house: House) -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('the tape is full')"]
    house.publish(1)

    ((_, result, note),) = run(house, Command(name="own", command=failing))

    assert result is DeliveryOutcome.FAILED
    assert "exited with code 1: the tape is full" in note


def test_a_program_that_hangs_is_given_up(house: House) -> None:
    hangs = [sys.executable, "-c", "import time; time.sleep(60)"]
    house.publish(1)

    with pytest.raises(DeliveryError, match=r"did not end within 0 s"):
        Command(name="own", command=hangs, timeout_s=0.3).publish(house.parcel("podcast"))


@pytest.mark.slow
def test_a_program_that_hangs_is_killed_with_all_that_it_has_started(house: House, tmp_path: Path) -> None:
    kept = tmp_path / "child"
    hangs = f"sleep 300 & echo $! > '{kept}'; wait"  # a shell is quick to start, however busy the machine is
    house.publish(1)

    with pytest.raises(DeliveryError, match="did not end"):
        Command(name="own", command=["sh", "-c", hangs], timeout_s=4.0).publish(house.parcel("podcast"))

    wait_for(lambda: not is_alive(int(kept.read_text())))


def test_a_program_may_leave_a_player_behind(house: House) -> None:
    house.publish(1)

    Command(name="own", command=["sh", "-c", "sleep 30 &"], timeout_s=20.0).publish(house.parcel("podcast"))


def is_alive(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_program_that_talks_without_end_is_stopped(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.delivery.targets.command._MOST_OUTPUT", 2_000_000)
    talks = [sys.executable, "-c", "while True: print('blah' * 1000)"]
    house.publish(1)

    with pytest.raises(DeliveryError, match="writes more than 2 MB and was stopped"):
        Command(name="own", command=talks, timeout_s=60.0).publish(house.parcel("podcast"))


def test_what_a_program_says_colours_no_terminal_and_begins_no_line(house: House) -> None:
    says = "import sys; sys.stdout.buffer.write(b'ok \\x1b[31mred\\x07 \\xff\\r\\nSECRET=1\\x00\\n'); sys.exit(75)"
    house.publish(1)

    with pytest.raises(DeliveryError) as caught:
        Command(name="own", command=[sys.executable, "-c", says]).publish(house.parcel("podcast"))

    assert str(caught.value).endswith("exited with code 75: ok [31mred \ufffd SECRET=1")


def test_a_program_that_is_killed_is_told_so(house: House) -> None:
    dies = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    house.publish(1)

    with pytest.raises(DeliveryError, match=r"ended by signal 9 \(Killed\): no output"):
        Command(name="own", command=dies).publish(house.parcel("podcast"))


def test_a_secret_that_a_program_says_is_in_no_note(house: House) -> None:
    tells = [sys.executable, "-c", "import sys; sys.exit('login of radio:let-me-in refused')"]
    house.publish(1)
    hide.learn({"let-me-in": "***"})
    sender = house.sender(Command(name="own", command=tells), rendition="podcast")
    sender.note()

    (sent,) = sender.send()

    assert "exited with code 1: login of radio:*** refused" in sent.note


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(DeliveryError, match="program not found"):
        Command(name="own", command=["no-such-program"]).check()


def test_a_webhook_gets_signed_json_with_addresses(house: House, web: Listening) -> None:
    delivery = Webhook(name="hook", url=f"{web.url}/in", secret="s3cret")
    delivery.check()
    house.publish(1)
    run(house, delivery)

    ((path, headers, body),) = web.got
    told = json.loads(body)
    assert path == "/in"
    assert (
        headers["X-Bulletin-Signature"] == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    )
    assert told["files"][0]["url"] == "https://news.example/demo/demo-1.mp3"
    assert "path" not in told["files"][0]


def test_a_webhook_that_fails_is_asked_again_with_the_same_key(house: House, web: Listening) -> None:
    delivery = Webhook(name="hook", url=f"{web.url}/very-secret-path")
    web.code = 500
    house.publish(1)
    ((_, result, note),) = run(house, delivery)
    assert (result, "answered 500" in note, "very-secret-path" in note) == (
        DeliveryOutcome.FAILED,
        True,
        False,
    )

    web.code = 204
    house.now += MOST_PAUSE
    assert run(house, delivery)[0][1] is DeliveryOutcome.SENT
    first, second = (headers["Idempotency-Key"] for _, headers, _ in web.got)
    assert first == second


@pytest.mark.parametrize("code", [401, 403, 404, 410])
def test_a_webhook_that_is_gone_or_refuses_is_for_a_person(house: House, web: Listening, code: int) -> None:
    web.code = code
    house.publish(1)

    with pytest.raises(DeliveryError, match="correct url or secret") as caught:
        Webhook(name="hook", url=web.url).publish(house.parcel("podcast"))
    assert caught.value.is_lasting


@pytest.mark.parametrize(
    "url", ["ftp://x", "x", "http://", "http://[::1", "http://host:999999/", "http://host:0/"]
)
def test_a_wrong_address_is_told(url: str) -> None:
    with pytest.raises(ConfigError, match="not a web address"):
        Webhook(name="hook", url=url)


def test_a_webhook_is_sent_nowhere_but_where_the_profile_says(house: House, web: Listening) -> None:
    """Neither by a redirect nor by what stands in a story: only the profile's own addresses are asked."""
    web.code, web.location = 307, f"{web.url}/elsewhere/secret?token=abc"
    house.publish(1, title='http://127.0.0.1:1/x "}]')

    ((_, result, note),) = run(house, Webhook(name="hook", url=f"{web.url}/in"))

    assert result is DeliveryOutcome.FAILED
    assert "answered 307: it has moved to http://127.0.0.1; correct url" in note
    assert "secret" not in note
    assert [path for path, _, _ in web.got] == ["/in"]


def test_a_hub_that_has_moved_is_told(house: House, web: Listening) -> None:
    web.code, web.location = 308, "https://hub.example/new"
    house.publish(1)

    with pytest.raises(DeliveryError, match="answered 308") as caught:
        WebSub(name="hub", hub=web.url, sees_feed=False).publish(house.parcel("podcast"))
    assert caught.value.is_lasting


def test_a_hub_is_told_when_listeners_get_the_new_feed_and_not_before(house: House, web: Listening) -> None:
    delivery = WebSub(name="hub", hub=f"{web.url}/hub", topic=f"{web.url}/feed.xml")
    house.publish(1)

    ((_, result, note),) = run(house, delivery)
    assert (result, web.got) == (DeliveryOutcome.FAILED, [])
    assert "does not show the episode" in note

    web.feed = (house.folder / "feed.xml").read_bytes()
    house.now += MOST_PAUSE
    assert run(house, delivery)[0][1] is DeliveryOutcome.SENT
    ((path, _, body),) = web.got
    asked = parse_qs(body.decode())
    assert (path, asked["hub.mode"], asked["hub.url"]) == ("/hub", ["publish"], [f"{web.url}/feed.xml"])


def test_a_hub_is_told_of_a_withdrawal_too(house: House, web: Listening) -> None:
    delivery = WebSub(name="hub", hub=f"{web.url}/hub", topic=f"{web.url}/feed.xml", sees_feed=False)
    episode, _ = house.publish(1)
    run(house, delivery)
    house.podcast.withdraw(episode.guid)

    run(house, delivery)

    assert len(web.got) == 2


def test_a_hub_that_takes_no_such_feed_is_told(house: House, web: Listening) -> None:
    web.code = 400
    house.publish(1)

    with pytest.raises(DeliveryError, match="does it take feeds of this host") as caught:
        WebSub(name="hub", hub=web.url, sees_feed=False).publish(house.parcel("podcast"))
    assert caught.value.is_lasting

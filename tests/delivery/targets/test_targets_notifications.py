"""Notification of a program, a webhook and a WebSub hub about published bulletins."""

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


class RecordingServer:
    """Web server that keeps its requests and serves one feed."""

    def __init__(self) -> None:
        self.url = ""
        self.code, self.location = 200, ""
        self.feed = b""
        self.requests: list[tuple[str, dict[str, str], bytes]] = []


@pytest.fixture
def web() -> Iterator[RecordingServer]:
    web = RecordingServer()

    class Handler(Silent):
        def do_POST(self) -> None:
            web.requests.append((self.path, dict(self.headers), self.read_body()))
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


def test_a_program_gets_action_and_files_on_its_standard_input(house: House, tmp_path: Path) -> None:
    input_file = tmp_path / "told.json"
    delivery = Command(name="own", command=[sys.executable, "-c", KEEP, str(input_file)])
    episode, _ = house.publish(1, title='"; rm -rf / #')

    assert run(house, delivery) == [('"; rm -rf / #', DeliveryOutcome.SENT, "")]

    message = json.loads(input_file.read_text("utf-8"))
    assert (message["action"], message["guid"], message["title"]) == (
        "publish",
        episode.guid,
        '"; rm -rf / #',
    )
    assert message["files"][0]["name"] == "demo-1.mp3"
    house.podcast.withdraw(episode.guid)
    run(house, delivery)
    assert json.loads(input_file.read_text("utf-8"))["action"] == "withdraw"


def test_the_note_of_a_failed_program_holds_its_output(house: House) -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('the tape is full')"]
    house.publish(1)

    ((_, result, note),) = run(house, Command(name="own", command=failing))

    assert result is DeliveryOutcome.FAILED
    assert "exited with code 1; its last line of output: the tape is full" in note


def test_a_program_that_hangs_is_given_up(house: House) -> None:
    hangs = [sys.executable, "-c", "import time; time.sleep(60)"]
    house.publish(1)

    with pytest.raises(DeliveryError, match=r"did not end within 0 s"):
        Command(name="own", command=hangs, timeout_s=0.3).publish(house.parcel("podcast"))


@pytest.mark.slow
def test_a_program_that_hangs_is_killed_with_its_child_processes(house: House, tmp_path: Path) -> None:
    pid_file = tmp_path / "child"
    hangs = f"sleep 300 & echo $! > '{pid_file}'; wait"  # a shell starts quickly even on a busy machine
    house.publish(1)

    with pytest.raises(DeliveryError, match="did not end"):
        Command(name="own", command=["sh", "-c", hangs], timeout_s=4.0).publish(house.parcel("podcast"))

    wait_for(lambda: not is_alive(int(pid_file.read_text())))


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


def test_the_output_of_a_program_is_printed_without_control_characters(house: House) -> None:
    program = "import sys; sys.stdout.buffer.write(b'ok \\x1b[31mred\\x07 \\xff\\r\\nSECRET=1\\x00\\n'); sys.exit(75)"
    house.publish(1)

    with pytest.raises(DeliveryError) as caught:
        Command(name="own", command=[sys.executable, "-c", program]).publish(house.parcel("podcast"))

    assert str(caught.value).endswith(
        "exited with code 75; its last line of output: ok [31mred \ufffd SECRET=1"
    )


def test_a_program_ended_by_a_signal_is_an_error_with_its_number(house: House) -> None:
    dies = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    house.publish(1)

    with pytest.raises(DeliveryError, match=r"ended by signal 9 \(Killed\); its last line of output: none"):
        Command(name="own", command=dies).publish(house.parcel("podcast"))


def test_a_secret_in_the_output_of_a_program_is_masked(house: House) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('login of radio:let-me-in refused')"]
    house.publish(1)
    hide.learn({"let-me-in": "***"})
    sender = house.sender(Command(name="own", command=command), rendition="podcast")
    sender.note()

    (sent,) = sender.send()

    assert "exited with code 1; its last line of output: login of radio:*** refused" in sent.note


def test_a_missing_program_is_an_error() -> None:
    with pytest.raises(DeliveryError, match="program not found"):
        Command(name="own", command=["no-such-program"]).check()


def test_a_webhook_gets_signed_json_with_addresses(house: House, web: RecordingServer) -> None:
    delivery = Webhook(name="hook", url=f"{web.url}/in", secret="s3cret")
    delivery.check()
    house.publish(1)
    run(house, delivery)

    ((path, headers, body),) = web.requests
    message = json.loads(body)
    assert path == "/in"
    assert (
        headers["X-Bulletin-Signature"] == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    )
    assert message["files"][0]["url"] == "https://news.example/demo/demo-1.mp3"
    assert "path" not in message["files"][0]


def test_a_failed_webhook_is_retried_with_the_same_key(house: House, web: RecordingServer) -> None:
    delivery = Webhook(name="hook", url=f"{web.url}/very-secret-path")
    web.code = 500
    house.publish(1)
    ((_, result, note),) = run(house, delivery)
    assert (result, "answered HTTP 500" in note, "very-secret-path" in note) == (
        DeliveryOutcome.FAILED,
        True,
        False,
    )

    web.code = 204
    house.now += MOST_PAUSE
    assert run(house, delivery)[0][1] is DeliveryOutcome.SENT
    first, second = (headers["Idempotency-Key"] for _, headers, _ in web.requests)
    assert first == second


@pytest.mark.parametrize("code", [401, 403, 404, 410])
def test_a_webhook_that_is_gone_or_refuses_is_a_lasting_error(
    house: House, web: RecordingServer, code: int
) -> None:
    web.code = code
    house.publish(1)

    with pytest.raises(DeliveryError, match="correct url or secret") as caught:
        Webhook(name="hook", url=web.url).publish(house.parcel("podcast"))
    assert caught.value.is_lasting


@pytest.mark.parametrize(
    "url", ["ftp://x", "x", "http://", "http://[::1", "http://host:999999/", "http://host:0/"]
)
def test_a_wrong_address_is_an_error(url: str) -> None:
    with pytest.raises(ConfigError, match="not a web address"):
        Webhook(name="hook", url=url)


def test_a_webhook_is_sent_nowhere_but_where_the_profile_says(house: House, web: RecordingServer) -> None:
    """Neither a redirect nor the text of a story changes the address: requests go to the profile's addresses only."""
    web.code, web.location = 307, f"{web.url}/elsewhere/secret?token=abc"
    house.publish(1, title='http://127.0.0.1:1/x "}]')

    ((_, result, note),) = run(house, Webhook(name="hook", url=f"{web.url}/in"))

    assert result is DeliveryOutcome.FAILED
    assert "answered HTTP 307: it has moved to http://127.0.0.1; correct url" in note
    assert "secret" not in note
    assert [path for path, _, _ in web.requests] == ["/in"]


def test_a_hub_that_has_moved_is_a_lasting_error(house: House, web: RecordingServer) -> None:
    web.code, web.location = 308, "https://hub.example/new"
    house.publish(1)

    with pytest.raises(DeliveryError, match="answered HTTP 308") as caught:
        WebSub(name="hub", hub=web.url, sees_feed=False).publish(house.parcel("podcast"))
    assert caught.value.is_lasting


def test_a_hub_is_notified_only_after_the_new_feed_is_public(house: House, web: RecordingServer) -> None:
    delivery = WebSub(name="hub", hub=f"{web.url}/hub", topic=f"{web.url}/feed.xml")
    house.publish(1)

    ((_, result, note),) = run(house, delivery)
    assert (result, web.requests) == (DeliveryOutcome.FAILED, [])
    assert "does not show the episode" in note

    web.feed = (house.folder / "feed.xml").read_bytes()
    house.now += MOST_PAUSE
    assert run(house, delivery)[0][1] is DeliveryOutcome.SENT
    ((path, _, body),) = web.requests
    form = parse_qs(body.decode())
    assert (path, form["hub.mode"], form["hub.url"]) == ("/hub", ["publish"], [f"{web.url}/feed.xml"])


def test_a_hub_is_notified_of_a_withdrawal_too(house: House, web: RecordingServer) -> None:
    delivery = WebSub(name="hub", hub=f"{web.url}/hub", topic=f"{web.url}/feed.xml", sees_feed=False)
    episode, _ = house.publish(1)
    run(house, delivery)
    house.podcast.withdraw(episode.guid)

    run(house, delivery)

    assert len(web.requests) == 2


def test_a_hub_that_refuses_the_feed_is_a_lasting_error(house: House, web: RecordingServer) -> None:
    web.code = 400
    house.publish(1)

    with pytest.raises(DeliveryError, match="does it take feeds of this host") as caught:
        WebSub(name="hub", hub=web.url, sees_feed=False).publish(house.parcel("podcast"))
    assert caught.value.is_lasting

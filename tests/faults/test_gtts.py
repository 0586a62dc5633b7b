"""gTTS as the first voice, over HTTPS on loopback: without faults, and with each fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bulletin.runtime.read_sound_file import read_sound
from tests.faults.station_process import Radio
from tests.speech.engines.google import Google

pytestmark = pytest.mark.faults

CHAIN = (
    '[speech]\nchain = ["gtts", "hibari"]\n[speech.engines.gtts]\ntimeout_s = 1.5\ngap_s = 0.0\ntries = 2\n'
)


class DyingGoogle(Google):
    """Fake Google that speaks for a while, then refuses for good."""

    def answer(self, text: str) -> tuple[int, bytes]:
        if self.mode == "dying" and len(self.asked) > 3:
            return 429, b"<html><title>Sorry...</title></html>"
        return super().answer(text)


@pytest.fixture
def google() -> Iterator[DyingGoogle]:
    with DyingGoogle() as running:
        yield running


def make(radio: Radio, google: Google, *, trusts: bool = True) -> dict[str, Any]:
    google.write_ca(radio.folder)
    radio.profile(tables=CHAIN + ('ca_file = "google.pem"\n' if trusts else ""))
    proxies = {"https_proxy": google.proxy, "HTTPS_PROXY": google.proxy, "no_proxy": "", "NO_PROXY": ""}
    done = radio.make("--json", "--again", voice="", **proxies)
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def test_google_reads_and_cached_sentences_are_not_requested_again(radio: Radio, google: DyingGoogle) -> None:
    first = make(radio, google)
    request_count = len(google.asked)
    again = make(radio, google)

    samples, _ = read_sound(radio.public / "latest.mp3")
    assert first["voice"] == {"engine": "gtts", "name": "co.uk"}
    assert abs(samples).max() > 0.1
    assert all(len(text) <= 100 for text in google.texts)
    assert first["attempts"][0]["cached"] == 0
    assert again["attempts"][0]["cached"] >= first["attempts"][0]["sentences"] - 2  # the time check differs
    assert len(google.asked) - request_count <= 4
    radio.assert_clean()


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("429", "Google refuses (HTTP 429)"),
        ("captcha", "captcha"),
        ("hang", "no answer"),
        ("garbage", "not a sound file"),
        ("cut", "cut off"),
        ("dying", "Google refuses (HTTP 429)"),
    ],
)
def test_when_google_fails_the_next_voice_reads_the_complete_bulletin(
    radio: Radio, google: DyingGoogle, mode: str, reason: str
) -> None:
    google.mode = mode

    data = make(radio, google)

    failed, used = data["attempts"]
    assert (failed["engine"], failed["ok"]) == ("gtts", False)
    assert reason in failed["reason"]
    assert (used["engine"], used["ok"], used["cached"]) == ("hibari", True, 0)
    assert data["voice"]["engine"] == "hibari"
    assert used["sentences"] >= len({s["spoken"] for p in data["aired"] for s in p["sentences"]})
    if mode == "dying":
        assert len(google.asked) > 3
    radio.assert_clean()


def test_a_server_with_an_untrusted_certificate_gets_no_request(radio: Radio, google: DyingGoogle) -> None:
    data = make(radio, google, trusts=False)

    failed, used = data["attempts"]
    assert (failed["engine"], failed["ok"]) == ("gtts", False)
    assert "translate.google.co.uk is not trusted" in failed["reason"]
    assert (used["engine"], used["ok"]) == ("hibari", True)
    assert google.asked == []
    radio.assert_clean()


def test_after_a_refusal_the_next_run_does_not_ask_google(radio: Radio, google: DyingGoogle) -> None:
    google.mode = "429"
    make(radio, google)
    request_count = len(google.asked)
    google.mode = "ok"

    data = make(radio, google)

    assert len(google.asked) == request_count
    assert data["attempts"][0]["ok"] is False
    assert data["attempts"][1]["cached"] > 0

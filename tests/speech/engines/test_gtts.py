"""gTTS against a real HTTPS server on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bulletin.errors import BadSpeechError, ConfigError, EngineBusyError, EngineUnavailableError, SpeechError
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.cache.speech_cache import SpeechCache, make_key
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.engines.gtts import GttsEngine
from bulletin.speech.servers.circuit_breaker import CircuitBreaker
from bulletin.speech.speak_script import speak_script
from bulletin.speech.trim_and_level_speech import CLEAN_VERSION
from tests.speech.engines.google import LETTERS_A_SECOND, Google
from tests.speech.test_speak_script import make_script, passage

SENTENCE = "The bridge over the River Wex closes on Monday."
LONG = (
    "The county council said drivers should use the other road while the work goes on, and that buses "
    "would run every ten minutes from the station, which stays open until the end of the year."
)

Make = Callable[..., GttsEngine]


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with Google() as server:
        for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.setenv("https_proxy", server.proxy)
        yield server


@pytest.fixture
def make(tmp_path: Path, google: Google) -> Make:
    ours = {"folder": tmp_path / "data", "gap_s": 0.0, "timeout_s": 5.0, "ca_file": google.write_ca(tmp_path)}

    def build(**options: Any) -> GttsEngine:
        return GttsEngine(**(ours | options))

    return build


def say(engine: GttsEngine, text: str, folder: Path) -> Path:
    path = folder / "said.wav"
    engine.synthesize(text, engine.voices()[0], path)
    return path


def test_a_sentence_is_synthesized(google: Google, make: Make, tmp_path: Path) -> None:
    engine = make()
    engine.check()

    samples, rate_hz = read_sound(say(engine, SENTENCE, tmp_path))

    assert google.texts == [SENTENCE]
    assert google.asked[0].host == "translate.google.co.uk"
    assert google.asked[0].language == "en"
    letters = sum(map(str.isalnum, SENTENCE))
    # The silence around each answer is trimmed; 100 ms are kept for soft consonants.
    assert letters / LETTERS_A_SECOND == pytest.approx(len(samples) / rate_hz, abs=0.2)


def test_a_long_sentence_is_requested_in_pieces(google: Google, make: Make, tmp_path: Path) -> None:
    say(make(), LONG, tmp_path)

    assert " ".join(google.texts) == LONG
    assert len(google.texts) == 2
    assert all(len(text) <= 100 for text in google.texts)


def test_requests_are_spaced_in_time(google: Google, make: Make, tmp_path: Path) -> None:
    say(make(gap_s=0.2), LONG, tmp_path)

    first, second = google.asked
    assert second.at_s - first.at_s >= 0.2


@pytest.mark.parametrize(
    ("mode", "error", "says"),
    [
        ("429", EngineBusyError, "HTTP 429"),
        ("403", EngineBusyError, "HTTP 403"),
        ("500", EngineUnavailableError, "HTTP 500"),
        ("404", EngineUnavailableError, "HTTP 404"),
        ("empty", EngineBusyError, "captcha"),
        ("captcha", EngineBusyError, "captcha"),
        ("no-audio", BadSpeechError, "holds no speech"),
        ("cut", BadSpeechError, "cut off"),
        ("torn", BadSpeechError, "damaged"),
        ("short", BadSpeechError, "are usual"),
        ("garbage", BadSpeechError, "not a sound file"),
    ],
)
def test_each_failure_raises_its_error(
    google: Google, make: Make, tmp_path: Path, mode: str, error: type[SpeechError], says: str
) -> None:
    google.mode = mode

    with pytest.raises(error, match=says):
        say(make(tries=1), SENTENCE, tmp_path)

    assert not list(tmp_path.glob("*.wav"))


def test_a_server_with_an_untrusted_certificate_is_refused(
    google: Google, make: Make, tmp_path: Path
) -> None:
    """gTTS itself would send the sentence and accept any answer."""
    engine = make(ca_file="")

    with pytest.raises(EngineUnavailableError, match=r"translate\.google\.co\.uk is not trusted.*ca_file"):
        say(engine, SENTENCE, tmp_path)

    assert google.asked == []
    assert not (tmp_path / "data").exists()  # Google has refused nothing: no pause


def test_a_certificate_of_another_name_is_refused(make: Make, tmp_path: Path, google: Google) -> None:
    other = Google(host="translate.google.example", authority=google.authority)
    with other, pytest.MonkeyPatch.context() as patch:
        patch.setenv("https_proxy", other.proxy)
        with pytest.raises(EngineUnavailableError, match=r"is not trusted.*[Hh]ostname"):
            say(make(), SENTENCE, tmp_path)

    assert other.asked == []


def test_an_unreadable_ca_file_is_reported(make: Make, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("nothing of the kind")
    for name in ("no.pem", "missing.pem"):
        with pytest.raises(EngineUnavailableError, match=rf"ca_file .*{name} cannot be read"):
            make(ca_file=str(tmp_path / name)).check()


def test_a_captcha_by_redirect_is_not_followed(google: Google, make: Make, tmp_path: Path) -> None:
    google.mode = "302"

    with pytest.raises(EngineBusyError, match=r"www\.google\.com .HTTP 302., probably to a captcha"):
        say(make(), SENTENCE, tmp_path)

    assert len(google.asked) == 1


def test_an_unusable_proxy_is_reported(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "socks9://127.0.0.1:1")

    with pytest.raises(EngineUnavailableError, match="https_proxy"):
        say(make(tries=1), SENTENCE, tmp_path)


def test_speech_cached_without_verification_is_synthesized_again(
    google: Google, make: Make, tmp_path: Path
) -> None:
    cache = SpeechCache(tmp_path / "speech")
    voice = make().voices()[0]
    for slow in (False, True):
        key = make_key(
            engine="gtts",
            voice=voice.name,
            options=f"gtts language=en slow={slow} clean={CLEAN_VERSION}",
            text=SENTENCE,
        )
        cache.put(key, np.zeros(24_000, np.float32), rate_hz=24_000)

    speak_script(
        make_script(passage(SENTENCE)),
        chain=[VoiceReader(engine=make(), voice=voice)],
        cache=cache,
        folder=tmp_path / "clips",
    )

    assert SENTENCE in google.texts


@pytest.mark.slow
def test_a_hanging_server_is_abandoned(google: Google, make: Make, tmp_path: Path) -> None:
    google.mode = "hang"

    with pytest.raises(EngineUnavailableError, match=r"0\.2 s"):
        say(make(timeout_s=0.2), SENTENCE, tmp_path)


@pytest.mark.parametrize(
    "mode", ["500", *(pytest.param(mode, marks=pytest.mark.slow) for mode in ("cut", "no-audio"))]
)
def test_a_temporary_failure_is_retried(google: Google, make: Make, tmp_path: Path, mode: str) -> None:
    google.mode = f"{mode} once"

    say(make(), SENTENCE, tmp_path)

    assert len(google.asked) == 2


@pytest.mark.slow
def test_a_busy_server_is_retried_after_its_retry_after(google: Google, make: Make, tmp_path: Path) -> None:
    google.mode = "429 once"
    google.retry_after = "1"

    say(make(), SENTENCE, tmp_path)

    assert google.asked[1].at_s - google.asked[0].at_s >= 1


@pytest.mark.parametrize("digits", [17, 400])
def test_an_absurd_retry_after_is_no_crash(google: Google, make: Make, tmp_path: Path, digits: int) -> None:
    google.mode = "429"
    google.retry_after = "9" * digits

    with pytest.raises(EngineBusyError, match="HTTP 429"):
        say(make(), SENTENCE, tmp_path)


def test_a_busy_server_without_retry_after_is_not_retried(google: Google, make: Make, tmp_path: Path) -> None:
    google.mode = "429"

    with pytest.raises(EngineBusyError):
        say(make(), SENTENCE, tmp_path)

    assert len(google.asked) == 1


@pytest.mark.parametrize("mode", ["429", "captcha", "500"])
def test_the_next_run_remembers_a_refusal(google: Google, make: Make, tmp_path: Path, mode: str) -> None:
    google.mode = mode
    with pytest.raises(SpeechError):
        say(make(tries=1), SENTENCE, tmp_path)
    google.asked.clear()

    next_run = make()

    with pytest.raises(EngineBusyError, match="paused until"):
        next_run.check()
    with pytest.raises(EngineBusyError, match="paused until"):
        say(next_run, SENTENCE, tmp_path)
    assert google.asked == []


def test_a_captcha_without_a_time_is_ten_minutes(google: Google, make: Make, tmp_path: Path) -> None:
    """The pause does not depend on the profile, since Google does not say how long it blocks."""
    google.mode, began = "captcha", datetime.now(UTC)

    with pytest.raises(EngineBusyError) as caught:
        say(make(tries=1, pause_min=0.1), SENTENCE, tmp_path)

    assert caught.value.retry_after_s == 600.0
    memory = tmp_path / "data" / "gtts-pause.json"
    later = CircuitBreaker(
        memory, name="gtts", first=timedelta(0), clock=lambda: began + timedelta(minutes=9)
    )
    with pytest.raises(EngineBusyError, match="paused until"):
        later.check()


def test_a_success_resets_the_refusals(google: Google, make: Make, tmp_path: Path) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    memory = tmp_path / "data" / "gtts-pause.json"
    CircuitBreaker(memory, name="gtts", first=timedelta(minutes=10), clock=lambda: long_ago).open("HTTP 429")

    say(make(), SENTENCE, tmp_path)

    assert not memory.exists()


def test_one_bad_answer_does_not_open_the_circuit(google: Google, make: Make, tmp_path: Path) -> None:
    google.mode = "no-audio"
    engine = make(tries=1)
    with pytest.raises(BadSpeechError):
        say(engine, SENTENCE, tmp_path)

    engine.check()


def test_a_missing_network_is_reported_before_the_first_sentence(
    google: Google, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")  # no server on this port

    with pytest.raises(
        EngineUnavailableError, match=r"translate\.google\.co\.uk cannot be reached.*internet"
    ):
        make().check()


def test_a_broken_connection_is_reported(
    google: Google, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")

    with pytest.raises(EngineUnavailableError, match="cannot be reached"):
        say(make(tries=2), SENTENCE, tmp_path)

    monkeypatch.setenv("https_proxy", google.proxy)
    make().check()  # back at once: Google has refused nothing


def test_the_accent_follows_the_language() -> None:
    def first(**options: Any) -> str:
        return GttsEngine(**options).voices()[0].name

    assert first(language="en-GB") == "co.uk"
    assert first(language="en-AU") == "com.au"
    assert first(language="de") == "com"
    assert first(language="fr-CA") == "ca"
    assert first(language="en-GB", tld="ie") == "ie"


def test_no_other_host_can_be_configured() -> None:
    with pytest.raises(ConfigError, match=r"co\.uk"):
        GttsEngine(tld="evil.example/")


def test_slow_speech_is_requested_below_four_fifths(google: Google, make: Make, tmp_path: Path) -> None:
    say(make(speed=0.75), SENTENCE, tmp_path)

    assert google.asked[0].slow is True

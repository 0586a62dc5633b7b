from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hibari.voices import ASSETS, VOICES

from bulletin.cli.setup.voices import command
from tests.speech.installing.voice_registry import VoiceRegistry


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BULLETIN_DATA", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def test_an_engine_that_lacks_its_key_or_the_internet_is_not_ready_and_the_reason_follows() -> None:
    lines = CliRunner().invoke(command, ["list"]).output.splitlines()

    for engine, reason in (("openai", "the environment variable OPENAI_API_KEY is not set; "), ("gtts", "")):
        at = lines.index(f"{engine}  not ready  needs the network")
        assert lines[at + 1].startswith(f"    {engine}: {reason}")
    assert "hibari  ready  offline" in lines


def test_data_give_the_reason_too() -> None:
    engines = json.loads(CliRunner().invoke(command, ["list", "--json"]).output)["engines"]

    problems = {engine["engine"]: (engine["works"], engine["problem"]) for engine in engines}
    assert problems["hibari"] == (True, "")
    assert problems["openai"][0] is False
    assert "OPENAI_API_KEY is not set" in problems["openai"][1]


def test_the_table_says_what_is_natural_offline_and_what_is_robotic() -> None:
    lines = CliRunner().invoke(command, ["list"]).output.splitlines()

    table = lines[lines.index("") + 1 :]
    assert table[0].endswith("robotic")
    german = next(line for line in table if line.startswith("de "))
    british = next(line for line in table if line.startswith("en-GB "))
    assert german.split()[1:3] == ["none", "gtts,"], "no natural voice without a network"
    american = next(line for line in table if line.startswith("en-US "))
    assert "hibari, kokoro*" in american, "the one is there, the other needs an installation"
    assert "hibari*, kokoro*" in british, "the one that is there has another accent"


def test_the_voices_of_one_language_come_with_what_they_need() -> None:
    answer = CliRunner().invoke(command, ["list", "--language", "en-GB", "--json"])

    voices = {voice["voice"]: voice for voice in json.loads(answer.output)["voices"]}
    assert voices["hibari:emma"]["needs"] == "`bulletin voices install hibari:emma`"
    assert voices["hibari:heart"]["is_ready"]
    assert voices["gtts:co.uk"]["needs_network"]


@pytest.mark.slow
def test_a_voice_is_measured_when_it_is_installed_and_the_list_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub is a server on loopback, and has the package's own voice under another name."""
    entry = VOICES["emma"] | {key: VOICES["heart"][key] for key in ("sha256", "bytes")}
    monkeypatch.setitem(VOICES, "emma", entry)
    path = f"/maureesewilliams/hibari/resolve/main/voices/{entry['file']}"
    with VoiceRegistry(files={path: Path(ASSETS, VOICES["heart"]["file"]).read_bytes()}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.root)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        answer = CliRunner().invoke(command, ["install", "hibari:emma"])

    assert answer.exit_code == 0, answer.exception
    assert f"sha256 {entry['sha256']}, as hibari-tts" in answer.output
    assert "CPU seconds for a second of speech on this machine" in answer.output
    listed = CliRunner().invoke(command, ["list", "--language", "en-GB"]).output
    line = next(line for line in listed.splitlines() if line.startswith("hibari:emma"))
    assert "CPU seconds for a second of speech" in line
    assert "needs" not in line
    assert "hibari: " in CliRunner().invoke(command, ["measure"]).output

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.cli.setup.init import command
from bulletin.config.load_profile import load_profile
from bulletin.errors import ConfigError
from bulletin.speech.offers.voice_costs import VoiceCost, keep_cost


def init(*args: str, text: str = "") -> Result:
    result = CliRunner().invoke(command, args, input=text)
    if isinstance(result.exception, ConfigError):
        raise result.exception
    return result


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BULLETIN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("BULLETIN_STATION", raising=False)
    monkeypatch.delenv("BULLETIN_OUTPUT", raising=False)


def test_init_asks_and_writes_a_profile_that_loads() -> None:
    result = init(
        text='Valley "FM"\n101.2, 88.0\nAll day\nen-IE\nEurope/Dublin\n\nbf_emma\nhttps://a.example/rss\n',
    )

    assert result.exit_code == 0
    profile = load_profile("valley-fm").profile
    assert profile.name == 'Valley "FM"'
    assert profile.frequencies == ("101.2", "88.0")
    assert (profile.language, profile.time_zone, profile.length) == ("en-IE", "Europe/Dublin", 120.0)
    assert profile.speech.chain == ("kokoro:bf_emma", "hibari")
    assert profile.feeds[0].url == "https://a.example/rss"


def test_init_offers_the_voices_of_the_language_with_what_each_needs_and_costs(tmp_path: Path) -> None:
    keep_cost("hibari", VoiceCost(cpu_s_per_s=0.0132, at_once=2, measured="2026-11-24"))

    result = init(text="Hill\n\n\nen-US\nAmerica/New_York\n\n\n\n")

    offers = [line.split() for line in result.output.splitlines() if line.startswith("  ")]
    assert offers[0][:2] == ["hibari:heart", "natural,"]
    assert "offline; 0.0132 CPU seconds for a second of speech" in result.output
    assert "needs `bulletin voices install kokoro`" in result.output
    assert "First voice [hibari:heart]" in result.output
    assert load_profile("hill").profile.speech.chain == ("hibari:heart",)


def test_a_station_that_is_not_english_gets_no_english_voice() -> None:
    init("berg", "--name", "Berg", "--language", "de")

    chain = load_profile("berg").profile.speech.chain
    assert [entry for entry in chain if not entry.startswith("pico")] == ["gtts", "espeak"]
    with pytest.raises(
        ConfigError, match=r"kokoro:bf_emma speaks en-GB, not de; `bulletin voices list --language de`"
    ):
        init("tal", "--name", "Tal", "--language", "de", "--voice", "bf_emma")


def test_a_voice_that_is_not_there_comes_with_its_command() -> None:
    result = init("hill", "--name", "Hill", "--voice", "bf_emma")

    assert "Next: bulletin voices install kokoro, then bulletin check hill, then" in result.output
    assert load_profile("hill").profile.speech.chain == ("kokoro:bf_emma", "hibari")


def test_init_takes_options_and_asks_nothing() -> None:
    result = init("hill", "--name", "Hill", "--frequency", "99.9", "--length", "3:00")

    assert result.exit_code == 0
    assert load_profile("hill").profile.length == 180.0


def test_init_replaces_nothing_without_force() -> None:
    init("hill", "--name", "Hill")

    with pytest.raises(ConfigError, match=r"hill\.toml: exists already; use --force"):
        init("hill", "--name", "Other")

    assert load_profile("hill").profile.name == "Hill"
    init("hill", "--name", "Other", "--force")
    assert load_profile("hill").profile.name == "Other"


def test_init_refuses_a_wrong_answer_and_leaves_nothing() -> None:
    with pytest.raises(ConfigError, match=r"feeds.hill\.toml:\d+: 'length'.*; the profile was not saved"):
        init("hill", "--name", "Hill", "--length", "nine")

    assert list(Path("feeds").iterdir()) == []


def test_a_station_gets_the_time_zone_of_its_country() -> None:
    init("sierra", "--name", "Sierra", "--language", "es")
    init("alm", "--name", "Alm", "--language", "de-AT")

    zones = [load_profile(name).profile.time_zone for name in ("sierra", "alm")]
    assert zones == ["Europe/Madrid", "Europe/Vienna"]


def test_a_language_without_words_is_told() -> None:
    result = init("fjell", "--name", "Fjell", "--language", "no")

    assert 'Bulletin has no words for "no" (it has de, en-GB' in result.output
    assert "docs/LANGUAGES.md" in result.output


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX terminal")
def test_a_wrong_answer_at_a_terminal_is_told_and_asked_again() -> None:
    person, terminal = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bulletin", "init"],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as program:
        os.write(person, b"Sierra\n\n\nSpanish\nes\nMadrid\n\n2 min\n2:00\nemma\nespeak\n\n")
        output = program.communicate()[0].decode()

    assert program.returncode == 0, output
    assert '"Spanish" is not a valid language; did you mean "es"?' in output
    assert '"Madrid" is not a valid time zone; did you mean' in output
    assert 'write minutes and seconds, "2:30"' in output
    assert "hibari:emma speaks en-GB, not es" in output
    profile = load_profile("sierra").profile
    assert (profile.language, profile.time_zone, profile.length) == ("es", "Europe/Madrid", 120.0)


@pytest.mark.slow
def test_init_without_input_names_the_option() -> None:
    """The command runs in its own process, because click's test runner answers prompts for ever."""
    program = [sys.executable, "-m", "bulletin", "init"]
    done = subprocess.run(program, input=b"Hill\n103.5\n", capture_output=True, check=False)

    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == (
        b'bulletin: no answer on standard input, nothing was written; use --name "Hill FM"'
    )
    assert b"Usage" not in done.stdout + done.stderr
    assert not Path("feeds").exists()

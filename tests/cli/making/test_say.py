"""`bulletin say`, with the tone voice and a stand-in for the player."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.cli.making.say import command
from bulletin.errors import AudioError, ConfigError, NoVoiceError
from bulletin.runtime.read_sound_file import read_sound

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script with a first line")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station with a British name, and an empty folder as PATH."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "hill.toml").write_text('name = "Hill"\n[speech]\nchain = ["tone"]\n', "utf-8")
    return tmp_path


def say(*args: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(command, [*args, "--station", "hill.toml"])


def test_the_spoken_form_is_printed_and_the_sound_is_played(folder: Path) -> None:
    program = folder / "bin" / "mpg123"
    program.write_text(f"#!{sys.executable}\nimport sys\nopen('played', 'w').write(sys.argv[-1])\n")
    program.chmod(0o755)

    done = say("Siân paid £3.5m")

    assert done.stdout == "Sharn paid three point five million pounds\n"
    assert "tone: low" in done.stderr
    assert read_sound(Path((folder / "played").read_text()))[1] == 32_000


def test_without_a_player_the_file_is_named(folder: Path) -> None:
    done = say("Siân")

    assert done.exit_code == 0
    assert "no player found; open the file yourself" in done.stderr


def test_a_file_is_written_instead_of_played(folder: Path) -> None:
    answer = json.loads(say("Siân", "--to", "sian.wav", "--voice", "tone:high", "--json").stdout)

    assert answer["spoken"] == "Sharn"
    assert answer["voices"] == ["tone: high"]
    assert len(read_sound(folder / answer["file"])[0])


def test_a_missing_player_is_named(folder: Path) -> None:
    assert isinstance(say("Siân", "--player", "mpv").exception, AudioError)


def test_an_unknown_voice_names_the_nearest(folder: Path) -> None:
    done = say("Siân", "--voice", "hibary")

    assert isinstance(done.exception, ConfigError)
    assert 'did you mean "hibari"?' in str(done.exception)


def test_no_voice_is_a_clear_answer(folder: Path) -> None:
    (folder / "hill.toml").write_text(
        'name = "Hill"\nlanguage = "fr-FR"\n[speech]\nchain = ["hibari"]\n', "utf-8"
    )

    done = say("Bonjour")

    assert isinstance(done.exception, NoVoiceError)
    assert "hibari: speaks English, not fr-FR" in str(done.exception)

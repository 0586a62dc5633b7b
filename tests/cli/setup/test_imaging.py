"""`bulletin imaging` on the command line."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner, Result

from bulletin.audio.music.choose_jingle_files import choose_jingles
from bulletin.cli.main import main
from bulletin.cli.setup.imaging import STYLES, command, make
from bulletin.config.profile_options import ImagingOptions
from bulletin.errors import AudioError
from bulletin.imaging.find_shipped_jingle_sets import JINGLES
from tests.support.speech_like_sounds import RATE_HZ, speech_like


def test_the_listed_styles_exist() -> None:
    from bulletin.imaging.composing.jingle_styles import STYLES as composed

    assert set(STYLES) == set(composed)


def test_an_unknown_key_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(make, ["--key", "H"])

    assert done.exit_code == 2
    assert '"H" is not a valid key; use one of C, C#, Db' in done.output
    assert "Composing" not in done.output
    assert list(tmp_path.iterdir()) == []


def imaging(*args: str) -> Result:
    return CliRunner().invoke(command, args)


@pytest.mark.slow
def test_a_sound_file_becomes_a_jingle_with_its_mix_point_and_is_reset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hill.toml").write_text('name = "Hill"\n[[feeds]]\nurl = "https://news.example.org/rss"\n', "utf-8")
    soundfile.write("ding.wav", speech_like(sentences=1), RATE_HZ)
    used = imaging("use", "sting", "ding.wav", "hill.toml")
    mixed = imaging("mix", "sting", "1.5", "hill.toml")
    listed = {
        each["name"]: each for each in json.loads(imaging("list", "hill.toml", "--json").output)["jingles"]
    }
    profile = tomllib.loads(Path("hill.toml").read_text("utf-8"))["imaging"]
    reset = imaging("reset", "sting", "hill.toml")

    assert [each.exit_code for each in (used, mixed, reset)] == [0, 0, 0]
    assert (listed["sting"]["origin"], listed["sting"]["mix_s"]) == ("your file", 1.5)
    assert profile["sting_mix_s"] == 1.5
    assert (tmp_path / profile["sting"]).is_file()
    assert "sting" not in tomllib.loads(Path("hill.toml").read_text("utf-8")).get("imaging", {})


@pytest.mark.parametrize(
    ("file", "error"),
    [("story.wav", "is no WAV, FLAC, OGG or MP3"), ("missing.wav", "missing.wav: cannot be read")],
)
def test_a_file_that_is_no_sound_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, error: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hill.toml").write_text('name = "Hill"\n[[feeds]]\nurl = "https://news.example.org/rss"\n', "utf-8")
    before = Path("hill.toml").read_bytes()
    Path("story.wav").write_text("words", "utf-8")
    done = imaging("use", "ident", file, "hill.toml")

    assert isinstance(done.exception, AudioError)
    assert error in str(done.exception)
    assert Path("hill.toml").read_bytes() == before


@pytest.mark.slow
def test_a_station_gets_its_own_set_and_the_lines_to_use_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = CliRunner(mix_stderr=False).invoke(make, ["--style", "bright", "--seed", "7", "--key", "F#"])

    assert done.exit_code == 0
    assert done.stderr.startswith("Instruments: ")
    lines = tomllib.loads(done.stdout)
    chosen = choose_jingles(ImagingOptions(**lines["imaging"]), folder=Path("elsewhere"))
    folder = tmp_path / "jingles" / "bright-7-F-sharp"
    assert {getattr(chosen, name) for name in JINGLES} == {folder / f"{name}.flac" for name in JINGLES}
    assert (folder / "imaging.png").stat().st_size > 100_000
    assert "bulletin imaging make --style bright --seed 7" in (folder / "imaging.toml").read_text()


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (["--style", "jazz"], "'jazz' is not one of 'bright', 'serious', 'night', 'local'"),
        (["--seed", "many"], "'many' is not a valid integer"),
        (["--seed", "-1"], "the seed is a whole number from 0 to 1048575, not -1"),
        (["--key", "H"], '"H" is not a valid key; use one of C, C#, Db'),
        (["taken"], "Directory 'taken' is a file"),
        (["taken/jingles"], "cannot be written there"),
        (["--soundfont", "gm.sf2"], "gm.sf2: the soundfont cannot be read (No such file or directory); name"),
    ],
)
def test_a_wrong_option_gives_a_remedy(
    order: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["bulletin", "imaging", "make", *order])

    with pytest.raises(SystemExit) as left:
        main()

    captured = capsys.readouterr()
    assert left.value.code not in (0, None)
    assert message in captured.err
    assert "Traceback" not in captured.err
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]

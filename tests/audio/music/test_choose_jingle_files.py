"""[imaging] of a profile -> jingle files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bulletin.audio.music.choose_jingle_files import choose_jingles
from bulletin.audio.music.load_jingles import StationJingles, load_jingles
from bulletin.config.profile_options import ImagingOptions
from bulletin.errors import ConfigError
from bulletin.imaging.find_shipped_jingle_sets import JINGLES, SHIPPED_SEEDS, default_jingles


def choose(beside: Path, **options: object) -> StationJingles:
    return choose_jingles(ImagingOptions.model_validate(options), folder=beside)


def files(jingles: StationJingles) -> dict[str, Path | None]:
    return {name: getattr(jingles, name) for name in JINGLES}


@pytest.mark.parametrize("style", SHIPPED_SEEDS)
def test_one_word_chooses_a_style(style: str, tmp_path: Path) -> None:
    ours = default_jingles(style)

    assert files(choose(tmp_path, style=style)) == {name: ours[name] for name in JINGLES}
    assert all(path and path.is_file() for path in files(choose(tmp_path, style=style)).values())


def test_without_a_word_it_is_bright(tmp_path: Path) -> None:
    assert choose(tmp_path) == choose(tmp_path, style="bright")


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(ValidationError, match="'bright', 'serious', 'night' or 'local'"):
        ImagingOptions.model_validate({"style": "jazz"})


def test_a_file_of_the_stations_own_goes_before_the_style(tmp_path: Path) -> None:
    chosen = files(choose(tmp_path, ident="own/ident.wav", bed="none", style="night"))

    assert chosen["ident"] == tmp_path / "own" / "ident.wav"
    assert chosen["bed"] is None
    assert chosen["sting"] == default_jingles("night")["sting"]


def test_our_section_stings_go_with_our_sting_only(tmp_path: Path) -> None:
    own = files(choose(tmp_path, sting="own.wav", weather="rain.wav"))
    none = files(choose(tmp_path, sting="none"))

    assert (own["sport"], own["weather"], own["travel"]) == (None, tmp_path / "rain.wav", None)
    assert [none[name] for name in ("sting", "sport", "weather", "travel")] == [None] * 4


def test_a_folder_stands_for_a_style(tmp_path: Path) -> None:
    folder = tmp_path / "jingles"
    folder.mkdir()
    for name in ("ident.mp3", "sting.wav", "sting.flac", "notes.txt"):
        (folder / name).touch()

    chosen = files(choose(tmp_path, folder="jingles", closing="none", bed="bed.ogg"))

    assert {name: path for name, path in chosen.items() if path} == {
        "ident": folder / "ident.mp3",
        "sting": folder / "sting.flac",
        "bed": tmp_path / "bed.ogg",
    }


@pytest.mark.parametrize(
    ("name", "message"), [("nowhere", "does not exist"), ("empty", "has no jingles; name them ident.wav")]
)
def test_a_folder_without_jingles_is_an_error(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(ConfigError, match=message):
        choose(tmp_path, folder=name)


def test_mix_points_are_passed_on_by_name(tmp_path: Path) -> None:
    chosen = choose(tmp_path, ident_mix_s=4.2, weather_mix_s=0)

    assert chosen.mix_points_s == {"ident": 4.2, "weather": 0.0}


@pytest.mark.parametrize("value", [-1, 61, "soon", float("nan")])
def test_a_mix_point_is_a_number_of_seconds(value: object) -> None:
    with pytest.raises(ValidationError):
        ImagingOptions.model_validate({"ident_mix_s": value})


def test_prepared_jingles_are_stored_in_the_cache_folder(tmp_path: Path) -> None:
    jingles = choose_jingles(ImagingOptions(), folder=tmp_path, cache_folder=tmp_path / "jingles")

    load_jingles(jingles, rate_hz=48_000, voice_lufs=-16.0)

    assert len(list((tmp_path / "jingles").iterdir())) == len(JINGLES)

"""Components from a profile: page options are checked before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.config.load_profile import LoadedProfile, load_profile, locate_option
from bulletin.errors import ConfigError
from bulletin.station.build_components_from_profile import build_page_css, feeds_of
from bulletin.station.build_station_object import open_station


def css_of(folder: Path, options: str) -> str:
    path = folder / "hill.toml"
    path.write_text(f'name = "Hill"\n[outputs.page]\non = true\n{options}\n', encoding="utf-8")
    loaded = load_profile(str(path))
    with locate_option(loaded.path):
        return build_page_css(loaded.profile.outputs.page, folder=folder)


def test_the_stations_css_rules_are_read(tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text(".name { color: red }", encoding="utf-8")

    assert css_of(tmp_path, 'css = "own.css"') == ".name { color: red }"
    assert css_of(tmp_path, "") == ""


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ('css = "own.css"', r"hill.toml:4: \[outputs.page\] 'css': .*own.css does not exist"),
        ('css = "bytes.css"', "save it as UTF-8"),
        ('words = { plya = "Go" }', r"hill.toml:4: .*no word 'plya'; did you mean 'play'"),
        ('stream = "radio.example"', "is not a valid web address"),
        ('links = [{ name = "X", url = "javascript:alert(1)" }]', "is not a valid web address"),
        ('strem = ""', "did you mean 'stream'"),
    ],
)
def test_a_wrong_page_option_is_named_with_its_line(tmp_path: Path, options: str, reason: str) -> None:
    (tmp_path / "bytes.css").write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError, match=reason):
        css_of(tmp_path, options)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ('opml = "list.opml"', r"hill.toml:2: opml: .*list.opml does not exist"),
        ('[imaging]\nartwork = "logo.png"', r"hill.toml:3: \[imaging\] 'artwork': .*logo.png does not exist"),
        (
            '[speech]\nsecond = "kokro:bm_george"',
            r'hill.toml:3: "kokro:bm_george": there is no speech engine',
        ),
        ('[speech]\nsecond = "tone:nobody"', r'hill.toml:3: engine tone has no voice "nobody"'),
        ('[speech]\nchain = ["tone:nobody"]', r'hill.toml:3: engine tone has no voice "nobody"'),
    ],
)
def test_an_option_that_a_component_refuses_is_named_with_its_line(
    tmp_path: Path, options: str, reason: str
) -> None:
    path = tmp_path / "hill.toml"
    path.write_text(f'name = "Hill"\n{options}\n', encoding="utf-8")
    loaded = load_profile(str(path))

    with pytest.raises(ConfigError, match=reason):
        build_all(loaded, tmp_path / "output")

    assert not (tmp_path / "output" / "hill").exists()


def build_all(loaded: LoadedProfile, output: Path) -> None:
    feeds_of(loaded)
    with open_station(loaded, output=output):
        pass

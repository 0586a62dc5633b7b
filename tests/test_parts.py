"""What a profile says of its pages is looked at before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.config.load import load_profile
from bulletin.errors import ConfigError
from bulletin.parts import page_css_of


def css_of(folder: Path, options: str) -> str:
    path = folder / "hill.toml"
    path.write_text(f'name = "Hill"\n[outputs.page]\non = true\n{options}\n', encoding="utf-8")
    loaded = load_profile(str(path))
    return page_css_of(loaded, loaded.profile)


def test_the_stations_own_rules_are_read(tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text(".name { color: red }", encoding="utf-8")

    assert css_of(tmp_path, 'css = "own.css"') == ".name { color: red }"
    assert css_of(tmp_path, "") == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ('css = "own.css"', r"hill.toml:2: \[outputs.page\] css: .*own.css is not there"),
        ('css = "bytes.css"', "save it as UTF-8"),
        ('words = { plya = "Go" }', r"hill.toml:4: .*no word 'plya'; did you mean 'play'"),
        ('stream = "radio.example"', "is no web address"),
        ('links = [{ name = "X", url = "javascript:alert(1)" }]', "is no web address"),
        ('strem = ""', "did you mean 'stream'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, options: str, said: str) -> None:
    (tmp_path / "bytes.css").write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError, match=said):
        css_of(tmp_path, options)

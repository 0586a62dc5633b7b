from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.config.tables.rewriter_options import RewriterOptions
from bulletin.errors import ConfigError


def load(tmp_path: Path, lines: str) -> RewriterOptions:
    path = tmp_path / "valley.toml"
    path.write_text(f'name = "Valley"\n[script.rewriter]\n{lines}\n', encoding="utf-8")
    return load_profile(str(path)).profile.script.rewriter


def test_a_server_and_its_model_are_enough(tmp_path: Path) -> None:
    options = load(tmp_path, 'base_url = "http://127.0.0.1:11434/v1/"\nmodel = "small"')

    assert options.base_url == "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('base_url = "http://127.0.0.1/v1"', "model"),
        ('base_url = "ftp://host/v1"\nmodel = "small"', "http://"),
        ('base_url = "http://me:secret@host/v1"\nmodel = "small"', "without a password"),
        ('api_key = "secret"', "api_key"),
    ],
)
def test_a_wrong_rewriter_is_named(tmp_path: Path, lines: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load(tmp_path, lines)

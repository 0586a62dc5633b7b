"""`bulletin check` on a terminal."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from bulletin.cli.check import command

HILL = 'name = "Hill Radio"\n[speech]\nchain = ["tone"]\n'


def check(tmp_path: Path, more: str = "") -> tuple[int, str]:
    profile = tmp_path / "hill.toml"
    profile.write_text(HILL + more, encoding="utf-8")
    args = [str(profile), "--offline", "--output", str(tmp_path / "output")]
    result = CliRunner().invoke(command, args)
    return result.exit_code, result.output


def test_what_is_wrong_with_a_lexicon_is_told_once(tmp_path: Path) -> None:
    code, told = check(tmp_path, '[pronunciations]\n"Frome" = 5\n')

    assert code == 3
    assert told.count('hill.toml:5: [pronunciations]: "Frome": said is text in quotes') == 1
    assert "failure  output  for the same reason as pronunciations" in told


def test_a_profile_that_names_no_address_is_warned(tmp_path: Path) -> None:
    code, told = check(tmp_path)

    assert code == 0
    assert "warning  podcast  feed and pages name https://localhost/" in told
    assert "[outputs.podcast] base_url" in told

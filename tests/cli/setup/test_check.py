"""`bulletin check` on a terminal."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.cli.setup.check import command
from tests.support.web_servers import Silent, served_by

HILL = 'name = "Hill Radio"\n[speech]\nchain = ["tone"]\n'


def check(tmp_path: Path, more: str = "") -> tuple[int, str]:
    profile = tmp_path / "hill.toml"
    profile.write_text(HILL + more, encoding="utf-8")
    args = [str(profile), "--offline", "--output", str(tmp_path / "output")]
    result = CliRunner().invoke(command, args)
    return result.exit_code, result.output


@pytest.mark.slow
def test_an_error_of_a_lexicon_is_reported_once(tmp_path: Path) -> None:
    code, output = check(tmp_path, '[pronunciations]\n"Frome" = 5\n')

    assert code == 3
    assert output.count('hill.toml:5: [pronunciations]: "Frome": write it as text in quotes') == 1
    assert "failure  output" not in output


def test_a_profile_that_names_no_address_is_warned(tmp_path: Path) -> None:
    code, output = check(tmp_path)

    assert code == 0
    assert "warning  podcast  feed and pages name https://localhost/" in output
    assert "[outputs.podcast] base_url" in output


def test_a_language_without_tables_is_reported_without_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "languages" / "de"
    folder.mkdir(parents=True)
    (folder / "phrases.toml").write_text("[x]\n", encoding="utf-8")
    (tmp_path / "hill.toml").write_text(
        'name = "Hill"\nlanguage = "de"\nlanguages = "languages"\n', encoding="utf-8"
    )

    result = CliRunner().invoke(
        command, [str(tmp_path / "hill.toml"), "--offline", "--output", str(tmp_path / "out")]
    )

    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 3
    assert "hill.toml:3: " in result.output
    assert "the table [says] is missing" in result.output
    assert "failure  opening and closing words" not in result.output


def test_a_voice_that_may_imitate_a_person_fails_without_consent(tmp_path: Path) -> None:
    cloned = '[speech]\nchain = ["openai:jo", "tone"]\n[speech.engines.openai]\nvoices = ["jo"]\n'
    cloned += 'base_url = "http://127.0.0.1:1/v1"\n'
    record = (
        '[[speech.consents]]\nvoice = "openai:jo"\nperson = "Jo Bell"\ngiven = 9026-11-02\nfile = "jo.pdf"\n'
    )
    (tmp_path / "jo.pdf").write_bytes(b"signed")
    record += f'sha256 = "{hashlib.sha256(b"signed").hexdigest()}"\n'
    args = [str(tmp_path / "hill.toml"), "--offline", "--output", str(tmp_path / "output")]

    for consents, fault in (
        ("", "openai:jo may imitate a person"),
        (record, "openai:jo: the consent of Jo Bell has the date 9026-11-02, which is to come"),
    ):
        (tmp_path / "hill.toml").write_text(f'name = "Hill Radio"\n{cloned}{consents}', encoding="utf-8")
        result = CliRunner().invoke(command, args)

        assert result.exit_code == 5
        assert f"failure  consent for openai:jo  {fault}" in result.output


def test_offline_sends_no_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setenv("SOURCE", "hackme")

    class Server(Silent):
        def parse_request(self) -> bool:
            asked.append(self.raw_requestline.decode())
            return super().parse_request()

    with served_by(Server) as server:
        code, output = check(
            tmp_path,
            '[outputs]\nmake = ["fm"]\n[outputs.fm]\nformat = "mp3"\n'
            f'[stream]\nurl = "{server}/news.mp3"\npassword = "env:SOURCE"\n'
            f'[script.rewriter]\nbase_url = "{server}/v1"\nmodel = "tiny"\n'
            f'[[deliveries]]\nkind = "webhook"\nrendition = "fm"\nurl = "{server}/hook"\n'
            f'[[feeds]]\nurl = "{server}/feed.xml"\n',
        )

    assert asked == []
    assert code == 0, output
    assert "ok       stream" in output

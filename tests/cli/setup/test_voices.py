from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bulletin.cli.setup.voices import command


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def test_an_engine_that_lacks_its_key_or_the_internet_is_not_ready_and_the_reason_follows() -> None:
    lines = CliRunner().invoke(command, ["list"]).output.splitlines()

    for engine, reason in (("openai", "the environment variable OPENAI_API_KEY is not set; "), ("gtts", "")):
        at = lines.index(f"{engine}  not ready  needs the internet")
        assert lines[at + 1].startswith(f"    {engine}: {reason}")
    assert "hibari  ready  offline" in lines


def test_data_give_the_reason_too() -> None:
    engines = json.loads(CliRunner().invoke(command, ["list", "--json"]).output)["engines"]

    problems = {engine["engine"]: (engine["works"], engine["problem"]) for engine in engines}
    assert problems["hibari"] == (True, "")
    assert problems["openai"][0] is False
    assert "OPENAI_API_KEY is not set" in problems["openai"][1]

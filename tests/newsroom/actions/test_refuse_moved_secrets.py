"""Secrets of a profile, kept in a browser's save, go to their own server only."""

from __future__ import annotations

import tomllib

import pytest

from bulletin.errors import NewsroomError
from bulletin.newsroom.actions.refuse_moved_secrets import place_of, refuse_moved_secrets

PROFILE = """
name = "Valley"
[stream]
url = "http://ice.example:8000/radio.mp3"
password = "hunter2hunter2"
[[deliveries]]
kind = "ftp"
host = "ftp.example"
password = "env:FTP_PASSWORD"
[script.rewriter]
base_url = "https://models.example/v1"
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ice.example", "evil.example"),
        ('host = "ftp.example"', 'host = "evil.example"'),
        ('host = "ftp.example"', 'host = "ftp.example"\nport = 2121'),
        ("models.example", "evil.example"),
    ],
)
def test_a_secret_goes_to_no_other_server(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-000000000000")
    with pytest.raises(NewsroomError, match="another address"):
        refuse_moved_secrets(tomllib.loads(PROFILE), tomllib.loads(PROFILE.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Valley", "Dale"),
        ("ice.example:8000/radio.mp3", "ice.example:8000/radio.mp3"),
        ('"http://ice.example:8000/radio.mp3"\npassword = "hunter2hunter2"', '"http://new.example/"\npassword = "new-secret"'),
        ("[[deliveries]]", '[[deliveries]]\nkind = "ftp"\nhost = "other.example"\npassword = "other-secret"\n[[deliveries]]'),
    ],
)  # fmt: skip
def test_other_changes_and_new_secrets_are_free(old: str, new: str) -> None:
    refuse_moved_secrets(tomllib.loads(PROFILE), tomllib.loads(PROFILE.replace(old, new)))


def test_a_place_has_no_numbers() -> None:
    assert place_of(("deliveries", 3, "password")) == ("deliveries", "password")
    assert place_of(("pronunciations", "password")) != place_of(("stream", "password"))

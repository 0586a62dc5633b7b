from __future__ import annotations

import os
from pathlib import Path

import pytest

from bulletin.config.edit_profile_feeds import append_feeds
from bulletin.config.load_profile import load_profile
from bulletin.config.profile_template import write_profile
from bulletin.errors import ConfigError


def make_profile(tmp_path: Path, *feeds: str) -> Path:
    path = tmp_path / "valley.toml"
    path.write_text(write_profile(name='Valley "FM"\x07', feeds=feeds), encoding="utf-8")
    return path


def test_a_written_profile_loads(tmp_path: Path) -> None:
    profile = load_profile(str(make_profile(tmp_path, "https://a.example/rss"))).profile

    assert profile.name == 'Valley "FM"\x07'
    assert [feed.url for feed in profile.feeds] == ["https://a.example/rss"]


def test_feeds_are_added_once_and_comments_stay(tmp_path: Path) -> None:
    path = make_profile(tmp_path, "https://a.example/rss")
    before = path.read_text(encoding="utf-8")
    entries = [
        {"url": "https://a.example/rss", "credit": "", "category": "news"},
        {"url": "https://b.example/rss", "credit": 'the "B"', "category": "sport"},
        {"url": "https://b.example/rss", "credit": "again", "category": "sport"},
    ]

    added = append_feeds(path, entries)

    feeds = load_profile(str(path)).profile.feeds
    assert [entry["url"] for entry in added] == ["https://b.example/rss"]
    assert [(feed.url, feed.credit, feed.category) for feed in feeds[1:]] == [
        ("https://b.example/rss", 'the "B"', "sport")
    ]
    assert path.read_text(encoding="utf-8").startswith(before)


def test_a_profile_whose_feeds_cannot_be_extended_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "valley.toml"
    text = 'name = "Valley"\nfeeds = [{ url = "https://a.example/rss" }]\n'
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"valley\.toml:\d+: not valid TOML"):
        append_feeds(path, [{"url": "https://b.example/rss"}])

    assert path.read_text(encoding="utf-8") == text
    assert [p.name for p in tmp_path.iterdir()] == ["valley.toml"]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
def test_a_profile_that_only_its_user_may_read_stays_so(tmp_path: Path) -> None:
    path = make_profile(tmp_path)
    path.chmod(0o600)

    append_feeds(path, [{"url": "https://b.example/rss"}])

    assert path.stat().st_mode & 0o777 == 0o600

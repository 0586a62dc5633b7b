"""Profile reload while the service runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.errors import ConfigError
from bulletin.service.reload_profiles import ProfileReload

PROFILE = 'name = "{name}"\n[[clock.slots]]\nat = "07:00"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    profile = tmp_path / "radio.toml"
    profile.write_text(PROFILE.format(name="Radio One"))
    return profile


def make_profiles(path: Path, outcomes: list[str] | None = None) -> ProfileReload:
    log = outcomes if outcomes is not None else []
    return ProfileReload(
        loaded=(load_profile(str(path)),),
        check=lambda loaded: None,
        refused=lambda station, reason: log.append(f"{station} refused: {reason}"),
        accepted=lambda station: log.append(f"{station} accepted"),
    )


def rewrite(path: Path, text: str) -> None:
    """Replace the file, as text editors do."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


def test_an_unchanged_profile_is_not_read_again(path: Path):
    profiles = make_profiles(path)

    assert list(profiles.reload_changed()) == []


def test_a_changed_profile_comes_into_force(path: Path):
    profiles = make_profiles(path)
    rewrite(path, PROFILE.format(name="Radio Two"))

    (new,) = profiles.reload_changed()

    assert new.profile.name == "Radio Two"
    assert profiles.loaded == (new,)
    assert list(profiles.reload_changed()) == []


def test_an_invalid_profile_is_refused_once_with_its_line(path: Path, caplog: pytest.LogCaptureFixture):
    outcomes: list[str] = []
    profiles = make_profiles(path, outcomes)
    rewrite(path, PROFILE.format(name="Radio Two") + "lenght = 60\n")

    assert list(profiles.reload_changed()) == []
    assert list(profiles.reload_changed()) == []

    assert profiles.loaded[0].profile.name == "Radio One"
    (reason,) = outcomes
    assert f"{path}:4" in reason
    assert "lenght" in reason
    assert "invalid" in caplog.text


def test_a_profile_missing_for_a_moment_stays_in_force(path: Path):
    profiles = make_profiles(path)
    text = path.read_text()
    path.unlink()

    assert list(profiles.reload_changed()) == []
    assert profiles.loaded[0].profile.name == "Radio One"

    path.write_text(text.replace("One", "Three"))
    (new,) = profiles.reload_changed()
    assert new.profile.name == "Radio Three"


def test_a_profile_that_a_component_refuses_is_refused(path: Path):
    def check(loaded: LoadedProfile) -> None:
        if loaded.profile.name == "Radio Two":
            raise ConfigError("no such jingle")

    outcomes: list[str] = []
    profiles = make_profiles(path, outcomes)
    profiles.check = check
    rewrite(path, PROFILE.format(name="Radio Two"))

    assert list(profiles.reload_changed()) == []
    assert outcomes == ["radio refused: no such jingle"]


def test_a_signal_reloads_an_unchanged_profile(path: Path):
    outcomes: list[str] = []
    profiles = make_profiles(path, outcomes)

    assert list(profiles.reload_changed(is_requested=True)) == []
    assert outcomes == ["radio accepted"]


def test_a_changed_feed_list_is_a_changed_profile(path: Path, tmp_path: Path):
    """The profile's text is the same, but it is reloaded when its feed list has changed."""
    (tmp_path / "feeds.opml").write_text("<opml/>")
    path.write_text('opml = "feeds.opml"\n' + PROFILE.format(name="Radio One"))
    outcomes: list[str] = []
    profiles = make_profiles(path, outcomes)

    rewrite(tmp_path / "feeds.opml", "<opml> </opml>")
    profiles.reload_changed()

    assert outcomes == ["radio accepted"]

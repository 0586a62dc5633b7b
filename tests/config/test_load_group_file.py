"""`group.toml` beside the profiles: which stations take it, and how its mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.errors import ConfigError

STATION = 'name = "Wexcombe Radio"\n'
GROUP = '[group]\ndatabase = "postgresql://radio@db.example/news"\nstore = "s3://news/uk"\nname = "uk"\n'


def load(folder: Path, *, group: str, station: str = STATION, only_looks: bool = False):
    (folder / "group.toml").write_text(group, encoding="utf-8")
    (folder / "mine.toml").write_text(station, encoding="utf-8")
    return load_profile(str(folder / "mine.toml"), only_looks=only_looks)


def test_a_station_without_a_group_table_takes_the_one_beside_it(tmp_path: Path) -> None:
    group = load(tmp_path, group=GROUP).profile.group
    assert (group.database, group.store, group.name) == (
        "postgresql://radio@db.example/news",
        "s3://news/uk",
        "uk",
    )
    assert group.is_on


def test_a_station_with_a_group_table_of_its_own_keeps_it(tmp_path: Path) -> None:
    own = load(tmp_path, group=GROUP, station=f'{STATION}[group]\ndatabase = ""\n').profile.group
    assert not own.is_on


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('database = "mysql://x/y"', "'group.database': write it as \"postgresql://db.example.org/news\""),
        ('store = "https://bucket"', "'group.store': write a folder, or \"s3://bucket/prefix\""),
        ('name = "UK News"', "'group.name': write a name of small letters, digits and hyphens"),
        ('databse = ""', "[group] has no option 'databse'; did you mean 'database'?"),
        ("database = ", "not valid TOML"),
    ],
)
def test_a_mistake_in_the_group_file_names_that_file_and_line(
    tmp_path: Path, line: str, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, group=f"[group]\n{line}\n")
    assert f"{tmp_path / 'group.toml'}:2: {message}" in str(caught.value)


def test_a_group_on_postgresql_without_a_store_is_refused_as_each_machine_would_have_its_own(
    tmp_path: Path,
) -> None:
    with pytest.raises(
        ConfigError, match=r"group\.toml:1: 'group': .* needs a store that all its machines have"
    ):
        load(tmp_path, group='[group]\ndatabase = "postgresql://db/news"\n')
    assert load(tmp_path, group='[group]\ndatabase = "here"\n').profile.group.is_here


def test_the_address_of_the_database_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '[group]\ndatabase = "env:GROUP_DATABASE"\nstore = "s3://news/uk"\n'
    with pytest.raises(ConfigError, match="GROUP_DATABASE is not set"):
        load(tmp_path, group=text)
    assert load(tmp_path, group=text, only_looks=True).lacks("group") == ("GROUP_DATABASE",)
    monkeypatch.setenv("GROUP_DATABASE", "postgresql://radio:s3cr3t@db/news")
    loaded = load(tmp_path, group=text)
    assert loaded.profile.group.database == "postgresql://radio:s3cr3t@db/news"
    assert "postgresql://radio:s3cr3t@db/news" in loaded.secrets

"""Wrong [[deliveries]]: the error names the line and what to write, before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.errors import ConfigError

HEAD = 'name = "Hill"\n[outputs]\nmake = ["podcast", "fm"]\n'


def load(folder: Path, table: str, *, brackets: str = "[[deliveries]]"):
    path = folder / "hill.toml"
    path.write_text(f"{HEAD}{brackets}\n{table}\n", encoding="utf-8")
    return load_profile(str(path)).profile.deliveries[0]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('kind = "ftp"\nhost = ""', "write the server's name alone"),
        ('kind = "ftp"\nhost = "ftp://ftp.example/x"', "write the server's name alone"),
        ('kind = "sftp"\nhost = "h:22"\nuser = "u"', "write the server's name alone"),
        ('kind = "sftp"\nhost = "h"\nuser = " "', "is empty"),
        ('kind = "webdav"\nurl = "dav.example"', 'write it as "https://server.example.org/"'),
        (
            'kind = "webdav"\nurl = "https://u:let-me-in@dav.example/"',
            "write no user and no password into it",
        ),
        ('kind = "s3"\nbucket = "b"\nkey_id = "k"\nsecret = "s"\nendpoint = "s3.example"', "write it as"),
        ('kind = "s3"\nbucket = ""\nkey_id = "k"\nsecret = "s"', "is empty"),
        ('kind = "azuracast"\nurl = "a.example"\nstation = 1\nkey = "k"\nplaylist = "p"', "write it as"),
        (
            'kind = "azuracast"\nurl = "https://a.example"\nstation = ""\nkey = "k"\nplaylist = "p"',
            "is empty",
        ),
        ('kind = "command"\ncommand = []', "write at least one item"),
        ('kind = "command"\ncommand = [""]', "and no empty ones"),
        ('kind = "websub"\nhub = "hub.example"', "write it as"),
        ('kind = "websub"\nhub = []', "write at least one item"),
        ('kind = "folder"\npath = ""', "is empty"),
        ('kind = "folder"\npath = "/x"\nnames = []', "write at least one item"),
        ('name = "x"', "'deliveries[1].kind' is missing"),
    ],
)
def test_a_wrong_option_is_reported_with_its_line_and_remedy(
    tmp_path: Path, table: str, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, table)

    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path}/hill.toml:")
    assert "let-me-in" not in str(caught.value)


def test_a_table_in_single_brackets_is_reported(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"hill\.toml:4: 'deliveries': write \[\[deliveries\]\], with two brackets"
    ):
        load(tmp_path, 'kind = "ftp"\nhost = "h"', brackets="[deliveries]")


def test_a_number_is_as_good_as_a_name_where_azuracast_has_both(tmp_path: Path) -> None:
    delivery = load(
        tmp_path, 'kind = "azuracast"\nurl = "https://a.example"\nstation = 1\nkey = "k"\nplaylist = 7'
    )

    assert (delivery.station, delivery.playlist) == ("1", "7")


@pytest.mark.parametrize("host", ["ftp.example.org", "nas_1", "127.0.0.1", "::1", "2001:db8::1"])
def test_any_host_is_taken(tmp_path: Path, host: str) -> None:
    assert load(tmp_path, f'kind = "ftp"\nhost = "{host}"').host == host


def test_files_are_looked_for_beside_the_profile_and_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/radio")
    delivery = load(tmp_path, 'kind = "sftp"\nhost = "h"\nuser = "u"\nkey_file = "keys/own"')

    own = delivery.own(tmp_path)
    assert own["key_file"] == str(tmp_path / "keys/own")
    assert own["known_hosts"] == "/home/radio/.ssh/known_hosts"
    assert load(tmp_path, 'kind = "ftp"\nhost = "h"').own(tmp_path)["ca_file"] == ""

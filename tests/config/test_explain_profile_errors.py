"""Errors for an unknown table or option of a profile: line and remedy."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bulletin.config import explain_profile_errors
from bulletin.config.load_profile import load_profile
from bulletin.config.profile_options import Profile
from bulletin.config.tables.delivery_options import DELIVERY_KINDS
from bulletin.errors import ConfigError
from bulletin.speech.engine_interface import ENGINES

START = 'name = "Wexcombe Radio"\n\n[[feeds]]\nurl = "a.rss"\n\n'
REMEDIES: dict[str, str] = tomllib.loads(
    Path(explain_profile_errors.__file__).with_name("misplaced_options.toml").read_text(encoding="utf-8")
)


def error_of(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(START + text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_profile(str(path))
    return str(caught.value).removeprefix(f"{path}:")


@pytest.mark.parametrize(
    ("table", "remedy"),
    [
        ("[voice]", "write [speech]"),
        ("[retention]", "write [keep]"),
        ("[gtts]", "write [speech.engines.gtts]"),
        ("[hibari]", "write [speech.engines.hibari]"),
        ("[kokoro]", "write [speech.engines.kokoro]"),
        ("[openai]", "write [speech.engines.openai]"),
        ("[espeak]", "write [speech.engines.espeak]"),
        ("[mail]", "write [alerts], with email and smtp"),
        ("[station]", 'write name = "..." at the top of the file, without a table'),
        ("[player]", "write [outputs.page]"),
        ("[ftp]", 'write [[deliveries]], with kind = "ftp"'),
    ],
)
def test_an_unknown_table_gets_a_remedy(tmp_path: Path, table: str, remedy: str) -> None:
    name = table.strip("[]")

    assert error_of(tmp_path, f"{table}\nx = 1\n") == f"6: the profile has no option '{name}'; {remedy}"


@pytest.mark.parametrize(
    ("tables", "line", "remedy"),
    [
        ('[[slots]]\nat = "06:00"\n[[slots]]\nat = "07:00"\n', 6, "write [[clock.slots]]"),
        ('[[delivery]]\nkind = "ftp"\n', 6, "did you mean 'deliveries'?"),
        ('[engines.gtts]\ntld = "ie"\n', 6, "write [speech.engines.NAME]"),
        ('[speech]\nspeed = 1.1\n\n[speech.gtts]\ntld = "ie"\n', 9, "write [speech.engines.gtts]"),
        ('[audio]\ngap_s = 0.5\n\n[[delivery]]\nkind = "ftp"\n', 9, "did you mean 'deliveries'?"),
    ],
)
def test_a_table_within_or_beside_others_is_reported_at_its_line(
    tmp_path: Path, tables: str, line: int, remedy: str
) -> None:
    message = error_of(tmp_path, tables)

    assert message.startswith(f"{line}: ")
    assert message.endswith(remedy)


def test_a_table_with_a_header_of_its_own_is_reported_there(tmp_path: Path) -> None:
    assert error_of(tmp_path, "[engines.gtts]\nx = 1\n[engines]\ny = 2\n").startswith("8: ")


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        ('kind = "folder"\npath = "/srv/playout"', "write path"),
        ('kind = "webdav"\nurl = "https://dav.example/radio/"', "write it into url"),
        ('kind = "s3"\nbucket = "b"\nkey_id = "k"\nsecret = "s"', "write prefix"),
        (
            'kind = "webhook"\nurl = "https://radio.example/hook"',
            "known: kind, name, rendition, give_up_h, timeout_s, within_s, url, secret",
        ),
    ],
)
def test_a_folder_of_a_delivery_that_has_none_is_not_sent_to_another_table(
    tmp_path: Path, options: str, remedy: str
) -> None:
    message = error_of(tmp_path, f'[[deliveries]]\n{options}\nfolder = "news"\n')

    assert message.endswith(f"[[deliveries]] has no option 'folder'; {remedy}")
    assert message.startswith(f"{6 + len(options.splitlines()) + 1}: ")


@pytest.mark.parametrize("name", ["zebra", "logging", "ratings"])
def test_a_name_that_is_near_to_none_gets_the_list(tmp_path: Path, name: str) -> None:
    assert f"has no option '{name}'; known: name, frequencies, band" in error_of(
        tmp_path, f"[{name}]\nx = 1\n"
    )


def test_every_remedy_names_an_existing_table() -> None:
    headers = {
        *explain_profile_errors._headers(),
        "[pronunciations]",
        "[speech.engines.NAME]",
        "[[deliveries]]",
    }
    headers |= {f"[speech.engines.{name}]" for name in ENGINES}
    named = {header for text in REMEDIES.values() for header in re.findall(r"\[+[\w.]+\]+", text)}
    kinds = {kind for text in REMEDIES.values() for kind in re.findall(r'kind = "(\w+)"', text)}

    assert named - headers == set()
    assert kinds - set(DELIVERY_KINDS) == set()
    for key, text in REMEDIES.items():
        if key.startswith("deliveries."):
            _, kind, option = key.split(".")
            known = DELIVERY_KINDS[kind].model_fields
            assert option not in known
            assert text.split()[-1] in known


def test_every_engine_and_no_option_of_the_profile_is_a_misplaced_table() -> None:
    assert {name for name in ENGINES if name not in REMEDIES or f"speech.{name}" not in REMEDIES} == set()
    assert set(REMEDIES) & set(Profile.model_fields) == set()

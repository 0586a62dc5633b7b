"""One folder, one station: a shared file name or a renamed profile never mixes or loses bulletins."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.cli.main import cli
from bulletin.cli.making.make import command as make
from bulletin.config.load_profile import load_profile
from bulletin.errors import ConfigError, OutletError
from bulletin.service.run_service import serve
from bulletin.station.claim_folder_for_one_station import claim_folder

PROFILE = 'name = "{name}"\n[speech]\nchain = ["tone"]\n[[feeds]]\nurl = "gazette.rss"\n'


def write(path: Path, name: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PROFILE.format(name=name), encoding="utf-8")
    return path


def claim(profile: Path, output: Path) -> None:
    loaded = load_profile(str(profile))
    state = output / ".bulletin"
    state.mkdir(parents=True, exist_ok=True)
    (output / loaded.id).mkdir(exist_ok=True)
    claim_folder(loaded, folder=output / loaded.id, state=state)


def publish(output: Path, station: str) -> None:
    (output / station / "feed.xml").write_text("<rss/>", encoding="utf-8")


def test_another_station_of_the_same_file_name_is_refused(tmp_path: Path) -> None:
    first, second = (
        write(tmp_path / "a/valley.toml", "Valley Radio"),
        write(tmp_path / "b/valley.toml", "Hill FM"),
    )
    claim(first, tmp_path / "out")
    publish(tmp_path / "out", "valley")

    with pytest.raises(OutletError) as refused:
        claim(second, tmp_path / "out")

    for words in ('"Valley Radio"', str(first), str(second), "another name"):
        assert words in str(refused.value)
    claim(first, tmp_path / "out")  # the first station goes on as before
    claim(second, tmp_path / "other")


def test_a_folder_without_bulletins_belongs_to_no_station(tmp_path: Path) -> None:
    claim(write(tmp_path / "a/valley.toml", "Valley Radio"), tmp_path / "out")

    claim(write(tmp_path / "b/valley.toml", "Hill FM"), tmp_path / "out")


def test_a_moved_copied_or_renamed_profile_keeps_its_folder(tmp_path: Path) -> None:
    first = write(tmp_path / "a/valley.toml", "Valley Radio")
    claim(first, tmp_path / "out")
    publish(tmp_path / "out", "valley")

    claim(write(tmp_path / "copy/valley.toml", "Valley Radio"), tmp_path / "out")
    claim(first, tmp_path / "out")
    write(first, "Valley Sound")
    claim(first, tmp_path / "out")
    first.rename(tmp_path / "valley.toml")
    claim(tmp_path / "valley.toml", tmp_path / "out")


def test_a_renamed_profile_file_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    first = write(tmp_path / "valley.toml", "Valley Radio")
    claim(first, tmp_path / "out")
    publish(tmp_path / "out", "valley")
    renamed = first.rename(tmp_path / "valley-radio.toml")

    with pytest.raises(OutletError) as refused:
        claim(renamed, tmp_path / "out")

    assert "the profile valley.toml was renamed" in str(refused.value)
    owner = str(refused.value).rpartition("delete ")[2].removesuffix(" to start a new feed")
    Path(owner).unlink()
    claim(renamed, tmp_path / "out")


def test_a_second_station_beside_the_first_is_no_rename(tmp_path: Path) -> None:
    claim(write(tmp_path / "valley.toml", "Valley Radio"), tmp_path / "out")
    publish(tmp_path / "out", "valley")

    claim(write(tmp_path / "hill.toml", "Hill FM"), tmp_path / "out")
    claim(write(tmp_path / "valley2.toml", "Valley Radio"), tmp_path / "out")  # the first is still there


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b"[" * 100_000, b'{"path": 5, "name": []}', b"\xff"])
def test_a_damaged_claim_file_is_rewritten(tmp_path: Path, damage: bytes) -> None:
    profile = write(tmp_path / "valley.toml", "Valley Radio")
    claim(profile, tmp_path / "out")
    publish(tmp_path / "out", "valley")
    note = tmp_path / "out/.bulletin/valley.owner.json"
    before = note.read_bytes()
    note.write_bytes(damage)

    claim(profile, tmp_path / "out")

    assert note.read_bytes() == before


def run(*args: str) -> Result:
    return CliRunner().invoke(make, [*args])


@pytest.mark.slow
def test_the_command_makes_nothing_for_the_wrong_station(tmp_path: Path) -> None:
    first, second = (
        write(tmp_path / "a/valley.toml", "Valley Radio"),
        write(tmp_path / "b/valley.toml", "Hill FM"),
    )
    claim(first, tmp_path / "out")
    publish(tmp_path / "out", "valley")
    before = {path: path.read_bytes() for path in (tmp_path / "out/valley").iterdir()}

    result = run(str(second), "--output", str(tmp_path / "out"))

    assert isinstance(result.exception, OutletError)
    assert {path: path.read_bytes() for path in (tmp_path / "out/valley").iterdir()} == before


def test_one_service_refuses_two_stations_of_one_file_name(tmp_path: Path) -> None:
    slots = '[[clock.slots]]\nat = "07:00"\n'
    both = []
    for folder in ("a", "b"):
        path = write(tmp_path / folder / "valley.toml", folder)
        path.write_text(path.read_text("utf-8") + slots, encoding="utf-8")
        both.append(load_profile(str(path)))

    with pytest.raises(ConfigError, match=r"a.valley\.toml and .*b.valley\.toml: two .* have the same name"):
        serve(both, output=tmp_path / "out")
    with pytest.raises(ConfigError, match=r"a.valley\.toml: the station is given twice"):
        serve((both[0], both[0]), output=tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_service_without_slots_names_the_missing_option(tmp_path: Path) -> None:
    profile = write(tmp_path / "valley.toml", "Valley Radio")

    result = CliRunner().invoke(cli, ["serve", str(profile), "--output", str(tmp_path / "out")])

    assert isinstance(result.exception, ConfigError)
    assert str(profile) in str(result.exception)
    wanted = str(result.exception).partition("two lines:\n")[2].partition("Without")[0]
    profile.write_text(profile.read_text("utf-8") + "\n".join(map(str.strip, wanted.splitlines())), "utf-8")
    assert load_profile(str(profile)).profile.clock.slots  # the printed command can be pasted

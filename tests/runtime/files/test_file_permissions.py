from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.publishing.atomic_file_batch import Batch
from bulletin.runtime.files.file_permissions import make_private, make_public
from bulletin.station.build_station_object import open_station
from tests.faults.station_process import QUICK, Radio, feed

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


@pytest.fixture(params=[0o000, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def test_published_files_are_readable_and_the_rest_is_private(tmp_path: Path, umask: int) -> None:
    public, private = tmp_path / "output" / "valley", tmp_path / "output" / ".bulletin"
    make_public(public)
    make_private(private)
    with Batch(public) as files:
        files.put("feed.xml", b"<rss/>")
        files.commit()

    assert [mode(path) for path in (public.parent, public, private)] == [0o755, 0o755, 0o700]
    assert mode(public / "feed.xml") == 0o644


def test_a_file_that_stays_as_it_is_becomes_readable(tmp_path: Path, umask: int) -> None:
    page = tmp_path / "feed.xml"
    page.write_bytes(b"<rss/>")
    page.chmod(0o600)

    with Batch(tmp_path) as files:
        files.put("feed.xml", b"<rss/>")
        files.commit()

    assert mode(page) == 0o644


def test_existing_files_with_wider_permissions_are_narrowed(tmp_path: Path) -> None:
    state, public = tmp_path / ".bulletin", tmp_path / "sound.mp3"
    (state / "speech").mkdir(parents=True)
    kept = state / "speech" / "one.wav"
    for path in (kept, public):
        path.write_bytes(b"RIFF")
        path.chmod(0o644)
    (state / "held.mp3").hardlink_to(public)
    (state / "away").symlink_to(public)

    make_private(state)

    assert [mode(path) for path in (state, kept.parent, kept)] == [0o700, 0o700, 0o600]
    assert mode(public) == 0o644


@pytest.mark.slow
def test_web_servers_may_enter_the_folder_that_the_first_run_makes(tmp_path: Path, umask: int) -> None:
    radio = Radio(folder=tmp_path)
    profile = radio.profile(feed("gazette.rss"))
    os.umask(0o077)  # set as by every command with an output folder

    with open_station(load_profile(str(profile)), output=radio.output):
        pass

    assert [mode(path) for path in (radio.output, radio.public, radio.state)] == [0o755, 0o755, 0o700]


@pytest.mark.slow
def test_file_permissions_of_a_run_do_not_depend_on_the_umask(tmp_path: Path, umask: int) -> None:
    """Files of the run, and files that an earlier version left there."""
    (tmp_path / "playout").mkdir()
    radio = Radio(folder=tmp_path)
    marker = tmp_path / "marker"
    program = f"import sys, os; open({str(marker)!r}, 'w').close()"
    radio.profile(
        feed("gazette.rss"),
        tables=QUICK
        + '[outputs]\nmake = ["podcast", "fm", "speaker", "stories"]\n[outputs.page]\non = true\n'
        + '[[deliveries]]\nkind = "folder"\npath = "playout"\n'
        + f'[[deliveries]]\nkind = "command"\ncommand = ["python3", "-c", "{program}"]\n',
    )
    old = radio.state / "speech" / "old.wav"
    make_public(radio.output)
    old.parent.mkdir(parents=True)
    old.write_bytes(b"RIFF")
    for path in (radio.state, old.parent, old):
        path.chmod(0o777)

    radio.make_json()

    inside = [radio.state, *radio.state.rglob("*")]
    wide = [str(p) for p in inside if mode(p) & 0o077 and not (p.is_file() and p.stat().st_nlink > 1)]
    assert wide == []
    published = [p for folder in (radio.public, tmp_path / "playout") for p in folder.rglob("*")]
    assert {oct(mode(p)) for p in published if p.is_file()} == {"0o644"}
    folders = [radio.output, radio.public, *(p for p in published if p.is_dir())]
    assert {str(p): oct(mode(p)) for p in folders if mode(p) != 0o755} == {}
    assert mode(marker) == 0o666 & ~umask

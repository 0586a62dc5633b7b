"""A missing or damaged jingle: the bulletin goes out without it, and says so."""

from __future__ import annotations

import pytest

from tests.faults.radio import QUICK, Radio

pytestmark = pytest.mark.faults

WITHOUT = {
    "nowhere.wav": "there is no such file",
    "folder": "is a folder",
    "noise.mp3": "cannot be read as sound",
    "empty.wav": "cannot be read as sound",
    "silence.wav": "is silent",
}


@pytest.fixture
def shelf(radio: Radio) -> Radio:
    (radio.folder / "folder").mkdir()
    (radio.folder / "noise.mp3").write_bytes(bytes(range(256)) * 40)
    (radio.folder / "empty.wav").touch()
    header = bytes.fromhex("524946462481000057415645666d74201000000001000100401f0000803e00000200100064617461")
    (radio.folder / "silence.wav").write_bytes(header + (32_000).to_bytes(4, "little") + bytes(32_000))
    return radio


@pytest.mark.parametrize("jingle", WITHOUT)
def test_a_bulletin_goes_out_without_an_unfit_jingle_and_says_so(shelf: Radio, jingle: str) -> None:
    shelf.profile(tables=f'{QUICK}[imaging]\nident = "{jingle}"\nbed = "none"\n')

    notes = shelf.make_json()["notes"]

    assert any(note.startswith("without ident:") and WITHOUT[jingle] in note for note in notes)
    shelf.assert_clean()


def test_all_four_missing_are_told_on_the_terminal(shelf: Radio) -> None:
    names = "".join(f'{name} = "{name}.wav"\n' for name in ("ident", "bed", "sting", "closing"))
    shelf.profile(tables=f"{QUICK}[imaging]\n{names}")

    done = shelf.make()

    assert done.returncode == 0
    assert done.stdout.count("there is no such file") == 4
    shelf.assert_clean()

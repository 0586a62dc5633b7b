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


def test_a_bulletin_goes_out_without_unfit_jingles_and_says_why(shelf: Radio) -> None:
    for first, *unfit in (tuple(WITHOUT)[:4], tuple(WITHOUT)[4:]):
        chosen = dict(zip(("ident", "bed", "sting", "closing"), (first, *unfit), strict=False))
        lines = "".join(f'{place} = "{jingle}"\n' for place, jingle in chosen.items())
        shelf.profile(tables=f"{QUICK}[imaging]\n{lines}")

        notes = shelf.make_json()["notes"]

        for place, jingle in chosen.items():
            assert any(n.startswith(f"without {place}:") and WITHOUT[jingle] in n for n in notes), notes
        shelf.assert_clean()


def test_all_four_missing_are_told_on_the_terminal(shelf: Radio) -> None:
    names = "".join(f'{name} = "{name}.wav"\n' for name in ("ident", "bed", "sting", "closing"))
    shelf.profile(tables=f"{QUICK}[imaging]\n{names}")

    done = shelf.make()

    assert done.returncode == 0
    assert done.stdout.count("there is no such file") == 4
    shelf.assert_clean()

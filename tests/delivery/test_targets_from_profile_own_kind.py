"""Custom kind of delivery, as docs/DELIVERIES.md describes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import load_profile
from bulletin.delivery.delivery_interface import Delivery
from bulletin.delivery.targets_from_profile import routes_of
from bulletin.errors import ConfigError
from tests.support.public_station import House

MODULE = """\
class Pigeon:
    is_newest_only = False

    def __init__(self, *, name, loft="here"):
        self.name, self.loft, self.flown = name, loft, []

    def check(self): ...

    def publish(self, parcel):
        self.flown.append([item.name for item in parcel.items])

    def withdraw(self, parcel): ...
"""
PROFILE = (
    'name = "Hill"\n[outputs]\nmake = ["fm"]\n[[deliveries]]\nkind = "{kind}"\nrendition = "fm"\n{option}\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pigeons.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def route(folder: Path, *, kind: str = "pigeons:Pigeon", option: str = 'loft = "there"') -> Delivery:
    path = folder / "hill.toml"
    path.write_text(PROFILE.format(kind=kind, option=option))
    (delivery_route,) = routes_of(load_profile(str(path)))
    return delivery_route.delivery


def test_a_custom_delivery_gets_its_options_and_the_bulletin(folder: Path) -> None:
    pigeon = route(folder)
    with Archive.open(folder / ".bulletin" / "archive.sqlite") as archive:
        house = House(folder / "out", archive)
        house.publish(1)
        sender = house.sender(pigeon)
        sender.note()
        sender.send()

    assert (pigeon.name, pigeon.loft, pigeon.flown) == ("pigeons:Pigeon", "there", [["fm.wav", "fm.json"]])


@pytest.mark.parametrize(
    ("kind", "option", "message"),
    [
        ("pigeons:Pigeon", "nest = 1", r'hill\.toml:5: delivery "pigeons:Pigeon": .*nest'),
        ("pigeons:Crow", "", r"hill\.toml:5: .*no attribute 'Crow'"),
        (
            "crows:Crow",
            "",
            r"No module named 'crows'\); install it, name its folder in PYTHONPATH, or correct the name",
        ),
    ],
)
def test_a_wrong_custom_delivery_is_an_error_with_file_and_line(
    folder: Path, kind: str, option: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        route(folder, kind=kind, option=option)

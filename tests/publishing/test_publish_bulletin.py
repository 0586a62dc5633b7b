"""Publishing: every outlet gets the bulletin, whatever happens to the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode
from bulletin.publishing.outlet_interface import Outlet
from bulletin.publishing.publish_bulletin import PublishError, publish_bulletin
from tests.support.factories import NOW, make_bulletin


class Shelf(Outlet):
    """Fake outlet that keeps bulletins in a dict, or raises `error`."""

    def __init__(self, name: str, *, error: BaseException | None = None) -> None:
        self.name = name
        self.error = error
        self.held: dict[str, Bulletin] = {}

    def check(self) -> None:
        if isinstance(self.error, OutletError):
            raise self.error

    def place(self, bulletin: Bulletin) -> Episode:
        if self.error:
            raise self.error
        guid = f"{self.name}-{bulletin.script.title}"
        self.held[guid] = bulletin
        return Episode(guid=guid, title=bulletin.script.title, published=NOW, outlet=self.name)

    def withdraw(self, guid: str) -> None:
        self.held.pop(guid, None)


class Window(Shelf):
    """Fake outlet that shows the bulletins of the others to readers."""

    def __init__(self, name: str, others: list[Shelf], *, error: BaseException | None = None) -> None:
        super().__init__(name)
        self.others = others
        self.cannot_show = error
        self.shown: list[str] = []

    def show(self) -> None:
        if self.cannot_show:
            raise self.cannot_show
        self.shown = [name for shelf in self.others for name in shelf.held]


BULLETIN = make_bulletin(Path("a.mp3"))


def test_the_episodes_come_in_the_order_of_the_outlets() -> None:
    outlets = [Shelf("playout"), Shelf("podcast")]

    episodes = publish_bulletin(BULLETIN, outlets=outlets)

    assert [episode.outlet for episode in episodes] == ["playout", "podcast"]
    assert all(outlet.held for outlet in outlets)


def test_outlets_that_show_bulletins_to_readers_come_last() -> None:
    page = Shelf("page")
    feed = Window("podcast", [page])

    episodes = publish_bulletin(BULLETIN, outlets=[feed, page])

    assert [episode.outlet for episode in episodes] == ["podcast", "page"]
    assert feed.shown == [f"page-{BULLETIN.script.title}"]


def test_an_outlet_that_cannot_show_is_not_published() -> None:
    page = Shelf("page")
    feed = Window("podcast", [page], error=OutletError("feed.xml: cannot be written"))

    with pytest.raises(PublishError, match=r"podcast: feed\.xml") as caught:
        publish_bulletin(BULLETIN, outlets=[feed, page])

    assert [episode.outlet for episode in caught.value.episodes] == ["page"]


def test_an_outlet_that_cannot_place_is_not_shown() -> None:
    feed = Window("podcast", [])
    feed.error = OutletError("no room")
    feed.cannot_show = AssertionError("shown")

    with pytest.raises(PublishError, match="no room"):
        publish_bulletin(BULLETIN, outlets=[feed])


def test_no_outlets_are_no_error() -> None:
    assert publish_bulletin(BULLETIN, outlets=()) == ()


def test_a_failing_outlet_does_not_stop_the_others() -> None:
    down = Shelf("playout", error=OutletError("//studio/news: cannot be written; is it mounted?"))
    after = Shelf("podcast")

    with pytest.raises(PublishError, match=r"playout: //studio/news: cannot be written") as caught:
        publish_bulletin(BULLETIN, outlets=[down, after])

    assert after.held
    assert [episode.outlet for episode in caught.value.episodes] == ["podcast"]
    assert [name for name, _ in caught.value.failures] == ["playout"]
    assert caught.value.exit_code == OutletError.exit_code


def test_every_failure_is_reported() -> None:
    outlets = [Shelf(name, error=OutletError(f"{name} is full")) for name in ("one", "two")]

    with pytest.raises(PublishError, match=r"one: one is full\ntwo: two is full"):
        publish_bulletin(BULLETIN, outlets=outlets)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ZeroDivisionError()])
def test_ctrl_c_and_unexpected_errors_end_the_run(error: BaseException) -> None:
    after = Shelf("podcast")

    with pytest.raises(type(error)):
        publish_bulletin(BULLETIN, outlets=[Shelf("playout", error=error), after])

    assert not after.held

"""Listener pages of bulletins that were withdrawn, corrected or deleted by retention."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bulletin.errors import OutletError
from tests.publishing.pages.page_station import PAGE, Desk, correct, desk  # noqa: F401 - fixtures


def test_a_withdrawn_bulletin_is_on_no_page(desk: Desk) -> None:
    desk.publish(1, "Kept story")
    episode = desk.publish(2, "Secret story")

    desk.page.withdraw(episode.guid)
    desk.page.withdraw(episode.guid)

    assert desk.everywhere("Kept story")
    assert desk.everywhere("Secret story") == []
    assert desk.read().xpath("//h1/text()") == ["Bulletin 1"]
    assert "9am This bulletin was withdrawn." in desk.words("days/2026-11-24.html")
    assert not desk.page.has(episode.guid)


def test_with_everything_withdrawn_the_front_page_says_so(desk: Desk) -> None:
    episode = desk.publish()

    desk.page.withdraw(episode.guid)

    for name in ("index.html", "player.html"):
        assert "There is no bulletin just now." in desk.words(name)
        assert not desk.read(name).xpath("//audio")


def test_a_withdrawn_bulletin_is_not_published_again(desk: Desk) -> None:
    episode = desk.publish()
    desk.page.withdraw(episode.guid)

    with pytest.raises(OutletError, match="was withdrawn"):
        desk.page.publish(desk.bulletin())


def test_withdrawing_an_unknown_bulletin_does_nothing(desk: Desk) -> None:
    desk.publish()
    before = desk.state()

    for guid in ("demo-page-20261124T0900Z-0123456789ab", "nonsense", ""):
        desk.page.withdraw(guid)
        assert not desk.page.has(guid)

    assert desk.state() == before


def test_a_correction_replaces_the_bulletin_and_the_old_address_shows_it(desk: Desk) -> None:
    old = desk.publish(1, "Wrong story", "Good story")

    new = correct(desk, 1, old.guid, "Good story")

    assert desk.everywhere("Wrong story") == []
    assert desk.page.has(old.guid)
    assert desk.page.has(new.guid)
    assert desk.read(PAGE).xpath("//link[@rel='canonical']/@href") == [new.places["page_url"]]
    assert "This is a corrected version" in desk.words(PAGE)
    day = desk.read("days/2026-11-24.html")
    assert [link for link in day.xpath("//main//a/@href") if "demo-" in link] == [
        "../demo-20261124-0800-corrected-made.html"
    ]


def test_a_correction_made_twice_changes_nothing(desk: Desk) -> None:
    old = desk.publish(1, "Wrong story", "Good story")
    first = correct(desk, 1, old.guid, "Good story")
    before = {name: data for name, (data, _) in desk.state().items()}

    again = correct(desk, 1, old.guid, "Good story")

    assert (again.guid, again.published) == (first.guid, first.published)
    assert {name: data for name, (data, _) in desk.state().items()} == before


def test_a_corrected_bulletin_that_is_withdrawn_leaves_the_old_address_too(desk: Desk) -> None:
    old = desk.publish(1, "Wrong story", "Good story")
    new = correct(desk, 1, old.guid, "Good story")

    desk.page.withdraw(new.guid)

    assert not (desk.folder / PAGE).exists()
    assert desk.everywhere("Good story") == []


def test_a_correction_of_which_the_podcast_has_no_sound_is_withdrawn(desk: Desk) -> None:
    episode = desk.publish(1, "Wrong story")

    desk.page.correct(episode.guid, replace(desk.bulletin(1, version="x"), renditions=()))

    assert desk.everywhere("Wrong story") == []


def test_the_day_page_marks_bulletins_with_deleted_audio(desk: Desk) -> None:
    desk.publish(1, "Old story")
    desk.publish(2, "New story")
    for path in desk.folder.glob("demo-20261124-0800-made*"):
        path.unlink()

    desk.page.forget_sound({"demo-20261124-0800-made", "demo-99999999-0000", "nonsense"})

    day = desk.read("days/2026-11-24.html")
    assert "Old story No longer to be heard" in desk.words("days/2026-11-24.html")
    assert [link for link in day.xpath("//main//a/@href") if "demo-" in link] == [
        "../demo-20261124-0900-made.html"
    ]
    assert "Old story" not in desk.words()


def test_a_bulletin_with_deleted_audio_can_be_withdrawn(desk: Desk) -> None:
    episode = desk.publish(1, "Old story")
    for path in desk.folder.glob("demo-20261124-0800-made*"):
        path.unlink()
    desk.page.forget_sound({"demo-20261124-0800-made"})
    assert desk.page.has(episode.guid)

    desk.page.withdraw(episode.guid)

    assert desk.everywhere("Old story") == []

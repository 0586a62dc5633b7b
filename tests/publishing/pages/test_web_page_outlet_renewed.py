"""Listener pages rewritten after a new name or colour, and unused style files."""

from __future__ import annotations

from tests.publishing.pages.page_station import PAGE, Desk, correct, desk, make_site  # noqa: F401 - fixtures
from tests.support.factories import make_words


def repaint(desk: Desk, *, name: str = "Wexcombe Radio") -> None:
    desk.site = make_site(colour="#c8102e", cover=b"\xff\xd8\xff another", station=make_words(name=name))


def assets(desk: Desk) -> set[str]:
    starts = ("page-", "icon-", "cover-", "thumb-", "preview-", "logo-")
    return {path.name for path in desk.folder.iterdir() if path.name.startswith(starts)}


def test_every_page_has_the_new_name_and_the_new_colours(desk: Desk) -> None:
    for number in (1, 2, 20):
        desk.publish(number)
    repaint(desk, name="Radio Wex")

    changed = desk.page.renew()

    pages = [*desk.folder.rglob("*.html")]
    assert len(pages) == 3 + 2 + 1 + 2  # bulletins, days, their list, front and player
    assert changed == len(pages) + 6  # style, icon, cover, manifest, worker, oEmbed
    for page in pages:
        words = page.read_text("utf-8")
        assert "Radio Wex" in words
        assert "Wexcombe Radio<" not in words
        assert desk.site.names["css"] in words
    assert desk.read().xpath("//h1/text()") == ["Bulletin 20"]


def test_a_second_rewrite_changes_nothing(desk: Desk) -> None:
    desk.publish(1)
    desk.publish(2)
    repaint(desk)
    desk.page.renew()
    before = desk.state()

    assert desk.page.renew() == 0
    assert desk.state() == before


def test_an_address_that_shows_a_correction_still_does(desk: Desk) -> None:
    old = desk.publish(1, "Wrong story", "Good story")
    new = correct(desk, 1, old.guid, "Good story")
    repaint(desk)

    desk.page.renew()

    assert desk.read(PAGE).xpath("//link[@rel='canonical']/@href") == [new.places["page_url"]]
    assert desk.site.names["css"] in (desk.folder / PAGE).read_text("utf-8")
    assert desk.everywhere("Wrong story") == []


def test_a_withdrawn_bulletin_does_not_come_back(desk: Desk) -> None:
    desk.publish(1, "Kept story")
    episode = desk.publish(2, "Secret story")
    desk.page.withdraw(episode.guid)

    desk.page.renew()

    assert desk.everywhere("Secret story") == []
    assert "This bulletin was withdrawn." in desk.words("days/2026-11-24.html")


def test_days_whose_lists_were_lost_are_made_again(desk: Desk) -> None:
    for number in (1, 2, 20):
        desk.publish(number)
    before = {name: data for name, (data, _) in desk.state().items()}
    for path in (desk.folder / "days").iterdir():
        path.unlink()

    desk.page.renew()

    assert {name: data for name, (data, _) in desk.state().items()} == before


def test_style_files_that_no_page_uses_are_deleted(desk: Desk) -> None:
    desk.publish(1)
    old = set(desk.site.assets)
    repaint(desk)
    desk.publish(2)
    desk.page.sweep()
    assert assets(desk) == old | set(desk.site.assets)  # the page of hour 1 still has the old look

    desk.page.renew()
    assert old <= assets(desk)  # not at once: a cache may keep a page for a minute
    desk.page.sweep()

    assert assets(desk) == set(desk.site.assets)

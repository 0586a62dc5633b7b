"""Page "Names": unknown names of the coming bulletin, heard, respelled, heard again and saved."""

from __future__ import annotations

import re

import pytest
from lxml import html

from bulletin.archive.ledgers.respelled_names import RespelledNames
from bulletin.editing.names import first_respelling as respelling_module
from bulletin.newsroom import coming_names as names_module
from bulletin.newsroom.desk import Desk
from tests.support.newsroom_server import ServedNewsroom

Hill = tuple[ServedNewsroom, Desk]
SPEECH_TURNS = {"Marlbridge": "mˈɑɹlbɹɪʤ", "Oakfold": "ˈOkfOld"}
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(autouse=True)
def _no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The voice's reading, which takes a second to load, by a table."""
    respelling_module.first_respelling.cache_clear()
    names_module._names_to_hear.cache_clear()
    monkeypatch.setattr(respelling_module, "read_name", lambda word: (SPEECH_TURNS.get(word, "wˈɛks"), False))


def saved(desk: Desk) -> dict[str, str]:
    return RespelledNames(desk.archive).respellings(desk.station)


@pytest.mark.slow  # the word lists take a second and a half to read
def test_a_name_is_proposed_heard_saved_and_no_longer_listed(hill: Hill) -> None:
    served, desk = hill
    browser = served.browser("ann")
    page = html.fromstring(browser.get("/hill/names").text)
    forms = page.xpath('//form[@class="respell"]')
    assert forms
    word = forms[0].get("data-word")
    assert forms[0].xpath('.//input[@name="respelling"]/@value')[0]
    now = browser.get(forms[0].xpath('.//a[contains(@class, "hear")]/@href')[0])
    other = browser.get("/hill/names/hear", params={"name": word, "respelling": "Zorvik"})
    assert (now.headers["content-type"], other.headers["content-type"]) == ("audio/mpeg", "audio/mpeg")
    assert now.content != other.content

    typed = browser.post("/hill/names/try", {"name": word, "respelling": "Zor-vik"})
    assert 'value="Zor-vik"' in typed.text
    assert re.search(r'<audio[^>]+src="[^"]+respelling=Zor-vik"', typed.text)
    assert saved(desk) == {}

    place = forms[0].xpath('./input[@name="place"]/@value')[0]
    fields = {"name": word, "respelling": "Zor-vik", "do": "save", "place": place}
    assert browser.post("/hill/names", fields).headers["location"] == f"/hill/names#{place}"
    assert saved(desk) == {word: "Zor-vik"}
    again = browser.get("/hill/names").text
    assert f'data-word="{word}"' not in again
    assert "Zor-vik" in again
    assert browser.post("/hill/names/remove", {"name": word}).status_code == 303
    assert f'data-word="{word}"' in browser.get("/hill/names").text


@pytest.mark.slow
def test_a_wrong_respelling_and_a_foreign_name_get_clear_answers(hill: Hill) -> None:
    served, desk = hill
    browser = served.browser("ann")
    word = html.fromstring(browser.get("/hill/names").text).xpath('//form[@class="respell"]/@data-word')[0]
    for fields in (
        {"name": word, "respelling": "100%", "do": "save"},
        {"name": word, "respelling": " ", "do": "save"},
        {"name": word, "respelling": "x", "do": "erase"},
    ):
        assert browser.post("/hill/names", fields).status_code == 422
    unknown = browser.get("/hill/names/hear", params={"name": HOSTILE})
    assert unknown.status_code == 422
    assert "<script>alert" not in unknown.text
    tried = browser.post("/hill/names/try", {"name": HOSTILE, "respelling": HOSTILE})
    assert "<script>alert" not in tried.text
    assert saved(desk) == {}


@pytest.mark.slow
def test_a_viewer_hears_names_but_changes_none(hill: Hill) -> None:
    served, _ = hill
    browser = served.browser("vera")
    page = html.fromstring(browser.get("/hill/names").text)
    form = page.xpath('//form[@class="respell"]')[0]
    assert form.xpath(".//button") == []
    assert browser.get(form.xpath('.//a[contains(@class, "hear")]/@href')[0]).status_code == 200
    params = {"name": form.get("data-word"), "respelling": "Zorvik"}
    assert browser.get("/hill/names/hear", params=params).status_code == 403
    assert browser.post("/hill/names", {"name": "Wex", "respelling": "Wecks"}).status_code == 403


def test_without_a_prepared_bulletin_the_page_says_so_and_lists_saved_names(hill: Hill) -> None:
    served, desk = hill
    coming = desk.state / "newsroom" / "hill" / "coming.json"
    hidden = coming.rename(coming.with_suffix(".hidden"))
    try:
        page = served.browser("ann").get("/hill/names")
    finally:
        hidden.rename(coming)
    assert page.status_code == 200
    assert 'class="warning"' in page.text


@pytest.mark.slow
def test_any_sentence_can_be_heard(hill: Hill) -> None:
    served, _ = hill
    browser = served.browser("ann")
    form = html.fromstring(browser.get("/hill/names").text).get_element_by_id("say")
    heard = browser.get(form.get("action"), params={"text": "The mayor of Zorvik resigned."})
    nothing = browser.get(form.get("action"), params={"text": " "})

    assert (heard.headers["content-type"], heard.content[:2]) == ("audio/mpeg", b"\xff\xfb")
    assert nothing.status_code == 422
    assert served.browser("vera").get("/hill/names/say", params={"text": "Words."}).status_code == 403

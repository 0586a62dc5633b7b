"""A story that has aired, corrected by page and by API: said first, then done, and in the log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.articles.site import Site
from tests.newsroom_web.site_room import site_room
from tests.newsroom_web.test_views import fields_of
from tests.support.newsroom_server import ServedNewsroom

pytestmark = pytest.mark.slow


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    with Site() as site, site_room(tmp_path_factory.mktemp("site"), site) as served:
        yield served


def test_words_are_corrected_by_page_and_then_by_the_api(room: ServedNewsroom) -> None:
    browser, api, path = room.browser("eddie"), room.program("eddie"), "/demo/log/correct"
    story = {"story": "gazette:1-0"}
    before = api.get("/stations/demo/corrections", params=story).json()
    old = next(words for words in before["words"] if words["name"] == "1")["text"]
    form = fields_of(browser.get(f"{path}?story=gazette:1-0&bulletin=1").text, path)
    number = next(name[6:] for name in form if name.startswith("aired-") and form[name] == old)
    confirm = browser.post(path, form | {f"text-{number}": "The right words."}).text
    answer = browser.post(f"{path}/now", fields_of(confirm, f"{path}/now"))
    assert "The story is corrected." in browser.get(answer.headers["location"]).text
    assert "This bulletin was corrected" in browser.get("/demo/log/1").text
    new = next(item.id for item in room.archive.bulletins("demo") if item.corrects_id == 1)
    page = browser.get(f"/demo/log/{new}").text
    assert ("The right words." in page, "eddie’s words" in page, old in page) == (True, True, True)

    aired = api.get("/stations/demo/corrections", params=story | {"bulletin": "1"}).json()
    first = next(words for words in aired["words"] if words["name"] == "1")
    assert (aired["bulletin"], first["text"], first["editor"]) == (new, "The right words.", "eddie")
    body = {**story, "changes": [{"aired": "The right words.", "text": "Better words.", "seen": 0}]}
    stale = api.post("/stations/demo/corrections/consequences", json=body)
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:bulletin:edit-conflict")
    body["changes"][0]["seen"] = first["version"]  # type: ignore[index]
    said = api.post("/stations/demo/corrections/consequences", json=body).json()["lines"]
    assert said[0] == '"The right words." becomes "Better words."'
    key = {"Idempotency-Key": "5f3e9c1b"}
    done = [api.post("/stations/demo/corrections", json=body, headers=key) for _ in range(2)]
    assert [item.status_code for item in done] == [202, 202]
    assert done[0].json()["request"]["state"] == "done"
    assert done[0].json()["request"]["id"] == done[1].json()["request"]["id"]
    assert room.program("vera").post("/stations/demo/corrections", json=body).status_code == 403
    edits = api.get("/stations/demo/edits").json()["edits"]
    assert [(edit["text"], edit["replaced"]) for edit in edits] == [
        ("Better words.", old),
        ("The right words.", old),
    ]

"""Operations of the JSON API, over real HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest
import soundfile

from bulletin.newsroom.accounts.roles import Role
from tests.support.newsroom_server import ServedNewsroom
from tests.support.speech_like_sounds import speech_like

NEXT = "/stations/hill/next"


def _problem(answer: httpx2.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail"} <= set(body)
    return body


@pytest.fixture
def eddie(hill: ServedNewsroom) -> httpx2.Client:
    return hill.program("eddie")


def test_a_program_sees_the_stations_of_its_user(hill: ServedNewsroom) -> None:
    answer = hill.program("eddie").get("/stations").json()
    assert answer == {"user": "eddie", "stations": [{"id": "hill", "name": "Hill", "role": "editor"}]}


def test_the_coming_bulletin_has_stories_sources_and_versions(eddie: httpx2.Client) -> None:
    coming = eddie.get(NEXT).json()
    story = coming["stories"][0]
    assert coming["target_s"] == 60.0
    assert story["airs"]
    assert story["sources"][0]["credit"] == "the Wexcombe Gazette"
    assert story["sentences"][0]["origins"]
    assert story["sentences"][0]["version"] == 0


def test_an_edit_is_recorded_once_for_each_idempotency_key(
    eddie: httpx2.Client, hill: ServedNewsroom
) -> None:
    story = eddie.get(NEXT).json()["stories"][1]["id"]
    key = {"Idempotency-Key": "5f3e9c1a"}
    first, again = (eddie.post(f"{NEXT}/pin", json={"story": story}, headers=key) for _ in range(2))
    assert first.status_code == 200
    assert first.json() == again.json()
    other = hill.program("ada").post(f"{NEXT}/pin", json={"story": story}, headers=key)
    assert other.json()["edit"]["id"] != first.json()["edit"]["id"]  # a key is of one user
    assert other.json()["edit"]["editor"] == "ada"


def test_two_editors_lose_nothing(eddie: httpx2.Client, hill: ServedNewsroom) -> None:
    ada = hill.program("ada")
    story = eddie.get(NEXT).json()["stories"][0]
    body = {"story": story["id"], "sentence": "1", "text": "Corn Bridge will be shut from Monday."}
    mine = eddie.post(f"{NEXT}/reword", json=body, headers={"If-Match": '"0"'})
    assert mine.status_code == 200
    hers = {**body, "text": "The bridge is to be shut for six weeks."}
    conflict = _problem(ada.post(f"{NEXT}/reword", json=hers, headers={"If-Match": '"0"'}), 409)
    assert conflict["type"] == "urn:bulletin:edit-conflict"
    assert (conflict["theirs"]["editor"], conflict["theirs"]["text"]) == ("eddie", body["text"])
    assert conflict["yours"] == hers["text"]
    seen = ada.get(NEXT).json()["stories"][0]["sentences"][0]
    assert (seen["text"], seen["editor"]) == (body["text"], "eddie")
    again = ada.post(f"{NEXT}/reword", json=hers, headers={"If-Match": f'"{seen["version"]}"'})
    assert again.json()["edit"]["text"] == hers["text"]
    undone = ada.post(f"{NEXT}/undo", json={"number": again.json()["edit"]["id"]})
    assert undone.json()["edit"]["undoes"] == again.json()["edit"]["id"]
    assert ada.get("/stations/hill/edits").json()["edits"][0]["action"] == "undo"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/story"),
        ({"story": 3}, "/story"),
        ({"story": "1", "role": "admin"}, "/role"),
        ({"story": "1", "editor": "ada"}, "/editor"),
        ({"story": "1", "due": "tomorrow"}, "/due"),
        ({"story": "1", "due": "2026-11-24T08:00:00"}, "/due"),
        ({"story": "x" * 500}, "/story"),
    ],
)
def test_a_field_that_does_not_fit_is_named(eddie: httpx2.Client, body: object, pointer: str) -> None:
    """Also mass assignment: an operation has no field for a role or an editor."""
    problem = _problem(eddie.post(f"{NEXT}/pin", json=body), 422)
    assert problem["errors"][0]["pointer"] == pointer


def test_a_request_that_cannot_be_read_is_refused(eddie: httpx2.Client) -> None:
    headers = {"Content-Type": "application/json"}
    for data in (b"{", b"\xff\xfe", b"", b"[" * 10_000):
        _problem(eddie.post(f"{NEXT}/pin", content=data, headers=headers), 400)
    _problem(eddie.post(f"{NEXT}/pin", data={"story": "1"}), 415)
    _problem(eddie.post(f"{NEXT}/pin", content=b" " * 600_000, headers=headers), 413)
    _problem(eddie.get(f"{NEXT}?due=2026-11-24T08:00:00Z&due=2026-11-24T09:00:00Z"), 422)
    _problem(eddie.get(f"{NEXT}?page=2"), 422)
    _problem(eddie.post(f"{NEXT}/pin", json={"story": "1"}, headers={"Idempotency-Key": "a b"}), 400)
    _problem(eddie.post(f"{NEXT}/pin", json={"story": "1"}, headers={"If-Match": "abc"}), 400)


def test_an_unknown_story_names_the_nearest(eddie: httpx2.Client) -> None:
    problem = _problem(eddie.post(f"{NEXT}/drop", json={"story": "Corn Brigde shut for six weeks"}), 404)
    assert "Corn Bridge" in problem["detail"]


def test_a_token_is_needed_and_a_session_is_none(hill: ServedNewsroom) -> None:
    browser = hill.browser("eddie")
    for answer in (
        hill.program().get(NEXT),
        browser.get(f"/api{NEXT}"),
        hill.program().get(NEXT, headers={"Authorization": f"Bearer {browser.session}"}),
        hill.program().get(NEXT, headers={"Authorization": "Basic ZWRkaWU6eA=="}),
    ):
        _problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_has_the_role_of_its_user_or_a_lower_one(hill: ServedNewsroom) -> None:
    body = {"story": "1"}
    assert hill.program("vera").get(NEXT).status_code == 200
    _problem(hill.program("vera").post(f"{NEXT}/pin", json=body), 403)
    _problem(hill.program("ada", role=Role.VIEWER).post(f"{NEXT}/pin", json=body), 403)
    unknown = _problem(hill.program("olga").get(NEXT), 404)
    nowhere = _problem(hill.program("olga").get("/stations/nowhere/next"), 404)
    assert unknown["detail"].replace("hill", "") == nowhere["detail"].replace("nowhere", "")


def test_no_operation_does_what_the_role_may_not(hill: ServedNewsroom) -> None:
    found = [
        (operation, method)
        for route in hill.app.routes
        for method, operation in getattr(getattr(route, "endpoint", None), "operations", {}).items()
    ]
    assert len(found) > 15
    clients = {name: hill.program(name) for name in ("vera", "eddie", "olga")}
    own = {"vera": Role.VIEWER, "eddie": Role.EDITOR}
    for operation, method in found:
        path = f"/{operation.path.replace('{station}', 'hill').replace('{number}', '1')}"
        assert hill.program().request(method, path).status_code == 401
        for name, client in clients.items():
            if operation.role is None or (name in own and own[name].may(operation.role)):
                continue
            _problem(client.request(method, path), 404 if name == "olga" else 403)


def test_work_is_asked_of_the_service_and_followed(eddie: httpx2.Client) -> None:
    asked = eddie.post("/stations/hill/requests/preview")
    assert asked.status_code == 202
    number = asked.json()["request"]["id"]
    assert eddie.get(f"/stations/hill/requests/{number}").json()["state"] == "waiting"
    assert [item["id"] for item in eddie.get("/stations/hill/requests").json()["requests"]] == [number]
    _problem(eddie.get("/stations/hill/requests/999999"), 404)
    _problem(eddie.post("/stations/hill/requests/back-up"), 403)


def test_every_change_is_in_the_audit_once(hill: ServedNewsroom, eddie: httpx2.Client) -> None:
    before = hill.accounts.archive and len(hill.app.state.newsroom.audit.changes("hill", with_general=False))
    eddie.post(f"{NEXT}/drop", json={"story": "2"})
    eddie.get(NEXT)
    changes = hill.app.state.newsroom.audit.changes("hill", with_general=False)
    assert len(changes) == before + 1
    assert (changes[0].user, changes[0].action, changes[0].address) == ("eddie", "drop", "127.0.0.1")
    ada = hill.program("ada")
    eddie.post("/stations/hill/say", json={"text": "Only a question."})
    ada.post("/stations/hill/profile/check", json={"text": 'name = "Hill"'})
    assert hill.app.state.newsroom.audit.changes("hill", with_general=False)[0] == changes[0]


def test_an_unknown_address_or_method_is_a_problem_too(eddie: httpx2.Client) -> None:
    _problem(eddie.get("/nothing/here"), 404)
    answer = eddie.delete(NEXT)
    _problem(answer, 405)
    assert "GET" in answer.headers["allow"]


def test_an_own_story_is_added_blocked_and_removed(eddie: httpx2.Client) -> None:
    body = {
        "title": "Fair opens",
        "text": "The fair in Wexcombe opens on Saturday.\n\nIt stays a week.",
        "hours": 6,
    }
    story = eddie.post("/stations/hill/stories", json=body).json()
    assert story["expires"] == "2026-11-24T13:30:00Z"
    assert [item["id"] for item in eddie.get("/stations/hill/stories").json()["stories"]].count(
        story["id"]
    ) == 1
    edit = eddie.get("/stations/hill/edits").json()["edits"][0]
    assert (edit["action"], edit["story_id"]) == ("own-story", story["id"])
    undo = eddie.post(f"{NEXT}/undo", json={"number": edit["id"]}).json()["edit"]["id"]
    assert story["id"] not in [item["id"] for item in eddie.get("/stations/hill/stories").json()["stories"]]
    _problem(eddie.post(f"{NEXT}/undo", json={"number": undo}), 409)
    eddie.post("/stations/hill/stories", json=body)
    late = {**body, "not_before": "2026-11-24T07:00:00Z"}
    assert "has passed" in _problem(eddie.post("/stations/hill/stories", json=late), 409)["detail"]
    eddie.post("/stations/hill/stories/remove", json={"story": story["id"]})
    _problem(eddie.post("/stations/hill/stories/remove", json={"story": story["id"]}), 404)
    said = eddie.get("/stations/hill/kills/consequences", params={"entry": "fair"}).json()
    assert said["lines"][1] == "No bulletin that can still be heard contains one."
    blocked = eddie.post("/stations/hill/kills", json={"entry": "fair"}).json()
    assert blocked["entry"] == "fair"
    assert blocked["withdrawal"]["request"]["kind"] == "withdraw-blocked"
    kept = eddie.post("/stations/hill/kills", json={"entry": "fair", "keep_published": True}).json()
    assert kept["withdrawal"] is None
    assert [kill["entry"] for kill in eddie.get("/stations/hill/kills").json()["kills"]] == ["fair"]
    assert eddie.post("/stations/hill/kills/remove", json={"entry": "fair"}).status_code == 200
    _problem(eddie.post("/stations/hill/kills", json={"entry": "!!"}), 422)


def test_a_text_is_heard_as_the_station_says_it(eddie: httpx2.Client) -> None:
    answer = eddie.post("/stations/hill/say", json={"text": "Siân of Llandeilo."})
    assert answer.headers["content-type"] == "audio/mpeg"
    assert float(answer.headers["x-duration-s"]) > 0.3
    assert answer.content[:3] in (b"ID3", b"\xff\xfb\x90") or answer.content[0] == 0xFF
    assert eddie.post("/stations/hill/next/hear", json={"story": "1"}).headers["x-spoken-now"] >= "1"


def test_the_profile_is_checked_and_saved_against_the_version_that_was_read(hill: ServedNewsroom) -> None:
    ada = hill.program("ada")
    profile = ada.get("/stations/hill/profile").json()
    wrong = ada.post("/stations/hill/profile/check", json={"text": profile["text"] + "\nlenght = 3\n"}).json()
    assert any(finding["is_error"] for finding in wrong["findings"])
    text = profile["text"].replace("[speech]", "# From the API\n[speech]")
    saved = ada.put("/stations/hill/profile", json={"text": text, "version": profile["version"]})
    assert saved.status_code == 200
    stale = {"text": profile["text"], "version": profile["version"]}
    _problem(ada.put("/stations/hill/profile", json=stale), 409)
    _problem(hill.program("eddie").get("/stations/hill/profile"), 403)


def test_feeds_go_out_and_come_in_as_opml(hill: ServedNewsroom) -> None:
    ada = hill.program("ada")
    opml = '<opml version="2.0"><body><outline text="Valley" type="rss" xmlUrl="https://news.example/1.xml"/></body></opml>'
    assert ada.post("/stations/hill/feeds/opml", json={"opml": opml}).json() == {"added": 1, "listed": 1}
    assert "https://news.example/1.xml" in ada.get("/stations/hill/feeds/opml").text
    assert [feed["name"] for feed in ada.get("/stations/hill/feeds").json()["feeds"]] == ["news-example"]
    bomb = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><opml><body>&c;</body></opml>'
    _problem(ada.post("/stations/hill/feeds/opml", json={"opml": bomb}), 422)


def test_an_upload_is_refused_by_its_content(hill: ServedNewsroom) -> None:
    ada = hill.program("ada")
    for name, data in (
        ("page.html", b"<script>alert(1)</script>"),
        ("bed.wav", b"RIFF0000WAVEfmt "),
        ("x.mp3", b"0"),
    ):
        answer = ada.post(
            "/stations/hill/imaging/upload", data={"jingle": "bed"}, files={"file": (name, data)}
        )
        _problem(answer, 422)
    _problem(ada.post("/stations/hill/imaging/upload", data={"jingle": "bed"}), 422)


def test_what_is_on_air_and_what_aired_is_read(eddie: httpx2.Client) -> None:
    on_air = eddie.get("/stations/hill/on-air").json()
    assert on_air["next_slot"]["due"] == "2026-11-24T08:00:00Z"
    assert {light["part"] for light in on_air["lights"]} >= {"Feeds", "Voice"}
    assert eddie.get("/stations/hill/log").json() == {"bulletins": [], "older": None}
    assert eddie.get("/stations/hill/log/export?format=csv").headers["content-type"].startswith("text/csv")
    _problem(eddie.get("/stations/hill/log/7"), 404)
    _problem(eddie.get("/stations/hill/log?first=0"), 422)
    assert eddie.get("/stations/hill/deliveries").json()["destinations"] == []


@pytest.mark.slow
def test_a_clip_is_uploaded_to_a_story_and_a_mislabelled_one_is_refused(
    eddie: httpx2.Client, tmp_path: Path
) -> None:
    sound = tmp_path / "mayor.wav"
    soundfile.write(sound, speech_like(rate_hz=48_000), 48_000)
    story = eddie.get(NEXT).json()["stories"][0]["id"]
    fields = {"story": story, "words": "We have waited for years.", "speaker": "Ann Fox"}
    answer = eddie.post(f"{NEXT}/clip", data=fields, files={"file": ("mayor.wav", sound.read_bytes())})
    assert answer.json()["edit"]["action"] == "clip", answer.text
    wrong = eddie.post(f"{NEXT}/clip", data=fields, files={"file": ("mayor.wav", b"<html>" * 100)})
    _problem(wrong, 422)
    _problem(eddie.post(f"{NEXT}/clip", data=fields), 422)
    story = {"title": "Mayor speaks", "text": "The mayor spoke on Saturday."}
    own = eddie.post(
        "/stations/hill/stories/with-clip", data=story, files={"file": ("m.wav", sound.read_bytes())}
    )
    assert own.json()["title"] == "Mayor speaks", own.text


@pytest.mark.slow
def test_names_are_listed_saved_and_heard(eddie: httpx2.Client) -> None:
    assert {"unknown", "saved"} == set(eddie.get("/stations/hill/names").json())
    saved = eddie.post("/stations/hill/names", json={"name": "Llandeilo", "respelling": "lan-DY-loh"}).json()
    assert (saved["respelling"], saved["editor"]) == ("lan-DY-loh", "eddie")
    assert eddie.get("/stations/hill/names").json()["saved"][0]["name"] == "Llandeilo"
    heard = eddie.post("/stations/hill/names/hear", json={"name": "Llandeilo"})
    assert heard.headers["content-type"] == "audio/mpeg"
    assert eddie.post("/stations/hill/names/remove", json={"name": "Llandeilo"}).status_code == 200
    _problem(eddie.post("/stations/hill/names", json={"name": "Llandeilo", "respelling": "<b>"}), 422)

"""Attacks: the key of a request, which makes it count once, taken by somebody else or used for something else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.newsroom_server import Browser, ServedNewsroom, served_hill


@pytest.fixture(scope="module")
def hill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    with served_hill(tmp_path_factory.mktemp("hill")) as served:
        yield served


def change(browser: Browser, story: str, action: str, key: str) -> None:
    answer = browser.post("/hill/next/story", {"story": story, "action": action, "key": key})
    assert answer.status_code == 303, answer.text


def edits(hill: ServedNewsroom) -> list[tuple[str, str, str]]:
    found = hill.program("vera").get("/stations/hill/edits").json()["edits"]
    return [(edit["editor"], edit["action"], edit["story_id"]) for edit in reversed(found)]


def test_a_key_counts_once_for_one_user_and_one_change(hill: ServedNewsroom) -> None:
    eddie, ada = hill.browser("eddie"), hill.browser("ada")
    for _ in range(2):
        change(eddie, "bridge", "drop", "same")
    change(ada, "nurses", "pin", "same")
    change(eddie, "solar", "pin", "same")
    change(ada, "ferry", "pin", "api eddie 5")  # the name of eddie's own key, as the archive has it
    program = hill.program("eddie", role=None)
    answer = program.post(
        "/stations/hill/next/drop", json={"story": "bakery"}, headers={"Idempotency-Key": "5"}
    )
    assert answer.status_code == 200
    assert edits(hill) == [
        ("eddie", "drop", "bridge"),
        ("ada", "pin", "nurses"),
        ("eddie", "pin", "solar"),
        ("ada", "pin", "ferry"),
        ("eddie", "drop", "bakery"),
    ]


@pytest.mark.parametrize("due", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "\x00", "2026"])
def test_a_slot_out_of_the_calendar_is_refused(hill: ServedNewsroom, due: str) -> None:
    answer = hill.browser("eddie").post("/hill/next/story", {"story": "mill", "action": "pin", "due": due})
    assert answer.status_code == 422


def test_a_backup_of_all_stations_needs_an_admin_of_all(hill: ServedNewsroom) -> None:
    admin = hill.program("ada")
    assert admin.post("/stations/hill/requests/back-up").status_code == 403
    assert admin.get("/stations/hill/backups").status_code == 403


def test_a_form_of_hundreds_of_sentences_is_refused_at_once(hill: ServedNewsroom) -> None:
    fields = {f"{part}-{number}": "x" for number in range(101) for part in ("sentence", "text")}
    answer = hill.browser("eddie").post("/hill/next/words", {"story": "mill", **fields})
    assert (answer.status_code, "fewer than 100" in answer.text) == (422, True)

"""Stories and blocked words for several stations: an editor of one station changes that one only."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.newsroom.accounts.roles import parse_roles
from tests.support.factories import NOW
from tests.support.newsroom_server import PASSWORD, served_newsroom

pytestmark = pytest.mark.slow

STORY = {"title": "Fair opens", "text": "The fair opens on Monday.", "hours": "6", "category": "local"}
BLOCK = {"entry": "Garrowby", "keep": "1", "everywhere": "yes"}


def test_who_edits_at_several_stations_shares_and_blocks_there(tmp_path: Path):
    with served_newsroom(tmp_path) as served:
        served.accounts.add("emma", PASSWORD, parse_roles(["editor"]))
        archive, eddie, emma = served.archive, served.browser("eddie"), served.browser("emma")

        def titles(station: str) -> list[str]:
            return [story.title for story in archive.own_stories(station, NOW)]

        # of one station: other stations are neither offered nor taken
        assert "For other stations" not in eddie.get("/demo/next/stories").text
        assert eddie.post("/demo/next/stories", STORY | {"also": "other"}).status_code == 404
        assert "At all stations" not in eddie.post("/demo/station/blocked/ask", {"entry": "Garrowby"}).text
        assert eddie.post("/demo/station/blocked/add", BLOCK).status_code == 403
        assert (titles("demo"), titles("other"), archive.kills("other")) == ([], [], ())

        # of all stations
        assert "Other Radio" in emma.get("/demo/next/stories").text
        assert emma.post("/demo/next/stories", STORY | {"also": "other"}).status_code == 303
        assert (titles("demo"), titles("other")) == (["Fair opens"], ["Fair opens"])
        assert "At all stations" in emma.post("/demo/station/blocked/ask", {"entry": "Garrowby"}).text
        assert emma.post("/demo/station/blocked/add", BLOCK).status_code == 303
        assert [kill.entry for kill in archive.kills("a later station")] == ["Garrowby"]
        assert "all stations" in eddie.get("/demo/station/blocked").text

        # an entry for all stations is not unblocked at one
        remove = {"entry": "Garrowby"}
        assert eddie.post("/demo/station/blocked/remove", remove).status_code >= 400
        assert eddie.post("/demo/station/blocked/remove", remove | {"everywhere": "yes"}).status_code == 403
        assert archive.kills("demo")
        assert emma.post("/demo/station/blocked/remove", remove | {"everywhere": "yes"}).status_code == 303
        assert archive.kills("demo") == ()

"""Own stories: what cannot be added, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.errors import NewsroomError
from bulletin.newsroom.actions.own_stories import OwnStory, add_own_story, list_own_stories
from bulletin.newsroom.desk import Desk
from bulletin.station.open_archive import open_archive
from tests.support.factories import NOW
from tests.support.newsroom_desk import write_profile


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_archive(tmp_path) as archive:
        yield Desk(
            loaded=write_profile(tmp_path), output=tmp_path, archive=archive, editor="ann", now=lambda: NOW
        )


@pytest.mark.parametrize(
    ("until", "problem"),
    [
        (NOW, "has passed; name a later time"),
        (NOW + timedelta(days=367), "is more than a year away"),
        (datetime.max.replace(tzinfo=UTC), "is more than a year away"),
    ],
)
def test_an_embargo_ends_within_a_year(desk: Desk, until: datetime, problem: str) -> None:
    with pytest.raises(NewsroomError, match=problem):
        add_own_story(desk, OwnStory(title="Fair", text="The fair opens.", not_before=until))
    assert list_own_stories(desk) == ()

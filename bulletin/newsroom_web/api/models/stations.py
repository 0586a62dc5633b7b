"""Models of stations."""

from __future__ import annotations

from bulletin.newsroom_web.api.models.base import Answer


class StationItem(Answer):
    """A station, and the user's role there."""

    id: str
    name: str
    role: str


class StationList(Answer):
    """The stations that the user may see."""

    user: str
    stations: tuple[StationItem, ...]

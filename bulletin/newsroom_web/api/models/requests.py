"""Models of requests to the service, and of withdrawals."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from bulletin.newsroom_web.api.models.base import Answer, Body, Name, Number


class StageItem(Answer):
    """A stage of the work that has ended."""

    stage: str
    seconds: float
    summary: str


class RequestItem(Answer):
    """A request to the service, and what became of it."""

    id: int
    kind: str
    state: str = Field(description='"waiting", "working", "done", "failed" or "expired".')
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    stage: str
    step: str
    stages: tuple[StageItem, ...]
    note: str
    done_at: datetime | None


class RequestAnswerItem(Answer):
    """A request, and what to know about it."""

    request: RequestItem
    is_served: bool = Field(description="A service runs that takes it.")
    note: str


class RequestList(Answer):
    """The last requests, newest first."""

    requests: tuple[RequestItem, ...]


class RequestsQuery(Body):
    """Which requests."""

    limit: int = Field(default=20, ge=1, le=200)


class DeliveryRetry(Body):
    """A delivery."""

    number: Number | None = Field(
        default=None, description="Its number in the outbox; left out: all that wait."
    )


class StoryName(Body):
    """A story that aired."""

    story: Name = Field(description="Its id, as the log has it.")


class BulletinName(Body):
    """A bulletin that aired."""

    bulletin: Number = Field(description="Its number in the log.")


class ConsequencesItem(Answer):
    """What a withdrawal will do."""

    title: str
    lines: tuple[str, ...]

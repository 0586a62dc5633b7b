"""Operation: one line of the table from which the routes and the OpenAPI document are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bulletin.newsroom.accounts.roles import Access, Role
from bulletin.newsroom.desk import Desk
from bulletin.newsroom_web.api.models.base import Nothing
from bulletin.newsroom_web.http.read_form import Form
from bulletin.newsroom_web.http.visit import Newsroom


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request to an operation, checked: who, where, with which fields."""

    newsroom: Newsroom
    access: Access
    desk_of: Callable[[], Desk]
    number: int = 0
    """The number in the path, if it has one."""
    body: Any = None
    """The request model of the operation."""
    query: Any = None
    """The query model of the operation."""
    form: Form = field(default_factory=Form)
    """Fields and uploads of an operation that takes files."""
    key: str = ""
    """From the header Idempotency-Key, with the user's name; empty: none."""
    version: int | None = None
    """From the header If-Match."""

    @cached_property
    def desk(self) -> Desk:
        return self.desk_of()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAnswer:
    """A file as the answer: a sound, a backup."""

    path: Path
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAnswer:
    """A text file as the answer: OPML, CSV."""

    text: str
    media_type: str
    name: str
    """Name under which a browser stores it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation: address, role, models, and the function that calls the action."""

    method: str
    path: str
    """Below /api: "stations/{station}/next/pin"."""
    name: str
    """operationId: "pin_story"."""
    summary: str
    role: Role | None
    """None: for everybody with a token."""
    do: Callable[[Call], Any]
    answer: type[BaseModel] | str
    """Model of the answer, or media type of a file: "audio/wav"."""
    body: type[BaseModel] = Nothing
    query: type[BaseModel] = Nothing
    form: type[BaseModel] | None = None
    """Fields of a multipart form with the file "file", instead of a body."""
    has_version: bool = False
    """`If-Match` may hold the version that the change is based on."""
    status: int = 200
    asks_only: bool = False
    """It changes nothing, and is not in the audit: a text to hear, a profile to check."""

    @property
    def is_change(self) -> bool:
        return self.method != "GET"

    @property
    def tag(self) -> str:
        """Heading under which the document lists it."""
        parts = [part for part in self.path.split("/") if not part.startswith("{")]
        return parts[1] if len(parts) > 1 else parts[0]


def editor_change(
    path: str,
    name: str,
    summary: str,
    do: Callable[[Call], Any],
    *,
    body: type[BaseModel],
    answer: type[BaseModel] | str,
    asks_only: bool = False,
) -> Operation:
    """A POST operation with a JSON body, for editors."""
    return Operation(
        method="POST",
        path=path,
        name=name,
        summary=summary,
        role=Role.EDITOR,
        body=body,
        answer=answer,
        do=do,
        asks_only=asks_only,
    )

"""Bases of the API's models."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


class Answer(BaseModel):
    """A part of an answer: taken from the attributes of a record, without those that are not declared."""

    model_config = ConfigDict(
        from_attributes=True, frozen=True, json_schema_serialization_defaults_required=True
    )


class Body(BaseModel):
    """A request: unknown fields are refused, so that a mistyped one is no silent loss."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Words = Annotated[str, StringConstraints(max_length=4_000, pattern=r"^[^\x00]*$")]
"""Text of a person."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00]+$")]
"""Number, id or title of a thing."""


def _read_moment(value: object) -> object:
    """RFC 3339, as JSON Schema's date-time has it: pydantic alone would take 0.5 for a moment of 1970."""
    if not isinstance(value, str):
        return value
    try:
        if _MOMENT.match(value):
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError('write the moment as "2026-11-30T06:00:00Z"')


def _read_whole(value: object) -> object:
    """1.0 is an integer in JSON Schema."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\Z")
Due = Annotated[
    AwareDatetime | None,
    BeforeValidator(_read_moment),
    Field(description="The slot; left out: the next one."),
]
Whole = Annotated[int, BeforeValidator(_read_whole)]
Version = Annotated[int, Field(ge=0, le=2**53), BeforeValidator(_read_whole)]
Number = Annotated[int, Field(ge=1, le=2**53), BeforeValidator(_read_whole)]


File = Annotated[
    str,
    Field(
        min_length=1,
        json_schema_extra={"contentMediaType": "application/octet-stream"},
        description="The file; its name is not used.",
    ),
]
"""The file of a multipart form."""


class Nothing(Body):
    """No fields."""


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(
        description='"about:blank", or a name of the problem such as "urn:bulletin:edit-conflict".'
    )
    title: str
    status: int
    detail: str = Field(description="What happened, to which thing, what to do.")


class FieldProblem(BaseModel):
    """A field that was refused."""

    pointer: str = Field(description='JSON pointer into the body, or "query/due".')
    detail: str


class BadRequestProblem(Problem):
    """A request that does not fit the operation."""

    errors: list[FieldProblem] = []


class TheirEdit(Answer):
    """The edit of somebody else that stands in the way."""

    id: int
    editor: str
    made_at: datetime
    text: str
    replaced: str


class ConflictProblem(Problem):
    """Somebody else has changed the same thing since; nothing was changed, and nothing is lost."""

    theirs: TheirEdit | None = None
    yours: str = Field(default="", description="The text that was sent.")

"""Table of operations -> OpenAPI 3.1 document. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from bulletin import __version__
from bulletin.newsroom_web.api.models.base import BadRequestProblem, ConflictProblem, Nothing, Problem
from bulletin.newsroom_web.api.operation_table import Operation

Schema = dict[str, Any]
_PROBLEMS: dict[str, tuple[str, type[BaseModel]]] = {
    "400": ("The request cannot be read.", Problem),
    "401": ("No valid API token.", Problem),
    "403": ("The role is too low.", Problem),
    "404": ("No such station, story or record.", Problem),
    "409": (
        "It does not fit what is there: somebody else has changed it, it is killed, it is no slot.",
        ConflictProblem,
    ),
    "413": ("The request is too large.", Problem),
    "415": ("The body has another type.", Problem),
    "422": ("A field, or what it asks for, does not fit.", BadRequestProblem),
    "503": ("The archive, a voice or the service is busy; try again.", Problem),
    "507": ("The disk is full.", Problem),
    "default": ("Any other problem.", Problem),
}
_ONLY_CHANGES = ("409", "413", "415", "507")
_HEADERS: tuple[Schema, ...] = (
    {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key again does nothing twice; a UUID for each change.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    },
)
_IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "description": "Version of the sentence that the text is based on.",
    "schema": {"type": "string", "pattern": '^"?[0-9]{1,15}"?$'},
}
_STATION: Schema = {
    "name": "station",
    "in": "path",
    "required": True,
    "description": "Id of the station, as `GET /stations` lists it.",
    "schema": {"type": "string"},
}
_NUMBER: Schema = {
    "name": "number",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**53},
}


def openapi_document(operations: Sequence[Operation]) -> Schema:
    """The whole document; every operation has its problems, its role and its security."""
    schemas, names = _schemas(operations)
    paths: dict[str, Schema] = {}
    for operation in operations:
        paths.setdefault(f"/{operation.path}", {})[operation.method.lower()] = _operation(operation, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Bulletin newsroom",
            "version": __version__,
            "description": "See, edit and approve the coming bulletin of a station, as the newsroom's pages do.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api"}],
        "security": [{"token": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(operation.tag for operation in operations)],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`bulletin user token NAME LABEL` makes an API token.",
                }
            },
            "schemas": schemas,
        },
    }


Key = tuple[type[BaseModel], JsonSchemaMode]


def _schemas(operations: Sequence[Operation]) -> tuple[Schema, dict[Key, Schema]]:
    """Components, and the reference to each model."""
    inputs: Literal["validation"] = "validation"
    outputs: Literal["serialization"] = "serialization"
    models: list[Key] = [(kind, outputs) for _, kind in _PROBLEMS.values()]
    for operation in operations:
        models.append((operation.body, inputs))
        models += [(operation.form, inputs)] if operation.form else []
        models += [(operation.query, inputs)]
        models += [] if isinstance(operation.answer, str) else [(operation.answer, outputs)]
    refs, definitions = models_json_schema(
        list(dict.fromkeys(models)), ref_template="#/components/schemas/{model}"
    )
    return definitions.get("$defs", {}), {model: dict(refs[model]) for model in models}


def _operation(operation: Operation, names: dict[Key, Schema]) -> Schema:
    schema: Schema = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*_parameters(operation)],
        "responses": {str(operation.status): _success(operation, names), **_problems(operation, names)},
    }
    if operation.role:
        schema["description"] = f"Role: {operation.role}, or a higher one."
    if operation.form:
        content = {"multipart/form-data": {"schema": names[operation.form, "validation"]}}
        schema["requestBody"] = {"required": True, "content": content}
    elif operation.is_change and operation.body is not Nothing:
        content = {"application/json": {"schema": names[operation.body, "validation"]}}
        is_required = any(field.is_required() for field in operation.body.model_fields.values())
        schema["requestBody"] = {"required": is_required, "content": content}
    return schema


def _parameters(operation: Operation) -> Iterator[Schema]:
    for name in re.findall(r"{(\w+)}", operation.path):
        yield _STATION if name == "station" else _NUMBER
    if operation.is_change:
        yield from _HEADERS
    if operation.has_version:
        yield _IF_MATCH
    fields = operation.query.model_json_schema(mode="validation").get("properties", {})
    for name, schema in fields.items():
        is_required = operation.query.model_fields[name].is_required()
        yield {"name": name, "in": "query", "required": is_required, "schema": _for_query(schema)}


def _for_query(schema: Schema) -> Schema:
    """A query has no null: a field that may be null is one that may be left out."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    plain = {name: value for name, value in schema.items() if name not in ("anyOf", "default", "title")}
    return (kinds[0] | plain) if len(kinds) == 1 else {k: v for k, v in schema.items() if k != "title"}


def _success(operation: Operation, names: dict[Key, Schema]) -> Schema:
    if isinstance(operation.answer, str):
        return {"description": "The file.", "content": {operation.answer: {}}}
    schema = names[operation.answer, "serialization"]
    return {"description": operation.summary, "content": {"application/json": {"schema": schema}}}


def _problems(operation: Operation, names: dict[Key, Schema]) -> Schema:
    return {
        status: {
            "description": text,
            "content": {"application/problem+json": {"schema": names[kind, "serialization"]}},
        }
        for status, (text, kind) in _PROBLEMS.items()
        if operation.is_change or status not in _ONLY_CHANGES
    }

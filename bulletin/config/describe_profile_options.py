"""Models of the profile -> their options as data: tables, kinds and texts, for the form and the reference."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from bulletin.config.profile_options import Profile
from bulletin.config.toml_line_numbers import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedOption:
    """One option of the profile that a single field can show."""

    key: Key
    kind: str
    """ "text", "number", "whole", "flag", "choice", "choices" or "list"."""
    choices: tuple[str, ...]
    text: str
    """Its meaning, from the source."""
    default: Any
    may_be_empty: bool
    """None is a value of it: by default something else decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedTable:
    """One table of the profile."""

    key: Key
    text: str
    options: tuple[DescribedOption, ...]


@lru_cache(maxsize=1)
def describe_profile() -> tuple[DescribedTable, ...]:
    """Every table with single options, the station's own first; [[tables]] and free tables are left out."""
    return tuple(table for table in _tables(Profile, ()) if table.options)


def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """Option -> the string below it in the source, or in that of a class above."""
    texts: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        if not issubclass(owner, BaseModel) or owner is BaseModel:
            continue
        (tree,) = ast.parse(inspect.cleandoc("\n" + inspect.getsource(owner))).body
        assert isinstance(tree, ast.ClassDef)
        for field, below in zip(tree.body, tree.body[1:], strict=False):
            if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
                continue
            # an option that is only given another default keeps the text of the class above
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                texts[field.target.id] = str(below.value.value).strip()
    return texts


def model_in(annotation: Any) -> type[BaseModel] | None:
    """Options inside `tuple[FeedOptions, ...]` or `RecordingOptions | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := model_in(part))), None)


def _tables(model: type[BaseModel], key: Key) -> Iterator[DescribedTable]:
    texts = field_docs(model)
    options = tuple(
        option
        for name, field in model.model_fields.items()
        if (option := _option(field, (*key, name), texts.get(name, ""))) is not None
    )
    yield DescribedTable(key=key, text=" ".join((model.__doc__ or "").split()), options=options)
    for name, field in model.model_fields.items():
        inner = model_in(field.annotation)
        if inner and get_origin(field.annotation) is not tuple and name != "deliveries":
            yield from _tables(inner, (*key, name))


def _option(field: Any, key: Key, text: str) -> DescribedOption | None:
    annotation = field.annotation
    if key == ("up_to",):  # a part of the length
        return None
    if model_in(annotation) or get_origin(annotation) is dict or "Mapping" in str(annotation):
        return None
    kind, choices, may_be_empty = _kind(annotation)
    if key[-1] == "length":
        kind = "text"
    default = field.get_default(call_default_factory=True)
    return DescribedOption(
        key=key,
        kind=kind,
        choices=choices,
        text=" ".join(text.split()),
        default=default if isinstance(default, str | int | float | tuple) else None,
        may_be_empty=may_be_empty,
    )


def _kind(annotation: Any) -> tuple[str, tuple[str, ...], bool]:
    if get_origin(annotation) is tuple:
        _, choices, _ = _kind(get_args(annotation)[0])
        return ("choices" if choices else "list"), choices, False
    args = get_args(annotation)
    choices = tuple(
        str(value) for value in args if isinstance(value, str | int) and not isinstance(value, bool)
    )
    if choices:
        return ("choice_of_numbers" if isinstance(args[0], int) else "choice"), choices, False
    inner = [part for part in args if part is not type(None)]
    may_be_empty = len(inner) < len(args)
    if inner:
        kind, choices, _ = _kind(inner[0])
        return kind, choices, may_be_empty
    kinds = {bool: "flag", int: "whole", float: "number"}
    return kinds.get(annotation, "text"), (), may_be_empty

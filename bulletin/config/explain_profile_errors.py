"""Mistake in a profile -> a message with file, line, key, and what to write."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError

from bulletin.config.profile_options import Profile
from bulletin.config.tables.delivery_options import DELIVERY_KINDS, without_kind
from bulletin.config.toml_line_numbers import Key, dotted, error_line, explain_toml, header_lines, line_of
from bulletin.runtime.redact_secrets import hide, is_secret_name


def explain_syntax(path: Path, text: str, error: tomllib.TOMLDecodeError) -> str:
    """Message for a file that is not TOML."""
    line = error_line(error, text)
    written = (text.splitlines() or [""])[line - 1]
    value = written.partition("=")[2].partition("#")[0].strip()
    if value.lower() in ("true", "yes", "on", "false", "no", "off"):
        return f"{path}:{line}: write true or false, in small letters and without quotes (is {value})"
    if str(error).startswith("Cannot"):
        for name, headers in header_lines(text).items():
            lines = headers.get(f"[{name}]", [])
            if lines and f"[[{name}]]" in _headers():
                return f"{path}:{lines[0]}: write [[{name}]], with two brackets on each side: there may be several"
            if len(lines) > 1:
                return f"{path}:{lines[1]}: [{name}] stands twice, first in line {lines[0]}; join the two"
    is_bare = str(error).startswith("Invalid value") and value[:1].isalpha()
    hint = 'not valid TOML; write text in quotes, key = "value"' if is_bare else explain_toml(error)
    return f"{path}:{line}: {hint}"


def explain_values(error: ValidationError, *, path: Path, text: str) -> Iterator[str]:
    """A message for each invalid, unknown or missing option."""
    for problem in error.errors(include_url=False):
        key = without_kind(problem["loc"])
        where = f"{path}:{line_of(text, key)}"
        yield f"{where}: {_problem(problem['loc'], problem['type'], problem['msg'], problem.get('input'))}"


def fault_of_option(name: str, value: object) -> str:
    """
    What is wrong with one option of a profile, before there is a file; empty when it is right.

    >>> fault_of_option("time_zone", "Europe/Madird")
    '\'time_zone\': "Europe/Madird" is not a valid time zone; did you mean "Europe/Madrid"?'
    """
    try:
        Profile.model_validate({"name": "-", name: value})
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        return _problem(problem["loc"], problem["type"], problem["msg"], problem.get("input"))
    return ""


def _problem(loc: Key, kind: str, message: str, given: object) -> str:
    key = without_kind(loc)
    if kind == "extra_forbidden":
        return f"{_table(key[:-1])} has no option '{loc[-1]}'; {_right_place(loc, given)}"
    if kind == "missing":
        owner = "station" if len(key) == 1 else _table(key[:-1])
        return f"'{dotted(key)}' is missing; every {owner} needs one"
    if kind == "tuple_type" and isinstance(given, dict) and key:
        name = f"[[{dotted(key)}]]"
        return f"'{dotted(key)}': there may be several of them; write {name}, with two brackets on each side"
    name = next((part for part in reversed(key) if isinstance(part, str)), "")
    reason = _REASONS.get(kind, message.removeprefix("Value error, "))
    # a password typed into an address must not come back on the screen
    is_secret = isinstance(given, dict | list) or is_secret_name(name)
    shown = "" if is_secret or (isinstance(given, str) and given and given in reason) else hide(repr(given))
    if kind == "tuple_type" and shown:
        item = shown.strip("'\"")
        return f"'{dotted(key)}': write it as a list: {name} = [\"{item}\"]"
    if kind == "string_type" and isinstance(given, int | float):
        reason = f'write text in quotes: {name} = "..."'
    if name == "length" and kind in ("greater_than_equal", "less_than_equal"):
        reason = "write a length from 0:30 to 10:00"
    option = f"'{dotted(key)}': " if key else ""
    return f"{option}{reason[:1].lower()}{reason[1:]}{shown and f' (is {shown})'}"


_REASONS = {
    "float_parsing": "write a number, without quotes",
    "float_type": "write a number",
    "int_parsing": "write a whole number, without quotes",
    "int_from_float": "write a whole number",
    "int_type": "write a whole number",
    "bool_parsing": "write true or false, without quotes",
    "bool_type": "write true or false, without quotes",
}
"""Kind of pydantic's error -> what an engineer should write."""


_PLACES = tomllib.loads(Path(__file__).with_name("misplaced_options.toml").read_text(encoding="utf-8"))


def _right_place(loc: Key, given: object) -> str:
    """Where an unknown option belongs, or the nearest known one."""
    if place := _PLACES.get(".".join(part for part in loc if isinstance(part, str))):
        return str(place)
    group, name = loc[:-1], str(loc[-1])
    if group and name in Profile.model_fields:
        # TOML's commonest trap: a plain key below a [table] belongs to that table
        return f"'{name}' belongs above the first [table] of the file"
    known = _known_keys(Profile, group)
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    # a delivery's options depend on its kind, so options of other tables are no help
    if group[:1] != ("deliveries",) and not difflib.get_close_matches(name, known, n=1, cutoff=0.8):
        if tables := [header for header, options in _headers().items() if name in options]:
            return f"it belongs in {' or '.join(tables)}"
        ends = [header for header in _headers() if header.strip("[]").rpartition(".")[2] == name]
        if ends and isinstance(given, dict | list):
            return f"write {' or '.join(ends)}"
    return f"did you mean '{nearest[0]}'?" if nearest else f"known: {', '.join(known)}"


def _headers(model: type[BaseModel] = Profile, table: str = "") -> dict[str, set[str]]:
    """Header of each table of a profile, "[stories]" or "[[feeds]]" -> its plain options."""
    headers: dict[str, set[str]] = {}
    for name, option in model.model_fields.items():
        if (inner := _model_in(option.annotation)) and name != "deliveries":
            path = f"{table}.{name}".lstrip(".")
            header = f"[[{path}]]" if get_origin(option.annotation) is tuple else f"[{path}]"
            plain = {key for key, sub in inner.model_fields.items() if not _model_in(sub.annotation)}
            headers |= {header: plain, **_headers(inner, path)}
    return headers


def _known_keys(model: type[BaseModel], group: Sequence[str | int]) -> list[str]:
    here: type[BaseModel] | None = model
    for part in group:
        if isinstance(part, str) and here is not None:
            here = _model_in(here.model_fields[part].annotation) if part in here.model_fields else None
            here = here or DELIVERY_KINDS.get(part)
    return list(here.model_fields) if here else []


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Options inside `tuple[FeedOptions, ...]` or `RecordingOptions | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_model_in(part) for part in get_args(annotation))
    return next((model for model in models if model), None)


def _table(group: Key) -> str:
    names = [str(part) for part in group if isinstance(part, str)]
    if not names:
        return "the profile"
    is_array = any(isinstance(part, int) for part in group)
    return f"[[{'.'.join(names)}]]" if is_array else f"[{'.'.join(names)}]"

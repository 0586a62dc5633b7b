"""Profile -> the fields of its form, and the filled form -> changes of its text; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bulletin.config.change_profile_options import Value
from bulletin.config.describe_profile_options import DescribedOption, describe_profile
from bulletin.config.toml_line_numbers import Key, dotted
from bulletin.runtime.redact_secrets import is_secret_name, secrets_in_address

TITLES = {
    "": "Station", "clock": "Clock", "fetch": "Fetching", "stories": "Choice of stories", "script": "Words",
    "script.rewriter": "Language model", "speech": "Voices", "imaging": "Imaging", "audio": "Sound",
    "standby": "Stand-by", "alerts": "Alerts", "newsroom": "Newsroom", "outputs": "Outputs",
    "outputs.podcast": "Podcast", "outputs.fm": "Playout file", "outputs.speaker": "Smart speakers",
    "outputs.stories": "Story files", "outputs.page": "Listener pages", "stream": "Live stream",
    "pull": "Pull endpoint", "credentials": "Signatures", "keep": "Retention",
}  # fmt: skip
"""Table -> its heading."""
ON_MACHINE_ONLY: tuple[Key, ...] = (("alerts", "command"),)
"""Options that name a program to run: they are changed in the file, never in a browser."""
_FLAG_WORDS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """An option as a field of the form."""

    name: str
    """Name in the form: "outputs.podcast.title"."""
    label: str
    """The option's own name, as in the text."""
    kind: str
    """ "text", "number", "whole", "choice", "choices", "list" or "secret"."""
    value: str
    """Text of the field; a list has a line for each item."""
    was: str
    """The same as the profile has it; the form sends it back, so that only what was touched is changed."""
    chosen: tuple[str, ...]
    """Checked boxes of "choices"."""
    choices: tuple[tuple[str, str], ...]
    """Value and words of each choice."""
    help: str
    default: str
    is_set: bool
    """Stands in the profile; else the default holds."""
    is_locked: bool
    """Cannot be changed in a browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTable:
    """A table of the profile as a part of the form."""

    key: str
    title: str
    help: str
    fields: tuple[FormField, ...]

    @property
    def set_count(self) -> int:
        return sum(field.is_set for field in self.fields)

    @property
    def is_touched(self) -> bool:
        """Whether a field was filled in and not saved."""
        return any(field.value != field.was for field in self.fields if field.kind != "choices")


def profile_form(raw: Mapping[str, Any]) -> tuple[FormTable, ...]:
    """The form of a parsed profile; `raw` is its TOML as it stands, with "env:NAME" for secrets."""
    return tuple(
        FormTable(
            key=".".join(map(str, table.key)),
            title=TITLES.get(".".join(map(str, table.key)), dotted(table.key)),
            help=table.text,
            fields=tuple(_field(option, raw) for option in table.options),
        )
        for table in describe_profile()
    )


def refill_form(tables: Sequence[FormTable], form: Mapping[str, Sequence[str]]) -> tuple[FormTable, ...]:
    """
    The form with what was filled in, after a save that was refused: nothing that was typed is lost.

    A field that was not touched shows what the profile has now: somebody else may have changed it.
    """

    def refill(field: FormField) -> FormField:
        if field.is_locked or not _is_touched(field, form):
            return field
        given = tuple(form.get(field.name, ()))
        if field.kind == "choices":
            return replace(field, chosen=given)
        return replace(field, value=given[0] if given else "")

    return tuple(replace(table, fields=tuple(map(refill, table.fields))) for table in tables)


def read_profile_form(form: Mapping[str, Sequence[str]], raw: Mapping[str, Any]) -> dict[Key, Value | None]:
    """
    The options that the filled form changes; None for one that is to be removed, so that its default holds.

    A value that does not fit its option is kept as text, so that the check of the profile names its line.
    """
    changes: dict[Key, Value | None] = {}
    for table in describe_profile():
        for option in table.options:
            field = _field(option, raw)
            if field.is_locked or not _is_touched(field, form):
                continue
            given = tuple(form.get(field.name, ()))
            changes |= dict(_change(option, field, given))
    return changes


def _is_touched(field: FormField, form: Mapping[str, Sequence[str]]) -> bool:
    """Whether the field was in the form, and says something else than when the form was made."""
    was = form.get(f"{field.name}.was")
    given = form.get(field.name, ())
    return was is not None and _lines("\n".join(given)) != _lines("".join(was[:1]))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _change(
    option: DescribedOption, field: FormField, given: tuple[str, ...]
) -> Iterator[tuple[Key, Value | None]]:
    if field.kind == "choices":
        chosen = tuple(value for value, _ in field.choices if value in given)
        if chosen != field.chosen:
            yield option.key, chosen or None
        return
    text = "\n".join(
        line.strip() for line in (given[0] if given else "").strip().splitlines() if line.strip()
    )
    if text == field.value or (field.kind == "secret" and not text):
        return
    yield option.key, _value(option, text) if text else None


def _value(option: DescribedOption, text: str) -> Value:
    if option.kind == "list":
        return tuple(text.splitlines())
    if option.kind == "flag":
        return _FLAG_WORDS.get(text, text)
    if option.kind in ("whole", "choice_of_numbers"):
        return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else text
    if option.kind == "number":
        try:
            number = float(text)
        except ValueError:
            return text
        return number if abs(number) < 1e12 else text
    return " ".join(text.splitlines()) if option.key != ("script", "disclosure") else text


def _field(option: DescribedOption, raw: Mapping[str, Any]) -> FormField:
    written, is_set = _written(raw, option.key)
    name = str(option.key[-1])
    is_secret = _holds_secret(name, written)
    chosen = tuple(map(str, written)) if isinstance(written, list) else ()
    value = "" if is_secret or not is_set else _shown(written)
    return FormField(
        name=".".join(map(str, option.key)),
        label=name,
        kind="secret"
        if is_secret
        else {"flag": "choice", "choice_of_numbers": "choice"}.get(option.kind, option.kind),
        value=value,
        was=value,
        chosen=chosen,
        choices=tuple(_choices(option)),
        help=option.text,
        default=_default(option),
        is_set=is_set,
        is_locked=option.key in ON_MACHINE_ONLY,
    )


def _choices(option: DescribedOption) -> Iterator[tuple[str, str]]:
    if option.kind in ("choice", "flag", "choice_of_numbers"):
        yield "", f"default ({_default(option) or 'none'})"
    if option.kind == "flag":
        yield from (("true", "yes"), ("false", "no"))
    else:
        yield from ((choice, choice) for choice in option.choices if choice)


def _default(option: DescribedOption) -> str:
    if option.key[-1] == "length":
        return "{}:{:02}".format(*divmod(round(float(option.default or 0)), 60))
    if isinstance(option.default, bool):
        return "yes" if option.default else "no"
    return "" if option.default is None else _shown(option.default).replace("\n", ", ")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "\n".join(map(_shown, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _written(raw: Any, key: Key) -> tuple[Any, bool]:
    for part in key:
        if not isinstance(raw, Mapping) or part not in raw:
            return None, False
        raw = raw[part]
    return raw, True


def _holds_secret(name: str, written: Any) -> bool:
    """A secret that stands in the file itself: it never goes to a browser; "env:NAME" does."""
    if not isinstance(written, str) or not written or written.startswith("env:"):
        return False
    is_named = is_secret_name(name) and not name.endswith(("_file", "_env", "_id"))
    return (is_named and not (name == "key" and "-----BEGIN" not in written)) or bool(
        secrets_in_address(written)
    )

"""`group.toml` beside the profiles -> the table [group] of every profile in its folder that has none."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bulletin.config.explain_profile_errors import explain_syntax, explain_values
from bulletin.config.option_types import Options
from bulletin.config.read_profile_secrets import Plain, Unset, fill_secrets, plain_secrets
from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import ConfigError, explain_unreadable_text
from bulletin.runtime.files.toml_reader import parse_toml

GROUP_FILE = "group.toml"


class _GroupFile(Options):
    """Content of the file."""

    group: GroupOptions = GroupOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFile:
    """The table [group] of a folder of profiles, and the secrets in it."""

    filled: dict[str, Any]
    shown: dict[str, str] = field(repr=False)
    unset: tuple[Unset, ...]
    plain: tuple[Plain, ...] = field(repr=False)


def load_group_file(folder: Path) -> GroupFile | None:
    """
    Read `group.toml` in a folder of profiles; None where there is none.

    Raises ConfigError with its file, line and key.
    """
    path = folder / GROUP_FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the file {explain_unreadable_text(error)}") from error
    try:
        raw = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(explain_syntax(path, text, error)) from error
    filled, shown, unset = fill_secrets(raw, path=path, text=text)
    if not unset:
        try:
            _GroupFile.model_validate(filled)
        except ValidationError as error:
            raise ConfigError("\n".join(explain_values(error, path=path, text=text))) from error
    return GroupFile(filled=filled, shown=shown, unset=unset, plain=tuple(plain_secrets(raw)))

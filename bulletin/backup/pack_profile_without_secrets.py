"""LoadedProfile -> PackedProfile: text without secrets, and the files that it names."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any

from bulletin.backup.backup_manifest import PROFILES, BackupError, Secret, value_at
from bulletin.config.load_group_file import GROUP_FILE, load_group_file
from bulletin.config.load_profile import LoadedProfile
from bulletin.config.toml_line_numbers import Key, dotted, line_of
from bulletin.runtime.files.toml_reader import parse_toml

ELSEWHERE = "elsewhere"
"""Folder beside the restored profile for files from other folders."""
_FILES = (
    *(("opml",), ("lexicon",), ("languages",), ("standby", "evergreen"), ("outputs", "page", "css")),
    *(("outputs", "page", "logo"), ("stream", "ca_file"), ("credentials", "certificate")),
    *(
        ("imaging", n)
        for n in ("folder", "ident", "bed", "sting", "closing", "sport", "weather", "travel", "artwork")
    ),
)
_PRIVATE_KEYS = ("key_file", "known_hosts")
"""Options of deliveries that belong to the machine; the first is a secret."""


@dataclass(slots=True, kw_only=True)
class PackedProfile:
    """The parts of one profile in a backup."""

    name: str
    """The file's name."""
    text: str
    files: dict[str, Path] = field(default_factory=dict)
    """Name in the backup -> present path."""
    secrets: list[Secret] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def pack_profile(loaded: LoadedProfile) -> PackedProfile:
    """Raises BackupError for a secret that cannot be removed from the text, OSError."""
    text = loaded.path.read_text(encoding="utf-8-sig")
    packed = PackedProfile(name=loaded.path.name, text=text)
    raw = parse_toml(text)
    for plain in loaded.plain:
        if value_at(raw, plain.key) != plain.value:
            continue  # it is in the group file
        variable = _variable(loaded.id, raw, plain.key, taken={s.variable for s in packed.secrets})
        packed.text = set_value(packed.text, plain.key, f"env:{variable}", path=loaded.path)
        about = _about(raw, plain.key)
        packed.secrets.append(Secret(profile=packed.name, key=plain.key, variable=variable, about=about))
    for key, value in _named(raw):
        _take(packed, key, value, folder=loaded.path.parent, path=loaded.path)
    for key, value in _kept_back(raw):
        packed.left_out.append(f"{packed.name}: {dotted(key)} = {value} (a key of this machine)")
    return packed


def pack_group_file(folder: Path) -> PackedProfile | None:
    """The group file in a folder of profiles; None: there is none. Raises as `pack_profile`."""
    path = folder / GROUP_FILE
    group = load_group_file(folder)
    if group is None:
        return None
    packed = PackedProfile(name=path.name, text=path.read_text(encoding="utf-8-sig"))
    for plain in group.plain:
        variable = "_".join(("GROUP", *map(str, plain.key[1:]))).upper()
        packed.text = set_value(packed.text, plain.key, f"env:{variable}", path=path)
        packed.secrets.append(Secret(profile=packed.name, key=plain.key, variable=variable))
    return packed


def set_value(text: str, key: Key, value: str, *, path: Path) -> str:
    """
    The TOML text with `value` at `key`; comments and everything else stay.

    Raises BackupError when the old value is written in a way that is not recognized.
    """
    raw = parse_toml(text)
    expected, old = copy.deepcopy(raw), value_at(raw, key)
    value_at(expected, key[:-1])[key[-1]] = value
    lines = text.splitlines(keepends=True)
    start = sum(len(line) for line in lines[: line_of(text, key) - 1])
    new = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    for way in _ways_to_write(str(old)):
        for match in re.finditer(re.escape(way), text[start:]):
            changed = text[: start + match.start()] + new + text[start + match.end() :]
            with suppress(tomllib.TOMLDecodeError):
                if parse_toml(changed) == expected:
                    return changed
    where = f"{path}:{line_of(text, key)}: {dotted(key)}: the value cannot be changed for the backup"
    raise BackupError(f'{where}, because of the way it is written; write {key[-1]} = "..." on one line')


def same_secret(raw: Any, secret: Secret) -> str:
    """The value of a secret in another version of the profile; empty when there is none."""
    key = secret.key
    if secret.about and len(key) > 2 and isinstance(key[1], int):
        tables = raw.get(key[0]) if isinstance(raw, dict) else None
        positions = [n for n, table in enumerate(tables or ()) if _title(table) == secret.about]
        if not positions:
            return ""
        key = (key[0], positions[0], *key[2:])
    value = value_at(raw, key)
    return value if isinstance(value, str) else ""


def _named(raw: Any) -> Iterator[tuple[Key, str]]:
    """Every option that names a file or a folder, with its value."""
    keys: list[Key] = [*_FILES]
    for number, feed in enumerate(raw.get("feeds", ())):
        if "://" not in str(feed.get("url", "")):
            keys.append(("feeds", number, "url"))
        keys.append(("feeds", number, "recording", "pages"))
    speech = raw.get("speech")
    consents = speech.get("consents", ()) if isinstance(speech, dict) else ()
    keys += [("speech", "consents", number, "file") for number, _ in enumerate(consents)]
    keys += [("deliveries", number, "ca_file") for number, _ in enumerate(raw.get("deliveries", ()))]
    yield from _texts(raw, keys)


def _kept_back(raw: Any) -> Iterator[tuple[Key, str]]:
    deliveries = enumerate(raw.get("deliveries", ()))
    keys: list[Key] = [("deliveries", number, name) for number, _ in deliveries for name in _PRIVATE_KEYS]
    yield from _texts(raw, [("credentials", "key"), *keys])


def _texts(raw: Any, keys: Iterable[Key]) -> Iterator[tuple[Key, str]]:
    """The keys whose value is a name of a file: not of a variable, and not the key itself."""
    for key in keys:
        value = value_at(raw, key)
        if (
            isinstance(value, str)
            and value not in ("", "none")
            and not value.startswith(("env:", "-----BEGIN"))
        ):
            yield key, value


def _take(packed: PackedProfile, key: Key, value: str, *, folder: Path, path: Path) -> None:
    """Add a file or folder under its own name, or under ELSEWHERE if it is not beside the profile."""
    source = folder / Path(value).expanduser()
    if not source.exists():
        packed.left_out.append(f"{packed.name}: {dotted(key)} = {value} (is missing)")
        return
    target = Path(value)
    if target.is_absolute() or ".." in target.parts or value.startswith("~"):
        target = Path(ELSEWHERE, "-".join(map(str, key)), source.name)
        packed.text = set_value(packed.text, key, target.as_posix(), path=path)
    for file in sorted(source.rglob("*")) if source.is_dir() else [source]:
        if file.is_file():
            inside = target / file.relative_to(source) if source.is_dir() else target
            packed.files[f"{PROFILES}/{inside.as_posix()}"] = file


def _variable(station: str, raw: Any, key: Key, *, taken: set[str]) -> str:
    """ "VALLEY_FTP_PASSWORD"; unique, and not used in the profile already."""
    table = [part for part in key[:-1] if isinstance(part, str)]
    about = _about(raw, key)
    words = "_".join(filter(None, (station, about or "_".join(table), str(key[-1]))))
    name = re.sub(r"[^A-Z0-9]+", "_", words.upper()).strip("_")
    name = name if name[:1].isalpha() else f"STATION_{name}"
    used = taken | set(re.findall(r'"env:(\w+)"', json.dumps(raw, default=str)))
    names = chain([name], (f"{name}_{number}" for number in count(2)))
    return next(free for free in names if free not in used)


def _about(raw: Any, key: Key) -> str:
    """Name or kind of the delivery, name of the feed."""
    return _title(value_at(raw, key[:2]))


def _title(table: Any) -> str:
    return str(table.get("name") or table.get("kind") or "") if isinstance(table, dict) else ""


def _ways_to_write(value: str) -> Iterator[str]:
    for spelt in (value, json.dumps(value, ensure_ascii=False)[1:-1], json.dumps(value)[1:-1]):
        for opens in ('"""\n', "'''\n", '"""', "'''", '"', "'"):
            yield f"{opens}{spelt}{opens.strip()}"

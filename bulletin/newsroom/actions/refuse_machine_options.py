"""
Options of a profile that only the station's computer may change: programs to run, files anywhere, variables.

A browser's admin configures a station, not the machine: with these options the account would read its files and
variables, or run its programs (OWASP: server-side injection, path traversal). What is there already stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from bulletin.config.toml_line_numbers import Key, dotted
from bulletin.errors import NewsroomError
from bulletin.newsroom.actions.refuse_moved_secrets import refuse_moved_secrets

_PROGRAM: Key = ("alerts", "command")
_ENGINES: Key = ("speech", "engines")
_CSS: Key = ("outputs", "page", "css")
_FILES = frozenset(
    (
        ("opml",),
        ("lexicon",),
        ("languages",),
        ("standby", "evergreen"),
        ("outputs", "page", "css"),
        ("outputs", "page", "logo"),
        ("stream", "ca_file"),
        ("stream", "queue"),
        ("credentials", "certificate"),
        ("credentials", "key"),
        *(
            ("imaging", name)
            for name in (
                "folder",
                "ident",
                "bed",
                "sting",
                "closing",
                "sport",
                "weather",
                "travel",
                "artwork",
            )
        ),
    )
)
_DELIVERY_FILES = ("path", "key_file", "known_hosts", "ca_file")
_COMMAND = "command"
"""Kind of a delivery that runs a program."""


def refuse_machine_options(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """
    Compare two parsed profiles. Raises NewsroomError that names the first option which a browser may not set so.

    A secret that is kept goes to no other server, either.
    """
    known = Counter(_marked(before))
    for mark, key, reason in _found(after):
        if known[mark] <= 0:
            raise NewsroomError(
                f"{dotted(key)}: {reason}, so it is set in the profile's file on the station's computer, not in a browser"
            )
        known[mark] -= 1
    refuse_moved_secrets(before, after)


def _marked(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from (mark for mark, _, _ in _found(raw))


def _found(raw: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Key, str]]:
    """Each option of that kind as a mark, which is the same wherever its table stands, with its key and reason."""
    if value := _value(raw, _PROGRAM):
        yield (dotted(_PROGRAM), repr(value)), _PROGRAM, "it names a program to run"
    for number, delivery in enumerate(_tables(raw, "deliveries")):
        kind = str(delivery.get("kind", ""))
        if kind == _COMMAND or "." in kind or ":" in kind:
            yield (
                ("deliveries", repr(sorted(delivery.items(), key=str))),
                ("deliveries", number),
                "it runs a program",
            )
    speech = raw.get("speech")
    for number, record in enumerate(_tables(speech if isinstance(speech, Mapping) else {}, "consents")):
        mark = ("consents", repr(sorted(record.items(), key=str)))
        yield mark, ("speech", "consents", number), "it states a person's consent"
    yield from _plugins(raw)
    yield from _opened(raw)
    for key, value in texts_of(raw):
        if key[:2] == _ENGINES and key[-1] == "program":
            yield (dotted(key), value), key, "it names a program to run"
        elif key[:2] == _ENGINES and "not_cloned" in key:
            yield ("not_cloned", value), key, "it states that a voice imitates nobody"
        elif value.startswith("env:") or (value and str(key[-1]).endswith("_env")):
            yield (str(key[-1]), value), key, "it names a variable of the computer"
        elif _names_file(key) and _points_outside(value):
            yield (str(key[-1]), value), key, "it names a file outside the profile's folder"


def _opened(raw: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Key, str]]:
    """
    Hosts of the station's own network; a file that is published as it is, such as another station's profile.

    Each host once: a second feed of one that the computer has allowed opens nothing more.
    """
    hosts: dict[str, int] = {}
    for number, feed in enumerate(_tables(raw, "feeds")):
        if feed.get("private"):
            # scheme, host and port; a text that is no address is refused by the check of the profile
            hosts.setdefault("/".join(str(feed.get("url", "")).split("/")[:3]).casefold(), number)
    for host, number in hosts.items():
        yield ("private", host), ("feeds", number, "private"), "it opens the station's own network"
    css = _value(raw, _CSS)
    if isinstance(css, str) and css and not css.casefold().endswith(".css"):
        yield (dotted(_CSS), css), _CSS, "it publishes a file that is no style sheet"


def _plugins(raw: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Key, str]]:
    speech = raw.get("speech")
    if not isinstance(speech, Mapping):
        return
    chain = speech.get("chain", ())
    entries = [*(chain if isinstance(chain, list) else [chain]), speech.get("second", "")]
    for entry in entries:
        if "." in str(entry).partition(":")[0]:
            yield ("chain", str(entry)), ("speech", "chain"), "it names a module of the computer"


def _names_file(key: Key) -> bool:
    if key in _FILES:
        return True
    if key[0] == "deliveries" and len(key) == 3:
        return key[-1] in _DELIVERY_FILES
    is_feed = key[0] == "feeds" and key[-1] in ("url", "pages")
    return is_feed or key[:2] == _ENGINES


def _points_outside(value: str) -> bool:
    if "://" in value or not value:
        return value.casefold().startswith("file:")
    windows = PureWindowsPath(value)
    is_absolute = PurePosixPath(value).is_absolute() or bool(windows.drive or windows.root)
    return is_absolute or value.startswith("~") or ".." in windows.parts


def texts_of(value: Any, key: Key = ()) -> Iterator[tuple[Key, str]]:
    """Every text in a parsed profile, with its key."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from texts_of(item, (*key, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from texts_of(item, (*key, number))
    elif isinstance(value, str):
        yield key, value


def _tables(raw: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    tables = raw.get(name, [])
    return [table for table in tables if isinstance(table, Mapping)] if isinstance(tables, list) else []


def _value(raw: Any, key: Key) -> Any:
    for part in key:
        raw = raw.get(part) if isinstance(raw, Mapping) else None
    return raw

"""Name of a profile -> LoadedProfile, or a ConfigError with file, line, key and remedy."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bulletin.config.profile_options import Profile
from bulletin.config.secrets import UNKNOWN, Plain, Secrets, Unset, plain_secrets, unset_below
from bulletin.config.tables.delivery_options import DELIVERY_KINDS, from_home, without_kind
from bulletin.config.toml_lines import Key, dotted, error_line, header_lines, line_of
from bulletin.errors import ConfigError
from bulletin.runtime.files.toml_reader import UnfitTomlError, parse_toml
from bulletin.runtime.redaction import HIDDEN, hide, is_secret_name

SHIPPED = ("demo", "uk-local")
"""Profiles that come with the program; they are used only by name, after the user's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedProfile:
    """A profile and where it came from."""

    id: str
    """The file's name without ".toml": "demo"."""
    path: Path
    profile: Profile
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    """Values from the environment ("env:NAME"); they must not be printed."""
    unset: tuple[Unset, ...] = ()
    """Missing environment variables, for commands that only look."""
    plain: tuple[Plain, ...] = field(default=(), repr=False)
    """Secrets that stand in the file itself."""

    def lacks(self, *key: str | int) -> tuple[str, ...]:
        """The environment variables that the table or option `key` needs and that are not set."""
        return unset_below(self.unset, *key)


def load_profile(
    name: str | None = None, *, folder: Path | None = None, only_looks: bool = False
) -> LoadedProfile:
    """
    Read the profile `name`: a path, or a file in `feeds/` here, or a shipped one.

    Without a name: $BULLETIN_STATION, else the user's only profile; never the demo, whose news is invented.
    A command that `only_looks` works without secrets, which usually only the service has.
    Raises ConfigError with file, line, key and the nearest right key.
    """
    path = find_profile(name, folder=folder)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); a profile is a TOML file in UTF-8") from error
    try:
        raw = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax_message(path, text, error)) from error
    secrets = Secrets(path=path, text=text)
    filled = secrets.fill(raw)
    plain = tuple(plain_secrets(raw))
    hide.learn(secrets.found)
    hide.learn({secret: HIDDEN for option in plain for secret in option.secrets})
    _place_engine_files(filled, folder=path.parent)
    if secrets.unset and not only_looks:
        raise ConfigError("\n".join(unset.message for unset in secrets.unset))
    try:
        profile = Profile.model_validate(filled)
    except ValidationError as error:
        wrong = [line for line in _explain(error, path=path, text=text) if UNKNOWN not in line]
        raise ConfigError("\n".join((*(unset.message for unset in secrets.unset), *wrong))) from error
    return LoadedProfile(
        id=station_id(path),
        path=path,
        profile=profile,
        secrets=frozenset(secrets.found),
        unset=tuple(secrets.unset),
        plain=plain,
    )


def _place_engine_files(raw: Any, *, folder: Path) -> None:
    """[speech.engines.NAME] ca_file is relative to the profile, as all its files are."""
    speech = raw.get("speech")
    engines = speech.get("engines") if isinstance(speech, dict) else None
    for options in engines.values() if isinstance(engines, dict) else ():
        if isinstance(options, dict) and isinstance(options.get("ca_file"), str) and options["ca_file"]:
            options["ca_file"] = str(folder.resolve() / from_home(options["ca_file"]))


@contextmanager
def locate_option(path: Path, *key: str | int) -> Iterator[None]:
    """
    Put the file and line of the option before a ConfigError that carries its key, or `key` if it carries none.

    A message about "[speech.engines.gtts] ... 'tldd'" is located at that table and option.
    """
    try:
        yield
    except ConfigError as error:
        key = error.key or key
        if not key:
            raise
        named = re.search(r"\[([a-z][\w.]*)\](?:[^']*'(\w+)')?", str(error))
        option: Key = (*named[1].split("."), *filter(None, [named[2]])) if named else key
        text = path.read_text(encoding="utf-8-sig")
        line = line_of(text, option)
        if line == 1:
            line = line_of(text, key)
        raise ConfigError(f"{path}:{line}: {error}") from error


@contextmanager
def about_option(*key: str | int) -> Iterator[None]:
    """Give `key` to a ConfigError of a part that does not know its option."""
    try:
        yield
    except ConfigError as error:
        error.key = error.key or key
        raise


def station_id(path: Path) -> str:
    """
    The file's name, fit for folder names and addresses: "Ünïcode FM" -> "unicode-fm".

    Where letters cannot be told in ASCII, a checksum keeps two such stations apart.
    """
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", path.stem.casefold()) if not unicodedata.combining(c)
    )
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if any(c.isalnum() and not c.isascii() for c in plain):
        name = f"{name}-{zlib.crc32(plain.encode()):08x}".lstrip("-")
    return name or "station"


def profile_folders(folder: Path | None = None) -> tuple[Path, ...]:
    """Folders with profiles, in order of search: `feeds/` here, then the shipped ones."""
    package = Path(__file__).parent.parent
    shipped = package / "_feeds"
    if not shipped.is_dir():
        shipped = package.parent / "feeds"
    return tuple(dict.fromkeys((folder or Path("feeds"), shipped)))


def list_profiles(folder: Path | None = None) -> tuple[Path, ...]:
    """Every profile; the user's own goes before a shipped one of the same name."""
    return tuple(path for path in _tables(folder).values() if not _is_lexicon(path))


def _tables(folder: Path | None) -> dict[str, Path]:
    """Every TOML file in these folders, by its name."""
    tables: dict[str, Path] = {}
    for profiles in profile_folders(folder):
        for path in sorted(profiles.glob("*.toml")):
            tables.setdefault(path.stem, path)
    return tables


def _is_lexicon(path: Path) -> bool:
    """
    Whether a file beside the profiles is a list of names, no station of its own.

    A profile's `name` belongs above its first table, a lexicon begins with one: the first line tells them
    apart even where the rest of the file is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return False
    stripped = (line.strip() for line in lines)
    return next((line.startswith("[") for line in stripped if line and not line.startswith("#")), False)


def find_profile(name: str | None, *, folder: Path | None = None) -> Path:
    """The profile's file. Raises ConfigError that lists the known ones."""
    name = name or os.environ.get("BULLETIN_STATION") or _only_own(folder)
    as_path = Path(name)
    if as_path.suffix == ".toml" or len(as_path.parts) > 1:
        if as_path.is_file():
            return as_path
        if as_path.is_dir():
            raise ConfigError(f"{as_path}: is a folder; name the profile in it")
        raise ConfigError(f"{as_path}: no such profile; `bulletin init` writes one")
    if path := _tables(folder).get(name):
        return path
    known = [path.stem for path in list_profiles(folder)]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f'did you mean "{near[0]}"?' if near else "`bulletin init` writes one."
    here = (folder or Path("feeds")).resolve()
    raise ConfigError(
        f'no station is called "{name}" in {here} (known: {", ".join(known) or "none"}); {hint}'
    )


def _only_own(folder: Path | None) -> str:
    own = [p.stem for p in list_profiles(folder) if p.stem not in SHIPPED]
    if len(own) > 1:
        raise ConfigError(f"which station? Name one of: {', '.join(own)} (or set BULLETIN_STATION)")
    if not own:
        here = (folder or Path("feeds")).resolve()
        raise ConfigError(
            f"no station's profile in {here}; `bulletin init` writes one, and `bulletin make demo` makes "
            "the demo's bulletin, of invented news"
        )
    return own[0]


def _syntax_message(path: Path, text: str, error: tomllib.TOMLDecodeError) -> str:
    line = error_line(error, text)
    reason = str(error).rpartition(" (at ")[0] or str(error)
    if isinstance(error, UnfitTomlError):
        return f"{path}:{line}: {reason}"
    written = (text.splitlines() or [""])[line - 1]
    value = written.partition("=")[2].partition("#")[0].strip()
    if value.lower() in ("true", "yes", "on", "false", "no", "off"):
        return f"{path}:{line}: write true or false, in small letters and without quotes (is {value})"
    if "Cannot" in reason:
        for name, lines in header_lines(text).items():
            if f"[[{name}]]" in _headers() and (single := lines.get(f"[{name}]")):
                return f"{path}:{single[0]}: write [[{name}]], with two brackets on each side: there may be several"
            if len(twice := lines.get(f"[{name}]", [])) > 1:
                return f"{path}:{twice[1]}: [{name}] stands twice, first in line {twice[0]}; join the two"
    hint = (
        '; write text in quotes, key = "value"' if reason == "Invalid value" and value[:1].isalpha() else ""
    )
    return f"{path}:{line}: not valid TOML: {reason}{hint}"


def _explain(error: ValidationError, *, path: Path, text: str) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        key = without_kind(problem["loc"])
        where = f"{path}:{line_of(text, key)}"
        yield f"{where}: {_problem(problem['loc'], problem['type'], problem['msg'], problem.get('input'))}"


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
    return f"'{dotted(key)}': {reason[:1].lower()}{reason[1:]}{f' (is {shown})' if shown else ''}"


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


def _right_place(loc: Key, given: object) -> str:
    """Where an unknown option belongs, or the nearest known one."""
    group, name = loc[:-1], str(loc[-1])
    if group and name in Profile.model_fields:
        # TOML's commonest trap: a plain key below a [table] belongs to that table
        return f"'{name}' belongs above the first [table] of the file"
    known = _known_keys(Profile, group)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    if not near and (tables := [header for header, keys in _headers().items() if name in keys]):
        return f"it belongs in {' or '.join(tables)}"
    if not near and isinstance(given, dict | list):
        ends = [header for header in _headers() if header.strip("[]").rpartition(".")[2] == name]
        if ends:
            return f"write {' or '.join(ends)}"
    near = near or difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"


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

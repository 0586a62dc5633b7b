"""Name of a profile -> LoadedProfile, or a ConfigError with file, line, key and remedy."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from bulletin.config.explain_profile_errors import explain_syntax, explain_values
from bulletin.config.load_group_file import load_group_file
from bulletin.config.profile_options import Profile
from bulletin.config.read_profile_secrets import UNKNOWN, Plain, Unset, fill_secrets, plain_secrets
from bulletin.config.tables.delivery_options import from_home
from bulletin.config.toml_line_numbers import Key, line_of
from bulletin.errors import ConfigError, explain_unreadable_text
from bulletin.runtime.files.toml_reader import parse_toml
from bulletin.runtime.redact_secrets import HIDDEN, hide

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
        return tuple(dict.fromkeys(secret.name for secret in self.unset if secret.key[: len(key)] == key))


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
        raise ConfigError(f"{path}: the profile {explain_unreadable_text(error)}") from error
    try:
        raw = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(explain_syntax(path, text, error)) from error
    filled, shown, unset = fill_secrets(raw, path=path, text=text)
    plain = tuple(plain_secrets(raw))
    if "group" not in raw and (group := load_group_file(path.parent)):
        filled, shown, unset = filled | group.filled, shown | group.shown, (*unset, *group.unset)
        plain = (*plain, *group.plain)
    hide.learn(shown | {secret: HIDDEN for option in plain for secret in option.secrets})
    missing = [secret.message for secret in unset]
    if missing and not only_looks:
        raise ConfigError("\n".join(missing))
    try:
        profile = Profile.model_validate(filled)
    except ValidationError as error:
        wrong = [line for line in explain_values(error, path=path, text=text) if UNKNOWN not in line]
        raise ConfigError("\n".join((*missing, *wrong))) from error
    for options in profile.speech.engines.values():  # relative to the profile, as all its files are
        if isinstance(ca_file := options.get("ca_file"), str) and ca_file:
            options["ca_file"] = str(path.parent.resolve() / from_home(ca_file))
    secrets = frozenset(shown)
    return LoadedProfile(
        id=station_id(path), path=path, profile=profile, secrets=secrets, unset=unset, plain=plain
    )


def is_group(loaded: Sequence[LoadedProfile]) -> bool:
    """Whether stations belong to a group. Raises ConfigError where some do and others do not."""
    groups = {each.profile.group.is_on for each in loaded}
    if len(groups) > 1:
        alone = ", ".join(each.id for each in loaded if not each.profile.group.is_on)
        raise ConfigError(
            f"{alone}: not of the group that the other stations belong to; serve it by a service of its own"
        )
    return groups == {True}


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
    """Add `key` to a ConfigError without one: a part does not know the name of its option."""
    try:
        yield
    except ConfigError as error:
        error.key = error.key or key
        raise


def station_id(path: Path) -> str:
    """
    The file's name, fit for folder names and addresses: "Ünïcode FM" -> "unicode-fm".

    Where a letter has no ASCII form, a checksum keeps two such stations apart.
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
    return tuple(path for path in _toml_files(folder).values() if not _is_lexicon(path))


def _toml_files(folder: Path | None) -> dict[str, Path]:
    """Every TOML file in the folders of profiles, by its name."""
    files: dict[str, Path] = {}
    for profiles in profile_folders(folder):
        for path in sorted(profiles.glob("*.toml")):
            files.setdefault(path.stem, path)
    return files


def _is_lexicon(path: Path) -> bool:
    """
    Whether a file beside the profiles is a lexicon, not a station's profile.

    A profile's `name` belongs above its first table, and a lexicon begins with a table. So the first line
    decides, even where the rest of the file is wrong.
    """
    with suppress(OSError):
        lines = map(str.strip, path.read_text(encoding="utf-8-sig", errors="replace").splitlines())
        return next((line.startswith("[") for line in lines if line and not line.startswith("#")), False)
    return False


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
    if path := _toml_files(folder).get(name):
        return path
    known = [path.stem for path in list_profiles(folder)]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f'did you mean "{near[0]}"?' if near else "`bulletin init` writes one."
    here, names = (folder or Path("feeds")).resolve(), ", ".join(known) or "none"
    raise ConfigError(f'no station is called "{name}" in {here} (known: {names}); {hint}')


def first_valid_profile(folder: Path | None = None) -> str | None:
    """
    The first station with a valid profile here, but for those that ship with the program.

    None: none is valid, or BULLETIN_STATION names the station.
    """
    if os.environ.get("BULLETIN_STATION"):
        return None
    for path in list_profiles(folder):
        if path.stem not in SHIPPED:
            with suppress(ConfigError):
                return load_profile(str(path), only_looks=True).id
    return None


def _only_own(folder: Path | None) -> str:
    own = [p.stem for p in list_profiles(folder) if p.stem not in SHIPPED]
    if len(own) > 1:
        names = ", ".join(own)
        raise ConfigError(
            f"which station? Name one of: {names} (or set BULLETIN_STATION; `bulletin serve` takes several)"
        )
    if not own:
        here = (folder or Path("feeds")).resolve()
        remedy = (
            "`bulletin init` writes one, and `bulletin make demo` makes the demo's bulletin, of invented news"
        )
        raise ConfigError(f"no station's profile in {here}; {remedy}")
    return own[0]

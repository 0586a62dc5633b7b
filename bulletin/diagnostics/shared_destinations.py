"""Profiles of one machine -> the places that two of them share, by which one could harm the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.config.tables.delivery_options import AzuraCastOptions, FolderOptions, spots_of
from bulletin.delivery.file_names import check_names, example_parcel, make_name
from bulletin.errors import ConfigError

_MATTERS = ("[[deliveries", "[stream")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One place, and who brings something there."""

    place: str
    stations: tuple[str, str]
    remedy: str

    def __str__(self) -> str:
        one, other = self.stations
        return f'the stations "{one}" and "{other}" share {self.place}; {self.remedy}'


def neighbours_of(loaded: LoadedProfile) -> tuple[LoadedProfile, ...]:
    """The other profiles beside this one that bring anything anywhere, as far as they can be read."""
    found = []
    for path in sorted(loaded.path.parent.glob("*.toml")):
        try:
            if path.name != loaded.path.name and any(
                word in path.read_text("utf-8-sig") for word in _MATTERS
            ):
                found.append(load_profile(str(path), only_looks=True))
        except (ConfigError, OSError, UnicodeDecodeError):
            continue  # its own `bulletin check` tells why
    return tuple(found)


def shared_places(stations: Iterable[LoadedProfile]) -> Iterator[Shared]:
    """
    Places that more than one of these stations has, each pair once.

    Where both bring files, the second is refused when it comes; a playlist would play both, and of a mount
    the one that comes first has it.
    """
    taken: dict[tuple[str, ...], str] = {}
    for loaded in stations:
        for spot, place, remedy in sorted(set(_places(loaded))):
            before = taken.setdefault(spot, loaded.id)
            if before != loaded.id:
                yield Shared(place=place, stations=(before, loaded.id), remedy=remedy)


def _places(loaded: LoadedProfile) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Each with what tells it from any other, by what people call it, and the remedy."""
    for one in loaded.profile.deliveries:
        if isinstance(one, FolderOptions):
            yield from _files(loaded, one)
        elif isinstance(one, AzuraCastOptions):
            place = f'the playlist "{one.playlist}" of {one.url}'
            url = one.url.rstrip("/")
            yield (one.kind, url, one.station, one.playlist), place, "it plays both; make a playlist for each"
        else:
            for spot in spots_of(one):
                yield spot, f"{one.kind} {spot[-1]}", "give each a folder of its own"
    stream = loaded.profile.stream
    if mount := stream.url or stream.queue:
        yield (
            ("stream", mount),
            f"the stream {mount}",
            "whose bulletin comes while the other's is on air waits for late_s; give each a mount of its own",
        )


def _files(loaded: LoadedProfile, one: FolderOptions) -> Iterator[tuple[tuple[str, ...], str, str]]:
    folder = Path(one.own(loaded.path.parent)["path"]).resolve()
    for pattern in one.names:
        with suppress(ConfigError):  # what is wrong with it is told elsewhere
            check_names(one.title, (pattern,), one.carts)
            path = str(folder / make_name(pattern, example_parcel(loaded.id), one.carts))
            yield (one.kind, path), path, 'give each a folder, or names of its own: names = "{station}"'

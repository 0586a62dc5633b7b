"""Profiles of one machine -> destinations shared by two stations, which could overwrite each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.config.tables.delivery_options import AzuraCastOptions, FolderOptions, spots_of
from bulletin.delivery.delivered_file_names import check_names, example_parcel, make_name
from bulletin.errors import ConfigError

_MATTERS = ("[[deliveries", "[stream")


def neighbours_of(profile: Path) -> tuple[LoadedProfile, ...]:
    """The other readable profiles in the folder of the file `profile` that have deliveries or a stream."""
    neighbours = []
    for path in sorted(profile.parent.glob("*.toml")):
        # its own `bulletin check` reports a file that cannot be read
        with suppress(ConfigError, OSError, UnicodeDecodeError):
            matters = any(word in path.read_text("utf-8-sig") for word in _MATTERS)
            if matters and path.name != profile.name:
                neighbours.append(load_profile(str(path), only_looks=True))
    return tuple(neighbours)


def shared_places(stations: Iterable[LoadedProfile]) -> Iterator[tuple[tuple[str, str], str]]:
    """
    Destinations of more than one of these stations: each pair of stations once, with the problem and the remedy.

    Uploads of the second station are refused; a playlist would play both; a stream mount takes the first only.
    """
    taken: dict[tuple[str, ...], str] = {}
    for loaded in stations:
        for spot, destination, remedy in sorted(set(_places(loaded))):
            before = taken.setdefault(spot, loaded.id)
            if before != loaded.id:
                pair = (before, loaded.id)
                yield pair, f'the stations "{before}" and "{loaded.id}" share {destination}; {remedy}'


def _places(loaded: LoadedProfile) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Destinations: unique key, description, remedy."""
    for options in loaded.profile.deliveries:
        if isinstance(options, FolderOptions):
            yield from _files(loaded, options)
        elif isinstance(options, AzuraCastOptions):
            playlist = (options.kind, options.url.rstrip("/"), options.station, options.playlist)
            destination = f'the playlist "{options.playlist}" of {options.url}'
            yield playlist, destination, "AzuraCast plays both; give each its own playlist"
        else:
            for key in spots_of(options):
                yield key, f"{options.kind} {key[-1]}", "give each its own folder"
    stream = loaded.profile.stream
    if mount := stream.url or stream.queue:
        remedy = "one bulletin waits (up to [stream] late_s) for the other; give each station its own mount"
        yield ("stream", mount), f"the stream {mount}", remedy


def _files(loaded: LoadedProfile, options: FolderOptions) -> Iterator[tuple[tuple[str, ...], str, str]]:
    folder = Path(options.own(loaded.path.parent)["path"]).resolve()
    for pattern in options.names:
        with suppress(ConfigError):  # the check of the deliveries reports it
            check_names(options.title, (pattern,), options.carts)
            path = str(folder / make_name(pattern, example_parcel(loaded.id), options.carts))
            yield (options.kind, path), path, 'give each its own folder or file names: names = "{station}"'

"""A profile's [[deliveries]] -> the parts that bring bulletins elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bulletin.config.load_profile import LoadedProfile, locate_option
from bulletin.config.profile_options import Profile
from bulletin.config.tables.delivery_options import DeliveryOptions, WebSubOptions
from bulletin.delivery.delivery_port import BUILTIN, Delivery
from bulletin.errors import ConfigError
from bulletin.runtime.plugins import find_part


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRoute:
    """One place, what goes there, and for how long it is tried."""

    delivery: Delivery
    rendition: str
    give_up: timedelta

    @property
    def name(self) -> str:
        return self.delivery.name


def routes_of(loaded: LoadedProfile) -> tuple[DeliveryRoute, ...]:
    """Each delivery of the profile, in its order. Raises ConfigError with file and line."""
    options: Sequence[DeliveryOptions] = loaded.profile.deliveries
    return tuple(_route(loaded, number, one) for number, one in enumerate(options))


def hubs_without_feed(profile: Profile) -> Iterator[str]:
    """Apps hear of a bulletin at once when the feed names a hub and that hub is told; one alone does nothing."""
    named = profile.outputs.podcast.hub if "podcast" in profile.outputs.make else ""
    told = {
        hub.rstrip("/"): hub
        for one in profile.deliveries
        if isinstance(one, WebSubOptions)
        for hub in one.hub
    }
    if named and named.rstrip("/") not in told:
        yield f'the feed names {named}, which nobody tells: add [[deliveries]] kind = "websub" hub = "{named}"'
    elif told and not named:
        hub = next(iter(told.values()))
        yield f'{hub} is told, but the feed does not name it: set [outputs.podcast] hub = "{hub}"'


def _route(loaded: LoadedProfile, number: int, options: DeliveryOptions) -> DeliveryRoute:
    made = loaded.profile.outputs.make
    with locate_option(loaded.path, "deliveries", number, "kind"):
        if options.rendition not in ("site", *made):
            raise ConfigError(
                f'delivery "{options.title}" wants "{options.rendition}", which the station does not make; '
                "add it to outputs.make, or set another rendition"
            )
        part = find_part("deliveries", options.kind, BUILTIN)
        try:
            delivery: Delivery = part(name=options.title, **options.own(loaded.path.parent))
        except TypeError as error:  # a stranger's part, which got an option that it does not know
            raise ConfigError(f'delivery "{options.title}": {error}') from error
    return DeliveryRoute(
        delivery=delivery, rendition=options.rendition, give_up=timedelta(hours=options.give_up_h)
    )

"""[[deliveries]] of the profile -> DeliveryRoute with its target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bulletin.config.load_profile import LoadedProfile, locate_option
from bulletin.config.profile_options import Profile
from bulletin.config.tables.delivery_options import DeliveryOptions, WebSubOptions
from bulletin.delivery.delivery_interface import BUILTIN, Delivery
from bulletin.errors import ConfigError
from bulletin.runtime.find_plugins import find_part


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRoute:
    """One destination, the rendition that goes there, and how long a piece is tried."""

    delivery: Delivery
    rendition: str
    give_up: timedelta

    @property
    def name(self) -> str:
        return self.delivery.name


def routes_of(loaded: LoadedProfile) -> tuple[DeliveryRoute, ...]:
    """Each delivery of the profile, in its order. Raises ConfigError with file and line."""
    options: Sequence[DeliveryOptions] = loaded.profile.deliveries
    return tuple(_route(loaded, number, delivery) for number, delivery in enumerate(options))


def hubs_without_feed(profile: Profile) -> Iterator[str]:
    """WebSub needs both sides: the feed names a hub, and a delivery notifies it. Yields a finding for one alone."""
    named = profile.outputs.podcast.hub if "podcast" in profile.outputs.make else ""
    notified = [
        hub for delivery in profile.deliveries if isinstance(delivery, WebSubOptions) for hub in delivery.hub
    ]
    if named and named.rstrip("/") not in [hub.rstrip("/") for hub in notified]:
        yield f'the feed names {named}, but no delivery notifies it: add [[deliveries]] kind = "websub" hub = "{named}"'
    elif notified and not named:
        hub = notified[0]
        yield f'{hub} is notified, but the feed does not name it: set [outputs.podcast] hub = "{hub}"'


def _route(loaded: LoadedProfile, number: int, options: DeliveryOptions) -> DeliveryRoute:
    made = loaded.profile.outputs.make
    with locate_option(loaded.path, "deliveries", number, "kind"):
        if options.rendition not in ("site", *made):
            raise ConfigError(
                f'delivery "{options.title}" needs the output "{options.rendition}", which is not made; '
                "add it to outputs.make, or give the delivery another rendition"
            )
        part = find_part("deliveries", options.kind, BUILTIN)
        try:
            delivery: Delivery = part(name=options.title, **options.own(loaded.path.parent))
        except TypeError as error:  # a target of another package, which does not know an option
            raise ConfigError(f'delivery "{options.title}": option unknown or missing ({error})') from error
    return DeliveryRoute(
        delivery=delivery, rendition=options.rendition, give_up=timedelta(hours=options.give_up_h)
    )

"""Where bulletins go beyond the output folder: a table [[deliveries]] for each place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag

from bulletin.config.fields import Options, listed

Rendition = Literal["site", "podcast", "fm", "speaker", "stories"]
Names = Annotated[tuple[str, ...], BeforeValidator(listed)]


class DeliveryOptions(Options):
    """What all kinds share."""

    kind: str
    name: str = Field(default="", pattern=r"^[A-Za-z0-9 _.-]{0,40}$")
    """Unique; by default the kind."""
    rendition: Rendition = "site"
    """What goes there; "site" is everything in the station's public folder."""
    give_up_h: float = Field(default=24.0, gt=0, le=24 * 30)
    """Hours after which a bulletin that cannot be brought there is given up, loudly."""

    @property
    def title(self) -> str:
        """By what people call it."""
        return self.name or self.kind

    def own(self) -> dict[str, Any]:
        """The options that only this kind has: its constructor's arguments."""
        shared = set(DeliveryOptions.model_fields)
        return {key: value for key, value in self if key not in shared}


class FolderOptions(DeliveryOptions):
    """A playout's folder, on this machine or a share that is mounted here."""

    kind: Literal["folder"]
    rendition: Rendition = "fm"
    path: str
    """It must be there: a share that is not mounted must not be filled up underneath."""
    names: Names = ("{station}",)
    """Without the ending: "news", "{station}-{slot:%H%M}", "{cart}_{title}"; all of them are written."""
    carts: Annotated[tuple[int, ...], BeforeValidator(lambda v: (v,) if isinstance(v, int) else v)] = ()
    """Cart numbers from 1 to 999999: one, or seven from Monday to Sunday."""
    side_file: bool = True
    """A JSON file beside the sound: what it is, its length, when it expires."""


class OtherOptions(DeliveryOptions):
    """A kind that came by an entry point or "module:class"; its options go to its constructor."""

    model_config = ConfigDict(extra="allow", frozen=True)


DELIVERY_KINDS: Mapping[str, type[DeliveryOptions]] = {
    "folder": FolderOptions,
}


def _tag(value: Any) -> str:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return str(kind) if kind in DELIVERY_KINDS else "other"


AnyDelivery = Annotated[
    Annotated[FolderOptions, Tag("folder")] | Annotated[OtherOptions, Tag("other")],
    Discriminator(_tag),
]


def without_kind(place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where an error is, without the kind of delivery that pydantic puts in: ("deliveries", 0, "ftp", "host")."""
    is_kind = place[:1] == ("deliveries",) and len(place) > 2
    return (*place[:2], *place[3:]) if is_kind else place


def check_deliveries(deliveries: tuple[DeliveryOptions, ...]) -> tuple[DeliveryOptions, ...]:
    """Each has a name of its own: by it the outbox knows what went where."""
    titles = [one.title for one in deliveries]
    for title in titles:
        if titles.count(title) > 1:
            raise ValueError(f'two deliveries are called "{title}"; give each a name = "..." of its own')
    return deliveries

"""Where bulletins go beyond the output folder: a table [[deliveries]] for each place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag

from bulletin.config.option_types import (
    Address,
    AddressOrNone,
    Filled,
    Host,
    NumberOrName,
    OneOrMore,
    Options,
    ShortName,
    listed,
    not_empty,
)

Rendition = Literal["site", "podcast", "fm", "speaker", "stories"]
Names = Annotated[tuple[str, ...], BeforeValidator(listed)]


Port = Annotated[int, Field(ge=1, le=65535)]
Timeout = Annotated[float, Field(gt=0, le=3600)]


class DeliveryOptions(Options):
    """What all kinds share."""

    files: ClassVar[tuple[str, ...]] = ()
    """Options that are paths of this machine, relative to the profile."""

    kind: str
    name: ShortName = ""
    """Unique; by default the kind."""
    rendition: Rendition = "site"
    """What goes there; "site" is everything in the station's public folder."""
    give_up_h: float = Field(default=24.0, gt=0, le=24 * 30)
    """Hours after which a bulletin that cannot be brought there is given up, loudly."""

    @property
    def title(self) -> str:
        """By what people call it."""
        return self.name or self.kind

    def own(self, folder: Path) -> dict[str, Any]:
        """The options that only this kind has: its constructor's arguments. `folder`: the profile's."""
        shared = set(DeliveryOptions.model_fields)
        given = {key: value for key, value in self if key not in shared}
        return given | {key: str(folder / from_home(given[key])) for key in self.files if given[key]}


def from_home(path: str) -> Path:
    """ "~/x" -> the user's own x."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # a service without a home: the file is told as one that is not there
        return Path(path)


class FarOptions(DeliveryOptions):
    """What is reached by a network."""

    timeout_s: Timeout = 30.0
    """For each answer."""
    within_s: float = Field(default=0.0, ge=0, le=24 * 3600)
    """For a whole delivery; by default from its size: two time-outs, 5 s a file, 20 kB a second."""


class UploadOptions(FarOptions):
    """A folder far away."""

    names: Names = ()
    """For "fm" and "speaker": other names there, as for a folder; without {cart}."""


class FolderOptions(DeliveryOptions):
    """A playout's folder, on this machine or a share that is mounted here."""

    files = ("path",)

    kind: Literal["folder"]
    rendition: Rendition = "fm"
    path: Filled
    """It must be there: a share that is not mounted must not be filled up underneath."""
    names: OneOrMore = ("{station}",)
    """Without the ending: "news", "{station}-{slot:%H%M}", "{cart}_{title}"; all of them are written."""
    carts: Annotated[tuple[int, ...], BeforeValidator(lambda v: (v,) if isinstance(v, int) else v)] = ()
    """Cart numbers from 1 to 999999: one, or seven from Monday to Sunday."""
    side_file: bool = True
    """A JSON file beside the sound: what it is, its length, when it expires."""


class FtpOptions(UploadOptions):
    """An FTP server."""

    files = ("ca_file",)

    kind: Literal["ftp"]
    host: Host
    port: Port = 21
    user: str = "anonymous"
    password: str = ""
    """ "env:NAME", as every secret below."""
    folder: str = ""
    """Of this station alone; by default where the login leads."""
    tls: Literal["explicit", "none"] = "explicit"
    """ "none" sends the password as it is."""
    mode: Literal["passive", "active"] = "passive"
    """Who opens the data lines: we (nearly always right), or the server, which must then reach this machine."""
    ca_file: str = ""
    """An authority of the station's own, PEM."""


class SftpOptions(UploadOptions):
    """A server reached by SSH."""

    files = ("key_file", "known_hosts")

    kind: Literal["sftp"]
    host: Host
    port: Port = 22
    user: Filled
    password: str = ""
    key_file: str = ""
    """A private key, in the place of a password."""
    key_password: str = ""
    known_hosts: str = "~/.ssh/known_hosts"
    """Keys of servers; one that is not in it is not talked to."""
    folder: str = ""


class WebDavOptions(UploadOptions):
    """A WebDAV folder."""

    files = ("ca_file",)

    kind: Literal["webdav"]
    url: Address
    """Of a folder of this station alone, which is there."""
    user: str = ""
    password: str = ""
    ca_file: str = ""


class S3Options(UploadOptions):
    """A bucket."""

    kind: Literal["s3"]
    bucket: Filled
    endpoint: AddressOrNone = ""
    """By default Amazon's; else "https://s3.example.org"."""
    region: str = "us-east-1"
    key_id: Filled
    secret: Filled
    prefix: str = ""
    """Of this station alone: "wexcombe"."""


class AzuraCastOptions(FarOptions):
    """A playlist of an AzuraCast station, which holds the newest bulletin."""

    files = ("ca_file",)

    kind: Literal["azuracast"]
    rendition: Rendition = "podcast"
    url: Address
    station: NumberOrName
    """Its number or short name there."""
    key: Filled
    playlist: NumberOrName
    folder: str = "bulletin"
    ca_file: str = ""
    timeout_s: Timeout = 60.0


class CommandOptions(DeliveryOptions):
    """A program of the station's own."""

    kind: Literal["command"]
    rendition: Rendition = "podcast"
    command: OneOrMore
    """Program and arguments; JSON on its standard input, no shell."""
    timeout_s: Timeout = 300.0


class WebhookOptions(FarOptions):
    """An address that is told."""

    kind: Literal["webhook"]
    rendition: Rendition = "podcast"
    url: str
    secret: str = ""
    timeout_s: Timeout = 20.0


class WebSubOptions(FarOptions):
    """Hubs that are told of a new feed."""

    kind: Literal["websub"]
    rendition: Rendition = "podcast"
    hub: Annotated[tuple[AddressOrNone, ...], BeforeValidator(listed), not_empty]
    topic: AddressOrNone = ""
    """The feed's address; by default as [outputs.podcast] base_url has it."""
    sees_feed: bool = True
    """Wait until the feed names the bulletin where listeners get it."""
    timeout_s: Timeout = 20.0


class OtherOptions(DeliveryOptions):
    """A kind that came by an entry point or "module:class"; its options go to its constructor."""

    model_config = ConfigDict(extra="allow", frozen=True)


_KINDS: tuple[type[DeliveryOptions], ...] = (
    *(FolderOptions, FtpOptions, SftpOptions, WebDavOptions, S3Options),
    *(AzuraCastOptions, CommandOptions, WebhookOptions, WebSubOptions),
)
DELIVERY_KINDS = {get_args(kind.model_fields["kind"].annotation)[0]: kind for kind in _KINDS}


def _tag(value: Any) -> str:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return str(kind) if kind in DELIVERY_KINDS else "other"


AnyDelivery = Annotated[
    Annotated[FolderOptions, Tag("folder")]
    | Annotated[FtpOptions, Tag("ftp")]
    | Annotated[SftpOptions, Tag("sftp")]
    | Annotated[WebDavOptions, Tag("webdav")]
    | Annotated[S3Options, Tag("s3")]
    | Annotated[AzuraCastOptions, Tag("azuracast")]
    | Annotated[CommandOptions, Tag("command")]
    | Annotated[WebhookOptions, Tag("webhook")]
    | Annotated[WebSubOptions, Tag("websub")]
    | Annotated[OtherOptions, Tag("other")],
    Discriminator(_tag),
]


def without_kind(place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where an error is, without the kind of delivery that pydantic puts in: ("deliveries", 0, "ftp", "host")."""
    is_kind = place[:1] == ("deliveries",) and len(place) > 2
    return (*place[:2], *place[3:]) if is_kind else place


def to_tables(value: object) -> object:
    """[deliveries] in place of [[deliveries]] is one table, not a list of them."""
    if isinstance(value, dict):
        raise ValueError(  # noqa: TRY004 - only such a one is told with its line
            "write [[deliveries]], with two brackets: there may be several"
        )
    return value


def check_deliveries(deliveries: tuple[DeliveryOptions, ...]) -> tuple[DeliveryOptions, ...]:
    """Each delivery has a unique name, by which the outbox knows it, and a destination of its own."""
    titles: set[str] = set()
    taken: dict[Spot, str] = {}
    for delivery in deliveries:
        title = delivery.title
        if title in titles:
            raise ValueError(f'two deliveries are called "{title}"; give each a name = "..." of its own')
        titles.add(title)
        has_many = delivery.rendition in ("site", "stories")
        if isinstance(delivery, UploadOptions) and delivery.names and has_many:
            raise ValueError(
                f'the delivery "{title}" brings many files under their own names; names = ... is for '
                'rendition = "fm", "speaker" or "podcast"'
            )
        for spot in spots_of(delivery):
            if spot in taken:
                raise ValueError(
                    f'the deliveries "{taken[spot]}" and "{title}" go to one place ({spot[-1]}); give one of '
                    "the two another folder, or names of its own"
                )
            taken[spot] = title
    return deliveries


Spot = tuple[str, ...]


def spots_of(delivery: DeliveryOptions) -> set[Spot]:
    """What two deliveries must not share: a remote folder has one list of its files, a file one content."""
    match delivery:
        case FolderOptions():
            folder = str(from_home(delivery.path).absolute())
            return {(delivery.kind, folder, f"{folder}/{name}") for name in delivery.names}
        case FtpOptions() | SftpOptions():
            folder = f"{delivery.host.lower()}:{delivery.port}:{delivery.folder.rstrip('/')}"
            return {(delivery.kind, delivery.user, folder)}
        case WebDavOptions():
            return {(delivery.kind, delivery.url.rstrip("/"))}
        case S3Options():
            return {
                (
                    delivery.kind,
                    delivery.endpoint.rstrip("/"),
                    f"{delivery.bucket}/{delivery.prefix.strip('/')}",
                )
            }
        case AzuraCastOptions():
            return {(delivery.kind, delivery.url.rstrip("/"), delivery.station, delivery.folder)}
        case _:
            return set()

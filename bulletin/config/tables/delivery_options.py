"""Deliveries: destinations outside the output folder, a table [[deliveries]] for each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag

from bulletin.config import option_types as types
from bulletin.config.option_types import Options, listed

Rendition = Literal["site", "podcast", "fm", "speaker", "stories"]
Names = Annotated[tuple[str, ...], BeforeValidator(listed)]


Port = Annotated[int, Field(ge=1, le=65535)]
Timeout = Annotated[float, Field(gt=0, le=3600)]


class DeliveryOptions(Options):
    """Options of every kind of delivery."""

    files: ClassVar[tuple[str, ...]] = ()
    """Options that hold a path of this machine, relative to the profile."""

    kind: str
    """Kind of the delivery, which decides its other options."""
    name: types.ShortName = ""
    """Unique; by default the kind."""
    rendition: Rendition = "site"
    """Files to deliver; "site" is everything in the station's public folder."""
    give_up_h: float = Field(default=24.0, gt=0, le=24 * 30)
    """Hours after which an undelivered bulletin is given up, with an alert."""

    @property
    def title(self) -> str:
        """Name for people."""
        return self.name or self.kind

    def own(self, folder: Path) -> dict[str, Any]:
        """Options of this kind only, as arguments of its constructor; `folder` is the profile's."""
        shared = set(DeliveryOptions.model_fields)
        given = {key: value for key, value in self if key not in shared}
        return given | {key: str(folder / from_home(given[key])) for key in self.files if given[key]}


def from_home(path: str) -> Path:
    """ "~/x" -> the user's own x."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # a service without a home: the file is reported as missing
        return Path(path)


class FarOptions(DeliveryOptions):
    """A destination on the network."""

    timeout_s: Timeout = 30.0
    """Seconds to wait for each answer."""
    within_s: float = Field(default=0.0, ge=0, le=24 * 3600)
    """Seconds for a complete delivery; by default from its size: two time-outs, 5 s a file, 20 kB a second."""


class UploadOptions(FarOptions):
    """A folder of another server."""

    names: Names = ()
    """File names there for "fm" and "speaker", as for a folder; without {cart}."""


class FolderOptions(DeliveryOptions):
    """A playout's folder, on this machine or a share that is mounted here."""

    files = ("path",)

    kind: Literal["folder"]
    rendition: Rendition = "fm"
    path: types.Filled
    """An existing folder: it is not created, so a share that is not mounted stays empty underneath."""
    names: types.OneOrMore = ("{station}",)
    """File names without the ending: "news", "{station}-{slot:%H%M}", "{cart}_{title}"; each is written."""
    carts: Annotated[tuple[int, ...], BeforeValidator(lambda v: (v,) if isinstance(v, int) else v)] = ()
    """Cart numbers from 1 to 999999: one, or seven from Monday to Sunday."""
    side_file: bool = True
    """Write a JSON file beside the sound: title, length, expiry."""


class FtpOptions(UploadOptions):
    """An FTP server."""

    files = ("ca_file",)

    kind: Literal["ftp"]
    host: types.Host
    """Name of the server, without port and folder."""
    port: Port = 21
    """Port of the server."""
    user: str = "anonymous"
    """Login."""
    password: str = ""
    """ "env:NAME", as every secret below."""
    folder: str = ""
    """Folder used by this station only; by default the folder of the login."""
    tls: Literal["explicit", "none"] = "explicit"
    """Encryption; "none" sends the password in plain text."""
    mode: Literal["passive", "active"] = "passive"
    """Side that opens data connections: this machine (passive, nearly always right) or the server, which must reach it."""
    ca_file: str = ""
    """PEM file of your own certificate authority."""


class SftpOptions(UploadOptions):
    """A server reached by SSH."""

    files = ("key_file", "known_hosts")

    kind: Literal["sftp"]
    host: types.Host
    """Name of the server, without port and folder."""
    port: Port = 22
    """Port of the server."""
    user: types.Filled
    """Login."""
    password: str = ""
    """Password of the login; without one and without a key the agent's keys are tried."""
    key_file: str = ""
    """Private key, instead of a password."""
    key_password: str = ""
    """Password of the private key."""
    known_hosts: str = "~/.ssh/known_hosts"
    """File of known server keys; a server that is not in it is refused."""
    folder: str = ""
    """Folder used by this station only; by default the folder of the login."""


class WebDavOptions(UploadOptions):
    """A WebDAV folder."""

    files = ("ca_file",)

    kind: Literal["webdav"]
    url: types.Address
    """Address of an existing folder used by this station only."""
    user: str = ""
    """Login; empty for a server that asks for none."""
    password: str = ""
    """Password of the login."""
    ca_file: str = ""
    """PEM file of your own certificate authority."""


class S3Options(UploadOptions):
    """A bucket."""

    kind: Literal["s3"]
    bucket: types.Filled
    """Name of an existing bucket."""
    endpoint: types.AddressOrNone = ""
    """Address of the server, "https://s3.example.org"; by default Amazon's."""
    region: str = "us-east-1"
    """Region of the bucket."""
    key_id: types.Filled
    """Access key: its id."""
    secret: types.Filled
    """Access key: its secret."""
    prefix: str = ""
    """Prefix of each object's name, used by this station only: "wexcombe"."""


class AzuraCastOptions(FarOptions):
    """A playlist of an AzuraCast station; it holds the newest bulletin."""

    files = ("ca_file",)

    kind: Literal["azuracast"]
    rendition: Rendition = "podcast"
    url: types.Address
    """Address of AzuraCast."""
    station: types.NumberOrName
    """Number or short name of the station there."""
    key: types.Filled
    """API key that may manage media and playlists."""
    playlist: types.NumberOrName
    """Name or number of an existing playlist, without other songs."""
    folder: str = "bulletin"
    """Folder of its media; each station gets a subfolder."""
    ca_file: str = ""
    """PEM file of your own certificate authority."""
    timeout_s: Timeout = 60.0


class CommandOptions(DeliveryOptions):
    """Program that is run for each bulletin."""

    kind: Literal["command"]
    rendition: Rendition = "podcast"
    command: types.OneOrMore
    """Program and arguments; JSON on its standard input, no shell."""
    timeout_s: Timeout = 300.0
    """Seconds until the program is killed."""


class WebhookOptions(FarOptions):
    """An address that gets a POST for each bulletin."""

    kind: Literal["webhook"]
    rendition: Rendition = "podcast"
    url: str
    """Address; "env:NAME" if it is secret."""
    secret: str = ""
    """Key of the signature in X-Bulletin-Signature; without one the POST is unsigned."""
    timeout_s: Timeout = 20.0


class WebSubOptions(FarOptions):
    """WebSub hubs that announce a new feed."""

    kind: Literal["websub"]
    rendition: Rendition = "podcast"
    hub: Annotated[tuple[types.AddressOrNone, ...], BeforeValidator(listed), types.not_empty]
    """Addresses of the hubs: one, or a list."""
    topic: types.AddressOrNone = ""
    """Address of the feed; by default the feed under [outputs.podcast] base_url."""
    sees_feed: bool = True
    """Wait until the published feed lists the bulletin."""
    timeout_s: Timeout = 20.0


class OtherOptions(DeliveryOptions):
    """A plug-in, by entry point or "module:class"; its options go to its constructor."""

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


def without_kind(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Key of an error, without the kind of delivery that pydantic inserts: ("deliveries", 0, "ftp", "host")."""
    has_kind = loc[:1] == ("deliveries",) and len(loc) > 2
    return (*loc[:2], *loc[3:]) if has_kind else loc


def to_tables(value: object) -> object:
    """[deliveries] in place of [[deliveries]] is one table, not a list of them."""
    if isinstance(value, dict):
        raise ValueError(  # noqa: TRY004 - pydantic reports only this one with its line
            "write [[deliveries]], with two brackets: there may be several"
        )
    return value


def check_deliveries(deliveries: tuple[DeliveryOptions, ...]) -> tuple[DeliveryOptions, ...]:
    """Check that each delivery has a unique name, which the outbox uses, and a unique destination."""
    titles: set[str] = set()
    taken: dict[Spot, str] = {}
    for delivery in deliveries:
        title = delivery.title
        if title in titles:
            raise ValueError(f'two deliveries are called "{title}"; give each its own name = "..."')
        titles.add(title)
        has_many = delivery.rendition in ("site", "stories")
        if isinstance(delivery, UploadOptions) and delivery.names and has_many:
            raise ValueError(
                f'the delivery "{title}" sends many files under their own names; delete names = ..., '
                'or set rendition = "fm", "speaker" or "podcast"'
            )
        for spot in spots_of(delivery):
            if spot in taken:
                raise ValueError(
                    f'the deliveries "{taken[spot]}" and "{title}" have the same destination ({spot[-1]}); give one of '
                    "the two another folder, or other names"
                )
            taken[spot] = title
    return deliveries


Spot = tuple[str, ...]


def spots_of(delivery: DeliveryOptions) -> set[Spot]:
    """Destinations that no other delivery may share: a folder has one file list, a file one content."""
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

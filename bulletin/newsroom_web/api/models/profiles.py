"""Models of the profile, feeds, jingles, deliveries, backups, and of what is on air."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from bulletin.newsroom_web.api.models.base import Answer, Body, File, Name, Words


class ProfileAnswer(Answer):
    """The profile's file."""

    text: str = Field(description='Secrets are replaced by "(kept secret 1)"; sent back, they stay.')
    version: str


class ProfileBody(Body):
    """A text of the profile."""

    text: str = Field(max_length=200_000)


class ProfileSave(ProfileBody):
    """A text of the profile, and the version that it changes."""

    version: str = Field(min_length=1, max_length=100, description="From `GET profile`.")


class FindingItem(Answer):
    """Something that is wrong or doubtful."""

    line: int
    message: str
    is_error: bool


class FindingsAnswer(Answer):
    """What `bulletin check` would say."""

    findings: tuple[FindingItem, ...]


class FeedAnswerItem(Answer):
    """The last answer of a feed."""

    at: datetime
    state: str
    articles: int
    reason: str


class FeedEntryItem(Answer):
    """An entry of a feed."""

    title: str
    link: str
    published: datetime


class FeedItem(Answer):
    """A feed."""

    name: str
    url: str
    credit: str
    category: str
    in_profile: bool
    good: int = Field(description="Good answers of the last week.")
    failed: int
    answer: FeedAnswerItem | None
    items: tuple[FeedEntryItem, ...]


class FeedList(Answer):
    """The feeds of a station."""

    feeds: tuple[FeedItem, ...]


class SiteBody(Body):
    """The address of a site or of a feed."""

    url: str = Field(min_length=4, max_length=2_000, pattern=r"^[!-~]+$")


class FoundFeedItem(Answer):
    """A feed that was found."""

    url: str
    title: str
    entries: int
    newest: datetime | None
    language: str


class FoundFeeds(Answer):
    """Feeds of a site."""

    feeds: tuple[FoundFeedItem, ...]


class FeedBody(SiteBody):
    """A feed to add."""

    name: Words = ""
    credit: Words = ""
    category: str = Field(default="", pattern=r"^[a-z]{0,40}$")


class FeedName(Body):
    """A feed."""

    feed: Name = Field(description="Its name or address.")


class OpmlBody(Body):
    """An OPML file."""

    opml: str = Field(max_length=400_000)


class OpmlAnswer(Answer):
    """Result of an import."""

    added: int
    listed: int


class JingleItem(Answer):
    """A jingle."""

    name: str
    purpose: str
    origin: str
    problem: str
    mix_s: float | None
    mix_origin: str


class JingleList(Answer):
    """The jingles of a station."""

    jingles: tuple[JingleItem, ...]
    version: str


class MixPointBody(Body):
    """Second of a jingle from which speech may run over it."""

    jingle: str = Field(pattern=r"^[a-z_]{1,40}$")
    mix_s: float | None = Field(ge=0, le=60, description="null: detected again.")
    version: str = Field(default="", max_length=100)


class JingleName(Body):
    """A jingle."""

    jingle: str = Field(pattern=r"^[a-z_]{1,40}$")
    version: str = Field(default="", max_length=100)


class JingleUpload(JingleName):
    """A sound for a jingle."""

    file: File


class UploadedJingleItem(Answer):
    """Result of an upload."""

    name: str
    notes: tuple[str, ...] = Field(description="Defects that do not keep it off the air.")


class DeliveryItem(Answer):
    """A delivery of the outbox."""

    id: int
    destination: str
    title: str
    action: str
    state: str
    tries: int
    note: str
    at: datetime
    next_try_at: datetime | None
    can_retry: bool


class DestinationItem(Answer):
    """A destination of the profile."""

    name: str
    kind: str
    output: str
    waiting: int
    given_up: int
    last_done_at: datetime | None
    last_problem: str


class OutletsAnswer(Answer):
    """What a station publishes, and where."""

    outputs: tuple[str, ...]
    destinations: tuple[DestinationItem, ...]
    rows: tuple[DeliveryItem, ...]


class BackupItem(Answer):
    """A backup that the newsroom made."""

    name: str
    bytes: int
    made_at: datetime
    stations: tuple[str, ...]
    secrets: tuple[str, ...]
    left_out: tuple[str, ...]
    problem: str


class BackupName(Body):
    """A backup."""

    name: str = Field(
        min_length=8, max_length=140, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="As in the list."
    )


class CopyItem(Answer):
    """A daily copy of the archive."""

    name: str
    bytes: int
    made_at: datetime


class BackupsAnswer(Answer):
    """All that a restore can start from."""

    files: tuple[BackupItem, ...]
    copies: tuple[CopyItem, ...]


class SlotItem(Answer):
    """A slot of today."""

    due: datetime
    look: str = Field(description='"fresh", "stand-by", "missed", "being made" or "to come".')
    note: str


class LightItem(Answer):
    """Health of a part of the station."""

    part: str
    light: str = Field(description='"good", "look" or "bad".')
    text: str
    detail: str


class SoundItem(Answer):
    """The bulletin that is on air."""

    title: str
    due: datetime
    made: datetime | None
    valid_until: datetime | None
    level: str
    is_news: bool
    duration_s: float


class NextSlotItem(Answer):
    """The next slot."""

    due: datetime
    length_s: float


class OnAirAnswer(Answer):
    """What is on air, and how the station is."""

    now: datetime
    sound: SoundItem | None
    next_slot: NextSlotItem | None
    marks: tuple[SlotItem, ...]
    lights: tuple[LightItem, ...]

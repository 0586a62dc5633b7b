"""Where bulletins go, and what they sound like there: a rendition for each way to listen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from bulletin.config.option_types import Hub, Options, WebBase, WebLink

Format = Literal["mp3", "wav", "flac", "opus"]
Kind = Literal["podcast", "fm", "speaker", "stories"]

_LOSSLESS: tuple[Format, ...] = ("wav", "flac")
_CART_LETTERS = 63
"""In a field of 64 bytes that a zero ends (AES46)."""
_COARSE_KBPS = 112
"""Below it what MP3 and Opus put on top of peaks is another thing with every try."""


class RenditionOptions(Options):
    """One finished file of every bulletin."""

    format: Format = "mp3"
    bitrate_kbps: Literal[64, 80, 96, 112, 128, 160, 192, 224, 256, 320] = 128
    """Of MP3 and Opus."""
    loudness_lufs: float = Field(default=-16.0, ge=-31, le=-9)
    """Of the decoded file (ITU-R BS.1770)."""
    true_peak_dbtp: float = Field(default=-1.5, ge=-9, le=0)
    """Of the decoded file, at most."""
    bed: Literal["none", "headlines", "whole"] = "headlines"
    """Music under opening and headlines, under everything, or nowhere (and no other music: a dry read)."""
    time_check: bool = False
    """Say the time in the opening: for listeners on air, not for those who listen later."""
    up_to: bool | None = None
    """The length is only the most that it may last; by default as the profile says."""

    @model_validator(mode="after")
    def _leave_room_for_peaks(self) -> Self:
        most_lufs = self.true_peak_dbtp - _least_room_db(self.format, self.bitrate_kbps)
        if self.loudness_lufs > most_lufs:
            raise ValueError(
                f"loudness_lufs = {self.loudness_lufs:g} leaves a voice no room under true_peak_dbtp = "
                f"{self.true_peak_dbtp:g}; write {most_lufs:g} or less"
            )
        return self


def _least_room_db(form: Format, kbps: int) -> float:
    """
    From loudness to true peak, as measured with our limiter on a voice over music.

    With less, none brings it to that loudness: MP3 and Opus overshoot, so it must stop earlier, and no bulletin
    would be fit to go out.
    """
    if form in _LOSSLESS:
        return 8.0
    return 12.0 if kbps < _COARSE_KBPS else 10.0


class PodcastOptions(RenditionOptions):
    """The podcast feed, and its rendition: apps want -16 LUFS and no time check."""

    format: Literal["mp3"] = "mp3"
    title: str = ""
    """By default "<station> News"."""
    description: str = ""
    base_url: WebBase = "https://localhost/"
    """Where the output folder will be reached, with https and a slash at the end."""
    site: str = ""
    """The station's home page; by default the base address."""
    author: str = ""
    email: str = ""
    """Of the owner; podcast directories write to it."""
    hub: Hub = ""
    """A WebSub hub that the feed names, "https://pubsubhubbub.appspot.com/"; its subscribers hear at once."""
    keep_h: float = Field(default=48.0, gt=0, le=1e6)
    """Hours that an episode stays in the feed."""
    keep: int = Field(default=48, ge=1, le=300)
    """Most episodes in the feed."""


class FmOptions(RenditionOptions):
    """The playout's file: BWF with a cart chunk, to EBU R 128 unless the station's chain wants it louder."""

    format: Format = "wav"
    loudness_lufs: float = Field(default=-23.0, ge=-31, le=-9)
    true_peak_dbtp: float = Field(default=-1.0, ge=-9, le=0)
    time_check: bool = True
    cut_id: str = Field(default="", max_length=_CART_LETTERS)
    """By which the playout knows it: a cart number; by default the station's id."""
    category: str = Field(default="NEWS", max_length=_CART_LETTERS)
    """In the cart chunk."""
    valid_min: float = Field(default=60.0, gt=0, le=24 * 60)
    """Minutes from its hour until it expires. Unless it is set, with a clock: until the next one is due."""


class SpeakerOptions(RenditionOptions):
    """Smart speakers: short, dry, a little louder (Alexa: -14 LUFS, -2 dBTP, ten minutes at most)."""

    loudness_lufs: float = Field(default=-14.0, ge=-19, le=-9)
    true_peak_dbtp: float = Field(default=-2.0, ge=-9, le=-2)
    bed: Literal["none", "headlines", "whole"] = "none"
    up_to: bool | None = True


class StoryFilesOptions(RenditionOptions):
    """One file a story, for an app or a website; dry, each as long as it is."""

    bed: Literal["none"] = "none"


class PageLink(Options):
    """A button among the ways to listen."""

    name: str = Field(min_length=1, max_length=60)
    """ "Apple Podcasts"."""
    url: WebLink = Field(min_length=1)


class PageOptions(Options):
    """Pages for listeners, beside the podcast's files: colours are those of [imaging] colour."""

    on: bool = False
    """Write them; they play the podcast's sound."""
    stream: WebLink = ""
    """The station's live stream, or the page that plays it."""
    speaker: str = Field(default="", max_length=200)
    """What listeners say to a smart speaker: "Alexa, what's the news?"."""
    links: tuple[PageLink, ...] = Field(default=(), max_length=12)
    """Where apps subscribe."""
    css: str = ""
    """A file of the station's own rules, after ours; relative to the profile."""
    words: Mapping[str, str] = {}
    """Other words than ours, by name."""


class OutputsOptions(Options):
    """Where bulletins go, in this order."""

    make: tuple[Kind, ...] = Field(default=("podcast",), min_length=1)
    """Which of the following are made; the first one decides which stories all of them tell."""
    podcast: PodcastOptions = PodcastOptions()
    fm: FmOptions = FmOptions()
    speaker: SpeakerOptions = SpeakerOptions()
    stories: StoryFilesOptions = StoryFilesOptions()
    page: PageOptions = PageOptions()

    def rendition(self, kind: str) -> RenditionOptions:
        """The options of one kind."""
        options: RenditionOptions = getattr(self, kind)
        return options


class CredentialsOptions(Options):
    """A manifest in each MP3 that says how it was made, signed by the station; off until it has a certificate."""

    certificate: str = ""
    """PEM, the chain from the station's own to the one before the root; relative to the profile."""
    key: str = Field(default="", repr=False)
    """PEM file, relative to the profile, readable by nobody else; or "env:NAME", which holds the PEM itself."""
    algorithm: Literal["es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519"] = "es256"
    """As the key is."""
    timestamps: str = ""
    """Address of a time-stamping authority (RFC 3161); without one a signature ends with its certificate."""

    @model_validator(mode="after")
    def _needs_both(self) -> Self:
        if bool(self.certificate) != bool(self.key):
            raise ValueError("a certificate needs its key, and a key its certificate")
        return self


class KeepOptions(Options):
    """Limits of the disk; stations that share an output folder share articles and feeds, and the shortest limit."""

    audio_days: float = Field(default=30.0, ge=2, le=36_500)
    """Bulletins' sound, transcripts and story files."""
    audio_mb: float = Field(default=10_000.0, ge=0, le=1e9)
    """The same, in all; 0: as much as there is."""
    articles_days: float = Field(default=30.0, ge=14, le=36_500)
    """Feeds that are read no more, pages, and own stories whose time is over."""
    runs_days: float = Field(default=14.0, ge=1, le=36_500)
    """What runs weighed and how they went, slots, and files that were unfit to go out."""
    record_days: float = Field(default=400.0, ge=31, le=36_500)
    """What aired: words, sources, times."""

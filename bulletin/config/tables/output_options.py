"""Outputs: a rendition for each way to listen, listener pages, signatures, retention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from bulletin.config.option_types import Hub, Options, WebBase, WebLink

Format = Literal["mp3", "wav", "flac", "opus"]
Kind = Literal["podcast", "fm", "speaker", "stories"]

PodcastApp = Literal["apple", "overcast", "pocketcasts", "antennapod", "podcastaddict"]

_LOSSLESS: tuple[Format, ...] = ("wav", "flac")
_CART_LETTERS = 63
"""Characters of a field of 64 bytes, which ends with a zero (AES46)."""
_COARSE_KBPS = 112
"""Bitrate below which the overshoot of MP3 and Opus differs with every try."""


class RenditionOptions(Options):
    """One finished file of every bulletin."""

    format: Format = "mp3"
    """Format of the file."""
    bitrate_kbps: Literal[64, 80, 96, 112, 128, 160, 192, 224, 256, 320] = 128
    """Bitrate of MP3 and Opus."""
    loudness_lufs: float = Field(default=-16.0, ge=-31, le=-9)
    """Loudness of the decoded file (ITU-R BS.1770)."""
    true_peak_dbtp: float = Field(default=-1.5, ge=-9, le=0)
    """Highest true peak of the decoded file."""
    bed: Literal["none", "headlines", "whole"] = "headlines"
    """Music under opening and headlines, under everything, or none at all: a dry read without jingles."""
    time_check: bool = False
    """Say the time in the opening: for listeners on air, not for later listening."""
    up_to: bool | None = None
    """Treat the length as a maximum; by default as the profile says."""

    @model_validator(mode="after")
    def _leave_room_for_peaks(self) -> Self:
        most_lufs = self.true_peak_dbtp - _least_room_db(self.format, self.bitrate_kbps)
        if self.loudness_lufs > most_lufs:
            raise ValueError(
                f"loudness_lufs = {self.loudness_lufs:g} is too loud for true_peak_dbtp = "
                f"{self.true_peak_dbtp:g}; write {most_lufs:g} or less"
            )
        return self


def _least_room_db(form: Format, kbps: int) -> float:
    """
    Least room in dB from loudness to true peak, as measured with our limiter on a voice over music.

    With less the limiter misses the loudness and no bulletin passes the quality check. MP3 and Opus
    overshoot, so their ceiling is lower.
    """
    if form in _LOSSLESS:
        return 8.0
    return 12.0 if kbps < _COARSE_KBPS else 10.0


class PodcastOptions(RenditionOptions):
    """The podcast feed, and its rendition: apps want -16 LUFS and no time check."""

    format: Literal["mp3"] = "mp3"
    title: str = ""
    """By default "<station> News", in the station's language."""
    description: str = ""
    """Description of the podcast; by default from name, frequencies and slogan."""
    base_url: WebBase = "https://localhost/"
    """Public address of the output folder, with https and a slash at the end."""
    site: str = ""
    """The station's home page; by default the base address."""
    author: str = ""
    """Author of the podcast; by default the station."""
    email: str = ""
    """E-mail address of the owner; podcast directories write to it."""
    hub: Hub = ""
    """WebSub hub of the feed, "https://pubsubhubbub.appspot.com/"; apps are notified of each bulletin."""
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
    """Cart number for the playout; by default the station's id."""
    category: str = Field(default="NEWS", max_length=_CART_LETTERS)
    """Category in the cart chunk."""
    valid_min: float = Field(default=60.0, gt=0, le=24 * 60)
    """Minutes from its hour until it expires; by default, with a clock, until the next bulletin is due."""


class SpeakerOptions(RenditionOptions):
    """Smart speakers: short, dry, a little louder (Alexa: -14 LUFS, -2 dBTP, ten minutes at most)."""

    loudness_lufs: float = Field(default=-14.0, ge=-19, le=-9)
    true_peak_dbtp: float = Field(default=-2.0, ge=-9, le=-2)
    bed: Literal["none", "headlines", "whole"] = "none"
    up_to: bool | None = True


class StoryFilesOptions(RenditionOptions):
    """One file for each story, for an app or a website; dry, of any length."""

    bed: Literal["none"] = "none"


class PageLink(Options):
    """A button among the ways to listen."""

    name: str = Field(min_length=1, max_length=60)
    """ "Apple Podcasts"."""
    url: WebLink = Field(min_length=1)
    """Address of the podcast there."""


class PageOptions(Options):
    """Pages for listeners beside the podcast's files, in the colour of [imaging]."""

    on: bool = False
    """Write the pages; they play the podcast's sound."""
    stream: WebLink = ""
    """Address of the live stream, or of the page that plays it."""
    now_playing: WebLink = ""
    """Status of the live stream's Icecast server ("https://radio.example/status-json.xsl"), for the title on air."""
    speaker: str = Field(default="", max_length=200)
    """Words for a smart speaker: "Alexa, what's the news?"."""
    links: tuple[PageLink, ...] = Field(default=(), max_length=12)
    """Buttons for podcast apps; one with the name of an app below replaces its button."""
    apps: tuple[PodcastApp, ...] = ("apple", "overcast", "pocketcasts", "antennapod", "podcastaddict")
    """Buttons that open these apps at the feed."""
    logo: str = ""
    """PNG, JPEG or WebP file of the station's logo, on the station's colour; relative to the profile."""
    css: str = ""
    """File of your own style rules, applied after the built-in rules; relative to the profile."""
    words: Mapping[str, str] = {}
    """Replacements of the pages' words, by name."""


class OutputsOptions(Options):
    """Renditions, in the order in which they are made."""

    make: tuple[Kind, ...] = Field(default=("podcast",), min_length=1)
    """Renditions to make; the first one decides the stories of all of them."""
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
    """A signed manifest in each MP3 that says how it was made (C2PA); off until the station has a certificate."""

    certificate: str = ""
    """PEM file of the chain, from the station's certificate to the one below the root; relative to the profile."""
    key: str = Field(default="", repr=False)
    """PEM file of the private key, relative to the profile; or "env:NAME", a variable with the PEM text."""
    algorithm: Literal["es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519"] = "es256"
    """Algorithm of the key."""
    timestamps: str = ""
    """Address of a time-stamping authority (RFC 3161); without one a signature is valid only as long as its certificate."""

    @model_validator(mode="after")
    def _needs_both(self) -> Self:
        if bool(self.certificate) != bool(self.key):
            raise ValueError("a certificate needs its key, and a key its certificate; set both")
        return self


class KeepOptions(Options):
    """Retention; stations that share an output folder share articles and feeds, with the shortest limit."""

    audio_days: float = Field(default=30.0, ge=2, le=36_500)
    """Days to keep sound, transcripts and story files of bulletins."""
    audio_mb: float = Field(default=10_000.0, ge=0, le=1e9)
    """Size limit of these files in MB; 0: no limit."""
    articles_days: float = Field(default=30.0, ge=14, le=36_500)
    """Days to keep unused feeds and pages, and the station's own stories after they expire."""
    runs_days: float = Field(default=14.0, ge=1, le=36_500)
    """Days to keep run records, scored stories, slots, and files that failed the quality check."""
    record_days: float = Field(default=400.0, ge=31, le=36_500)
    """Days to keep the as-run log: words, sources, times."""

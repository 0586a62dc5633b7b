"""Every option of a station's profile, on one page: name, type, unit, default."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)


def parse_length(value: object) -> object:
    """ "2:30" -> 150.0 seconds; numbers are seconds already."""
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,2}):([0-5]\d)", value.strip())
        if not match:
            raise ValueError('write it as minutes and seconds, "2:30"')
        return int(match[1]) * 60.0 + int(match[2])
    return value


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f'"{value}" is no time zone; write it as "Europe/London"')
    ZoneInfo(value)
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        raise ValueError(f'"{value}" is no language; write it as "en-GB"')
    return value


def _web_base(value: str) -> str:
    """As the podcast wants it: apps refuse plain http, but for trying out on one's own machine."""
    try:
        parts = urlsplit(value.strip())
        schemes = {"http", "https"} if parts.hostname in ("localhost", "127.0.0.1", "::1") else {"https"}
        is_good = parts.scheme in schemes and parts.hostname and not parts.query and not parts.fragment
    except ValueError:
        is_good = False
    if not is_good:
        raise ValueError('podcast apps want https; write it as "https://news.example/"')
    return value


def _frequency(value: str) -> str:
    if not re.fullmatch(r"(DAB\+? )?\d{1,4}(\.\d{1,2})?[A-N]?", value):
        raise ValueError(f'"{value}" is no frequency; write it as "103.5"')
    return value


Frequency = Annotated[str, AfterValidator(_frequency)]
Seconds = Annotated[float, BeforeValidator(parse_length)]
Language = Annotated[str, AfterValidator(_language)]
WebBase = Annotated[str, AfterValidator(_web_base)]


class Options(BaseModel):
    """What all groups of options share: unknown names are errors, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class RecordingOptions(Options):
    """A feed that is a file made at a known time; its dates move with the clock."""

    made_at: datetime
    """With zone: 2026-11-24T08:00:00Z. The file is read as if it had been made now."""
    pages: Path | None = None
    """Folder of article pages, `<last part of the link>.html`."""


class FeedOptions(Options):
    """One feed."""

    url: str
    """http(s) address, or a file, relative to the profile."""
    name: str = ""
    """Short and unique; by default from the address."""
    credit: str = ""
    """The publisher, as credited in words: "the Wexcombe Gazette"."""
    terms: str = ""
    """What the publisher allows, or where it says so. Never spoken."""
    weight: float = Field(default=1.0, ge=0, le=10)
    """How much the editor trusts it: 1 is usual, 0 never leads."""
    category: str = "news"
    """"news", "local", "world", "business" ...; "sport", "travel" and "weather" are sections."""
    language: Language | None = None
    """Of its articles; by default the station's."""
    private: bool = False
    """Allow an address of the station's own network."""
    pages: bool = True
    """Fetch article pages when the feed's own text is short."""
    recording: RecordingOptions | None = None


class FetchOptions(Options):
    """How feeds and pages are fetched."""

    at_once: int = Field(default=16, ge=1, le=64)
    """Connections in all; one for each host."""
    timeout_s: float = Field(default=10.0, gt=0, le=120)
    """For one address, from the first byte asked to the last byte read."""
    budget_s: float = Field(default=45.0, gt=0, le=600)
    """For all feeds and pages together; what is late is left behind."""
    host_gap_s: float = Field(default=1.0, ge=0, le=60)
    """Pause between two requests to one host."""
    pages_per_feed: int = Field(default=8, ge=0, le=50)
    """Article pages fetched for one feed in one run, newest first."""
    feed_mb: float = Field(default=10.0, gt=0, le=100)
    """Largest feed, decoded."""
    page_mb: float = Field(default=3.0, gt=0, le=20)
    """Largest page, decoded."""
    contact: str = ""
    """Address or e-mail shown to publishers in the User-Agent."""


class StoriesOptions(Options):
    """Which stories are chosen, and in which order."""

    max_age_h: float = Field(default=24.0, gt=0, le=24 * 14)
    """Hours; nothing older is spoken."""
    per_source: int = Field(default=3, ge=1, le=50)
    """Stories from one feed."""
    per_category: int = Field(default=4, ge=1, le=50)
    """Stories of one category."""
    most: int = Field(default=10, ge=1, le=40)
    """News stories offered to the rundown."""
    most_in_sections: int = Field(default=2, ge=0, le=10)
    """Stories of sport, of travel and of weather each."""
    local_words: tuple[str, ...] = ()
    """Names of the station's patch: "Wexcombe", "A361"."""
    kill: tuple[str, ...] = ()
    """Words, links or ids; a story that holds one never airs. `bulletin kill` adds to the list at once."""
    light: bool = True
    """Tell light stories at all."""
    light_last: bool = True
    """Keep a light story for the end."""
    repeats: int = Field(default=3, ge=0, le=50)
    """How often a story may air again while it is fresh."""


def _chat_address(value: str) -> str:
    if not value:
        return value
    address = urlsplit(value)
    if address.scheme not in ("http", "https") or not address.hostname or address.username:
        shown = address.hostname or "?"
        raise ValueError(f'"{shown}": write an address without a password, "http://127.0.0.1:11434/v1"')
    return value.rstrip("/")


class RewriterOptions(Options):
    """A language model that words stories anew; off until it has an address. Nothing it says airs unchecked."""

    base_url: Annotated[str, AfterValidator(_chat_address)] = ""
    """Of any server with OpenAI's /chat/completions: "http://127.0.0.1:11434/v1"."""
    model: str = ""
    """The server's own name for it."""
    key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable that holds the key; a key never stands in a profile."""
    timeout_s: float = Field(default=20.0, gt=0, le=300)
    """For one answer."""
    budget_s: float = Field(default=60.0, gt=0, le=1800)
    """For all stories together; what is late keeps the words made by rule."""
    most_stories: int = Field(default=8, ge=1, le=40)
    """Stories rewritten in one bulletin, from the first on; weather and travel never are."""

    @model_validator(mode="after")
    def _needs_model(self) -> Self:
        if self.base_url and not self.model:
            raise ValueError("base_url needs a model: the name by which the server knows it")
        return self


class ScriptOptions(Options):
    """How stories are worded."""

    headlines: int = Field(default=3, ge=0, le=6)
    """Headlines after the opening."""
    credit_sources: bool = False
    """Name the publisher of each story in words."""
    time_check: bool = True
    """Say the time in the opening."""
    opening: str = ""
    """Own words; {station}, {frequencies}, {slogan}, {time}, {day}, {daypart} are filled in."""
    ident: str = ""
    """Voice-over of the ident; the same fields. "none" for no voice-over."""
    closing: str = ""
    """Own words; the same fields."""
    disclosure: str | None = None
    """Says that the voice is synthetic; by default the language's own words, "" for none."""
    rewriter: RewriterOptions = RewriterOptions()


class SpeechOptions(Options):
    """Who speaks."""

    chain: tuple[str, ...] = ("gtts", "hibari")
    """Engines in order, "engine" or "engine:voice"; the first that can, says the whole bulletin."""
    speed: float = Field(default=1.0, ge=0.7, le=1.4)
    """1.1 is a tenth faster."""
    cache_mb: float = Field(default=500.0, ge=0)
    """Largest speech cache; the oldest goes first."""
    engines: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Options of one engine: [speech.engines.gtts] tld = "co.uk"."""


class ImagingOptions(Options):
    """Jingle files, relative to the profile: WAV, MP3, FLAC or OGG. "none" for none, empty for ours."""

    ident: str = ""
    bed: str = ""
    """Music under the headlines."""
    sting: str = ""
    """Between stories."""
    closing: str = ""
    artwork: str = ""
    """Square JPEG or PNG of 1400 to 3000 pixels; made for the station when empty."""
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#c8102e"
    """Of the station, for the artwork."""


class AudioOptions(Options):
    """How it sounds."""

    loudness_lufs: float = Field(default=-16.0, ge=-31, le=-9)
    """Of the decoded file (ITU-R BS.1770)."""
    true_peak_dbtp: float = Field(default=-1.5, ge=-9, le=0)
    """Of the decoded file, at most."""
    bitrate_kbps: Literal[64, 80, 96, 112, 128, 160, 192, 224, 256, 320] = 128
    gap_s: float = Field(default=0.6, ge=0.2, le=1.5)
    """Breath between stories."""
    bed_under_lu: float = Field(default=20.0, ge=10, le=40)
    """How far the bed lies under the voice."""


class PodcastOptions(Options):
    """The podcast feed."""

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
    keep_h: float = Field(default=48.0, gt=0)
    """Hours that an episode stays in the feed."""
    keep: int = Field(default=48, ge=1, le=300)
    """Most episodes in the feed."""


class OutputsOptions(Options):
    """Where bulletins go."""

    podcast: PodcastOptions = PodcastOptions()


class Profile(Options):
    """A station."""

    name: Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=80)]
    frequencies: tuple[Frequency, ...] = ()
    """["103.5", "105.3"], as written: MHz, kHz, or a DAB block such as "11D"."""
    band: Literal["FM", "AM", "DAB", "MW", ""] = "FM"
    slogan: str = ""
    language: Language = "en-GB"
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/London"
    length: Annotated[Seconds, Field(ge=30, le=600)] = 120.0
    """"2:00": what a bulletin should last, from 0:30 to 10:00."""
    opml: str = ""
    """A feed list, relative to the profile, beside or in place of [[feeds]]."""
    feeds: tuple[FeedOptions, ...] = ()
    fetch: FetchOptions = FetchOptions()
    stories: StoriesOptions = StoriesOptions()
    script: ScriptOptions = ScriptOptions()
    speech: SpeechOptions = SpeechOptions()
    pronunciations: dict[str, str] = Field(default_factory=dict)
    """As written -> as said: "Wexcombe" = "Wecks-cum"."""
    imaging: ImagingOptions = ImagingOptions()
    audio: AudioOptions = AudioOptions()
    outputs: OutputsOptions = OutputsOptions()
    mood: Literal["normal", "obituary"] = "normal"
    """"obituary": no light stories, no jokes, no music under the words, and the plain words of the language."""
    repeats_freely: bool = False
    """For demos: stories that have aired already count as new."""

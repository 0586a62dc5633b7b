"""Options of a station's profile: name, type, unit, default. The larger tables are in tables/."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from bulletin.config.option_types import Frequency, Language, Options, Seconds, TimeZone, matching
from bulletin.config.tables.alert_options import AlertsOptions
from bulletin.config.tables.clock_options import ClockOptions
from bulletin.config.tables.consent_options import ConsentOptions
from bulletin.config.tables.delivery_options import AnyDelivery, check_deliveries, to_tables
from bulletin.config.tables.group_options import GroupOptions
from bulletin.config.tables.newsroom_options import NewsroomOptions
from bulletin.config.tables.output_options import CredentialsOptions, KeepOptions, OutputsOptions
from bulletin.config.tables.rewriter_options import RewriterOptions
from bulletin.config.tables.stream_options import PullOptions, StreamOptions, stream_kind

FOR_ONE_SLOT = "for one slot"
"""Validation context: the profile of a single bulletin."""


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
    """Terms of the publisher, or their address. Never spoken."""
    weight: float = Field(default=1.0, ge=0, le=10)
    """Editorial trust: 1 is usual, 0 never leads."""
    category: str = "news"
    """"news", "local", "world", "business" ...; "sport", "travel" and "weather" are sections."""
    language: Language | None = None
    """Language of its articles; by default the station's."""
    private: bool = False
    """Allow an address of the station's own network."""
    pages: bool = True
    """Fetch article pages when the feed's own text is short."""
    recording: RecordingOptions | None = None


class FetchOptions(Options):
    """Limits for fetching feeds and pages."""

    at_once: int = Field(default=16, ge=1, le=64)
    """Simultaneous connections; one for each host."""
    timeout_s: float = Field(default=10.0, gt=0, le=120)
    """Seconds for one address, from the request to the last byte."""
    budget_s: float = Field(default=45.0, gt=0, le=600)
    """Seconds for all feeds and pages together; later answers are left out."""
    host_gap_s: float = Field(default=1.0, ge=0, le=60)
    """Seconds between two requests to one host."""
    pages_per_feed: int = Field(default=8, ge=0, le=50)
    """Article pages fetched for one feed in one run, newest first."""
    feed_mb: float = Field(default=10.0, gt=0, le=100)
    """Largest feed, decoded."""
    page_mb: float = Field(default=3.0, gt=0, le=20)
    """Largest page, decoded."""
    contact: str = ""
    """Address or e-mail shown to publishers in the User-Agent."""


PieceKind = Literal[
    "opinion",
    "analysis",
    "guide",
    "shopping",
    "gossip",
    "list",
    "puzzle or horoscope",
    "review",
    "recipe",
    "pictures or sound",
    "live blog",
    "the publisher's own",
    "sponsored",
    "satire",
    "first person",
    "lifestyle",
    "culture",
    "feature",
    "offbeat",
]


class StoriesOptions(Options):
    """Choice and order of stories."""

    running_order: Annotated[
        str,
        matching(
            r"([a-z0-9][a-z0-9-]*)?", "write the id of a station: the name of its profile without .toml"
        ),
    ] = ""
    """Id of the desk, a station beside this one whose stories and words air here between the station's own ident, opening and closing; the desk names itself. Stations of one desk share the sound of the stories (docs/GROUP.md)."""
    max_age_h: float = Field(default=24.0, gt=0, le=24 * 14)
    """Greatest age in hours; twice that if the bulletin would be short."""
    per_source: int = Field(default=3, ge=1, le=50)
    """Stories from one feed; this limit and the next four are relaxed if the bulletin would be short."""
    per_category: int = Field(default=4, ge=1, le=50)
    """Stories of one category."""
    most: int = Field(default=10, ge=1, le=40)
    """News stories offered to the rundown."""
    most_in_sections: int = Field(default=2, ge=0, le=10)
    """Stories of sport, of travel and of weather each; more sport if the bulletin would be short."""
    most_steps: int = Field(default=1, ge=1, le=40)
    """Stories of one affair: of talks that go on all day, a trial, a storm. One more if more than half a bulletin would be missing."""
    local_words: tuple[str, ...] = ()
    """Names of places in the station's area: "Wexcombe", "A361"."""
    kill: tuple[str, ...] = ()
    """Words, links or ids; a story with one of them never airs. `bulletin kill add WORD` adds to the list at any time."""
    light: bool = True
    """Allow light stories."""
    light_last: bool = True
    """Keep a light story for the end."""
    airs: tuple[PieceKind, ...] = ()
    """Kinds of articles that air although they are not news: "opinion", "review" (docs/CHOICE.md, "Hard and soft news")."""
    never: tuple[str, ...] = ()
    """Names of sections, folders of addresses and words of headlines that never air: "celebs", "bake off"."""
    hard_words: tuple[str, ...] = ()
    """Headline words that indicate hard news: "by-election", "levy*"."""
    soft_words: tuple[str, ...] = ()
    """Headline words that indicate soft news: "carnival", "baker*"."""
    only_hard: bool = True
    """Air only certain hard news; possible features air if the bulletin would be short."""
    repeats: int = Field(default=3, ge=0, le=50)
    """Repeats of an unimportant story while it is fresh; an important one may air more often."""
    effects: dict[str, float] = Field(default_factory=dict)
    """Words for harm or public effect, with their scores; 0 removes a built-in word."""
    owners: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Owner -> names and domains of titles that count as one publisher."""


class ScriptOptions(Options):
    """Wording of the bulletin."""

    headlines: int = Field(default=3, ge=0, le=6)
    """Headlines after the opening."""
    credit_sources: bool = False
    """Name the publisher of each story in words."""
    time_check: bool = True
    """Say the time in the opening."""
    opening: str = ""
    """Your own opening; {station}, {frequencies}, {slogan}, {time}, {time_is}, {day}, {daypart} are filled in."""
    ident: str = ""
    """Voice-over of the ident; the same fields. "none" for no voice-over."""
    closing: str = ""
    """Your own closing; the same fields."""
    disclosure: str | None = None
    """Notice that the voice is synthetic; by default the language's own words, "" for none."""
    rewriter: RewriterOptions = RewriterOptions()


class SpeechOptions(Options):
    """Voices and speech engines."""

    chain: tuple[str, ...] = ("gtts", "hibari")
    """Engines in order, "engine" or "engine:voice"; the first working engine reads the complete bulletin."""
    second: str = ""
    """A second reader besides the first of the chain, "engine:voice"; if either fails, one voice reads everything."""
    second_reads: Literal["stories", "headlines"] = "stories"
    """Part of the second reader: every other story, or the headlines."""
    speed: float = Field(default=1.0, ge=0.7, le=1.4)
    """Speed of speech; 1.1 is a tenth faster."""
    hear: Literal["auto", "on", "off"] = "auto"
    """Recognisers hear a bulletin before it is published; "auto": if the extra `hearing` is installed."""
    cache_mb: float = Field(default=500.0, ge=0, le=1e9)
    """Size limit of the speech cache; the oldest sentences are deleted first."""
    engines: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Options of one engine: [speech.engines.gtts] tld = "co.uk"."""
    languages: dict[Language, tuple[str, ...]] = Field(default_factory=dict)
    """Further languages of the bulletin, each with its chain of voices: cy = ["wyoming", "espeak"]."""
    consents: tuple[ConsentOptions, ...] = ()
    """Persons who allow the imitation of their voices."""


MixPoint = Annotated[float | None, Field(ge=0, le=60)]
"""Seconds from the start of a jingle."""


class ImagingOptions(Options):
    """Jingle files, relative to the profile: WAV, MP3, FLAC or OGG. "none" for none, empty for the style's."""

    style: Literal["bright", "serious", "night", "local"] = "bright"
    """Built-in jingle set, for each jingle that you give no file for."""
    folder: str = ""
    """Folder of your jingles: a set of `bulletin imaging make`, or your files ident.wav, bed.mp3 ..."""
    ident: str = ""
    """File of the ident, the jingle at the start."""
    bed: str = ""
    """Music under the headlines."""
    sting: str = ""
    """Between stories."""
    closing: str = ""
    """File of the jingle at the end."""
    sport: str = ""
    """Sting before the first story of the section, as the next two; by default the style's, or your own
    sting if you have one."""
    weather: str = ""
    """Sting before the weather."""
    travel: str = ""
    """Sting before the travel news."""
    ident_mix_s: MixPoint = None
    """Start of speech over the ident; by default the point from which the ident stays quieter."""
    sting_mix_s: MixPoint = None
    """Start of speech over a sting, as the next three over theirs; by default detected."""
    sport_mix_s: MixPoint = None
    """Start of speech over the sting of sport."""
    weather_mix_s: MixPoint = None
    """Start of speech over the sting of the weather."""
    travel_mix_s: MixPoint = None
    """Start of speech over the sting of the travel news."""
    closing_mix_s: MixPoint = None
    """Start of speech over the closing jingle; by default detected."""
    artwork: str = ""
    """Square JPEG or PNG of 1400 to 3000 pixels; made for the station when empty."""
    colour: Annotated[str, matching(r"#[0-9a-fA-F]{6}", 'write a colour as "#c8102e"')] = "#c8102e"
    """Colour of artwork and pages."""


class StandbyOptions(Options):
    """Stand-by: what the playout gets when no fresh bulletin could be made."""

    max_age_h: float = Field(default=2.0, ge=0, le=24)
    """Greatest age in hours of a bulletin that airs again, with a notice that it is from earlier."""
    after_min: float = Field(default=10.0, ge=0, le=120)
    """Minutes after a slot at which the stand-by for the next one is prepared; 0: only when it is needed."""
    evergreen: str = ""
    """Your recording for hours without news, relative to the profile."""
    words: str = ""
    """Words instead of the recording; {station}, {frequencies}, {slogan} are filled in. By default the language's own."""


class AudioOptions(Options):
    """Sound of every rendition; levels and formats are in [outputs]."""

    gap_s: float = Field(default=0.6, ge=0.4, le=1.0)
    """Pause between stories; it is adjusted between 0.4 and 1 s to meet the length."""
    bed_under_lu: float = Field(default=20.0, ge=10, le=40)
    """Level of the bed below the voice."""
    when_short: Literal["shorter", "fill"] = "shorter"
    """If there is too little news for the length: a shorter bulletin, or the bed plays on until the length is reached."""


class Profile(Options):
    """A station."""

    name: Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=80)]
    """Name of the station, as it is spoken and shown."""
    frequencies: tuple[Frequency, ...] = ()
    """["103.5", "105.3"], as written: MHz, kHz, or a DAB block such as "11D"."""
    band: Literal["FM", "AM", "DAB", "MW", "UKW", ""] = "FM"
    """Word after the frequencies: "103.5 FM", in German "98.4 UKW"; "" for none."""
    slogan: str = ""
    """Line below the name in artwork and feed, and {slogan} in your own words."""
    language: Language = "en-GB"
    """Language of the bulletin: "en-GB", "de"."""
    languages: str = ""
    """Folder of languages beside the profile, one folder each ("languages/de"): words for figures and times."""
    time_zone: TimeZone = "Europe/London"
    """Time zone of the clock and of spoken times: "Europe/London"."""
    length: Annotated[Seconds, Field(ge=30, le=600)] = 120.0
    """Length of a bulletin, "2:00", from 0:30 to 10:00; "up to 2:00" is a maximum."""
    up_to: bool = False
    """Set by "up to" in the length."""
    opml: str = ""
    """OPML file of feeds, relative to the profile, beside or instead of [[feeds]]."""
    clock: ClockOptions = ClockOptions()
    feeds: tuple[FeedOptions, ...] = ()
    fetch: FetchOptions = FetchOptions()
    stories: StoriesOptions = StoriesOptions()
    script: ScriptOptions = ScriptOptions()
    speech: SpeechOptions = SpeechOptions()
    pronunciations: dict[str, Any] = Field(default_factory=dict)
    """Printed name -> respelling for the voice: "Wexcombe" = "Wecks-cum", or { said = "Wecks-cum", phonemes = "wˈɛkskəm" }; [pronunciations.de] has those of a further language."""
    lexicon: str = ""
    """File with more pronunciations, relative to the profile: a table [names]."""
    imaging: ImagingOptions = ImagingOptions()
    audio: AudioOptions = AudioOptions()
    standby: StandbyOptions = StandbyOptions()
    newsroom: NewsroomOptions = NewsroomOptions()
    group: GroupOptions = GroupOptions()
    """Group of stations on many machines; the table of `group.toml` beside the profile, unless the profile has its own."""
    alerts: AlertsOptions = AlertsOptions()
    outputs: OutputsOptions = OutputsOptions()
    deliveries: Annotated[
        tuple[AnyDelivery, ...], BeforeValidator(to_tables), AfterValidator(check_deliveries)
    ] = ()
    """Destinations outside the output folder, each from its own [[deliveries]]."""
    stream: StreamOptions = StreamOptions()
    pull: PullOptions = PullOptions()
    credentials: CredentialsOptions = CredentialsOptions()
    keep: KeepOptions = KeepOptions()
    mood: Literal["normal", "obituary"] = "normal"
    """"obituary": no light stories, no jokes, no music under the words, and the default words of the language."""
    repeats_freely: bool = False
    """For demos: treat stories that have aired as new."""
    invented_news: bool = False
    """For demos: the news is invented, and every run says so."""

    @model_validator(mode="before")
    @classmethod
    def _read_up_to(cls, given: Any) -> Any:
        length = given.get("length") if isinstance(given, dict) else None
        if isinstance(length, str) and length.strip().casefold().startswith("up to "):
            return {**given, "length": length.strip()[6:].strip(), "up_to": True}
        return given

    @model_validator(mode="after")
    def _makes_what_is_wanted(self, info: ValidationInfo) -> Self:
        if self.stream.is_on:
            stream_kind(self.stream, self.outputs)
        # a slot may make fewer renditions than the station
        slots = () if info.context == FOR_ONE_SLOT else self.clock.slots
        for number, slot in enumerate(slots, 1):
            if missing := [kind for kind in slot.outputs if kind not in self.outputs.make]:
                raise ValueError(
                    f'[[clock.slots]] number {number} asks for the output "{missing[0]}", which is not made; '
                    f'add "{missing[0]}" to [outputs] make'
                )
        return self

    def is_up_to(self, kind: str) -> bool:
        """Whether the length is only a maximum for a rendition."""
        own = self.outputs.rendition(kind).up_to
        return self.up_to if own is None else own

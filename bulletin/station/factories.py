"""A profile -> each part of its station: words, voices, feeds, music, artwork; each raises ConfigError where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from bulletin.articles.feeds.opml import make_name, read_opml
from bulletin.audio.music.load_jingles import StationJingles
from bulletin.audio.music.station_jingles import choose_jingles
from bulletin.config.load_profile import LoadedProfile, blame
from bulletin.config.profile_options import FeedOptions, Profile
from bulletin.errors import ArticleError, ConfigError, OutletError
from bulletin.language.phrases import Phrases
from bulletin.model import Feed, Recording, StationWords
from bulletin.normalization.lexicon import Lexicon, load_lexicon
from bulletin.publishing.pages.page_wording import known_words
from bulletin.publishing.picture_cache import keep_picture
from bulletin.runtime.plugins import find_part
from bulletin.runtime.redaction import hide
from bulletin.script.language_support import check_language
from bulletin.speech.speak_script import VoiceReader
from bulletin.speech.voice_factory import build_chain
from bulletin.streaming.stream_port import BUILTIN as STREAMS
from bulletin.streaming.stream_port import Stream


def words_of(loaded: LoadedProfile, profile: Profile) -> StationWords:
    """What the station is called."""
    return StationWords(
        id=loaded.id,
        name=profile.name,
        frequencies=profile.frequencies,
        band=profile.band,
        slogan=profile.slogan,
        language=profile.language,
        time_zone=profile.time_zone,
        languages=_languages(loaded, profile),
    )


def chain_of(loaded: LoadedProfile, profile: Profile) -> tuple[VoiceReader, ...]:
    """Who speaks. Raises ConfigError."""
    speech, language = profile.speech, profile.language
    phonemes = lexicon_of(loaded, profile).phonemes
    with blame(loaded.path, "speech", "chain"):
        if not speech.chain:
            raise ConfigError('[speech] chain: names no engine; chain = ["hibari"] needs no network')
        return build_chain(
            speech.chain,
            engines=speech.engines,
            speed=speech.speed,
            language=language,
            phonemes=phonemes,
        )


def second_of(loaded: LoadedProfile, profile: Profile) -> VoiceReader | None:
    """Who reads beside the first of the chain, if anybody. Raises ConfigError."""
    speech = profile.speech
    if not speech.second:
        return None
    phonemes = lexicon_of(loaded, profile).phonemes
    with blame(loaded.path, "speech", "second"):
        (reader,) = build_chain(
            (speech.second,),
            engines=speech.engines,
            speed=speech.speed,
            language=profile.language,
            phonemes=phonemes,
        )
        return reader


def lexicon_of(loaded: LoadedProfile, profile: Profile) -> Lexicon:
    """How names are said: the station's own pronunciations before the shared ones. Raises ConfigError."""
    files: tuple[Path, ...] = ()
    if profile.lexicon:
        with blame(loaded.path, "lexicon"):
            files = (_file(profile.lexicon, folder=loaded.path.parent, option="lexicon"),)
    return load_lexicon(
        profile.pronunciations,
        files=files,
        language=profile.language,
        profile=loaded.path,
        folder=_languages(loaded, profile),
    )


def phrases_of(loaded: LoadedProfile, profile: Profile) -> Phrases:
    """The station's language, as far as we can speak it. Raises ConfigError."""
    with blame(loaded.path, "languages" if profile.languages else "language"):
        return check_language(profile.language, folder=_languages(loaded, profile))


def _languages(loaded: LoadedProfile, profile: Profile) -> Path | None:
    return (loaded.path.parent / profile.languages).resolve() if profile.languages else None


def feeds_of(loaded: LoadedProfile, profile: Profile) -> tuple[Feed, ...]:
    """The profile's feeds and those of its OPML file, each address and name once. Raises ConfigError."""
    folder = loaded.path.parent
    feeds = [_feed(options, folder=folder, language=profile.language) for options in profile.feeds]
    if profile.opml:
        with blame(loaded.path, "opml"):
            path = _file(profile.opml, folder=folder, option="opml")
            try:
                feeds += read_opml(path, language=profile.language)
            except ArticleError as error:
                raise ConfigError(f"opml: {error}") from error
    once = {feed.url: feed for feed in reversed(feeds)}
    named: dict[str, Feed] = {}
    for feed in reversed(once.values()):
        name, number = feed.name, 2
        while name in named:
            name, number = f"{feed.name}-{number}", number + 1
        named[name] = replace(feed, name=name, time_zone=profile.time_zone)
    return tuple(named.values())


def jingles_of(loaded: LoadedProfile, profile: Profile, *, kept: Path | None = None) -> StationJingles:
    """The station's music, its own or ours. Raises ConfigError."""
    with blame(loaded.path, "imaging", "folder"):
        return choose_jingles(profile.imaging, folder=loaded.path.parent, cache_folder=kept)


def artwork_of(loaded: LoadedProfile, profile: Profile, *, kept: Path | None = None) -> bytes:
    """The station's picture, its own or made for it, once where there is a folder to keep it. Raises ConfigError."""
    own = profile.imaging.artwork
    if own:
        from bulletin.publishing.pages.artwork import check_artwork

        with blame(loaded.path, "imaging", "artwork"):
            path = _file(own, folder=loaded.path.parent, option="[imaging] 'artwork'")
            try:
                return check_artwork(path)
            except OutletError as error:
                raise ConfigError(f"[imaging] 'artwork': {error}") from error
    words = {
        "name": profile.name,
        "frequencies": tuple(profile.frequencies),
        "band": profile.band,
        "slogan": profile.slogan,
        "colour": profile.imaging.colour,
    }
    return keep_picture(kept, of=words, draw=lambda: _draw(**words)) if kept else _draw(**words)


def cover_of(artwork: bytes, *, kept: Path) -> bytes:
    """The same picture, small, for the tags of an MP3. Raises OutletError."""

    # By its checksum: to spell half a megabyte out takes fifteen times as long.
    return keep_picture(kept, of=sha256(artwork).hexdigest(), draw=lambda: _shrink(artwork))


def page_css_of(loaded: LoadedProfile, profile: Profile) -> str:
    """The station's own rules for its pages, if any; its own words are looked at here too. Raises ConfigError."""
    page = profile.outputs.page
    if not page.on:
        return ""
    with blame(loaded.path, "outputs", "page", "words"):
        for name in page.words.keys() - known_words():
            near = get_close_matches(name, known_words(), n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise ConfigError(f"[outputs.page.words] has no word '{name}'{hint}")
    if not page.css:
        return ""
    with blame(loaded.path, "outputs", "page", "css"):
        path = _file(page.css, folder=loaded.path.parent, option="[outputs.page] css")
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"[outputs.page] css: {path} cannot be read ({error}); save it as UTF-8"
            ) from error


def stream_of(loaded: LoadedProfile, profile: Profile) -> Stream | None:
    """The server that puts bulletins on air at their slots, if the station has one. Raises ConfigError."""
    stream = profile.stream
    if stream.queue:
        queue: Stream = find_part("streams", "liquidsoap", STREAMS)(
            address=stream.queue, command=stream.command
        )
        return queue
    if not stream.url:
        return None
    with blame(loaded.path, "stream", "ca_file"):
        ca_file = (
            _file(stream.ca_file, folder=loaded.path.parent, option="[stream] ca_file")
            if stream.ca_file
            else None
        )
    options = stream.model_dump(include={"url", "user", "password", "genre", "public", "burst_s", "late_s"})
    icecast: Stream = find_part("streams", "icecast", STREAMS)(
        **options, ca_file=ca_file, name=f"{profile.name} News", description=profile.slogan
    )
    return icecast


# One process may need the same picture more than once: `check` looks at it and then builds the outlets.
@lru_cache(maxsize=2)
def _draw(**words: Any) -> bytes:
    # Imported late: Pillow takes its time, and the picture was drawn in an earlier run.
    from bulletin.publishing.pages.artwork import make_artwork

    return make_artwork(**words)


@lru_cache(maxsize=2)
def _shrink(artwork: bytes) -> bytes:
    from bulletin.publishing.pages.artwork import embed_artwork

    return embed_artwork(artwork)


def _feed(options: FeedOptions, *, folder: Path, language: str) -> Feed:
    is_web = "://" in options.url
    try:
        url = options.url if is_web else str((folder / options.url).resolve())
        name = options.name or (_name_of(options.url) if is_web else Path(options.url).stem)
    except ValueError as error:  # "http://[::1", a NUL
        raise ConfigError(f'[[feeds]] url = "{hide(options.url)}": is no address ({error})') from error
    recording = options.recording
    return Feed(
        url=url,
        name=name,
        credit=options.credit,
        terms=options.terms,
        weight=options.weight,
        category=options.category,
        language=options.language or language,
        is_private=options.private,
        fetches_pages=options.pages,
        recording=Recording(
            made_at=_aware(recording.made_at),
            pages=(folder / recording.pages).resolve() if recording.pages else None,
        )
        if recording
        else None,
    )


def _name_of(url: str) -> str:
    """From its host; of one that is a secret, from the variable that holds it."""
    shown = hide(url)
    return shown[4:].lower() if shown.startswith("env:") else make_name("", url=url)


def _aware(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _file(name: str, *, folder: Path, option: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise ConfigError(f"{option}: {path} is not there; paths are relative to the profile")
    return path

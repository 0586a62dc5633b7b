"""Options of a profile -> each part of its station; a ConfigError carries the key of the wrong option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from bulletin.articles.feeds.opml import make_name, read_opml
from bulletin.audio.music.choose_jingle_files import choose_jingles
from bulletin.audio.music.load_jingles import StationJingles
from bulletin.config.load_profile import LoadedProfile, about_option, locate_option
from bulletin.config.profile_options import FeedOptions, ImagingOptions, Profile, SpeechOptions
from bulletin.config.tables.output_options import PageOptions
from bulletin.errors import ArticleError, ConfigError, OutletError
from bulletin.language.language_folders import news_title, news_word
from bulletin.language.load_station_phrases import Phrases
from bulletin.model import Feed, Recording, StationWords
from bulletin.normalization.load_pronunciation_lexicon import load_lexicon
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.publishing.drawn_picture_cache import keep_picture
from bulletin.publishing.pages.page_wording import known_words
from bulletin.runtime.redact_secrets import hide
from bulletin.script.validate_language_files import check_language
from bulletin.speech.cloned_voices.consent import Consent
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.voice_factory import build_chain
from bulletin.streaming.icecast import Icecast
from bulletin.streaming.icecast_source_connection import IcecastAddress, StreamShow
from bulletin.streaming.liquidsoap import LiquidsoapQueue
from bulletin.streaming.stream_interface import Stream


def feeds_of(loaded: LoadedProfile) -> tuple[Feed, ...]:
    """The feeds of a profile. Raises ConfigError with file and line."""
    with locate_option(loaded.path):
        words = build_words(loaded.profile, station_id=loaded.id, folder=loaded.path.parent)
        return build_feeds(loaded.profile.feeds, loaded.profile.opml, words=words, folder=loaded.path.parent)


def stream_of(loaded: LoadedProfile) -> Stream | None:
    """The server that puts bulletins on air at their slots, if the station has one. Raises ConfigError with file and line."""
    options, profile = loaded.profile.stream, loaded.profile
    languages = loaded.path.parent / profile.languages if profile.languages else None
    name = news_title(profile.name, profile.language, folder=languages)
    if options.queue:
        return LiquidsoapQueue(address=options.queue, command=options.command)
    if not options.url:
        return None
    with locate_option(loaded.path):
        folder = loaded.path.parent
        ca_file = _find_file(folder, options.ca_file, "stream", "ca_file") if options.ca_file else None
    address = IcecastAddress(url=options.url, user=options.user, password=options.password, ca_file=ca_file)
    show = StreamShow(
        name=name, description=loaded.profile.slogan, genre=options.genre, is_public=options.public
    )
    return Icecast(address=address, show=show, burst_s=options.burst_s, late_s=options.late_s)


def build_words(profile: Profile, *, station_id: str, folder: Path) -> StationWords:
    """Name, language and time zone of the station; `folder` is the profile's, here and below."""
    names = ("name", "frequencies", "band", "slogan", "language", "time_zone")
    own = (folder / profile.languages).resolve() if profile.languages else None
    others = tuple(name for name in profile.speech.languages if name != profile.language)
    values = {name: getattr(profile, name) for name in names}
    return StationWords(id=station_id, languages=own, others=others, **values)


def build_phrases(words: StationWords) -> Phrases:
    """Phrases of the station's language, every table checked."""
    with about_option("languages" if words.languages else "language"):
        return check_language(words.language, folder=words.languages)


def build_readers(
    speech: SpeechOptions, *, language: str, phonemes: Mapping[str, str], folder: Path
) -> tuple[VoiceReader, ...]:
    """The voices of the chain, in their order."""
    if not speech.chain:
        message = '[speech] chain: names no engine; chain = ["hibari"] needs no network'
        raise ConfigError(message, key=("speech", "chain"))
    with about_option("speech", "chain"):
        return build_named_readers(speech.chain, speech, language=language, phonemes=phonemes, folder=folder)


def build_second_reader(
    speech: SpeechOptions, *, language: str, phonemes: Mapping[str, str], folder: Path
) -> VoiceReader | None:
    """The voice that takes turns with the first of the chain, if any."""
    if not speech.second:
        return None
    with about_option("speech", "second"):
        (reader,) = build_named_readers(
            (speech.second,), speech, language=language, phonemes=phonemes, folder=folder
        )
    return reader


def build_other_readers(
    speech: SpeechOptions, *, words: StationWords, folder: Path, lexicon: Lexicon
) -> dict[str, tuple[VoiceReader, ...]]:
    """The chain of each further language of the bulletins, in that language, with the phonemes of its lexicon."""
    readers = {}
    for language in words.others:
        with about_option("speech", "languages"):
            check_language(language, folder=words.languages)
            if not speech.languages[language]:
                raise ConfigError(f'[speech.languages] {language}: names no engine; {language} = ["espeak"]')
            readers[language] = build_named_readers(
                speech.languages[language],
                speech,
                language=language,
                phonemes=lexicon.of(language).phonemes,
                folder=folder,
            )
    return readers


def build_named_readers(
    names: Sequence[str],
    speech: SpeechOptions,
    *,
    language: str,
    phonemes: Mapping[str, str],
    folder: Path,
) -> tuple[VoiceReader, ...]:
    """Voices by their entries, "engine:voice", with the profile's options and consents."""
    consents = tuple(
        Consent(**record.model_dump(exclude={"file"}), file=(folder / record.file).resolve())
        for record in speech.consents
    )
    return build_chain(
        names,
        engines=speech.engines,
        speed=speech.speed,
        language=language,
        phonemes=phonemes,
        consents=consents,
    )


def build_lexicon(own: Mapping[str, Any], file: str, *, words: StationWords, profile: Path) -> Lexicon:
    """
    Pronunciations: entries of the profile and of its `file` have priority over shared ones; `profile` is the profile's file.

    Errors in a lexicon name its own file and line.
    """
    files = (_find_file(profile.parent, file, "lexicon"),) if file else ()
    return load_lexicon(
        own,
        files=files,
        language=words.language,
        profile=profile,
        folder=words.languages,
        others=words.others,
    )


def build_feeds(
    options: Sequence[FeedOptions], opml: str, *, words: StationWords, folder: Path
) -> tuple[Feed, ...]:
    """Feeds of the profile and of its OPML file, each address and name once."""
    feeds = [
        _build_feed(feed, number, folder=folder, language=words.language)
        for number, feed in enumerate(options)
    ]
    if opml:
        path = _find_file(folder, opml, "opml")
        try:
            feeds += read_opml(path, language=words.language)
        except ArticleError as error:
            raise ConfigError(f"opml: {error}", key=("opml",)) from error
    by_url = {feed.url: feed for feed in reversed(feeds)}
    by_name: dict[str, Feed] = {}
    for feed in reversed(by_url.values()):
        name, number = feed.name, 2
        while name in by_name:
            name, number = f"{feed.name}-{number}", number + 1
        by_name[name] = replace(feed, name=name, time_zone=words.time_zone)
    return tuple(by_name.values())


def build_jingles(
    imaging: ImagingOptions, *, folder: Path, cache_folder: Path | None = None
) -> StationJingles:
    """The station's music, its own or one of our sets."""
    with about_option("imaging", "folder"):
        return choose_jingles(imaging, folder=folder, cache_folder=cache_folder)


def build_artwork(
    imaging: ImagingOptions, *, words: StationWords, folder: Path, cache_folder: Path | None = None
) -> bytes:
    """The station's picture, its own or one drawn from its name; `cache_folder` keeps the drawing."""
    if imaging.artwork:
        from bulletin.publishing.pages.draw_podcast_artwork import check_artwork

        path = _find_file(folder, imaging.artwork, "imaging", "artwork")
        try:
            return check_artwork(path)
        except OutletError as error:
            raise ConfigError(f"[imaging] 'artwork': {error}", key=("imaging", "artwork")) from error
    lines = {name: getattr(words, name) for name in ("name", "frequencies", "band", "slogan")}
    lines["colour"] = imaging.colour
    if (news := news_word(words.language, folder=words.languages)) != news_word("en"):
        lines["news"] = news  # the key of English pictures stays, so that they are not drawn again
    if cache_folder is None:
        return _draw(**lines)
    return keep_picture(cache_folder, of=lines, draw=lambda: _draw(**lines))


def build_cover(artwork: bytes, *, cache_folder: Path) -> bytes:
    """The same picture, small, for the tags of an MP3. Raises OutletError."""
    # By its checksum: the repr of half a megabyte takes fifteen times as long.
    return keep_picture(cache_folder, of=sha256(artwork).hexdigest(), draw=lambda: _shrink(artwork))


def build_page_css(page: PageOptions, *, folder: Path) -> str:
    """The station's own style rules for its pages, or ""; also checks the names of its page words."""
    if not page.on:
        return ""
    for name in page.words.keys() - known_words():
        near = get_close_matches(name, known_words(), n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        message = f"[outputs.page.words] has no word '{name}'{hint}"
        raise ConfigError(message, key=("outputs", "page", "words"))
    if not page.css:
        return ""
    path = _find_file(folder, page.css, "outputs", "page", "css")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        message = f"[outputs.page] 'css': {path} cannot be read ({error}); save it as UTF-8"
        raise ConfigError(message, key=("outputs", "page", "css")) from error


# One process may need the same picture twice: `bulletin check` draws it, then builds the outlets.
@lru_cache(maxsize=2)
def _draw(**words: Any) -> bytes:
    # Imported late: Pillow is slow to import, and most runs find the picture in the cache.
    from bulletin.publishing.pages.draw_podcast_artwork import make_artwork

    return make_artwork(**words)


@lru_cache(maxsize=2)
def _shrink(artwork: bytes) -> bytes:
    from bulletin.publishing.pages.draw_podcast_artwork import embed_artwork

    return embed_artwork(artwork)


def _build_feed(options: FeedOptions, number: int, *, folder: Path, language: str) -> Feed:
    is_web = "://" in options.url
    try:
        url = options.url if is_web else str((folder / options.url).resolve())
        name = options.name or (_name_of(options.url) if is_web else Path(options.url).stem)
    except ValueError as error:  # "http://[::1", a NUL
        message = f'feed "{hide(options.url)}": not a valid address ({error})'
        raise ConfigError(message, key=("feeds", number, "url")) from error
    recording = None
    if made := options.recording:
        pages = (folder / made.pages).resolve() if made.pages else None
        at = made.made_at if made.made_at.tzinfo else made.made_at.replace(tzinfo=UTC)
        recording = Recording(made_at=at.astimezone(UTC), pages=pages)
    return Feed(
        url=url,
        name=name,
        **{key: getattr(options, key) for key in ("credit", "terms", "weight", "category")},
        language=options.language or language,
        is_private=options.private,
        fetches_pages=options.pages,
        recording=recording,
    )


def _name_of(url: str) -> str:
    """Feed name from the host, or from the environment variable of a secret address."""
    shown = hide(url)
    return shown[4:].lower() if shown.startswith("env:") else make_name("", url=url)


def _find_file(folder: Path, name: str, *key: str) -> Path:
    """The file that an option of the profile names. Raises ConfigError where it is missing."""
    path = folder / name
    if not path.is_file():
        option = f"[{'.'.join(key[:-1])}] '{key[-1]}'" if key[1:] else key[0]
        raise ConfigError(f"{option}: {path} does not exist; paths are relative to the profile", key=key)
    return path
